import fc from "fast-check";
import { expect } from "vitest";
import type { Event, EventOf } from "../../../src/core/events.ts";
import type { PullNow, ResultFile, RunNow } from "../../../src/core/facts.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { Actor, Permission } from "../../../src/core/repo.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { applyPlan, type PlanLedger, startLedger, takeSnapshot } from "../../support/apply-plan.ts";
import { buildConfigText, buildRepository, REPO } from "../../support/build-snapshot.ts";
import { NOW } from "../../support/build-task.ts";
import { buildCheck, buildPull, OTHER_SHA } from "../gate/build-subject.ts";
import {
  buildIssue,
  buildLabeled,
  buildResult,
  buildRun,
  CHANGE,
  endedRun,
  MERGING,
  OWN,
  ROBIN,
} from "./plan-with.ts";

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
    sender: fc.constantFrom(ROBIN, ROBIN, ROBIN, ADA, BOT),
    kind: fc.constantFrom("bug", "bug", "data", "other"),
    label: fc.constantFrom("autopilot", "autopilot", "autopilot", "data", "autopilot:done"),
    shown: fc.constantFrom("open", "open", "open", "closed", "gone", "bare"),
    waitsFor: fc.constantFrom(null, null, null, 1, 2, 3),
  })
  .map((given) => () => labelIssue(given.issue, given.kind, given));

function labelIssue(
  number: number,
  kind: string,
  given: {
    readonly permission?: Permission;
    readonly sender?: Actor;
    readonly label?: string;
    readonly shown?: string;
    readonly waitsFor?: number | null;
  } = {},
): Happening {
  const { permission: allowed = "write", sender = ROBIN, shown = "open", waitsFor = null } = given;
  const text = textOf(["autopilot", kind]);
  const labels = shown === "bare" ? [kind] : text.labels;
  const issue = buildIssue({ number, labels, state: shown === "closed" ? "closed" : "open" });
  return {
    event: buildLabeled({
      issue: number,
      sender,
      text,
      ...(given.label !== undefined && { label: given.label }),
    }),
    gathered: {
      permission: allowed,
      issue: shown === "gone" ? null : issue,
      dependencies: waitsFor === null ? [] : [{ kind: "issue", ref: `acme/shop#${waitsFor}`, state: "open" }],
    },
    isFocus: byIssue(number),
  };
}

/** Three issues are handed over before anything else happens. */
const BEGINNING: readonly Step[] = [
  () => labelIssue(1, "bug"),
  () => labelIssue(2, "data"),
  () => labelIssue(3, "bug"),
];

const issueChange: fc.Arbitrary<Step> = fc
  .record({
    issue: issueOf,
    what: fc.constantFrom("unlabeled", "edited", "closed", "reopened", "unlocked", "gone"),
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
      unlocked: { kind: "issue.unlocked", ...about },
      gone: { kind: "issue.gone", ...about },
    };
    const shown = buildIssue({ number: issue, labels: isBack ? ["autopilot"] : [] });
    const seen: Readonly<Record<typeof what, Gathered>> = {
      unlabeled: { issue: shown },
      edited: { permission: allowed },
      closed: {},
      reopened: {},
      unlocked: {},
      gone: { issue: null },
    };
    return { event: events[what], gathered: seen[what], isFocus: byIssue(issue) };
  });

type Outcome = EventOf<"effect.settled">["outcome"];

function settled(effect: string, about: string, task: Task, outcome: Outcome): Happening {
  const key = `${REPO.id}:${effect}:${about}`;
  return {
    event: { kind: "effect.settled", repo: REPO, key, effect, taskId: task.id, outcome },
    gathered: {},
    isFocus: ({ id }) => id === task.id,
  };
}

const done = (facts: Extract<Outcome, { kind: "done" }>["facts"] = {}): Outcome => ({ kind: "done", facts });
const refused = (status: number): Outcome => ({ kind: "refused", status, message: "No." });

/** The attempts that were started last, with their tasks; older ones are heard of seldom. */
function attemptAt({ ledger }: Scene, index: number) {
  const attempt = pick([...ledger.attempts.values()].toReversed(), index % 4);
  const task = attempt === undefined ? undefined : ledger.tasks.get(attempt.taskId);
  return attempt === undefined || task === undefined ? undefined : { attempt, task };
}

const dispatchEnd: fc.Arbitrary<Step> = fc
  .record({ index: nat, answer: fc.constantFrom("id", "id", "no id", "refused", "not sent") })
  .map(({ index, answer }) => (scene) => {
    const found = attemptAt(scene, index);
    return found === undefined ? undefined : endDispatch(scene, found.attempt, found.task, answer);
  });

function endDispatch({ ledger }: Scene, attempt: Attempt, task: Task, answer: string): Happening {
  const outcomes: Readonly<Record<string, Outcome>> = {
    id: done({ runId: runIdOf(ledger, attempt), runUrl: "https://github.test/r" }),
    "no id": done(),
    refused: refused(422),
  };
  return settled("dispatch", attempt.correlation, task, outcomes[answer] ?? refused(0));
}

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
  .map((given) => (scene) => {
    const found = attemptAt(scene, given.index);
    if (found === undefined) return undefined;
    const id = runIdOf(scene.ledger, found.attempt) + (given.isSurplus ? 5000 : 0);
    const seen = { id, startedAt: scene.now - given.age * 60_000, updatedAt: scene.now };
    const run =
      given.status === "completed"
        ? endedRun(given.conclusion, seen)
        : buildRun({ ...seen, status: given.status });
    return showRun(found.attempt, run, given.work);
  });

function showRun(attempt: Attempt, run: RunNow, what: string): Happening {
  const title = `run ${attempt.correlation}`;
  const { id: runId, status, conclusion } = run;
  const result = status === "completed" ? { result: resultOf(attempt, what) } : {};
  return {
    event: { kind: "run.changed", repo: REPO, runId, title, status, conclusion, runAttempt: 1 },
    gathered: { run: { ...run, title }, ...result },
    isFocus: ({ id }) => id === attempt.taskId,
  };
}

const publishEnd: fc.Arbitrary<Step> = fc
  .record({ index: nat, isRefused: fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0) })
  .map(({ index, isRefused }) => (scene) => {
    const found = attemptAt(scene, index);
    if (found?.attempt.outcome?.verdict !== "PASS") return undefined;
    return endPublish(found.attempt, found.task, isRefused);
  });

function endPublish(attempt: Attempt, task: Task, isRefused: boolean): Happening {
  const facts = { pull: 100 + task.issue, headSha: shaOf(attempt.correlation), branch: "fix/x" };
  return settled("publish", attempt.correlation, task, isRefused ? refused(422) : done(facts));
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

const tasksWith = ({ ledger }: Scene, isMeant: (task: Task) => boolean) =>
  [...ledger.tasks.values()].filter(isMeant);

const pullChange: fc.Arbitrary<Step> = fc
  .record({ index: nat, shown: shownPull })
  .map(({ index, shown }) => (scene) => {
    const task = pick(
      tasksWith(scene, ({ pull }) => pull !== null),
      index,
    );
    return task === undefined ? undefined : showPull(task, shown);
  });

function showPull(task: Task, shown: string): Happening {
  const pull = task.pull?.number ?? 0;
  return {
    event: { kind: "pull.changed", repo: REPO, pull, action: "synchronize", sender: ADA },
    gathered: { pull: pullOf(task, shown) },
    isFocus: ({ id }) => id === task.id,
  };
}

const mergeEnd: fc.Arbitrary<Step> = fc
  .record({ index: nat, status: fc.constantFrom(0, 200, 405, 409) })
  .map(({ index, status }) => (scene) => {
    const task = pick(
      tasksWith(scene, ({ pull }) => pull?.verdict?.value === "PASS"),
      index,
    );
    return task === undefined ? undefined : endMerge(task, status);
  });

function endMerge(task: Task, status: number): Happening {
  const about = `${task.id}:${task.pull?.mergeOrders}:${task.pull?.headSha}`;
  return settled("merge", about, task, status === 200 ? done() : refused(status));
}

/** What is awaited comes, mostly as one wishes. */
const advance: fc.Arbitrary<Step> = fc
  .record({
    index: nat,
    conclusion: fc.constantFrom("success", "success", "success", "success", "failure", "cancelled"),
    work: fc.constantFrom("changes", "changes", "changes", "nothing", "failed"),
    shown: fc.constantFrom("green", "green", "red", "none", "merged", "closed"),
  })
  .map(({ index, conclusion, work: what, shown }) => (scene) => {
    const task = pick(
      tasksWith(scene, (known) => known.state === "running" || known.state === "verifying"),
      index,
    );
    const attempt = scene.ledger.attempts.get(task?.correlation ?? "");
    const code = task?.reasons[0]?.code;
    if (task === undefined || attempt === undefined) return undefined;
    if (code === "dispatch.unconfirmed") return endDispatch(scene, attempt, task, "id");
    if (code === "publish.pending") return endPublish(attempt, task, false);
    if (code === "merge.pending") return endMerge(task, 200);
    if (task.state === "verifying") return showPull(task, shown);
    const id = runIdOf(scene.ledger, attempt);
    return showRun(attempt, endedRun(conclusion, { id, updatedAt: scene.now }), what);
  });

const due: fc.Arbitrary<Step> = fc
  .record({ index: nat, shown: shownPull, conclusion: ending, work, isGone: fc.boolean() })
  .map(({ index, shown, conclusion, work: what, isGone }) => ({ ledger, now }) => {
    const task = pick(
      [...ledger.tasks.values()].filter(({ wakeAt }) => wakeAt !== null && wakeAt <= now),
      index,
    );
    if (task === undefined) return undefined;
    const attempt = ledger.attempts.get(task.correlation ?? "");
    const ofRun = isGone || attempt === undefined ? { run: null } : endOf(attempt, conclusion, what);
    const ofPull = task.pull === null ? {} : { pull: pullOf(task, shown) };
    return {
      event: { kind: "task.due", repo: REPO, taskId: task.id },
      gathered: task.state === "running" ? ofRun : ofPull,
      isFocus: ({ id }) => id === task.id,
    };
  });

function endOf(attempt: Attempt, conclusion: string | null, what: string): Gathered {
  return { run: endedRun(conclusion, { id: attempt.runId ?? 900 }), result: resultOf(attempt, what) };
}

const CONFIGS: readonly (string | null)[] = [
  ...Array<string>(8).fill(MERGING),
  buildConfigText(),
  MERGING.replace("mode: active", "mode: shadow"),
  MERGING.replace("autonomy: merge", "autonomy: observe"),
  MERGING.replace(/ {2}data:[\s\S]*?(?= {2}bugfix:)/u, ""),
  "version: 7",
  null,
];

const LABEL_DELETED: Event = { kind: "label.changed", repo: REPO, label: "autopilot", former: null };
const NO_TRIGGER: Gathered = { hasTrigger: false };

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
      "label.changed",
    ),
    config: fc.constantFrom(...CONFIGS),
    stray: issueOf,
    shown: fc.constantFrom("open", "open", "closed", "bare", "gone"),
  })
  .map(({ kind, config, stray, shown }) => () => {
    const { facts } = buildRepository({ configText: config }).stored;
    const seen = kind === "repository.reconcile" ? { facts, ...reconcile(stray, shown) } : { facts };
    const gathered = kind.startsWith("repository.") ? seen : {};
    if (kind === "label.changed") return { event: LABEL_DELETED, gathered: NO_TRIGGER, isFocus: nothing };
    return { event: { kind, repo: REPO }, gathered, isFocus: nothing };
  });

function reconcile(number: number, shown: string): Gathered {
  const state = shown === "closed" ? "closed" : "open";
  const issue = buildIssue({ number, state, labels: shown === "bare" ? [] : ["autopilot", "data"] });
  return {
    labeled: shown === "open" ? [{ issue, labeledBy: ROBIN }] : [],
    strayed: [
      {
        number,
        issue: shown === "gone" ? null : issue,
        ...(shown === "bare" && { unlabeledBy: ROBIN }),
      },
    ],
    outcomes: new Map([[`acme/shop#${number}`, shown === "closed" ? "done" : "open"]]),
  };
}

const VERBS = [
  "retry",
  "retry --reset-budget",
  "cancel",
  "hold",
  "unhold",
  "pause",
  "resume",
  "resume",
  "priority p0",
  "run",
  "approve c0ffee",
  "stop",
];

const command = commandOf(VERBS);

function commandOf(verbs: readonly string[]): fc.Arbitrary<Step> {
  return fc.record({ issue: issueOf, verb: fc.constantFrom(...verbs), id: fc.nat(1_000_000) }).map(
    ({ issue, verb, id }) =>
      ({ now }) =>
        give(now, { issue, verb, id }),
  );
}

function give(
  now: number,
  { issue, verb, id }: { readonly issue: number; readonly verb: string; readonly id: number },
): Happening {
  return {
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
  };
}

const look: fc.Arbitrary<Step> = fc.constant(lookAtSessions);

/** The clock has something to say about sessions. */
export function lookAtSessions(): Happening {
  return { event: { kind: "session.due", repo: REPO }, gathered: {}, isFocus: nothing };
}

/** What moves work along comes more often than what stops it. */
export const WORK = [
  { arbitrary: label, weight: 3 },
  { arbitrary: advance, weight: 24 },
  { arbitrary: dispatchEnd, weight: 5 },
  { arbitrary: runChange, weight: 8 },
  { arbitrary: publishEnd, weight: 5 },
  { arbitrary: pullChange, weight: 6 },
  { arbitrary: mergeEnd, weight: 3 },
  { arbitrary: due, weight: 5 },
];
export const TROUBLE = [
  { arbitrary: issueChange, weight: 2 },
  { arbitrary: repositoryChange, weight: 2 },
  { arbitrary: command, weight: 4 },
];

export const SESSIONS = [
  {
    arbitrary: commandOf([
      "start",
      "start count=1",
      "start count=2",
      "start hours=0.25",
      "start hours=0.25 count=2",
      "start hours=0.5",
      "start count=1 team=qa",
      "start team=dev",
      "end",
      "end",
      "pause",
      "resume",
      "resume",
    ]),
    weight: 9,
  },
  { arbitrary: look, weight: 4 },
];

/** Steps, and how much later the next one comes. */
export function historyOf(
  steps: readonly { readonly arbitrary: fc.Arbitrary<Step>; readonly weight: number }[],
) {
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
  if (event.kind === "session.ended") {
    const history = { tasks: [...ledger.tasks.values()], attempts: [...ledger.attempts.values()] };
    return { event, gathered: { history }, isFocus: nothing };
  }
  if (!("issue" in event)) return undefined;
  const issue =
    event.kind === "issue.gone" ? null : buildIssue({ number: event.issue, labels: ["autopilot"] });
  return { event, gathered: { permission: "write", issue, dependencies: [] }, isFocus: byIssue(event.issue) };
}

type Check = (seen: {
  readonly before: PlanLedger;
  readonly after: PlanLedger;
  readonly plan: Plan;
  readonly now: number;
}) => void;

/** Plays a history and holds every plan against `check`; what happened is in the error. */
export function play(history: readonly (readonly [Step, number])[], check: Check): PlanLedger {
  let scene: Scene = { ledger: startLedger(buildRepository({ configText: MERGING })), now: NOW };
  const trace: string[] = [];
  const steps = [...BEGINNING.map((step) => [step, 1000] as const), ...history];
  for (const [step, pause] of steps) {
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
    check({ before, after, plan, now });
    before = after;
    const own = plan.events.flatMap((known) => answerOwn(known, after) ?? []);
    waiting.push(...own.slice(0, Math.max(0, MAX_TURNS - waiting.length)));
  }
  return before;
}

const MAX_TURNS = 5;
