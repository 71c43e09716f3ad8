import type { FaultRule } from "../control/faults.ts";
import type { World } from "../world/world.ts";
import { isRecord } from "./body-fields.ts";
import type { Progress } from "./progress.ts";
import type { Actor, Answer } from "./route.ts";

/** One REST request and its answer, for tests that judge the traffic. */
export interface Exchange {
  readonly method: string;
  /** GitHub's template of the path, null when no operation fits. */
  readonly template: string | null;
  readonly path: string;
  readonly query: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
  readonly actor: Actor["kind"];
  /** True when a planned fault replaced the true answer. */
  readonly isFault: boolean;
}

export interface Outcome {
  readonly progress: Progress;
  /** The true answer; null when a fault kept the request from being performed. */
  readonly honest: Answer | null;
  readonly shown: Answer;
  readonly fault: FaultRule | undefined;
}

/** The facts of an answer that tell which record a write made or changed. */
const KEY_FACTS = ["id", "number", "sha", "ref", "state", "status", "conclusion", "workflow_run_id"];

/** Describes an exchange, and keeps in the history what it is to show: every write, and every read that broke a limit. */
export function recordExchange(world: World, outcome: Outcome): Exchange {
  const { incoming, location, query, match, actor, body, limited, early } = outcome.progress;
  const { shown } = outcome;
  if (incoming.method !== "GET" || limited !== null || early) world.record("request", listFacts(outcome));
  return {
    method: incoming.method,
    template: match?.route.path ?? null,
    path: location.path,
    query: query.toString(),
    requestBody: incoming.body.length === 0 ? undefined : body,
    status: shown.status,
    responseBody: shown.body,
    actor: actor?.kind ?? "anonymous",
    isFault: outcome.fault !== undefined,
  };
}

function listFacts({ progress, honest, shown, fault }: Outcome): Record<string, unknown> {
  const { incoming, location, match, actor } = progress;
  return {
    method: incoming.method,
    path: match?.route.path ?? location.path,
    realPath: location.path,
    params: match?.params ?? {},
    repositoryId: location.repo?.id ?? null,
    ...describeActor(actor),
    body: progress.body,
    status: shown.status,
    applied: honest !== null && honest.status < 300,
    answer: pickKeyFacts(honest?.body),
    ...(fault && { fault: fault.applied ? "applied" : "not-applied" }),
    ...describeTrouble(progress),
  };
}

function describeActor(actor: Actor | null): Record<string, unknown> {
  return {
    actor: actor?.kind ?? "anonymous",
    login: actor && "user" in actor ? actor.user.login : null,
    installationId: actor?.kind === "installation" ? actor.installation.id : null,
  };
}

function describeTrouble({ limited, early, error }: Progress): Record<string, unknown> {
  return {
    ...(limited && { limited }),
    ...(early && { early }),
    ...(error !== undefined && { error: describeError(error) }),
  };
}

function pickKeyFacts(body: unknown): Record<string, unknown> {
  if (!isRecord(body)) return {};
  return Object.fromEntries(KEY_FACTS.filter((fact) => fact in body).map((fact) => [fact, body[fact]]));
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
