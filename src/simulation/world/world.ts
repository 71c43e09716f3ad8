import type { Config } from "../../core/config/config.ts";
import type { Event } from "../../core/events.ts";
import type { Actor, Permission } from "../../core/repo.ts";
import { findRoadmapTask } from "../../core/roadmap/query-roadmap.ts";
import type { Roadmap, RoadmapTask } from "../../core/roadmap/roadmap.ts";
import { OWN, REPO, type SimulationContext } from "../context.ts";
import type { ModelCheck, ModelComment, ModelCommit, ModelIssue, ModelPull, ModelRun } from "./model.ts";

export const MAIN = "main";
export const BOT: Actor = { id: OWN.botId, login: `${OWN.slug}[bot]`, type: "Bot" };
const ACTIONS_APP = 15_368;

/** GitHub as far as the app sees it: one repository, in memory. It changes when somebody does something, and tells of it. */
export class World {
  readonly context: SimulationContext;
  readonly issues = new Map<number, ModelIssue>();
  readonly deletedIssues = new Set<number>();
  readonly comments = new Map<number, ModelComment>();
  readonly runs = new Map<number, ModelRun>();
  readonly commits = new Map<string, ModelCommit>();
  readonly branches = new Map<string, string>();
  readonly checks = new Map<string, ModelCheck[]>();
  readonly pulls = new Map<number, ModelPull>();
  readonly permissions = new Map<string, Permission>();
  /** The configuration that the scenario is about; the workflows are made for it. */
  readonly config: Config;
  readonly declaredInputs: readonly string[];
  /** Since when the app may not work here, ms since epoch. */
  suspendedAt: number | null = null;
  /** Until then GitHub answers nobody, ms since epoch. */
  downUntil = 0;
  areWorkflowsGone: boolean = false;
  readonly #roadmap: Roadmap | null;
  readonly #emit: (event: Event) => void;
  #serial = 100;

  constructor(setUp: {
    readonly context: SimulationContext;
    readonly config: Config;
    readonly roadmap: Roadmap | null;
    /** Files of the default branch. */
    readonly files: ReadonlyMap<string, string>;
    readonly emit: (event: Event) => void;
  }) {
    this.context = setUp.context;
    this.config = setUp.config;
    this.#roadmap = setUp.roadmap;
    this.declaredInputs = listInputs(setUp.config);
    this.#emit = setUp.emit;
    const { files: tree } = setUp;
    const first = this.addCommit({ parent: null, attempt: null, tree, base: tree });
    this.branches.set(MAIN, first.sha);
    this.#noteConfig("nobody", first);
  }

  get now(): number {
    return this.context.timeline.now;
  }

  get mainSha(): string {
    return this.branches.get(MAIN) ?? "";
  }

  /** Numbers of issues and pull requests, and ids of everything else. */
  nextNumber(): number {
    this.#serial += 1;
    return this.#serial;
  }

  tell(event: Event): void {
    this.#emit(event);
  }

  addCommit(content: Omit<ModelCommit, "sha">): ModelCommit {
    const serial = this.nextNumber().toString(16);
    const sha = `${serial.padStart(8, "0")}${"c0ffee".repeat(6)}`.slice(0, 40);
    const commit = { sha, ...content };
    this.commits.set(sha, commit);
    return commit;
  }

  commit(sha: string): ModelCommit {
    const found = this.commits.get(sha);
    if (found === undefined) throw new Error(`The simulated repository has no commit ${sha}.`);
    return found;
  }

  textOf({ title, body, labels }: ModelIssue) {
    return { title, body, labels: [...labels] };
  }

  /** Somebody changes a label of an issue; the app's own changes are no event. */
  setLabel(issue: ModelIssue, label: string, change: { readonly by: Actor; readonly isOn: boolean }): void {
    const { by, isOn } = change;
    const has = issue.labels.includes(label);
    if (has === isOn) return;
    issue.labels = isOn ? [...issue.labels, label] : issue.labels.filter((known) => known !== label);
    (isOn ? issue.labelledBy : issue.unlabelledBy).set(label, by);
    if (isOn) issue.unlabelledBy.delete(label);
    if (by.id === BOT.id) return;
    const what = isOn ? "labeled" : "unlabeled";
    this.context.recorder.deed(by.login, { what, issue: issue.number, label });
    const about = { repo: REPO, issue: issue.number, sender: by, label, isPull: false };
    if (isOn) this.tell({ kind: "issue.labeled", ...about, text: this.textOf(issue) });
    else this.tell({ kind: "issue.unlabeled", ...about });
  }

  closeIssue(issue: ModelIssue, by: Actor, reason: "completed" | "not_planned"): void {
    if (issue.state === "closed") return;
    issue.state = "closed";
    issue.stateReason = reason;
    if (by.id === BOT.id) return;
    this.context.recorder.deed(by.login, { what: "issue.closed", issue: issue.number });
    this.tell({ kind: "issue.closed", repo: REPO, issue: issue.number, sender: by, reason });
  }

  reopenIssue(issue: ModelIssue, by: Actor): void {
    if (issue.state === "open") return;
    issue.state = "open";
    issue.stateReason = "reopened";
    this.context.recorder.deed(by.login, { what: "issue.reopened", issue: issue.number });
    this.tell({ kind: "issue.reopened", repo: REPO, issue: issue.number, sender: by });
  }

  /** An issue is deleted, with all that was said there. */
  deleteIssue({ number }: ModelIssue, by: Actor): void {
    this.issues.delete(number);
    this.deletedIssues.add(number);
    for (const comment of this.comments.values())
      if (comment.issue === number) this.comments.delete(comment.id);
    this.context.recorder.deed(by.login, { what: "issue.gone", issue: number });
    this.tell({ kind: "issue.gone", repo: REPO, issue: number, sender: by });
  }

  /** A commit becomes the head of a branch, and of the pull requests that come from it. */
  moveBranch(branch: string, sha: string, by: Actor): void {
    this.branches.set(branch, sha);
    if (branch === MAIN) this.#noteConfig(by.login, this.commit(sha));
    if (branch === MAIN) this.tell({ kind: "branch.pushed", repo: REPO, branch, sha, sender: by });
    for (const pull of this.openPullsFrom(branch)) {
      if (pull.headSha === sha) continue;
      pull.before = { sha: pull.headSha, until: this.now };
      pull.headSha = sha;
      if (by.id === BOT.id) continue;
      const head = { sha, ref: branch };
      this.tellPull(pull, by, { action: "synchronize", head });
    }
  }

  openPullsFrom(branch: string): readonly ModelPull[] {
    return [...this.pulls.values()].filter(({ headRef, state }) => headRef === branch && state === "open");
  }

  /** GitHub closes the pull requests of a branch that goes. */
  deleteBranch(branch: string, by: Actor): void {
    this.branches.delete(branch);
    for (const pull of this.openPullsFrom(branch)) this.closePull(pull, by);
  }

  tellPull(
    pull: ModelPull,
    by: Actor,
    about: { readonly action: string; readonly head?: { readonly sha: string; readonly ref: string } },
  ): void {
    this.tell({ kind: "pull.changed", repo: REPO, pull: pull.number, sender: by, ...about });
  }

  reopenPull(pull: ModelPull, by: Actor): void {
    if (pull.state === "open" || pull.merged) return;
    pull.state = "open";
    this.context.recorder.deed(by.login, { what: "pull.reopened", pull: pull.number, head: pull.headSha });
    this.tellPull(pull, by, { action: "reopened" });
  }

  closePull(pull: ModelPull, by: Actor): void {
    if (pull.state === "closed") return;
    pull.state = "closed";
    if (by.id === BOT.id) return;
    this.context.recorder.deed(by.login, { what: "pull.closed", pull: pull.number, head: pull.headSha });
    this.tellPull(pull, by, { action: "closed" });
  }

  /** Squashes the head onto the default branch. */
  mergePull(pull: ModelPull, by: Actor): string {
    const tree = new Map(this.commit(this.mainSha).tree);
    for (const [path, text] of this.changesOf(pull)) {
      if (text === null) tree.delete(path);
      else tree.set(path, text);
    }
    const { sha } = this.addCommit({ parent: this.mainSha, attempt: null, tree, base: tree });
    pull.state = "closed";
    pull.merged = true;
    pull.mergeSha = sha;
    if (by.id !== BOT.id) {
      this.context.recorder.deed(by.login, { what: "pull.merged", pull: pull.number, head: pull.headSha });
      this.tellPull(pull, by, { action: "closed" });
    }
    this.moveBranch(MAIN, sha, by);
    return sha;
  }

  /** What a commit changes of the tree that its branch began with: text by path, null for what it deletes. */
  changesOf({ headSha }: Pick<ModelPull, "headSha">): ReadonlyMap<string, string | null> {
    const { tree, base } = this.commit(headSha);
    const changed = [...tree].filter(([path, text]) => base.get(path) !== text);
    const gone = [...base.keys()].filter((path) => !tree.has(path));
    return new Map<string, string | null>([...changed, ...gone.map((path) => [path, null] as const)]);
  }

  checksOf(sha: string): ModelCheck[] {
    const known = this.checks.get(sha) ?? [];
    this.checks.set(sha, known);
    return known;
  }

  addCheck(sha: string, name: string, key: string | null): ModelCheck {
    const check: ModelCheck = {
      id: this.nextNumber(),
      name,
      appId: key === null ? ACTIONS_APP : OWN.appId,
      key,
      status: "in_progress",
      conclusion: null,
    };
    this.checksOf(sha).push(check);
    return check;
  }

  endCheck(sha: string, check: ModelCheck, conclusion: string): void {
    check.status = "completed";
    check.conclusion = conclusion;
    this.context.recorder.deed("ci", { what: "check.ended", sha, name: check.name, conclusion });
    const isSuiteOver = this.checksOf(sha).every(({ key, status }) => key !== null || status === "completed");
    if (isSuiteOver) this.tell({ kind: "check.changed", repo: REPO, sha, name: check.name });
  }

  /** The text of a file on the default branch; null when there is none. */
  fileText(path: string): string | null {
    return this.commit(this.mainSha).tree.get(path) ?? null;
  }

  /** Somebody commits a file to the default branch, or deletes it. */
  writeFile(path: string, text: string | null, by: Actor): void {
    const tree = new Map(this.commit(this.mainSha).tree);
    if (text === null) tree.delete(path);
    else tree.set(path, text);
    const commit = this.addCommit({ parent: this.mainSha, attempt: null, tree, base: tree });
    this.moveBranch(MAIN, commit.sha, by);
  }

  #noteConfig(by: string, { sha, tree }: ModelCommit): void {
    this.context.recorder.deed(by, { what: "configured", sha, text: tree.get(CONFIG_PATH) ?? null });
  }

  /** An issue that somebody opens; its labels come later, one by one. */
  addIssue(issue: Pick<ModelIssue, "title" | "body" | "openedBy"> & { readonly kind?: string }): ModelIssue {
    const made: ModelIssue = {
      number: this.nextNumber(),
      kind: this.planned(issue.title)?.kind ?? "",
      ...issue,
      labels: [],
      state: "open",
      stateReason: null,
      labelledBy: new Map(),
      unlabelledBy: new Map(),
    };
    this.issues.set(made.number, made);
    return made;
  }

  /** The task of the roadmap that an issue's title begins with. */
  planned(title: string): RoadmapTask | undefined {
    return this.#roadmap === null ? undefined : findRoadmapTask(this.#roadmap, { title });
  }
}

export const CONFIG_PATH = ".github/orchestrator.yml";
const STANDARD_INPUTS = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];

/** Inputs that every workflow is taken to declare: the standard ones, and those that the configuration gives any of them. */
function listInputs({ kinds, critics }: Config): readonly string[] {
  const stages = Object.values(kinds).flatMap((kind) => kind.stages);
  const given = stages.flatMap(({ inputs }) => Object.keys(inputs));
  return [...new Set([...STANDARD_INPUTS, ...given, ...Object.keys(critics?.inputs ?? {})])];
}
