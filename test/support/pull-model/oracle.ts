import { REPO } from "../build-snapshot.ts";
import { findUnowned } from "./owners.ts";
import { OWN_APP } from "./people.ts";
import { DEFAULT_PROTECTION, isFrozen, isNamed, type Rules } from "./rules.ts";
import type { Sight } from "./sights.ts";
import type { ModelCheck } from "./world.ts";

/** What a head is judged as: a live task's, a person's (an ended task's too), or the merge queue's. */
export type Standpoint = "task" | "people" | "group";

/** A gate that somebody may have set aside, or null where nobody can; whether it is so; why that is a refusal. */
type Row = readonly [gate: string | null, isSo: boolean, why: string];

/**
 * Why a head must not be shown as PASS; an empty list means that it may. Everything here is counted from what the model
 * knows; no word of the product's own judgement comes in.
 */
export function findRefusals(sight: Sight, rules: Rules | null, as: Standpoint): readonly string[] {
  if (rules === null) return ["no configuration is in force"];
  return ROWS[as](sight, rules)
    .filter(([gate, isSo]) => isSo && !sight.setAside.includes(gate ?? ""))
    .map(([, , why]) => why);
}

/** Why the app must not merge a head, beyond what keeps it from being PASS. */
export function findMergeRefusals(sight: Sight, rules: Rules | null): readonly string[] {
  const refusals = findRefusals(sight, rules, "task");
  const mayMerge =
    rules?.mode === "active" && (rules.autonomy === "merge" || rules.autonomy === "merge-with-approval");
  return mayMerge ? refusals : [...refusals, "the autonomy leaves the merge to people"];
}

const ROWS: { readonly [K in Standpoint]: (sight: Sight, rules: Rules) => readonly Row[] } = {
  task: (sight, rules) => [
    [null, sight.commit.attempt === null, "the head is not a commit that the app published"],
    [null, sight.headRepoId !== REPO.id, "the head is in another repository"],
    ["branch", sight.baseRef !== sight.firstBase, "the base is another one"],
    ["branch", !sight.headRef.startsWith("fix/"), "the branch has another name"],
    ["docs_only", sight.files.every(({ path }) => isDocument(path)), "only documents change"],
    ...refuseApprovers(sight, rules.autonomy === "merge-with-approval" ? rules.approvals : 0),
    ...refuseChange(sight, rules),
    ...refuseChecks(sight, rules),
    ...refuseMoment(sight, rules),
  ],
  people: (sight, rules) => [
    [null, sight.headRepoId === null, "the head's repository is gone"],
    ["branch", isDefaultBranch(sight), "the default branch itself is the head"],
    ["branch", !isNamedAsDemanded(sight, rules), "the branch has another name"],
    ["link", rules.linkedIssue && sight.closes.length === 0, "no issue is closed by it"],
    ...refuseApprovers(sight, countNeeded(sight, rules)),
    ...refuseChange(sight, rules),
    ...refuseChecks(sight, rules),
    ...refuseMoment(sight, rules),
  ],
  group: (sight, rules) => [...refuseChecks(sight, rules), ...refuseMoment(sight, rules)],
};

/** What an agent left behind needs as many people as if its task were still there. */
function countNeeded({ interested }: Sight, { peopleApprovals, approvals }: Rules): number {
  const isLeftBehind = interested.length > 1;
  return isLeftBehind ? Math.max(peopleApprovals, approvals) : peopleApprovals;
}

function refuseApprovers({ approvers, interested }: Sight, needed: number): readonly Row[] {
  const people = approvers.filter((id) => !interested.includes(id));
  return [[null, people.length < needed, "approvals of this head are missing"]];
}

/** What is wrong with the change itself, whoever made it. */
function refuseChange(sight: Sight, rules: Rules): readonly Row[] {
  const { isComplete, files, approvers, interested, owners } = sight;
  const others = approvers.filter((id) => !interested.includes(id));
  const isUnowned = rules.owners && findUnowned(owners, pathsOf(sight), others).length > 0;
  const isWeaker = rules.assertions && sight.commit.weakens && !sight.setAside.includes("integrity");
  return [
    [null, sight.mergeable !== true, "the head cannot be merged"],
    ...["size", "paths", "integrity"].map(
      (gate): Row => [gate, !isComplete, "the list of files is not complete"],
    ),
    ["size", files.length === 0, "nothing changes"],
    ["assertions", isWeaker, "a test is weaker than before"],
    ["paths", touchesForbidden(sight, rules), "a path is not the worker's to change"],
    ["size", isTooLarge(sight, rules), "the change is too large"],
    ["owners", isUnowned, "an owner has not approved this head"],
  ];
}

function refuseMoment({ at }: Sight, { freezes }: Rules): readonly Row[] {
  return [["window", isFrozen(freezes, at), "merges are stopped now"]];
}

function isDefaultBranch({ headRef, headRepoId }: Sight): boolean {
  return headRef === "main" && headRepoId === REPO.id;
}

function isNamedAsDemanded({ headRef }: Sight, { branches }: Rules): boolean {
  return branches.length === 0 || isNamed(headRef, branches);
}

function isDocument(path: string): boolean {
  return path.endsWith(".md") || path.startsWith("docs/");
}

function pathsOf({ files }: Sight): readonly string[] {
  return files.flatMap(({ path, previousPath }) => (previousPath === null ? [path] : [path, previousPath]));
}

function touchesForbidden(sight: Sight, rules: Rules): boolean {
  return pathsOf(sight).some(
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
function refuseChecks({ checks, suites }: Sight, { required }: Rules): readonly Row[] {
  const foreign = checks.filter((check) => check.appId !== OWN_APP && !check.forged);
  const relevant = required.length === 0 ? foreign : foreign.filter(({ name }) => required.includes(name));
  const missing = required.filter((name) => !relevant.some((check) => check.name === name && isGood(check)));
  const open = suites.filter((suite) => suite.appId !== OWN_APP && (required.length === 0 || suite.runs > 0));
  return [
    ["checks", relevant.some((check) => check.status !== "completed"), "a check has not ended"],
    [
      "checks",
      relevant.some((check) => check.status === "completed" && !isHarmless(check)),
      "a check did not succeed",
    ],
    ["checks", !relevant.some(isGood), "no check succeeded"],
    ["checks", missing.length > 0, "a required check did not succeed"],
    ["checks", open.length > 0, "a suite has not ended"],
  ];
}

function isGood({ status, conclusion }: ModelCheck): boolean {
  return status === "completed" && conclusion === "success";
}

function isHarmless(check: ModelCheck): boolean {
  return isGood(check) || check.conclusion === "neutral" || check.conclusion === "skipped";
}
