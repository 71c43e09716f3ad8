import { isFailure } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { createEffectRow, done } from "./effect-row.ts";

export const closePullRow = createEffectRow("close-pull", {
  content: false,
  async perform({ api }, { pull, branch }) {
    const { data } = await api.write("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
      pull_number: pull,
      state: "closed",
    });
    // Only the branch that this pull request came from, and only if it is in this repository.
    if (data.head.ref === branch && Number(data.head.repo?.id) === api.repo.id)
      await deleteBranch(api, branch);
    return done();
  },
});

async function deleteBranch(api: RepositoryApi, branch: string): Promise<void> {
  try {
    await api.write("DELETE /repos/{owner}/{repo}/git/refs/{ref}", { ref: `heads/${branch}` });
  } catch (error) {
    const isGone = isFailure(error, "gone") || (isFailure(error, "refused") && error.failure.status === 422);
    if (!isGone) throw error;
  }
}
