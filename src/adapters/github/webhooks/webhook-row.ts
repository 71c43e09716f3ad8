import type { z } from "zod";
import type { Event } from "../../../core/events.ts";
import { type Actor, type RepoRef, UNKNOWN_ACTOR } from "../../../core/repo.ts";
import { cleanText } from "../clean-text.ts";
import type { AboutRepository, ListedRepository, Sender } from "./payloads.ts";

/** Who we are: our own traces are told from others' by these, never by a login. */
export interface OwnIds {
  readonly appId: number;
  /** Account that our writes are shown under, when it is known. */
  readonly botId?: number;
}

/** The events of a delivery, or why there are none. */
export type Translation = readonly Event[] | string;

export interface WebhookRow {
  readonly event: string;
  /** Actions that are translated; null where the event has no actions. */
  readonly actions: readonly string[] | null;
  /** GitHub sends it to every app, so that nobody can subscribe to it. */
  readonly always: boolean;
  translate(payload: unknown, own: OwnIds): Translation;
}

/** A row whose payload is read by `schema` before `translate` sees it. */
export function createRow<S extends z.ZodType>(row: {
  readonly event: string;
  readonly actions: readonly string[] | null;
  readonly always?: true;
  readonly schema: S;
  readonly translate: (payload: z.infer<S>, own: OwnIds) => Translation;
}): WebhookRow {
  return {
    event: row.event,
    actions: row.actions,
    always: row.always ?? false,
    translate(payload, own) {
      const read = row.schema.safeParse(payload);
      if (read.success) return row.translate(read.data, own);
      const [problem] = read.error.issues;
      return `payload lacks ${problem?.path.join(".") || "its fields"}`;
    },
  };
}

export const OWN_TRACE = "caused by this app itself";
const NO_INSTALLATION = "names no installation";

/** Translates with the repository and the sender in domain words; without an installation nothing can be done anyway. */
export function aboutRepository(
  payload: AboutRepository,
  translate: (repo: RepoRef, sender: Actor) => Translation,
): Translation {
  const { repository, installation, sender } = payload;
  if (!installation) return NO_INSTALLATION;
  const repo = {
    id: repository.id,
    installationId: installation.id,
    owner: repository.owner.login,
    name: repository.name,
  };
  return translate(repo, toActor(sender));
}

export function toRepo(installationId: number, listed: ListedRepository): RepoRef {
  const [owner = ""] = listed.full_name.split("/");
  return { id: listed.id, installationId, owner, name: listed.name };
}

/** A deleted account comes as null; a mannequin is the kind of account that can never have acted. */
function toActor(sender: Sender): Actor {
  return sender ?? UNKNOWN_ACTOR;
}

export function isOwnSender(sender: Sender, own: OwnIds): boolean {
  return own.botId !== undefined && sender?.id === own.botId;
}

const BRANCH_PREFIX = "refs/heads/";

/** The name of the branch that a full ref means; undefined when it means none. */
export function branchOf(ref: string): string | undefined {
  return ref.startsWith(BRANCH_PREFIX) ? cleanText(ref.slice(BRANCH_PREFIX.length)) : undefined;
}

export function labelNames(
  labels: readonly (string | { readonly name: string })[] | null | undefined,
): string[] {
  return (labels ?? []).map((label) => cleanText(typeof label === "string" ? label : label.name));
}
