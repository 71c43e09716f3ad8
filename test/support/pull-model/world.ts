import type { Event } from "../../../src/core/events.ts";
import type { ChangedFile, PendingSuite, RunNow } from "../../../src/core/facts.ts";
import { REPO } from "../build-snapshot.ts";
import { diffTrees, type Tree } from "./diff-texts.ts";
import { OWN_APP, OWN_BOT, personOf } from "./people.ts";
import { type Rules, writeConfig } from "./rules.ts";
import { type Reading, readPull } from "./sights.ts";
import { Voices } from "./voices.ts";

export const ISSUE = 42;
export const MAIN = "main";
/** The names by which a history calls the pull request of the task, and a person's where it is the only one. */
export const TASK = "task";
export const CHANGE = "change";
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
  /** What the history calls it. */
  readonly name: string;
  readonly author: string;
  /** The attempt whose answer opened it; null for a person's. */
  readonly openedFor: string | null;
  /** The branch among all branches that it comes from: a fork's has a name of its own. */
  readonly source: string;
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
  /** Issues that its text closes. */
  closes: readonly number[];
  /** Whether GitHub answers with an error whenever it is asked about it. */
  isUnreadable: boolean;
}

/** A commit of the merge queue. */
export interface ModelGroup {
  readonly sha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly baseSha: string;
  readonly pull: number;
  state: "waiting" | "merged" | "gone";
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

/** What GitHub calls the events that bring a head. */
const NEW_HEAD_ACTIONS: ReadonlySet<string> = new Set(["opened", "reopened", "synchronize"]);

/** GitHub, as far as pull requests go: one repository, one issue, no I/O; time comes from outside. */
export class World {
  now = 0;
  readonly voices = new Voices();
  readonly issue: { state: "open" | "closed"; labels: string[] };
  readonly commits = new Map<string, Commit>();
  readonly branches = new Map<string, string>();
  readonly pulls: ModelPull[] = [];
  readonly groups: ModelGroup[] = [];
  readonly runs: ModelRun[] = [];
  readonly checks = new Map<string, ModelCheck[]>();
  readonly suites = new Map<string, PendingSuite[]>();
  /** The configuration file of the default branch, and what it says; null while it is broken. */
  config: { readonly text: string | null; readonly rules: Rules | null };
  /** Whether the configuration ever said `shadow`. */
  wasShadow: boolean;
  /** Attempts whose worker made tests weaker. */
  readonly weakeningAttempts = new Set<string>();
  /** Pull requests at the head before the last one, as they were shown. */
  readonly before = new Map<number, Reading>();
  /** The name of the pull request that the history is about, where a step names none. */
  readonly subject: string;
  /** The one that the step names which is being done. */
  chosen: string | null = null;
  readonly #emit: (event: Event) => void;
  #serial = 0;
  readonly #diffs = new Map<string, readonly ChangedFile[]>();

  constructor(setUp: {
    readonly tree: Tree;
    readonly rules: Rules;
    readonly subject: string;
    readonly emit: (event: Event) => void;
  }) {
    this.#emit = setUp.emit;
    this.subject = setUp.subject;
    this.issue = { state: "open", labels: setUp.subject === TASK ? ["autopilot", "bug"] : ["bug"] };
    this.config = { text: writeConfig(setUp.rules), rules: setUp.rules };
    this.wasShadow = setUp.rules.mode === "shadow";
    this.branches.set(MAIN, this.commit({ tree: setUp.tree, base: null, parent: null }).sha);
  }

  get mainSha(): string {
    return this.branches.get(MAIN) ?? "";
  }

  /** The pull request that is meant: of those that have the name, the newest. */
  get pull(): ModelPull | undefined {
    return this.pullCalled(this.chosen ?? this.subject);
  }

  pullCalled(name: string): ModelPull | undefined {
    return this.pulls.findLast((pull) => pull.name === name);
  }

  pullNumbered(number: number): ModelPull | undefined {
    return this.pulls.find((pull) => pull.number === number);
  }

  /** The newest commit that the merge queue made of a pull request. */
  groupOf(pull: ModelPull | undefined): ModelGroup | undefined {
    return this.groups.findLast((group) => group.pull === pull?.number);
  }

  nextId(): number {
    this.#serial += 1;
    return this.#serial;
  }

  tell(event: Event): void {
    this.#emit(event);
  }

  tellPull(action: string, login: string, pull = this.pull): void {
    if (pull === undefined) return;
    const { number, headSha, headRef, baseRef } = pull;
    const isNew = NEW_HEAD_ACTIONS.has(action);
    const head = isNew ? { head: { sha: headSha, ref: headRef, base: baseRef } } : {};
    this.tell({ kind: "pull.changed", repo: REPO, pull: number, action, sender: personOf(login), ...head });
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

  /** Moves a branch, and the pull requests that come from it; those that were queued leave the queue. */
  moveBranch(branch: string, sha: string): readonly ModelPull[] {
    const moved = this.pulls.filter(
      (pull) => pull.source === branch && pull.state === "open" && pull.headSha !== sha,
    );
    for (const pull of moved) {
      const reading = this.read(pull.number);
      if (reading !== undefined) this.before.set(pull.number, reading);
      pull.headSha = sha;
    }
    this.branches.set(branch, sha);
    return moved;
  }

  openPull(
    about: Pick<ModelPull, "name" | "author" | "openedFor" | "source" | "headRef" | "baseRef" | "draft"> &
      Partial<Pick<ModelPull, "headRepoId" | "closes">>,
  ): ModelPull {
    const pull: ModelPull = {
      number: FIRST_PULL + this.pulls.length,
      state: "open",
      merged: false,
      wasReopened: false,
      headRepoId: REPO.id,
      closes: [],
      ...about,
      headSha: this.branches.get(about.source) ?? "",
      firstBase: about.baseRef,
      mergeableSaid: undefined,
      unlisted: 0,
      isListHidden: false,
      unpatched: new Set(),
      isUnreadable: false,
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
      origin: {
        event: "workflow_dispatch",
        path: ".github/workflows/agent.yml",
        actorId: OWN_BOT,
        headRepoId: REPO.id,
      },
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

  /** What a commit brings to a branch: the difference from what both have in common. */
  diffOf(sha: string, baseRef: string): readonly ChangedFile[] {
    const base = this.#commonBase(sha, baseRef);
    const key = `${base} ${sha}`;
    const known = this.#diffs.get(key);
    if (known !== undefined) return known;
    const files = diffTrees(this.commitOf(base).tree, this.commitOf(sha).tree);
    this.#diffs.set(key, files);
    return files;
  }

  /** The newest commit that both a head and a branch contain. */
  #commonBase(sha: string, baseRef: string): string {
    const inBase = new Set(this.#history(this.branches.get(baseRef) ?? this.mainSha));
    const { base } = this.commitOf(sha);
    return this.#history(base).find((known) => inBase.has(known)) ?? base;
  }

  #history(sha: string): readonly string[] {
    const { parent } = this.commitOf(sha);
    return parent === null ? [sha] : [sha, ...this.#history(parent)];
  }

  /** Whether the head can be merged: both sides changed no file in different ways. */
  isMergeable(pull: ModelPull, baseRef = pull.baseRef): boolean {
    const head = this.commitOf(pull.headSha);
    const target = this.commitOf(this.branches.get(baseRef) ?? head.base).tree;
    const from = this.commitOf(this.#commonBase(pull.headSha, baseRef)).tree;
    return Object.keys({ ...from, ...head.tree, ...target }).every(
      (path) =>
        head.tree[path] === from[path] || target[path] === from[path] || head.tree[path] === target[path],
    );
  }

  /** The files of a branch with what a head brings to it. */
  mergedTree(pull: ModelPull): Tree {
    const head = this.commitOf(pull.headSha);
    const tree = { ...this.commitOf(this.branches.get(pull.baseRef) ?? head.base).tree };
    for (const { path, previousPath, status } of this.diffOf(pull.headSha, pull.baseRef)) {
      if (previousPath !== null) delete tree[previousPath];
      if (status === "removed") delete tree[path];
      else tree[path] = head.tree[path] ?? "";
    }
    return tree;
  }

  /** Puts the head's changes onto its base, as a squash does. */
  mergeHead(pull: ModelPull): void {
    const target = this.branches.get(pull.baseRef) ?? this.commitOf(pull.headSha).base;
    const tree = this.mergedTree(pull);
    this.branches.set(pull.baseRef, this.commit({ tree, base: null, parent: target }).sha);
    pull.merged = true;
    pull.state = "closed";
  }

  /** What the API shows of a pull request now, beside what is true of it; `baseRef` asks how it would be with another base. */
  read(number: number, baseRef?: string): Reading | undefined {
    const pull = this.pullNumbered(number);
    return pull === undefined ? undefined : readPull(this, pull, baseRef ?? pull.baseRef);
  }
}
