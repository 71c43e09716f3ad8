import { createCheckSuite } from "../areas/checks/check-records.ts";
import { followBranch } from "../areas/pulls/pull-records.ts";
import { Refusal } from "../http/route.ts";
import { presentPushCommit } from "../present/code/commit.ts";
import { repositoryPage } from "../present/repository.ts";
import { findInstallation } from "../world/find-records.ts";
import type { Repo } from "../world/records.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";
import { diffOfCommit } from "./diff.ts";
import { resolveRef } from "./git.ts";
import { isAncestor, listCommits } from "./history.ts";
import { identityOf } from "./identity.ts";
import { readCommit, readCommits, readTree } from "./objects.ts";
import { isTreePath, type TreeChange, writeCommit, writeRef, writeTree } from "./write.ts";

export interface RefUpdate {
  readonly repo: Repo;
  /** Full name, `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  /** Where the ref goes; null deletes it. */
  readonly sha: string | null;
  readonly user: User;
  /** Allows a move that loses commits. */
  readonly force?: boolean;
}

export interface FileCommit {
  readonly repo: Repo;
  readonly branch: string;
  /** Branch or sha to start a new branch from; the default branch when not given. */
  readonly from?: string | undefined;
  /** Starts a branch that is there over, and so loses the commits that it had. */
  readonly force?: boolean | undefined;
  /** New text by path; null removes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message: string;
  readonly user: User;
}

const NO_COMMIT = "0".repeat(40);
/** More commits than this are left out of a push payload. */
const MAX_PUSH_COMMITS = 250;

/** Moves, makes or deletes a branch or tag, as a push does, with everything that follows from it. */
export function updateRef(world: World, { repo, ref, sha, user, force = false }: RefUpdate): void {
  const before = resolveRef(repo.gitDir, ref);
  if (before === (sha ?? undefined)) return;
  const isForced = before !== undefined && sha !== null && !isAncestor(repo.gitDir, before, sha);
  if (isForced && !force) throw new Refusal(422, "Update is not a fast forward");
  writeRef(repo.gitDir, ref, sha);
  const move = { repo, ref, before, after: sha, user, isForced };
  if (before === undefined || sha === null) announceRef(world, move);
  announcePush(world, move);
  const branch = branchOf(ref);
  if (branch === null) return;
  followBranch(world, { repo, branch, before, after: sha, sender: user });
  if (sha !== null) openCheckSuite(world, repo, { headSha: sha, headBranch: branch, sender: user });
}

/** What a person does with an editor, `git commit` and `git push`; returns the new commit. */
export function commitFiles(world: World, commit: FileCommit): string {
  const { repo, branch, from, force = false, files, message, user } = commit;
  const { gitDir } = repo;
  const ref = `refs/heads/${branch}`;
  const tip = force ? undefined : resolveRef(gitDir, ref);
  const parent = tip ?? resolveRef(gitDir, from ?? repo.defaultBranch);
  if (parent === undefined && from !== undefined)
    throw new Error(`there is no "${from}" to start ${branch} from`);
  const baseTree = parent === undefined ? null : readCommit(gitDir, parent).tree;
  const tree = writeTree({ gitDir, baseTree, changes: treeChanges(gitDir, baseTree, files) });
  const signature = { ...identityOf(user), date: world.now() };
  const parents = parent === undefined ? [] : [parent];
  const sha = writeCommit({ gitDir, tree, parents, author: signature, committer: signature, message });
  updateRef(world, { repo, ref, sha, user, force });
  return sha;
}

function treeChanges(
  gitDir: string,
  baseTree: string | null,
  files: FileCommit["files"],
): readonly TreeChange[] {
  const known = baseTree === null ? [] : readTree({ gitDir, sha: baseTree, recursive: true });
  // A tool that was executable stays so.
  const modes = new Map(known.filter(({ type }) => type === "blob").map(({ path, mode }) => [path, mode]));
  return Object.entries(files).map(([path, text]) => {
    if (!isTreePath(path)) throw new Error(`"${path}" cannot be the path of a file in a repository`);
    if (text === null) return { kind: "remove", path };
    return { kind: "content", path, mode: modes.get(path) ?? "100644", content: Buffer.from(text) };
  });
}

/** The branch that a full ref names, null for a tag. */
export function branchOf(ref: string): string | null {
  return ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : null;
}

interface Move {
  readonly repo: Repo;
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | null;
  readonly user: User;
  readonly isForced: boolean;
}

function announceRef(world: World, { repo, ref, after, user }: Move): void {
  const refType = branchOf(ref) === null ? "tag" : "branch";
  const name = branchOf(ref) ?? ref.replace(/^refs\/tags\//, "");
  const payload = { ref: name, ref_type: refType, pusher_type: "user" };
  const more = { master_branch: repo.defaultBranch, description: repo.description };
  world.emit({
    event: after === null ? "delete" : "create",
    action: null,
    repo,
    sender: user,
    payload: after === null ? payload : { ...payload, ...more },
  });
}

function announcePush(world: World, { repo, ref, before, after, user, isForced }: Move): void {
  const commits = pushedCommits(world, { repo, ref, before, after });
  const range = `${(before ?? NO_COMMIT).slice(0, 12)}...${(after ?? NO_COMMIT).slice(0, 12)}`;
  world.emit({
    event: "push",
    action: null,
    repo,
    sender: user,
    payload: {
      ref,
      before: before ?? NO_COMMIT,
      after: after ?? NO_COMMIT,
      base_ref: null,
      created: before === undefined,
      deleted: after === null,
      forced: isForced,
      compare: `${repositoryPage(world, repo)}/compare/${range}`,
      commits,
      head_commit: after === null ? null : presentPushed(world, repo, [after])[0],
      pusher: { name: user.login, email: identityOf(user).email },
    },
  });
}

function pushedCommits(
  world: World,
  { repo, ref, before, after }: Pick<Move, "repo" | "ref" | "before" | "after">,
) {
  if (after === null) return [];
  const defaultRef = `refs/heads/${repo.defaultBranch}`;
  // A new branch brings what the default branch does not have yet.
  const notFrom = before ?? (ref === defaultRef ? undefined : resolveRef(repo.gitDir, defaultRef));
  const shas = listCommits({ gitDir: repo.gitDir, to: after, notFrom, max: MAX_PUSH_COMMITS });
  return presentPushed(world, repo, shas.toReversed());
}

function presentPushed(world: World, repo: Repo, shas: readonly string[]) {
  return readCommits(repo.gitDir, shas).map((commit) =>
    presentPushCommit(world, repo, { commit, files: diffOfCommit(repo.gitDir, commit.sha) }),
  );
}

/** GitHub opens a suite for each pushed commit, for every app that may write checks. */
function openCheckSuite(
  world: World,
  repo: Repo,
  suite: { readonly headSha: string; readonly headBranch: string; readonly sender: User },
): void {
  const installation = findInstallation(world, repo);
  const { app } = world;
  if (app === null || app.permissions.checks !== "write") return;
  if (installation === undefined || installation.suspendedAt !== null) return;
  const isKnown = [...repo.checkSuites.values()].some(
    (other) => other.appId === app.id && other.headSha === suite.headSha,
  );
  if (!isKnown) createCheckSuite(world, repo, { app, ...suite });
}
