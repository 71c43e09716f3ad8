import { cutSafe } from "../../messages/text.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import type { RoleRest } from "../repository/repository.ts";
import { moveTask } from "../task/change-task.ts";
import type { Judgement } from "./judge-attempt.ts";

const MINUTE_MS = 60_000;
/** A worker's clock may be off, and its provider may forget to say when. */
const SHORTEST_REST_MS = MINUTE_MS;
const USUAL_REST_MS = 15 * MINUTE_MS;
const LONGEST_REST_MS = 6 * 60 * MINUTE_MS;
const WHAT_MAX_CHARS = 200;

/** A worker was refused by a limit: its whole role rests, since whoever asks next would be refused as well. */
export function restRole(
  draft: Draft,
  task: Task,
  { retryAt, summary }: Pick<Judgement, "retryAt" | "summary">,
): void {
  const { now } = draft;
  const asked = retryAt ?? now + USUAL_REST_MS;
  const until = Math.min(Math.max(asked, now + SHORTEST_REST_MS), now + LONGEST_REST_MS);
  const known = restOf(draft, task.role);
  const rest = {
    until: Math.max(until, known?.until ?? 0),
    issue: task.issue,
    what: cutSafe(summary, WHAT_MAX_CHARS),
  };
  saveRests(draft, [...othersThan(draft, task.role), [task.role, rest]]);
  draft.audit("role.rests", { taskId: task.id, data: { role: task.role, until: rest.until } });
  moveTask(
    draft,
    { ...task, correlation: null, restarts: (task.restarts ?? 0) + 1 },
    { state: "queued", reasons: explainRest(draft, task), wakeAt: rest.until },
  );
}

/** Why a task waits for its role; the same for every task of it. */
export function explainRest(draft: Draft, { role }: Pick<Task, "role">): readonly Reason[] {
  const rest = restOf(draft, role);
  if (rest === undefined || rest.until <= draft.now) return [];
  const message = `Role \`${role}\` rests: the worker of #${rest.issue} was refused by a limit. ${rest.what}`;
  return [reason("role.rate-limited", message, { deadline: rest.until })];
}

/** Lets every role work again at once because a person says so; answers with those that rested. */
export function endRests(draft: Draft, actor: string): readonly string[] {
  const rests = Object.entries(restsOf(draft));
  if (rests.length === 0) return [];
  saveRests(draft, []);
  const resting = rests.filter(([, { until }]) => until > draft.now).map(([role]) => role);
  for (const role of resting) draft.audit("role.woken", { actor, data: { role } });
  return resting.map((role) => `role \`${role}\``);
}

function restOf(draft: Draft, role: string): RoleRest | undefined {
  const rests = restsOf(draft);
  return Object.hasOwn(rests, role) ? rests[role] : undefined;
}

function restsOf({ view }: Draft): Readonly<Record<string, RoleRest>> {
  return view.record.stored.rests ?? {};
}

/** Rests that are over are forgotten with the next one. */
function othersThan(draft: Draft, role: string): readonly (readonly [string, RoleRest])[] {
  return Object.entries(restsOf(draft)).filter(([known, { until }]) => known !== role && until > draft.now);
}

function saveRests(draft: Draft, rests: readonly (readonly [string, RoleRest])[]): void {
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, rests: Object.fromEntries(rests) }, status);
}
