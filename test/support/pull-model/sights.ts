import type { ChangedFile, CheckNow, PendingSuite, PullNow } from "../../../src/core/facts.ts";
import type { ListedPull } from "../../../src/core/plan/gathered.ts";
import { REPO } from "../build-snapshot.ts";
import { diffTrees, type Tree } from "./diff-texts.ts";
import { ACTIONS_APP, personOf, TEAMS } from "./people.ts";
import { baseOf } from "./voices.ts";
import type { Commit, ModelCheck, ModelPull, World } from "./world.ts";

const OWNERS_FILE = "CODEOWNERS";

/** Everything that decides whether a head may be merged, as it is at one moment. */
export interface Sight {
  readonly kind: "pull" | "group";
  /** Of a merge group, the pull request that it stands for. */
  readonly pull: number;
  readonly at: number;
  readonly headSha: string;
  readonly state: "open" | "closed";
  readonly commit: Commit;
  readonly headRef: string;
  readonly baseRef: string;
  readonly firstBase: string;
  readonly headRepoId: number | null;
  readonly mergeable: boolean | null;
  readonly isComplete: boolean;
  readonly files: readonly ChangedFile[];
  readonly checks: readonly ModelCheck[];
  readonly suites: readonly PendingSuite[];
  /** Ids of everybody who asked for the change or wrote it. */
  readonly interested: readonly number[];
  /** People whose approval of exactly this head stands. */
  readonly approvers: readonly number[];
  /** Gates that somebody else set aside for exactly this head. */
  readonly setAside: readonly string[];
  readonly closes: readonly number[];
  /** `CODEOWNERS` of the base. */
  readonly owners: string | null;
}

export interface Reading {
  readonly pull: PullNow;
  readonly sight: Sight;
  readonly at: number;
}

/** A pull request as the API shows it, beside what is true of it; its base may be thought to be another one. */
export function readPull(world: World, pull: ModelPull, baseRef: string): Reading {
  const sight = seePull(world, pull, baseRef);
  const files = sight.files.map((file) => (pull.unpatched.has(file.path) ? { ...file, patch: null } : file));
  const now: PullNow = {
    number: pull.number,
    url: "",
    state: pull.state,
    merged: pull.merged,
    draft: pull.draft,
    headSha: pull.headSha,
    headRef: pull.headRef,
    headRepoId: pull.headRepoId,
    baseRef: sight.baseRef,
    mergeable: sight.mergeable,
    author: personOf(pull.author),
    title: "",
    body: "",
    changedFiles: files.length + pull.unlisted,
    files: pull.isListHidden ? null : files,
    checks: sight.checks.map(showCheck),
    pendingSuites: sight.suites,
    reviews: world.voices.standingReviews(pull.number),
    closes: pull.closes,
    owners: { text: sight.owners, path: sight.owners === null ? null : OWNERS_FILE, teams: TEAMS },
  };
  return { pull: now, sight, at: world.now };
}

/** What the API shows of a commit of the merge queue; nothing once the queue has let it go. */
export function readGroup(world: World, sha: string): Reading | undefined {
  const group = world.groups.find((known) => known.sha === sha);
  const pull = group === undefined ? undefined : world.pullNumbered(group.pull);
  if (group === undefined || pull === undefined || group.state === "gone") return undefined;
  const { headRef, baseRef, baseSha } = group;
  const files = diffTrees(world.commitOf(baseSha).tree, world.commitOf(sha).tree);
  const checks = world.checks.get(sha) ?? [];
  const shown = { headSha: sha, headRef, baseRef, headRepoId: REPO.id, mergeable: true, files };
  const sight: Sight = {
    ...seePull(world, pull, baseRef),
    ...shown,
    kind: "group",
    state: "open",
    commit: world.commitOf(sha),
    isComplete: true,
    checks,
    suites: world.suites.get(sha) ?? [],
    setAside: [],
  };
  const now: PullNow = {
    ...shown,
    number: group.pull,
    url: "",
    state: "open",
    merged: false,
    draft: false,
    author: personOf("merge-queue[bot]"),
    title: "",
    body: "",
    changedFiles: files.length,
    checks: checks.map(showCheck),
    pendingSuites: sight.suites,
  };
  return { pull: now, sight, at: world.now };
}

/** GitHub's list of open pull requests. */
export function listPulls(world: World): readonly ListedPull[] {
  return world.pulls
    .filter(({ state }) => state === "open")
    .map(({ number, headSha, headRef, baseRef, author }) => ({
      number,
      headSha,
      headRef,
      baseRef,
      author: personOf(author),
    }));
}

function seePull(world: World, pull: ModelPull, baseRef: string): Sight {
  const { number, headSha, state, headRef, firstBase, headRepoId, openedFor } = pull;
  const truth = pull.mergeableSaid === undefined ? world.isMergeable(pull, baseRef) : pull.mergeableSaid;
  const seen = { pull: number, sha: headSha, base: baseOf(pull) };
  const interested = [personOf(pull.author).id, ...(openedFor === null ? [] : [personOf("robin").id])];
  const base = world.commitOf(world.branches.get(baseRef) ?? world.mainSha);
  return {
    kind: "pull",
    pull: number,
    at: world.now,
    headSha,
    state,
    commit: world.commitOf(headSha),
    headRef,
    baseRef,
    firstBase,
    headRepoId,
    mergeable: truth,
    isComplete: pull.unlisted === 0 && !pull.isListHidden,
    files: world.diffOf(headSha, baseRef),
    checks: world.checks.get(headSha) ?? [],
    suites: world.suites.get(headSha) ?? [],
    interested,
    approvers: world.voices.approversOf(seen),
    setAside: world.voices.gatesSetAside(seen, interested),
    closes: pull.closes,
    owners: ownersOf(base.tree),
  };
}

function ownersOf(tree: Tree): string | null {
  return Object.entries(tree).find(([path]) => path === OWNERS_FILE)?.[1] ?? null;
}

/** A check as the API shows it. */
export function showCheck({ name, appId, status, conclusion }: ModelCheck): CheckNow {
  const slug = appId === ACTIONS_APP ? "github-actions" : appId === null ? "" : `app-${appId}`;
  return { name, slug, appId, status, conclusion, url: null };
}
