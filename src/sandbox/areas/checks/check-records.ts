import { presentCheckRunEvent, presentCheckSuiteEvent } from "../../present/code/check.ts";
import type { AppRegistration, CheckRun, CheckSuite, Conclusion, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";

export interface NewCheckSuite {
  readonly app: AppRegistration;
  readonly headSha: string;
  readonly headBranch: string | null;
  /** Who caused it; the app's bot when not given. */
  readonly sender?: User;
}

export interface NewCheckRun extends NewCheckSuite {
  /** Without one, the app's newest suite for the commit is used, or a new one made. */
  readonly suite?: CheckSuite | undefined;
  readonly name: string;
  readonly status: CheckRun["status"];
  readonly conclusion?: Conclusion | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly detailsUrl?: string | null | undefined;
  readonly startedAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
  readonly output?: Partial<CheckRun["output"]> | undefined;
  readonly annotations?: readonly Record<string, unknown>[] | undefined;
  readonly actions?: CheckRun["actions"] | undefined;
}

export interface CheckRunChange {
  readonly name?: string | undefined;
  readonly status?: CheckRun["status"] | undefined;
  readonly conclusion?: Conclusion | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly detailsUrl?: string | null | undefined;
  readonly startedAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
  readonly output?: Partial<CheckRun["output"]> | undefined;
  /** Appended to those that the run has. */
  readonly annotations?: readonly Record<string, unknown>[] | undefined;
  readonly actions?: CheckRun["actions"] | undefined;
}

/** The worst conclusion of its runs is the suite's. */
const WORST_FIRST: readonly Conclusion[] = [
  "startup_failure",
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "stale",
  "success",
  "neutral",
  "skipped",
];

const MAX_NAMESAKES = 1000;

/** Opens a suite; the app that owns it hears of it, as of every push it may check. */
export function createCheckSuite(
  world: World,
  repo: Repo,
  { app, headSha, headBranch, sender }: NewCheckSuite,
): CheckSuite {
  const at = world.now();
  const suite: CheckSuite = {
    id: world.nextId(),
    appId: app.id,
    headSha,
    headBranch,
    status: "queued",
    conclusion: null,
    createdAt: at,
    updatedAt: at,
  };
  repo.checkSuites.set(suite.id, suite);
  if (app === world.app) emitSuite(world, repo, { suite, action: "requested", sender: sender ?? app.bot });
  return suite;
}

/** The newest suite of an app for a commit. */
export function findCheckSuite(repo: Repo, appId: number, headSha: string): CheckSuite | undefined {
  return [...repo.checkSuites.values()].findLast(
    (suite) => suite.appId === appId && suite.headSha === headSha,
  );
}

export function createCheckRun(world: World, repo: Repo, options: NewCheckRun): CheckRun {
  const { app, headSha } = options;
  const suite =
    options.suite ?? findCheckSuite(repo, app.id, headSha) ?? createCheckSuite(world, repo, options);
  const run: CheckRun = {
    id: world.nextId(),
    suiteId: suite.id,
    appId: app.id,
    name: options.name,
    headSha,
    externalId: null,
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  repo.checkRuns.set(run.id, run);
  dropOldestNamesake(repo, run);
  applyChange(world, run, options);
  emitRun(world, repo, { run, action: "created", sender: options.sender ?? app.bot });
  settleRun(world, repo, { run, sender: options.sender ?? app.bot });
  return run;
}

/** Changes a run; whoever completes it completes its suite when it was the last. */
export function updateCheckRun(
  world: World,
  repo: Repo,
  run: CheckRun,
  change: CheckRunChange & { readonly sender?: User },
): void {
  const before = { status: run.status, conclusion: run.conclusion };
  applyChange(world, run, change);
  if (before.status === run.status && before.conclusion === run.conclusion) return;
  settleRun(world, repo, { run, sender: change.sender ?? botOf(world, run.appId) });
}

/** Asks the app to check again: the suite starts over, the run stays as it is until the app makes a new one. */
export function rerequestCheckRun(
  world: World,
  repo: Repo,
  { run, sender }: { readonly run: CheckRun; readonly sender: User },
): void {
  const suite = suiteOf(repo, run);
  resetSuite(world, suite);
  if (isOwnApp(world, run.appId)) emitRun(world, repo, { run, action: "rerequested", sender });
}

export function rerequestCheckSuite(
  world: World,
  repo: Repo,
  { suite, sender }: { readonly suite: CheckSuite; readonly sender: User },
): void {
  resetSuite(world, suite);
  if (isOwnApp(world, suite.appId)) emitSuite(world, repo, { suite, action: "rerequested", sender });
}

/** What happens when a person presses a button that the check run offers. */
export function requestAction(
  world: World,
  repo: Repo,
  { run, identifier, sender }: { readonly run: CheckRun; readonly identifier: string; readonly sender: User },
): void {
  if (!run.actions.some((action) => action.identifier === identifier)) {
    throw new Error(`check run ${run.id} offers no action "${identifier}"`);
  }
  if (!isOwnApp(world, run.appId)) return;
  emitRun(world, repo, {
    run,
    action: "requested_action",
    sender,
    more: { requested_action: { identifier } },
  });
}

/** The newest run of each name. */
export function latestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  const byName = new Map<string, CheckRun>();
  for (const run of runs) {
    const key = `${run.suiteId}\0${run.name}`;
    const other = byName.get(key);
    if (other === undefined || other.id < run.id) byName.set(key, run);
  }
  return [...byName.values()];
}

/** GitHub keeps a thousand runs of one name in a suite. */
function dropOldestNamesake(repo: Repo, { suiteId, name }: CheckRun): void {
  const namesakes = [...repo.checkRuns.values()].filter(
    (run) => run.suiteId === suiteId && run.name === name,
  );
  const [oldest] = namesakes;
  if (oldest !== undefined && namesakes.length > MAX_NAMESAKES) repo.checkRuns.delete(oldest.id);
}

function applyChange(world: World, run: CheckRun, change: CheckRunChange): void {
  if (change.name !== undefined) run.name = change.name;
  if (change.externalId !== undefined) run.externalId = change.externalId;
  if (change.detailsUrl !== undefined) run.detailsUrl = change.detailsUrl;
  if (change.startedAt !== undefined) run.startedAt = change.startedAt;
  if (change.output !== undefined) run.output = { ...run.output, ...change.output };
  if (change.actions !== undefined) run.actions = change.actions;
  run.annotations.push(...(change.annotations ?? []));
  applyProgress(world, run, change);
}

function applyProgress(world: World, run: CheckRun, change: CheckRunChange): void {
  const { conclusion = null } = change;
  if (conclusion !== null) {
    run.status = "completed";
    run.conclusion = conclusion;
    run.completedAt = change.completedAt ?? world.now();
  } else if (change.status !== undefined && change.status !== run.status) {
    run.status = change.status;
    run.conclusion = null;
    run.completedAt = null;
  }
}

function settleRun(
  world: World,
  repo: Repo,
  { run, sender }: { readonly run: CheckRun; readonly sender: User },
): void {
  if (run.status === "completed") emitRun(world, repo, { run, action: "completed", sender });
  const suite = suiteOf(repo, run);
  const wasCompleted = suite.status === "completed";
  summarize(world, repo, suite);
  if (suite.status === "completed" && !wasCompleted)
    emitSuite(world, repo, { suite, action: "completed", sender });
}

function summarize(world: World, repo: Repo, suite: CheckSuite): void {
  const runs = latestRuns([...repo.checkRuns.values()].filter((run) => run.suiteId === suite.id));
  suite.updatedAt = world.now();
  if (runs.every((run) => run.status === "completed") && !hasUnfinishedRun(repo, suite)) {
    suite.status = "completed";
    suite.conclusion = WORST_FIRST.find((worst) => runs.some((run) => run.conclusion === worst)) ?? null;
  } else {
    suite.status = runs.every((run) => run.status === "queued") ? "queued" : "in_progress";
    suite.conclusion = null;
  }
}

/** A workflow run whose next job has no check yet is not finished. */
function hasUnfinishedRun(repo: Repo, suite: CheckSuite): boolean {
  return [...repo.runs.values()].some((run) => run.checkSuiteId === suite.id && run.status !== "completed");
}

function resetSuite(world: World, suite: CheckSuite): void {
  suite.status = "queued";
  suite.conclusion = null;
  suite.updatedAt = world.now();
}

function suiteOf(repo: Repo, run: CheckRun): CheckSuite {
  const suite = repo.checkSuites.get(run.suiteId);
  if (suite === undefined) throw new Error(`check run ${run.id} has no suite ${run.suiteId}`);
  return suite;
}

/** Only the app that owns a check is asked to do something about it. */
function isOwnApp(world: World, appId: number): boolean {
  return world.app?.id === appId;
}

function botOf(world: World, appId: number): User {
  return world.app?.id === appId ? world.app.bot : world.actionsApp.bot;
}

interface RunEvent {
  readonly run: CheckRun;
  readonly action: string;
  readonly sender: User;
  readonly more?: Readonly<Record<string, unknown>>;
}

function emitRun(world: World, repo: Repo, { run, action, sender, more }: RunEvent): void {
  const payload = { check_run: presentCheckRunEvent(world, repo, run, suiteOf(repo, run)), ...more };
  world.emit({ event: "check_run", action, repo, sender, payload });
}

function emitSuite(
  world: World,
  repo: Repo,
  { suite, action, sender }: { readonly suite: CheckSuite; readonly action: string; readonly sender: User },
): void {
  const payload = { check_suite: presentCheckSuiteEvent(world, repo, suite) };
  world.emit({ event: "check_suite", action, repo, sender, payload });
}
