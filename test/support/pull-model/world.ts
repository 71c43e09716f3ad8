import type { Event } from "../../../src/core/events.ts";
import type { ChangedFile, CheckNow, PendingSuite, PullNow, RunNow } from "../../../src/core/facts.ts";
import type { Actor, Permission } from "../../../src/core/repo.ts";
import { REPO } from "../build-snapshot.ts";
import { diffTrees, type Tree } from "./diff-texts.ts";
import { OWN_APP, PEOPLE, personOf } from "./people.ts";
import { type Rules, writeConfig } from "./rules.ts";

export const ISSUE = 42;
export const MAIN = "main";
const FIRST_PULL = 77;
const FIRST_RUN = 900;

export interface Commit {
  readonly sha: string;
  readonly tree: Tree;
  /** The attempt whose answer it is; null for everybody else's commits. */
  readonly attempt: string | null;
  /** The newest commit of the default branch that it contains. */
  readonly base: string;
  readonly parent: string | null;
  /** Whether its author made tests weaker, as its history says: nothing here tries to find that out. */
  readonly weakens: boolean;
}

export interface ModelCheck {
  readonly id: number;
  readonly name: string;
  readonly appId: number | null;
  readonly status: string;
  readonly conclusion: string | null;
  /** Made by somebody to look like evidence, under one of our names. */
  readonly forged: boolean;
  readonly externalId: string | null;
}

export interface ModelPull {
  readonly number: number;
  /** The attempt whose answer opened it. */
  readonly openedFor: string;
  state: "open" | "closed";
  merged: boolean;
  draft: boolean;
  /** Somebody opened it again after it was closed. */
  wasReopened: boolean;
  headRef: string;
  headSha: string;
  baseRef: string;
  readonly firstBase: string;
  headRepoId: number | null;
  /** What GitHub says instead of what is so; undefined for the truth. */
  mergeableSaid: boolean | null | undefined;
  /** Files that GitHub does not list. */
  unlisted: number;
  isListHidden: boolean;
  readonly unpatched: Set<string>;
}

export interface ModelRun {
  readonly id: number;
  readonly correlation: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly startedAt: number;
  status: string;
  conclusion: string | null;
  result: string | null;
  updatedAt: number;
}

/** Everything that decides whether a head may be merged, as it is at one moment. */
export interface Sight {
  readonly pull: number;
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
  /** People whose approval of exactly this head stands. */
  readonly approvers: readonly number[];
}

export interface Reading {
  readonly pull: PullNow;
  readonly sight: Sight;
  readonly at: number;
}

interface Approval {
  readonly sha: string;
  readonly by: Actor;
}

/** GitHub, as far as pull requests go: one repository, one issue, no I/O; time comes from outside. */
export class World {
  now = 0;
  readonly permissions = new Map<string, Permission>(
    Object.values(PEOPLE).map(({ login, permission }) => [login, permission]),
  );
  readonly issue: { state: "open" | "closed"; labels: string[] } = {
    state: "open",
    labels: ["autopilot", "bug"],
  };
  readonly commits = new Map<string, Commit>();
  readonly branches = new Map<string, string>();
  readonly pulls: ModelPull[] = [];
  readonly runs: ModelRun[] = [];
  readonly checks = new Map<string, ModelCheck[]>();
  readonly suites = new Map<string, PendingSuite[]>();
  /** The configuration file of the default branch, and what it says; null while it is broken. */
  config: { readonly text: string | null; readonly rules: Rules | null };
  approvals: Approval[] = [];
  /** Attempts whose worker made tests weaker. */
  readonly weakeningAttempts = new Set<string>();
  /** The head before the last one, as it was shown. */
  before: Reading | null = null;
  readonly #emit: (event: Event) => void;
  #serial = 0;
  readonly #diffs = new Map<string, readonly ChangedFile[]>();

  constructor(setUp: { readonly tree: Tree; readonly rules: Rules; readonly emit: (event: Event) => void }) {
    this.#emit = setUp.emit;
    this.config = { text: writeConfig(setUp.rules), rules: setUp.rules };
    this.branches.set(MAIN, this.commit({ tree: setUp.tree, base: null, parent: null }).sha);
  }

  get mainSha(): string {
    return this.branches.get(MAIN) ?? "";
  }

  /** The pull request that the histories are about: the newest one. */
  get pull(): ModelPull | undefined {
    return this.pulls.at(-1);
  }

  nextId(): number {
    this.#serial += 1;
    return this.#serial;
  }

  tell(event: Event): void {
    this.#emit(event);
  }

  tellPull(action: string, login: string): void {
    if (this.pull === undefined) return;
    this.tell({ kind: "pull.changed", repo: REPO, pull: this.pull.number, action, sender: personOf(login) });
  }

  commit(about: {
    readonly tree: Tree;
    readonly base: string | null;
    readonly parent: string | null;
    readonly attempt?: string;
    readonly weakens?: boolean;
  }): Commit {
    const serial = this.nextId();
    const head = Math.imul(serial, 2_654_435_761) >>> 0;
    const sha = `${head.toString(16).padStart(8, "0")}${serial.toString(16).padStart(32, "0")}`;
    const { tree, base, parent, attempt = null, weakens = false } = about;
    const made: Commit = { sha, tree, attempt, base: base ?? sha, parent, weakens };
    this.commits.set(sha, made);
    return made;
  }

  commitOf(sha: string): Commit {
    const found = this.commits.get(sha);
    if (found === undefined) throw new Error(`no commit ${sha}`);
    return found;
  }

  /** Moves a branch, and the pull request that comes from it. */
  moveBranch(branch: string, sha: string): void {
    const pull = this.pulls.find((known) => known.headRef === branch && known.state === "open");
    if (pull !== undefined && pull.headSha !== sha) {
      this.before = this.read(pull.number) ?? null;
      pull.headSha = sha;
    }
    this.branches.set(branch, sha);
  }

  openPull(about: Pick<ModelPull, "openedFor" | "headRef" | "baseRef" | "draft">): ModelPull {
    const pull: ModelPull = {
      number: FIRST_PULL + this.pulls.length,
      state: "open",
      merged: false,
      wasReopened: false,
      ...about,
      headSha: this.branches.get(about.headRef) ?? "",
      firstBase: about.baseRef,
      headRepoId: REPO.id,
      mergeableSaid: undefined,
      unlisted: 0,
      isListHidden: false,
      unpatched: new Set(),
    };
    this.pulls.push(pull);
    return pull;
  }

  startRun(correlation: string, inputs: Readonly<Record<string, string>>): ModelRun {
    const run: ModelRun = {
      id: FIRST_RUN + this.runs.length,
      correlation,
      inputs,
      startedAt: this.now,
      status: "in_progress",
      conclusion: null,
      result: null,
      updatedAt: this.now,
    };
    this.runs.push(run);
    return run;
  }

  endRun(run: ModelRun, conclusion: string, result: string | null): void {
    if (run.status === "completed") return;
    run.status = "completed";
    run.conclusion = conclusion;
    run.result = result;
    run.updatedAt = this.now;
    this.tell({
      kind: "run.changed",
      repo: REPO,
      runId: run.id,
      title: `agent ${run.correlation}`,
      status: run.status,
      conclusion,
      runAttempt: 1,
    });
  }

  runNow(id: number): RunNow | undefined {
    const run = this.runs.find((known) => known.id === id);
    if (run === undefined) return undefined;
    const { correlation, status, conclusion, startedAt, updatedAt } = run;
    return {
      id,
      title: `agent ${correlation}`,
      status,
      conclusion,
      runAttempt: 1,
      headSha: this.mainSha,
      url: `https://github.test/acme/shop/actions/runs/${id}`,
      startedAt,
      updatedAt,
    };
  }

  /** Writes a check of a commit: the newest of an app's name is the one that is shown. */
  setCheck(sha: string, check: Omit<ModelCheck, "id">): ModelCheck {
    const all = this.checks.get(sha) ?? [];
    const made = { ...check, id: this.nextId() };
    const others = all.filter((known) => !(known.name === check.name && known.appId === check.appId));
    this.checks.set(sha, [...others, made]);
    if (check.appId !== OWN_APP) this.tell({ kind: "check.changed", repo: REPO, sha, name: check.name });
    return made;
  }

  diffOf(sha: string): readonly ChangedFile[] {
    const { base, tree } = this.commitOf(sha);
    const key = `${base} ${sha}`;
    const known = this.#diffs.get(key);
    if (known !== undefined) return known;
    const files = diffTrees(this.commitOf(base).tree, tree);
    this.#diffs.set(key, files);
    return files;
  }

  /** Whether the head can be merged: both sides changed no file in different ways. */
  isMergeable(pull: ModelPull): boolean {
    const head = this.commitOf(pull.headSha);
    const target = this.commitOf(this.branches.get(pull.baseRef) ?? head.base).tree;
    const from = this.commitOf(head.base).tree;
    return Object.keys({ ...from, ...head.tree, ...target }).every(
      (path) =>
        head.tree[path] === from[path] || target[path] === from[path] || head.tree[path] === target[path],
    );
  }

  /** Puts the head's changes onto its base, as a squash does. */
  mergeHead(pull: ModelPull): void {
    const head = this.commitOf(pull.headSha);
    const target = this.branches.get(pull.baseRef) ?? head.base;
    const tree = { ...this.commitOf(target).tree };
    for (const { path, previousPath, status } of this.diffOf(pull.headSha)) {
      if (previousPath !== null) delete tree[previousPath];
      if (status === "removed") delete tree[path];
      else tree[path] = head.tree[path] ?? "";
    }
    this.branches.set(pull.baseRef, this.commit({ tree, base: null, parent: target }).sha);
    pull.merged = true;
    pull.state = "closed";
  }

  /** What the API shows of a pull request now, beside what is true of it. */
  read(number: number): Reading | undefined {
    const pull = this.pulls.find((known) => known.number === number);
    if (pull === undefined) return undefined;
    const sight = this.#see(pull);
    const files = sight.files.map((file) =>
      pull.unpatched.has(file.path) ? { ...file, patch: null } : file,
    );
    const now: PullNow = {
      number,
      state: pull.state,
      merged: pull.merged,
      draft: pull.draft,
      headSha: pull.headSha,
      headRef: pull.headRef,
      headRepoId: pull.headRepoId,
      baseRef: pull.baseRef,
      mergeable: sight.mergeable,
      authorId: personOf("orchestrator[bot]").id,
      changedFiles: files.length + pull.unlisted,
      files: pull.isListHidden ? null : files,
      checks: sight.checks.map(showCheck),
      pendingSuites: sight.suites,
    };
    return { pull: now, sight, at: this.now };
  }

  #see(pull: ModelPull): Sight {
    const { number, headSha, state, headRef, baseRef, firstBase, headRepoId } = pull;
    const truth = pull.mergeableSaid === undefined ? this.isMergeable(pull) : pull.mergeableSaid;
    const approvers = this.approvals.filter(({ sha }) => sha === headSha).map(({ by }) => by.id);
    return {
      pull: number,
      headSha,
      state,
      commit: this.commitOf(headSha),
      headRef,
      baseRef,
      firstBase,
      headRepoId,
      mergeable: truth,
      isComplete: pull.unlisted === 0 && !pull.isListHidden,
      files: this.diffOf(headSha),
      checks: this.checks.get(headSha) ?? [],
      suites: this.suites.get(headSha) ?? [],
      approvers: [...new Set(approvers)],
    };
  }
}

function showCheck({ name, appId, status, conclusion }: ModelCheck): CheckNow {
  return { name, appId, status, conclusion, url: null };
}
