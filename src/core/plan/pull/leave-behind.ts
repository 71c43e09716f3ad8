import { pullId } from "../../pull/pull.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";

/** Whoever asked for a task answers for its pull request also when it is opened again, and the task knows nothing of it any more. */
export function leaveBehind(draft: Draft, { pull, requestedBy }: Task): void {
  if (pull === null) return;
  draft.savePull({
    id: pullId(draft.repo.id, pull.number),
    repoId: draft.repo.id,
    kind: "pull",
    number: pull.number,
    state: "closed",
    requester: requestedBy,
    baseRef: pull.baseRef,
    baseSha: null,
    headRef: pull.branch,
    headSha: pull.headSha,
    headSince: pull.headSince,
    verdict: null,
    waitingFor: [],
    approvals: [],
    overrides: [],
    updatedAt: draft.now,
    wakeAt: null,
  });
}
