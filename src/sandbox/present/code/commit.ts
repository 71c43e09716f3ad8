import { type FileChange, sumChanges } from "../../git/diff.ts";
import { findUserByEmail, type GitSignature } from "../../git/identity.ts";
import { type GitCommit, readCommit } from "../../git/objects.ts";
import type { Repo } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { nodeId } from "../node-id.ts";
import { repositoryPage, repositoryUrl } from "../repository.ts";
import { timestamp } from "../timestamp.ts";
import { presentUserOrNull } from "../user.ts";

const UNSIGNED = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** The `commit` of lists, branches and comparisons. */
export function presentCommit(world: World, repo: Repo, commit: GitCommit) {
  const url = `${repositoryUrl(world, repo)}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId(`C_${commit.sha.slice(0, 8)}`, repo.id),
    commit: {
      author: presentSignature(commit.author),
      committer: presentSignature(commit.committer),
      message: commit.message,
      tree: presentTreeLink(world, repo, commit.tree),
      url: gitCommitUrl(world, repo, commit.sha),
      comment_count: 0,
      verification: UNSIGNED,
    },
    url,
    html_url: commitPage(world, repo, commit.sha),
    comments_url: `${url}/comments`,
    author: presentAccount(world, commit.author),
    committer: presentAccount(world, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(world, repo)}/commits/${sha}`,
      html_url: commitPage(world, repo, sha),
    })),
  };
}

/** The `commit` of a single answer: with its files and line counts. */
export function presentCommitDetail(
  world: World,
  repo: Repo,
  { commit, files }: { readonly commit: GitCommit; readonly files: readonly FileChange[] },
) {
  const { additions, deletions } = sumChanges(files);
  return {
    ...presentCommit(world, repo, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => presentFile(world, repo, { file, sha: commit.sha })),
  };
}

/** The `git-commit` of the git data API. */
export function presentGitCommit(world: World, repo: Repo, commit: GitCommit) {
  return {
    sha: commit.sha,
    node_id: nodeId(`C_${commit.sha.slice(0, 8)}`, repo.id),
    url: gitCommitUrl(world, repo, commit.sha),
    html_url: commitPage(world, repo, commit.sha),
    author: presentSignature(commit.author),
    committer: presentSignature(commit.committer),
    tree: presentTreeLink(world, repo, commit.tree),
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: gitCommitUrl(world, repo, sha),
      html_url: commitPage(world, repo, sha),
    })),
    verification: UNSIGNED,
  };
}

/** One commit of a `push` payload. */
export function presentPushCommit(
  world: World,
  repo: Repo,
  { commit, files }: { readonly commit: GitCommit; readonly files: readonly FileChange[] },
) {
  const paths = (...statuses: readonly FileChange["status"][]) =>
    files.filter((file) => statuses.includes(file.status)).map((file) => file.path);
  const renamedFrom = files.flatMap((file) => (file.status === "renamed" ? [file.previousPath] : []));
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    url: commitPage(world, repo, commit.sha),
    author: presentPusherSignature(world, commit.author),
    committer: presentPusherSignature(world, commit.committer),
    added: paths("added", "copied", "renamed"),
    removed: [...paths("removed"), ...renamedFrom],
    modified: paths("modified", "changed"),
  };
}

/** The head commit that suites and workflow runs embed. */
export function presentHeadCommit(repo: Repo, sha: string) {
  const commit = readCommit(repo.gitDir, sha);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** One changed file (`diff-entry`) as it stands at a commit. */
export function presentFile(
  world: World,
  repo: Repo,
  { file, sha }: { readonly file: FileChange; readonly sha: string },
) {
  const path = encodePath(file.path);
  const page = repositoryPage(world, repo);
  return {
    sha: file.blobSha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world, repo)}/contents/${path}?ref=${sha}`,
    ...(file.patch !== null && { patch: file.patch }),
    ...(file.previousPath !== null && { previous_filename: file.previousPath }),
  };
}

export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

export function commitPage(world: World, repo: Repo, sha: string): string {
  return `${repositoryPage(world, repo)}/commit/${sha}`;
}

function gitCommitUrl(world: World, repo: Repo, sha: string): string {
  return `${repositoryUrl(world, repo)}/git/commits/${sha}`;
}

function presentTreeLink(world: World, repo: Repo, sha: string) {
  return { sha, url: `${repositoryUrl(world, repo)}/git/trees/${sha}` };
}

function presentSignature({ name, email, date }: GitSignature) {
  return { name, email, date: timestamp(date) };
}

function presentPusherSignature(world: World, signature: GitSignature) {
  const user = findUserByEmail(world.users, signature.email);
  return { ...presentSignature(signature), ...(user !== null && { username: user.login }) };
}

function presentAccount(world: World, signature: GitSignature) {
  return presentUserOrNull(world, findUserByEmail(world.users, signature.email));
}
