import { NOT_SENT } from "../core/effects.ts";
import { findWithdrawal, type Withdrawal } from "../core/plan/find-withdrawal.ts";
import type { Effector } from "../ports/github.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { OutboxJob, Settlement } from "../ports/outbox.ts";

export interface PerformDeps {
  readonly effector: Effector;
  readonly ledger: Pick<Ledger, "snapshot">;
  readonly now: () => number;
}

/** How often an action that has to wait is asked about again. */
const WAIT_MS = 30_000;

/** Does an effect, unless the task does not want it any more at this moment. */
export async function performEffect(
  job: OutboxJob,
  { effector, ledger, now }: PerformDeps,
): Promise<Settlement> {
  const { effect } = job;
  if (effect.sort === "projection" || effect.taskId === null) return effector.perform(job);
  const snapshot = await ledger.snapshot(effect.repo, { by: "task", taskId: effect.taskId }, 0);
  const withdrawal = findWithdrawal(effect.action, snapshot);
  if (withdrawal === undefined || isHalfPublished(job, withdrawal)) return effector.perform(job);
  const { remoteId } = job;
  if (withdrawal.kind === "wait")
    return { outcome: { kind: "later", at: now() + WAIT_MS, why: withdrawal.why }, remoteId, event: null };
  const outcome = { kind: "refused" as const, status: NOT_SENT, message: `not sent: ${withdrawal.why}` };
  const { key, repo, taskId, action } = effect;
  return {
    outcome,
    remoteId,
    event: { kind: "effect.settled", repo, key, effect: action.kind, taskId, outcome },
  };
}

/** A publication that may have begun is ended although nobody wants it any more: only then can what it left be closed. */
function isHalfPublished({ effect, mayHaveHappened }: OutboxJob, { kind }: Withdrawal): boolean {
  return (
    mayHaveHappened && kind === "withdrawn" && effect.sort === "action" && effect.action.kind === "publish"
  );
}
