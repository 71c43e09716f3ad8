import { pullId } from "../../pull/pull.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { abandonCheck } from "../verdict/project-check.ts";

/** Whoever asked for a task answers for its pull request also when it is opened again, and the task knows nothing of it any more. */
export function leaveBehind(draft: Draft, { pull, requestedBy }: Task): void {
  if (pull === null) return;
  const id = pullId(draft.repo.id, pull.number);
  const known = draft.pull(id);
  // It was left behind before, and its task began anew and ended without having taken it up: nobody else ends its check (I7).
  if (known?.state === "open" && known.verdict === null)
    abandonCheck(draft, known.headSha, { number: pull.number, why: "its task ended" });
  draft.savePull({
    id,
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
