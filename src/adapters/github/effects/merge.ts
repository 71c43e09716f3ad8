import type { Action } from "../../../core/effects.ts";
import { isFailure } from "../client/github-problem.ts";
import { createEffectRow, done, type EffectContext, type Performed, refused } from "./effect-row.ts";

type Merge = Extract<Action, { kind: "merge" }>;

export const mergeRow = createEffectRow("merge", { content: false, perform: merge });

/** Merges exactly the commit that was verified, into the branch that it was verified for: GitHub itself asks only for the commit. */
async function merge(context: EffectContext, action: Merge): Promise<Performed> {
  const { pull, sha, title, baseRef } = action;
  const before = await readPull(context, action);
  const merged = findMerge(before, action);
  if (merged) return merged;
  if (baseRef !== undefined && before.base.ref !== baseRef)
    return refused(409, `it was pointed at ${before.base.ref} meanwhile`);
  try {
    const { data } = await context.api.write("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
      pull_number: pull,
      sha,
      merge_method: "squash",
      commit_title: title,
    });
    return done({ sha: data.sha });
  } catch (error) {
    if (!isFailure(error, "refused")) throw error;
    // A pull request that is merged already is refused like one that cannot be merged.
    const late = findMerge(await readPull(context, action), action);
    if (late) return late;
    throw error;
  }
}

function readPull({ api }: EffectContext, { pull }: Merge) {
  return api.read("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: pull });
}

function findMerge(now: Awaited<ReturnType<typeof readPull>>, { sha }: Merge): Performed | undefined {
  return now.merged && now.head.sha === sha ? done({ sha: now.merge_commit_sha }) : undefined;
}
