import type { Action } from "../../../core/effects.ts";
import { isFailure } from "../client/github-problem.ts";
import { createEffectRow, done, type EffectContext, type Performed } from "./effect-row.ts";

type Merge = Extract<Action, { kind: "merge" }>;

export const mergeRow = createEffectRow("merge", { content: false, perform: merge });

/** Merges exactly the commit that was verified; GitHub refuses when the head has moved. */
async function merge(context: EffectContext, action: Merge): Promise<Performed> {
  const { pull, sha, title } = action;
  const before = context.mayHaveHappened ? await findMerge(context, action) : undefined;
  if (before) return before;
  try {
    const { data } = await context.api.write("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
      pull_number: pull,
      sha,
      merge_method: "squash",
      commit_title: title,
    });
    return done({ sha: data.sha });
  } catch (error) {
    // A pull request that is merged already is refused like one that cannot be merged.
    const merged = isFailure(error, "refused") ? await findMerge(context, action) : undefined;
    if (merged) return merged;
    throw error;
  }
}

async function findMerge({ api }: EffectContext, { pull, sha }: Merge): Promise<Performed | undefined> {
  const now = await api.read("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: pull });
  return now.merged && now.head.sha === sha ? done({ sha: now.merge_commit_sha }) : undefined;
}
