import { type Effect, NOT_SENT } from "../core/effects.ts";
import { explainRepository, findWithdrawal, lowerToDraft, tidiesUp } from "../core/plan/find-withdrawal.ts";
import { findRoadmapHold, roadmapNeeds } from "../core/plan/roadmap/find-roadmap-hold.ts";
import { findHold } from "../core/stop/find-hold.ts";
import type { Effector, FindObstacle } from "../ports/github.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { OutboxJob, Settlement } from "../ports/outbox.ts";
import type { Stops } from "../ports/stops.ts";

export interface PerformDeps {
  readonly effector: Effector;
  readonly ledger: Pick<Ledger, "snapshot">;
  readonly stops: Stops;
  readonly now: () => number;
}

/** How often an effect that has to wait is asked about again. */
const WAIT_MS = 30_000;

/** Does an effect, unless everything is stopped at this moment, or the task does not want it any more. */
export async function performEffect(job: OutboxJob, deps: PerformDeps): Promise<Settlement> {
  const findObstacle = createFindObstacle(job.effect, deps);
  const obstacle = await findObstacle();
  if (obstacle !== undefined)
    return { outcome: obstacle, sentNothing: true, remoteId: job.remoteId, event: null };
  return performWanted(job, deps, findObstacle);
}

/** Asked at the beginning, and again before every single request that writes: an effect may take longer than a stop may. */
function createFindObstacle(effect: Effect, { stops, now }: PerformDeps): FindObstacle {
  return async () => {
    const why = findHold(effect, await stops.of(effect.repo));
    return why === undefined ? undefined : { kind: "later", at: now() + WAIT_MS, why };
  };
}

async function performWanted(
  job: OutboxJob,
  { effector, ledger, now }: PerformDeps,
  findObstacle: FindObstacle,
): Promise<Settlement> {
  const { effect } = job;
  const needs = roadmapNeeds(effect);
  if (needs !== undefined) {
    const { repository } = await ledger.snapshot(effect.repo, { by: "nothing" }, 0);
    const why = findRoadmapHold(needs, repository);
    if (why !== undefined) return waitFor(why, job, now());
  }
  if (effect.sort === "projection") return effector.perform(job, findObstacle);
  if (effect.taskId === null && !tidiesUp(effect.action)) return effector.perform(job, findObstacle);
  const focus =
    effect.taskId === null ? ({ by: "nothing" } as const) : ({ by: "task", taskId: effect.taskId } as const);
  const snapshot = await ledger.snapshot(effect.repo, focus, 0);
  const withdrawal = findWithdrawal(effect.action, snapshot, now());
  const allowed = { ...job, effect: lowerToDraft(effect, snapshot) };
  if (withdrawal === undefined) return effector.perform(allowed, findObstacle);
  const { remoteId } = job;
  if (withdrawal.kind === "wait") return waitFor(withdrawal.why, job, now());
  if (isHalfPublished(job)) {
    const why = explainRepository(effect.action, snapshot);
    return why === undefined ? effector.perform(allowed, findObstacle) : waitFor(why, job, now());
  }
  const outcome = { kind: "refused" as const, status: NOT_SENT, message: `not sent: ${withdrawal.why}` };
  const { key, repo, taskId, action } = effect;
  return {
    outcome,
    remoteId,
    event: { kind: "effect.settled", repo, key, effect: action.kind, taskId, outcome },
  };
}

function waitFor(why: string, { remoteId }: OutboxJob, now: number): Settlement {
  return { outcome: { kind: "later", at: now + WAIT_MS, why }, sentNothing: true, remoteId, event: null };
}

/**
 * A publication that may have begun is ended although nobody wants it any more: only then can what it left be closed. Where it
 * only waited, it would begin now, so it is ended as soon as the repository allows one at all.
 */
function isHalfPublished({ effect, mayHaveHappened }: OutboxJob): boolean {
  return mayHaveHappened && effect.sort === "action" && effect.action.kind === "publish";
}
