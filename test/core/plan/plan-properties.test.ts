import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import type { PullNow, ResultFile } from "../../../src/core/facts.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import { viewRepository } from "../../../src/core/plan/repository/repository-view.ts";
import { Attempt } from "../../../src/core/task/attempt.ts";
import { isTerminal, Task } from "../../../src/core/task/task.ts";
import {
  applyPlan,
  isInFlight,
  type PlanLedger,
  startLedger,
  takeSnapshot,
} from "../../support/apply-plan.ts";
import { buildConfigText, buildRepository, REPO } from "../../support/build-snapshot.ts";
import { NOW } from "../../support/build-task.ts";
import { buildCheck, buildPull, OTHER_SHA } from "../gate/build-subject.ts";
import { buildIssue, buildResult, buildRun, CHANGE, endedRun, MERGING, OWN, ROBIN } from "./plan-with.ts";

const ADA = { id: 8, login: "ada", type: "User" } as const;
const BOT = { id: 4, login: "helper[bot]", type: "Bot" } as const;
const ISSUES = [1, 2, 3] as const;

/** A moment of the world: where the store stands, and what GitHub would be asked by one event. */
interface Scene {
  readonly ledger: PlanLedger;
  readonly now: number;
}

interface Happening {
  readonly event: Event;
  readonly gathered: Gathered;
  readonly isFocus: (task: Task) => boolean;
}

type Step = (scene: Scene) => Happening | undefined;

const byIssue = (issue: number) => (task: Task) => task.issue === issue;
const nothing = () => false;
const pick = <T>(items: readonly T[], index: number): T | undefined =>
  items[index % Math.max(1, items.length)];

const nat = fc.nat(50);
const issueOf = fc.constantFrom(...ISSUES);
const permission = fc.constantFrom("none", "read", "triage", "write", "admin", "write", "write");

const textOf = (labels: readonly string[]) => ({ title: "Prices are wrong", body: "Some.", labels });

const label: fc.Arbitrary<Step> = fc
  .record({
    issue: issueOf,
    permission,
    sender: fc.constantFrom(ROBIN, ROBIN, ADA, BOT),
    kind: fc.constantFrom("bug", "data", "data", "other"),
    label: fc.constantFrom("autopilot", "autopilot", "autopilot", "data", "autopilot:done"),
    shown: fc.constantFrom("open", "open", "open", "closed", "gone", "bare"),
    waitsFor: fc.constantFrom(null, null, null, 1, 2, 3),
  })
  .map((given) => () => {
    const text = textOf(["autopilot", given.kind]);
    const labels = given.shown === "bare" ? [given.kind] : text.labels;
    const issue = buildIssue({
      number: given.issue,
      labels,
      state: given.shown === "closed" ? "closed" : "open",
    });
    const ref = `acme/shop#${given.waitsFor}`;
    return {
      event: {
        kind: "issue.labeled",
        repo: REPO,
        issue: given.issue,
        sender: given.sender,
        label: given.label,
        text,
        isPull: false,
      },
      gathered: {
        permission: given.permission,
        issue: given.shown === "gone" ? null : issue,
        dependencies: given.waitsFor === null ? [] : [{ kind: "issue", ref, state: "open" }],
      },
      isFocus: byIssue(given.issue),
    };
  });

const issueChange: fc.Arbitrary<Step> = fc
  .record({
    issue: issueOf,
    what: fc.constantFrom("unlabeled", "edited", "closed", "reopened", "gone"),
    permission,
    isBack: fc.boolean(),
    reason: fc.constantFrom("completed", "not_planned", null),
  })
  .map(({ issue, what, permission: allowed, isBack, reason }) => () => {
    const about = { repo: REPO, issue, sender: ADA };
    const events: Readonly<Record<typeof what, Event>> = {
      unlabeled: { kind: "issue.unlabeled", ...about, label: "autopilot", isPull: false },
      edited: { kind: "issue.edited", ...about, text: textOf([]) },
      closed: { kind: "issue.closed", ...about, reason },
      reopened: { kind: "issue.reopened", ...about },
      gone: { kind: "issue.gone", ...about },
    };
    const shown = buildIssue({ number: issue, labels: isBack ? ["autopilot"] : [] });
    const seen: Readonly<Record<typeof what, Gathered>> = {
      unlabeled: { issue: shown },
      edited: { permission: allowed },
      closed: {},
      reopened: {},
      gone: { issue: null },
    };
    return { event: events[what], gathered: seen[what], isFocus: byIssue(issue) };
  });

const outcome = fc.constantFrom(
  { kind: "done", facts: { runId: 0 } } as const,
  { kind: "done", facts: { runId: 0 } } as const,
  { kind: "done", facts: {} } as const,
  { kind: "refused", status: 422, message: "No." } as const,
  { kind: "refused", status: 0, message: "not sent" } as const,
);

const dispatchEnd: fc.Arbitrary<Step> = fc
  .record({ index: nat, outcome })
  .map(({ index, outcome: given }) => ({ ledger }) => {
    const attempt = pick([...ledger.attempts.values()].toReversed(), index % 3);
    if (attempt === undefined) return undefined;
    const runId = runIdOf(ledger, attempt);
    const facts =
      given.kind === "done" && "runId" in given.facts ? { runId, runUrl: "https://github.test/r" } : {};
    return {
      event: {
        kind: "effect.settled",
        repo: REPO,
        key: `${REPO.id}:dispatch:${attempt.correlation}`,
        effect: "dispatch",
        taskId: attempt.taskId,
        outcome: given.kind === "done" ? { kind: "done", facts } : given,
      },
      gathered: {},
      isFocus: (task) => task.id === attempt.taskId,
    };
  });

/** GitHub gives every attempt one run. */
function runIdOf(ledger: PlanLedger, attempt: Attempt): number {
  return 900 + [...ledger.attempts.keys()].indexOf(attempt.correlation);
}

const ending = fc.constantFrom(
  "success",
  "success",
  "success",
  "failure",
  "cancelled",
  "timed_out",
  "neutral",
  null,
);
const work = fc.constantFrom(
  "changes",
  "changes",
  "nothing",
  "failed",
  "blocked",
  "foreign",
  "missing",
  "protected",
);

function resultOf(attempt: Attempt, what: string): ResultFile {
  const metrics = [{ name: "r2", value: 0.7, labels: { sensitivity: "high" } }];
  const rows: Readonly<Record<string, ResultFile>> = {
    changes: buildResult(attempt, { changes: [CHANGE], metrics }),
    nothing: buildResult(attempt, { metrics }),
    failed: buildResult(attempt, { outcome: "failed", summary: `No ${attempt.correlation}` }),
    blocked: buildResult(attempt, { outcome: "blocked" }),
    foreign: buildResult(attempt, { task: "1.1.1" }),
    protected: buildResult(attempt, { changes: [{ ...CHANGE, path: "CODEOWNERS" }], metrics }),
  };
  return rows[what] ?? { kind: "missing" };
}

const runChange: fc.Arbitrary<Step> = fc
  .record({
    index: nat,
    status: fc.constantFrom("queued", "in_progress", "completed", "completed", "completed"),
    conclusion: ending,
    work,
    isSurplus: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    age: fc.constantFrom(1, 20, 70),
  })
  .map((given) => ({ ledger, now }) => {
    const attempt = pick([...ledger.attempts.values()].toReversed(), given.index % 3);
    if (attempt === undefined) return undefined;
    const seen = {
      id: given.isSurplus ? 5000 : runIdOf(ledger, attempt),
      title: `run ${attempt.correlation}`,
      startedAt: now - given.age * 60_000,
      updatedAt: now,
    };
    const run =
      given.status === "completed"
        ? endedRun(given.conclusion, seen)
        : buildRun({ ...seen, status: given.status });
    return {
      event: {
        kind: "run.changed",
        repo: REPO,
        runId: run.id,
        title: run.title,
        status: run.status,
        conclusion: run.conclusion,
        runAttempt: 1,
      },
      gathered: { run, ...(given.status === "completed" ? { result: resultOf(attempt, given.work) } : {}) },
      isFocus: (task) => task.id === attempt.taskId,
    };
  });

const publishEnd: fc.Arbitrary<Step> = fc
  .record({
    index: nat,
    isRefused: fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0),
    isCurrent: fc.boolean(),
  })
  .map(({ index, isRefused, isCurrent }) => ({ ledger }) => {
    const attempts = [...ledger.attempts.values()].filter(
      (attempt) => attempt.outcome?.verdict === "PASS" && (!isCurrent || isAwaited(ledger, attempt)),
    );
    const attempt = pick(attempts, index);
    if (attempt === undefined) return undefined;
    const facts = {
      pull: 100 + (ledger.tasks.get(attempt.taskId)?.issue ?? 0),
      headSha: shaOf(attempt.correlation),
      branch: "fix/x",
    };
    return {
      event: {
        kind: "effect.settled",
        repo: REPO,
        key: `${REPO.id}:publish:${attempt.correlation}`,
        effect: "publish",
        taskId: attempt.taskId,
        outcome: isRefused ? { kind: "refused", status: 422, message: "No." } : { kind: "done", facts },
      },
      gathered: {},
      isFocus: (task) => task.id === attempt.taskId,
    };
  });

function isAwaited(ledger: PlanLedger, attempt: Attempt): boolean {
  return ledger.tasks.get(attempt.taskId)?.reasons[0]?.code === "publish.pending";
}

function shaOf(text: string): string {
  return Buffer.from(text).toString("hex").padEnd(40, "0").slice(-40);
}

const PULLS: Readonly<Record<string, Partial<PullNow> | null>> = {
  green: {},
  red: { checks: [buildCheck({ conclusion: "failure" })] },
  open: { checks: [buildCheck({ status: "in_progress", conclusion: null })] },
  none: { checks: [] },
  pushed: { headSha: OTHER_SHA },
  conflict: { mergeable: false },
  unsure: { mergeable: null },
  merged: { merged: true, state: "closed" },
  closed: { state: "closed" },
  gone: null,
};
const shownPull = fc.constantFrom("green", "green", "green", "red", "red", ...Object.keys(PULLS));

function pullOf(task: Task, shown: string): PullNow | null {
  const overrides = PULLS[shown];
  if (overrides === null || task.pull === null) return null;
  return buildPull({
    number: task.pull.number,
    headSha: task.pull.headSha,
    headRef: task.pull.branch,
    ...overrides,
  });
}

const pullChange: fc.Arbitrary<Step> = fc
  .record({ index: nat, shown: shownPull })
  .map(({ index, shown }) => ({ ledger }) => {
    const task = pick(
      [...ledger.tasks.values()].filter(({ pull }) => pull !== null),
      index,
    );
    if (task?.pull === null || task === undefined) return undefined;
    const { number } = task.pull;
    return {
      event: { kind: "pull.changed", repo: REPO, pull: number, action: "synchronize", sender: ADA },
      gathered: { pull: pullOf(task, shown) },
      isFocus: (known) => known.pull?.number === number && known.id === task.id,
    };
  });

const mergeEnd: fc.Arbitrary<Step> = fc
  .record({ index: nat, status: fc.constantFrom(0, 200, 405, 409) })
  .map(({ index, status }) => ({ ledger }) => {
    const task = pick(
      [...ledger.tasks.values()].filter(({ pull }) => pull?.verdict?.value === "PASS"),
      index,
    );
    if (task?.pull === null || task === undefined) return undefined;
    const { mergeOrders, headSha } = task.pull;
    return {
      event: {
        kind: "effect.settled",
        repo: REPO,
        key: `${REPO.id}:merge:${task.id}:${mergeOrders}:${headSha}`,
        effect: "merge",
        taskId: task.id,
        outcome: status === 200 ? { kind: "done", facts: {} } : { kind: "refused", status, message: "No." },
      },
      gathered: {},
      isFocus: (known) => known.id === task.id,
    };
  });

const due: fc.Arbitrary<Step> = fc
  .record({ index: nat, shown: shownPull, conclusion: ending, work, isGone: fc.boolean() })
  .map(({ index, shown, conclusion, work: what, isGone }) => ({ ledger, now }) => {
    const task = pick(
      [...ledger.tasks.values()].filter(({ wakeAt }) => wakeAt !== null && wakeAt <= now),
      index,
    );
    if (task === undefined) return undefined;
    const attempt = task.correlation === null ? undefined : ledger.attempts.get(task.correlation);
    const run = endedRun(conclusion, { id: attempt?.runId ?? 900 });
    const ofRun = isGone || attempt === undefined ? { run: null } : { run, result: resultOf(attempt, what) };
    return {
      event: { kind: "task.due", repo: REPO, taskId: task.id },
      gathered: task.state === "running" ? ofRun : task.pull === null ? {} : { pull: pullOf(task, shown) },
      isFocus: (known) => known.id === task.id,
    };
  });

const CONFIGS: readonly (string | null)[] = [
  ...Array<string>(8).fill(MERGING),
  buildConfigText(),
  MERGING.replace("mode: active", "mode: shadow"),
  MERGING.replace("autonomy: merge", "autonomy: observe"),
  MERGING.replace(/ {2}data:[\s\S]*?(?= {2}bugfix:)/u, ""),
  "version: 7",
  null,
];

const repositoryChange: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom(
      ...Array<"repository.reconcile">(5).fill("repository.reconcile"),
      "repository.changed",
      "repository.added",
      "repository.added",
      "installation.suspended",
      "installation.unsuspended",
      "installation.unsuspended",
      "repository.removed",
    ),
    config: fc.constantFrom(...CONFIGS),
    stray: issueOf,
    shown: fc.constantFrom("open", "open", "closed", "bare", "gone"),
  })
  .map(({ kind, config, stray, shown }) => () => {
    const { facts } = buildRepository({ configText: config }).stored;
    const issue = buildIssue({
      number: stray,
      state: shown === "closed" ? "closed" : "open",
      labels: shown === "bare" ? [] : ["autopilot", "data"],
    });
    const reconciled: Gathered = {
      labeled: shown === "open" ? [{ issue, labeledBy: ROBIN }] : [],
      strayed: [{ number: stray, issue: shown === "gone" ? null : issue }],
      outcomes: new Map([[`acme/shop#${stray}`, shown === "closed" ? "done" : "open"]]),
    };
    return {
      event: { kind, repo: REPO },
      gathered: {
        ...(kind.startsWith("repository.") ? { facts } : {}),
        ...(kind === "repository.reconcile" ? reconciled : {}),
      },
      isFocus: nothing,
    };
  });

const VERBS = [
  "retry",
  "retry --reset-budget",
  "cancel",
  "hold",
  "unhold",
  "pause",
  "resume",
  "priority p0",
  "run",
  "approve c0ffee",
  "stop",
];

const command: fc.Arbitrary<Step> = fc
  .record({ issue: issueOf, verb: fc.constantFrom(...VERBS), id: fc.nat(1_000_000) })
  .map(({ issue, verb, id }) => ({ now }) => ({
    event: {
      kind: "comment.created",
      repo: REPO,
      issue,
      sender: ADA,
      commentId: id,
      body: `/orchestrate ${verb}`,
      isPull: false,
      createdAt: now,
    },
    gathered: {
      permission: "admin",
      targets: new Map(),
      issue: buildIssue({ number: issue, labels: ["autopilot", "data"] }),
      dependencies: [],
    },
    isFocus: byIssue(issue),
  }));

/** What moves work along comes more often than what stops it. */
const WORK = [
  { arbitrary: label, weight: 4 },
  { arbitrary: dispatchEnd, weight: 5 },
  { arbitrary: runChange, weight: 8 },
  { arbitrary: publishEnd, weight: 5 },
  { arbitrary: pullChange, weight: 6 },
  { arbitrary: mergeEnd, weight: 3 },
  { arbitrary: due, weight: 5 },
];
const TROUBLE = [
  { arbitrary: issueChange, weight: 2 },
  { arbitrary: repositoryChange, weight: 2 },
  { arbitrary: command, weight: 4 },
];

/** Steps, and how much later the next one comes. */
function historyOf(steps: readonly { readonly arbitrary: fc.Arbitrary<Step>; readonly weight: number }[]) {
  const pause = fc.constantFrom(1000, 1000, 60_000, 600_000, 25 * 3_600_000);
  return fc.array(fc.tuple(fc.oneof(...steps), pause), { minLength: 30, maxLength: 70 });
}

/** What the app's own events find on GitHub: mostly that everything is in order. */
function answerOwn(event: Event, ledger: PlanLedger): Happening | undefined {
  if (event.kind === "pull.changed") {
    const task = [...ledger.tasks.values()].find(({ pull }) => pull?.number === event.pull);
    if (task === undefined) return undefined;
    const shown = ["green", "red", "open", "green"][ledger.attempts.size % 4] ?? "green";
    return { event, gathered: { pull: pullOf(task, shown) }, isFocus: ({ id }) => id === task.id };
  }
  if (!("issue" in event)) return undefined;
  const issue =
    event.kind === "issue.gone" ? null : buildIssue({ number: event.issue, labels: ["autopilot"] });
  return { event, gathered: { permission: "write", issue, dependencies: [] }, isFocus: byIssue(event.issue) };
}

type Check = (seen: { readonly before: PlanLedger; readonly after: PlanLedger; readonly plan: Plan }) => void;

/** Plays a history and holds every plan against `check`; what happened is in the error. */
function play(history: readonly (readonly [Step, number])[], check: Check): PlanLedger {
  let scene: Scene = { ledger: startLedger(buildRepository({ configText: MERGING })), now: NOW };
  const trace: string[] = [];
  for (const [step, pause] of history) {
    const first = step(scene);
    try {
      if (first !== undefined) scene = { ...scene, ledger: settle(scene, first, check, trace) };
    } catch (cause) {
      throw new Error(trace.join("\n"), { cause });
    }
    scene = { ...scene, now: scene.now + pause };
  }
  return scene.ledger;
}

/** Plans one event and a few of those that follow from it, and applies them. */
function settle({ ledger, now }: Scene, first: Happening, check: Check, trace: string[]): PlanLedger {
  let before = ledger;
  const waiting = [first];
  for (const { event, gathered, isFocus } of waiting) {
    const input = { snapshot: takeSnapshot(before, isFocus), gathered, now, own: OWN };
    const plan = planEvent(input, event);
    const moves = plan.tasks.map(
      ({ id, state, reasons }) => `${id} ${state} ${reasons.map(({ code }) => code)}`,
    );
    trace.push(
      `${event.kind} ${input.snapshot.focus?.id ?? ""}: ${plan.outcome.reason}; ${moves.join(", ")}`,
    );
    expect(planEvent(structuredClone(input), structuredClone(event))).toStrictEqual(plan);
    const after = applyPlan(before, plan);
    check({ before, after, plan });
    before = after;
    const own = plan.events.flatMap((known) => answerOwn(known, after) ?? []);
    waiting.push(...own.slice(0, Math.max(0, MAX_TURNS - waiting.length)));
  }
  return before;
}

const MAX_TURNS = 5;

function checkTask(task: Task): void {
  expect(Task.parse(task)).toStrictEqual(task);
  expect(task.spent).toBeLessThanOrEqual(task.budget);
  if (isTerminal(task)) {
    expect(task).toMatchObject({ reasons: [], wakeAt: null, correlation: null });
    return;
  }
  expect(task.reasons.length).toBeGreaterThan(0);
  expect(task.wakeAt).not.toBeNull();
}

function checkLedger({ repository, tasks, attempts }: PlanLedger): void {
  const live = [...tasks.values()].filter((task) => !isTerminal(task));
  expect(new Set(live.map(({ issue }) => issue)).size).toBe(live.length);
  for (const task of live) {
    const inFlight = [...attempts.values()].filter((known) => known.taskId === task.id && isInFlight(known));
    if (task.state === "running")
      expect(inFlight.map(({ correlation }) => correlation)).toEqual([task.correlation]);
    else expect(inFlight).toEqual([]);
  }
  if (repository.status === "removed") expect(live).toEqual([]);
}

function checkDispatches(plan: Plan, after: PlanLedger): void {
  const { config, record } = viewRepository(after.repository);
  for (const effect of plan.effects) {
    if (effect.sort !== "action" || effect.action.kind !== "dispatch") continue;
    expect(record).toMatchObject({ status: "active", stored: { pausedBy: null } });
    expect(config).toMatchObject({ mode: "active" });
    expect(config?.autonomy).not.toBe("observe");
    expect(after.tasks.get(effect.taskId ?? "")).toMatchObject({ held: false });
  }
}

/** Actions that are ordered at most once in all history; a second order under the key would be lost. */
const ONCE = new Set(["dispatch", "publish"]);

function checkOrders(plan: Plan, ordered: Map<string, string>): void {
  for (const effect of plan.effects) {
    const kind = effect.sort === "action" ? effect.action.kind : effect.projection.kind;
    expect(ordered.get(effect.key) ?? kind).toBe(kind);
    if (ONCE.has(kind)) expect(ordered.has(effect.key)).toBe(false);
    ordered.set(effect.key, kind);
  }
}

/** Moves that histories have to make, so that what is said of all of them says something. */
const SEEN = [
  "none running",
  "queued running",
  "running queued",
  "running verifying",
  "running blocked",
  "running done",
  "running failed",
  "running cancelled",
  "verifying running",
  "verifying blocked",
  "verifying done",
  "blocked queued",
  "blocked cancelled",
  "failed queued",
  "cancelled running",
];

describe("any history", () => {
  it("leaves every task with a reason and a deadline or ended, within its budget, one live task per issue", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(historyOf([...WORK, ...TROUBLE]), (steps) => {
        const ordered = new Map<string, string>();
        play(steps, ({ before, after, plan }) => {
          expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
          for (const task of plan.tasks) {
            checkTask(task);
            seen.add(`${before.tasks.get(task.id)?.state ?? "none"} ${task.state}`);
          }
          for (const attempt of plan.attempts) expect(Attempt.parse(attempt)).toStrictEqual(attempt);
          checkLedger(after);
          checkDispatches(plan, after);
          checkOrders(plan, ordered);
          if (after.repository.status === "removed") expect(plan.effects).toEqual([]);
        });
      }),
      { numRuns: 200 },
    );
    console.log([...seen].toSorted());
    for (const move of SEEN) expect(seen).toContain(move);
  });

  it("without commands makes no more attempts than the budget allows, and each failure costs one", () => {
    fc.assert(
      fc.property(historyOf(WORK), (steps) => {
        const { tasks, attempts } = play(steps, () => undefined);
        for (const task of tasks.values()) {
          const numbers = [...attempts.values()]
            .filter(({ taskId }) => taskId === task.id)
            .map(({ number }) => number);
          expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(task.budget);
          expect(task.attempt).toBe(task.spent + (task.state === "failed" ? 0 : 1));
        }
      }),
      { numRuns: 80 },
    );
  });
});
