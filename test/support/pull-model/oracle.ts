import { REPO } from "../build-snapshot.ts";
import { OWN_APP, personOf } from "./people.ts";
import { DEFAULT_PROTECTION, isNamed, type Rules } from "./rules.ts";
import type { ModelCheck, Sight } from "./world.ts";

/**
 * Why a head must not be shown as PASS; an empty list means that it may. Everything here is counted from what the model
 * knows; no word of the product's own judgement comes in.
 */
export function findRefusals(sight: Sight, rules: Rules | null): readonly string[] {
  if (rules === null) return ["no configuration is in force"];
  const isUnapproved = rules.autonomy === "merge-with-approval" && countApprovers(sight) < rules.approvals;
  const rows: readonly (readonly [boolean, string])[] = [
    [sight.commit.attempt === null, "the head is not a commit that the app published"],
    [sight.headRepoId !== REPO.id, "the head is in another repository"],
    [sight.mergeable !== true, "the head cannot be merged"],
    [sight.baseRef !== sight.firstBase, "the base is another one"],
    [!sight.headRef.startsWith("fix/"), "the branch has another name"],
    [!sight.isComplete, "the list of files is not complete"],
    [sight.files.length === 0, "nothing changes"],
    [rules.assertions && sight.commit.weakens, "a test is weaker than before"],
    [touchesForbidden(sight, rules), "a path is not the worker's to change"],
    [isTooLarge(sight, rules), "the change is too large"],
    [isUnapproved, "approvals of this head are missing"],
    ...refuseChecks(sight, rules),
  ];
  return rows.filter(([isSo]) => isSo).map(([, why]) => why);
}

/** Why the app must not merge a head, beyond what keeps it from being PASS. */
export function findMergeRefusals(sight: Sight, rules: Rules | null): readonly string[] {
  const refusals = findRefusals(sight, rules);
  const mayMerge =
    rules?.mode === "active" && (rules.autonomy === "merge" || rules.autonomy === "merge-with-approval");
  return mayMerge ? refusals : [...refusals, "the autonomy leaves the merge to people"];
}

function countApprovers(sight: Sight): number {
  return sight.approvers.filter((id) => id !== personOf("robin").id).length;
}

function touchesForbidden({ files }: Sight, rules: Rules): boolean {
  const paths = files.flatMap((file) => [
    file.path,
    ...(file.previousPath === null ? [] : [file.previousPath]),
  ]);
  return paths.some(
    (path) =>
      isNamed(path, rules.protect ?? DEFAULT_PROTECTION) ||
      (rules.allow.length > 0 && !isNamed(path, rules.allow)),
  );
}

function isTooLarge({ files }: Sight, rules: Rules): boolean {
  const lines = files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
  return files.length > rules.files || lines > rules.lines;
}

/** Evidence is what other apps said, and nothing that was made to look like ours. */
function refuseChecks(
  { checks, suites }: Sight,
  { required }: Rules,
): readonly (readonly [boolean, string])[] {
  const foreign = checks.filter((check) => check.appId !== OWN_APP && !check.forged);
  const relevant = required.length === 0 ? foreign : foreign.filter(({ name }) => required.includes(name));
  const missing = required.filter((name) => !relevant.some((check) => check.name === name && isGood(check)));
  const open = suites.filter((suite) => suite.appId !== OWN_APP && (required.length === 0 || suite.runs > 0));
  return [
    [relevant.some((check) => check.status !== "completed"), "a check has not ended"],
    [relevant.some((check) => check.status === "completed" && !isHarmless(check)), "a check did not succeed"],
    [!relevant.some(isGood), "no check succeeded"],
    [missing.length > 0, "a required check did not succeed"],
    [open.length > 0, "a suite has not ended"],
  ];
}

function isGood({ status, conclusion }: ModelCheck): boolean {
  return status === "completed" && conclusion === "success";
}

function isHarmless(check: ModelCheck): boolean {
  return isGood(check) || check.conclusion === "neutral" || check.conclusion === "skipped";
}
