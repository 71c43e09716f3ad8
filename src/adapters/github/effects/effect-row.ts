import type { Action, Effect, Outcome, Projection } from "../../../core/effects.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import type { AppIdentity } from "../client/self.ts";

/** How a label looks that has to be made first. */
export interface LabelLook {
  /** Six hexadecimal digits. */
  readonly color: string;
  readonly description: string;
}

/** What performing one effect may use. */
export interface EffectContext {
  readonly api: RepositoryApi;
  readonly key: string;
  /** An earlier try may have reached GitHub: look before doing it again. */
  readonly mayHaveHappened: boolean;
  readonly firstTriedAt: number | null;
  /** GitHub's id of the projected object, when it is known. */
  readonly remoteId: string | null;
  readonly appId: number;
  readonly now: () => number;
  readonly self: () => Promise<AppIdentity>;
  readonly labelLooks: Readonly<Record<string, LabelLook>>;
}

/** How one try ended; failures of GitHub are thrown. */
export interface Performed {
  readonly outcome: Outcome;
  readonly remoteId: string | null;
}

export type Thing = Projection | Action;
export type EffectKind = Thing["kind"];

/** How one kind of effect is done. */
export interface EffectRow {
  readonly kind: EffectKind;
  /** Its writes create content, of which GitHub allows only so much. */
  readonly content: boolean;
  perform(context: EffectContext, thing: Thing): Promise<Performed>;
}

export function createEffectRow<K extends EffectKind>(
  kind: K,
  row: {
    readonly content: boolean;
    readonly perform: (context: EffectContext, thing: Extract<Thing, { kind: K }>) => Promise<Performed>;
  },
): EffectRow {
  return {
    kind,
    content: row.content,
    async perform(context, thing) {
      if (!isKind(thing, kind)) throw new Error(`The row for ${kind} cannot perform ${thing.kind}`);
      return row.perform(row.content ? { ...context, api: context.api.counted() } : context, thing);
    },
  };
}

export function thingOf(effect: Effect): Thing {
  return effect.sort === "projection" ? effect.projection : effect.action;
}

function isKind<K extends EffectKind>(thing: Thing, kind: K): thing is Extract<Thing, { kind: K }> {
  return thing.kind === kind;
}

export function done(
  facts: Readonly<Record<string, string | number | null>> = {},
  remoteId: string | number | null = null,
): Performed {
  return { outcome: { kind: "done", facts }, remoteId: remoteId === null ? null : String(remoteId) };
}

export function refused(status: number, message: string): Performed {
  return { outcome: { kind: "refused", status, message }, remoteId: null };
}

export function later(at: number, why: string): Performed {
  return { outcome: { kind: "later", at, why }, remoteId: null };
}
