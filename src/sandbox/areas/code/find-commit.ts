import { resolveRef } from "../../git/git.ts";
import { type Call, Refusal } from "../../http/route.ts";
import { pathText } from "../path-text.ts";

/** The commit of the path's `{ref}` or `{sha}`. */
export function commitOfPath(call: Call): string {
  return commitOf(call, pathText(call, "ref") || pathText(call, "sha"));
}

/** The commit that a branch, tag or sha names; GitHub answers 422 when there is none. */
export function commitOf(call: Call, ref: string): string {
  const sha = resolveRef(call.repo.gitDir, ref);
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

/** The tip of a branch; 404 for a branch that is not there. */
export function tipOfBranch(call: Call, branch: string): string {
  const sha = resolveRef(call.repo.gitDir, `refs/heads/${branch}`);
  if (sha === undefined) throw new Refusal(404, "Branch not found");
  return sha;
}
