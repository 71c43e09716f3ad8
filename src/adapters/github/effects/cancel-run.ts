import { isFailure } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { createEffectRow, done } from "./effect-row.ts";

export const cancelRunRow = createEffectRow("cancel-run", {
  content: false,
  async perform({ api }, { runId }) {
    await cancelRun(api, runId);
    return done();
  },
});

/** A run that has ended, or is gone, needs no cancelling. */
export async function cancelRun(api: RepositoryApi, runId: number): Promise<void> {
  try {
    await api.write("POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel", { run_id: runId });
  } catch (error) {
    const isOver = isFailure(error, "gone") || (isFailure(error, "refused") && error.failure.status === 409);
    if (!isOver) throw error;
  }
}
