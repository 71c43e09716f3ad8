import { diffFiles } from "../../git/diff.ts";
import { resolveRef } from "../../git/git.ts";
import { findMergeBase } from "../../git/history.ts";
import { isRecord } from "../../http/body-fields.ts";
import type { Repo } from "../../world/records.ts";
import type { Emission } from "../../world/world.ts";

/** Where an event happened: which commit the workflow files are read from and run on. */
export interface EventSource {
  readonly ref: string;
  readonly sha: string;
  readonly headBranch: string;
  /** Where the commit comes from: another repository for a fork, null for one that is gone. */
  readonly headRepoId: number | null;
  readonly headRef: string;
  readonly baseRef: string;
  readonly branch: string | null;
  readonly tag: string | null;
  readonly pullNumbers: readonly number[];
  readonly changedPaths: () => readonly string[];
}

type Payload = Emission["payload"];
type Locate = (repo: Repo, payload: Payload) => EventSource | null;

/** Events that happen somewhere else than on the default branch. */
const SOURCES: Readonly<Partial<Record<string, Locate>>> = {
  push: locatePush,
  pull_request: locatePull,
  pull_request_review: locatePull,
  pull_request_target: locateTarget,
  merge_group: locateGroup,
};

const BRANCH_PREFIX = "refs/heads/";
const TAG_PREFIX = "refs/tags/";

/** Null when the event has no commit to run on, such as the deletion of a branch. */
export function locateEvent(event: string, repo: Repo, payload: Payload): EventSource | null {
  return (SOURCES[event] ?? locateDefault)(repo, payload);
}

function locatePush(repo: Repo, payload: Payload): EventSource | null {
  const ref = textOf(payload, "ref");
  const sha = textOf(payload, "after");
  if (payload.deleted === true || sha === "") return null;
  const isTag = ref.startsWith(TAG_PREFIX);
  const name = ref.replace(isTag ? TAG_PREFIX : BRANCH_PREFIX, "");
  return {
    ref,
    sha,
    headBranch: name,
    headRepoId: repo.id,
    headRef: "",
    baseRef: "",
    branch: isTag ? null : name,
    tag: isTag ? name : null,
    pullNumbers: [],
    changedPaths: () => pushedPaths(payload),
  };
}

function pushedPaths(payload: Payload): readonly string[] {
  const commits: unknown[] = Array.isArray(payload.commits) ? payload.commits : [];
  return commits.filter(isRecord).flatMap((commit) =>
    ["added", "removed", "modified"].flatMap((key) => {
      const paths = commit[key];
      return Array.isArray(paths) ? paths.map(String) : [];
    }),
  );
}

interface PullSides {
  readonly number: number;
  readonly headRef: string;
  readonly headSha: string;
  readonly headRepoId: number | null;
  readonly baseRef: string;
  readonly baseSha: string;
}

function readPull(payload: Payload): PullSides | null {
  const pull = payload.pull_request;
  if (!isRecord(pull) || !isRecord(pull.head) || !isRecord(pull.base)) return null;
  return {
    number: Number(pull.number),
    headRef: textOf(pull.head, "ref"),
    headSha: textOf(pull.head, "sha"),
    headRepoId: isRecord(pull.head.repo) ? Number(pull.head.repo.id) : null,
    baseRef: textOf(pull.base, "ref"),
    baseSha: textOf(pull.base, "sha"),
  };
}

function locatePull(repo: Repo, payload: Payload): EventSource | null {
  const pull = readPull(payload);
  if (pull === null) return null;
  return { ...pullSource(repo, pull), ref: `refs/pull/${pull.number}/merge`, sha: pull.headSha };
}

/** Runs with the rights of the base, so it never reads anything from the head. */
function locateTarget(repo: Repo, payload: Payload): EventSource | null {
  const pull = readPull(payload);
  const sha = pull === null ? undefined : resolveRef(repo.gitDir, BRANCH_PREFIX + pull.baseRef);
  if (pull === null || sha === undefined) return null;
  return {
    ...pullSource(repo, pull),
    ref: BRANCH_PREFIX + pull.baseRef,
    sha,
    headRepoId: repo.id,
  };
}

/** The queue's own commit; `branches` filters the branch that it would be merged into. */
function locateGroup(repo: Repo, payload: Payload): EventSource | null {
  const group = payload.merge_group;
  if (!isRecord(group)) return null;
  const ref = textOf(group, "head_ref");
  return {
    ref,
    sha: textOf(group, "head_sha"),
    headBranch: ref.replace(BRANCH_PREFIX, ""),
    headRepoId: repo.id,
    headRef: "",
    baseRef: "",
    branch: textOf(group, "base_ref").replace(BRANCH_PREFIX, ""),
    tag: null,
    pullNumbers: [],
    changedPaths: () => [],
  };
}

function pullSource(repo: Repo, pull: PullSides): Omit<EventSource, "ref" | "sha"> {
  return {
    headBranch: pull.headRef,
    headRepoId: pull.headRepoId,
    headRef: pull.headRef,
    baseRef: pull.baseRef,
    branch: pull.baseRef,
    tag: null,
    // GitHub names no pull request for a run whose head is in a fork.
    pullNumbers: pull.headRepoId === repo.id ? [pull.number] : [],
    changedPaths() {
      const from = findMergeBase(repo.gitDir, pull.baseSha, pull.headSha) ?? pull.baseSha;
      return diffFiles(repo.gitDir, from, pull.headSha).map((file) => file.path);
    },
  };
}

function locateDefault(repo: Repo, payload: Payload): EventSource | null {
  const ref = BRANCH_PREFIX + repo.defaultBranch;
  const sha = resolveRef(repo.gitDir, ref);
  if (sha === undefined) return null;
  const run = payload.workflow_run;
  return {
    ref,
    sha,
    headBranch: repo.defaultBranch,
    headRepoId: repo.id,
    headRef: "",
    baseRef: "",
    branch: isRecord(run) ? textOf(run, "head_branch") : null,
    tag: null,
    pullNumbers: [],
    changedPaths: () => [],
  };
}

function textOf(record: Readonly<Record<string, unknown>>, key: string): string {
  const value = record[key];
  return typeof value === "string" ? value : "";
}
