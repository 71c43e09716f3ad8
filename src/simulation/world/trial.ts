import type { Action, Effect, Outcome, Projection } from "../../core/effects.ts";
import type { ModelPull, ModelRun } from "./model.ts";
import { Refusal, type Wire } from "./wire.ts";
import type { World } from "./world.ts";

/** One try of one effect. */
export interface Trial {
  readonly world: World;
  readonly wire: Wire;
  readonly effect: Effect;
  readonly mayHaveHappened: boolean;
  readonly firstTriedAt: number | null;
  readonly remoteId: string | null;
  /** The clock of the process. */
  readonly now: () => number;
  /** Starts a run of a workflow. */
  readonly startRun: (action: Extract<Action, { kind: "dispatch" }>) => ModelRun;
  /** A pull request of the app was opened or has a new head. */
  readonly onHead: (pull: ModelPull) => void;
}

export interface Done {
  readonly outcome: Outcome;
  readonly remoteId: string | null;
}

export type Thing = Action | Projection;
export type ThingOf<K extends Thing["kind"]> = Extract<Thing, { kind: K }>;

export function done(
  facts: Readonly<Record<string, string | number | null>> = {},
  remoteId: number | null = null,
): Done {
  return { outcome: { kind: "done", facts }, remoteId: remoteId === null ? null : String(remoteId) };
}

/** GitHub may refuse what it has not done yet. */
export function mayAct({ world, mayHaveHappened }: Trial, status: number, message: string): void {
  if (!mayHaveHappened && world.context.faults.hits("action.refused")) throw new Refusal(status, message);
}

/** Whether this try has to look for what an earlier one may have left. */
export function looksFirst({ mayHaveHappened, world }: Trial): boolean {
  return mayHaveHappened && !world.context.bugs.skips?.has("looking first");
}
