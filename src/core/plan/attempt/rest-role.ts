import { cutSafe } from "../../messages/text.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import type { RoleRest } from "../repository/repository.ts";
import { moveTask } from "../task/change-task.ts";
import { askPerson } from "./ask-person.ts";
import type { Judgement } from "./judge-attempt.ts";

const MINUTE_MS = 60_000;
/** A worker's clock may be off, and its provider may forget to say when. */
const SHORTEST_REST_MS = MINUTE_MS;
const USUAL_REST_MS = 15 * MINUTE_MS;
const LONGEST_REST_MS = 6 * 60 * MINUTE_MS;
const WHAT_MAX_CHARS = 200;

/** So often in a row: a limit that outlasts all these rests is lifted by people, or not at all. */
const MOST_REFUSALS = 6;
/** A role that had nothing to do for so long is refused for the first time again. */
const FORGOTTEN_MS = 24 * 60 * MINUTE_MS;

/** What is known of a refusal. */
interface Refusal {
  readonly attempt: Pick<Attempt, "dispatchedAt">;
  readonly judgement: Pick<Judgement, "retryAt" | "summary">;
}

/**
 * A worker was refused by a limit: its whole role rests, since whoever asks next would be refused as well, and for twice as long
 * with every refusal in a row. After some of them people are asked.
 */
export function restRole(draft: Draft, task: Task, { attempt, judgement }: Refusal): void {
  const { now } = draft;
  const known = restOf(draft, task.role);
  // One limit that meets runs side by side is one refusal.
  const isAnother = known === undefined || attempt.dispatchedAt >= known.until;
  const ofRole = known === undefined ? 0 : (known.refusals ?? 1);
  const refusals = isAnother ? ofRole + 1 : ofRole;
  const ofTask = (task.refusals ?? 0) + 1;
  const rest = {
    until: Math.max(now + lengthOf(draft, judgement, refusals), known?.until ?? 0),
    issue: task.issue,
    what: cutSafe(judgement.summary, WHAT_MAX_CHARS),
    refusals,
  };
  saveRests(draft, [...othersThan(draft, task.role), [task.role, rest]]);
  draft.audit("role.rests", { taskId: task.id, data: { role: task.role, until: rest.until, refusals } });
  const refused = { ...task, correlation: null, restarts: (task.restarts ?? 0) + 1, refusals: ofTask };
  const most = Math.max(isAnother ? refusals : 0, ofTask);
  if (most >= MOST_REFUSALS) askPerson(draft, refused, [explainRefusals(task, most, rest.what)]);
  else
    moveTask(draft, refused, {
      state: "queued",
      reasons: explainRest(draft, task),
      wakeAt: rest.until,
    });
}

/** A time that the worker names counts when it is ahead; that it was refused again shows that it cannot be relied on. */
function lengthOf({ now }: Draft, { retryAt = 0 }: Refusal["judgement"], refusals: number): number {
  const asked = retryAt > now ? Math.max(retryAt - now, SHORTEST_REST_MS) : USUAL_REST_MS;
  return Math.min(asked * 2 ** Math.max(0, refusals - 1), LONGEST_REST_MS);
}

function explainRefusals({ role }: Task, refusals: number, what: string): Reason {
  return reason(
    "role.refused",
    `Limits refused the worker of role \`${role}\` ${refusals} times in a row. ${what}`,
  );
}

/** The task after its worker was not refused; neither its role nor itself has been refused in a row any more. */
export function forgetRefusals(draft: Draft, task: Task): Task {
  const { refusals: _over, ...rest } = task;
  const known = restOf(draft, task.role);
  if (known !== undefined) {
    const kept = known.until > draft.now ? [[task.role, { ...known, refusals: 0 }] as const] : [];
    saveRests(draft, [...othersThan(draft, task.role), ...kept]);
  }
  return rest;
}

/** Lets a role work again at once for a person who says that it can; one more refusal, and people are asked again. */
export function wakeRole(draft: Draft, role: string, actor: string): void {
  const known = restOf(draft, role);
  if (known === undefined || known.until <= draft.now) return;
  saveRests(draft, [...othersThan(draft, role), [role, { ...known, until: draft.now }]]);
  draft.audit("role.woken", { actor, data: { role } });
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
  const known = Object.hasOwn(rests, role) ? rests[role] : undefined;
  return known === undefined || known.until <= draft.now - FORGOTTEN_MS ? undefined : known;
}

function restsOf({ view }: Draft): Readonly<Record<string, RoleRest>> {
  return view.record.stored.rests ?? {};
}

/** Rests that were over long ago are forgotten with the next one. */
function othersThan(draft: Draft, role: string): readonly (readonly [string, RoleRest])[] {
  const since = draft.now - FORGOTTEN_MS;
  return Object.entries(restsOf(draft)).filter(([known, { until }]) => known !== role && until > since);
}

function saveRests(draft: Draft, rests: readonly (readonly [string, RoleRest])[]): void {
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, rests: Object.fromEntries(rests) }, status);
}
