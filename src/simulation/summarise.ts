import type { Reason, ReasonCode } from "../core/reasons.ts";
import type { Attempt } from "../core/task/attempt.ts";
import { isTerminal, type Task } from "../core/task/task.ts";
import type {
  QueueUse,
  RoleUse,
  SimulationReport,
  SimulationScenario,
  TaskCounts,
  WaitingReason,
} from "../ports/simulator.ts";
import type { Recorded } from "./record.ts";
import type { Simulation } from "./simulation.ts";

/** What only a person lifts; everything else goes on by itself. */
const PERSONAL: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "config.absent",
  "config.invalid",
  "kind.unknown",
  "autonomy.too-low",
  "mode.shadow",
  "requires.path",
  "requires.workflow",
  "requires.input",
  "dependency.not-done",
  "dependency.unknown",
  "dependency.cycle",
  "task.held",
  "repository.paused",
  "repository.stopped",
  "dispatch.refused",
  "publish.refused",
  "publish.duplicate",
  "gate.blocked",
  "role.refused",
  "approval.missing",
  "merge.refused",
  "merge.by-hand",
  "merge.draft",
  "run.silent",
  "critics.blocked",
  "critics.revert-open",
  "critics.revert-refused",
  "issue.text-changed",
]);

/** Turns a simulation that was played to its end into what people ask of it. */
export function summarise(
  { seed, days, faults }: SimulationScenario,
  { tables, context }: Simulation,
  lengths: readonly number[],
): SimulationReport {
  const tasks = [...tables.tasks.values()];
  const attempts = [...tables.attempts.values()];
  const { lines } = context.recorder;
  const waiting = tasks.filter((task) => !isTerminal(task));
  const counts = [...context.faults.counts].map(([fault, times]) => ({ fault, times }));
  return {
    seed,
    days,
    faults,
    tasks: countTasks(tasks, lines),
    waitingForPerson: countReasons(waiting.filter(waitsForPerson), isPersonal),
    waiting: countReasons(
      waiting.filter((task) => !waitsForPerson(task)),
      () => true,
    ),
    failures: countFailures(tasks),
    roles: countRoles(tasks, attempts),
    gates: countGates(lines),
    queue: describeQueue(tasks, attempts, lengths),
    runs: { started: countWrites(lines, "run.start"), cancelled: countWrites(lines, "run.cancel") },
    pulls: { opened: countWrites(lines, "pull.open"), merged: countMerged(lines) },
    happened: counts.toSorted((a, b) => b.times - a.times || (a.fault < b.fault ? -1 : 1)),
    events: lines.filter(({ kind }) => kind === "handled").length,
    writes: lines.filter(({ kind }) => kind === "write").length,
  };
}

function isPersonal({ code }: Reason): boolean {
  return PERSONAL.has(code);
}

function waitsForPerson(task: Task): boolean {
  return task.state === "blocked" || task.reasons.some(isPersonal);
}

function countTasks(tasks: readonly Task[], lines: readonly Recorded[]): TaskCounts {
  const inState = (state: Task["state"]) => tasks.filter((task) => task.state === state);
  const helped = findHelped(tasks, lines);
  const done = inState("done");
  const waiting = tasks.filter((task) => !isTerminal(task) && waitsForPerson(task));
  const others = tasks.filter((task) => !isTerminal(task) && !waitsForPerson(task));
  return {
    handedOver: tasks.length,
    finished: done.length,
    finishedAlone: done.filter(({ id }) => !helped.has(id)).length,
    failed: inState("failed").length,
    cancelled: inState("cancelled").length,
    waitingForPerson: waiting.length,
    underWay: others.filter(({ state }) => state !== "queued").length,
    queued: others.filter(({ state }) => state === "queued").length,
  };
}

/** Tasks for which somebody had to do something after the hand-over. */
function findHelped(tasks: readonly Task[], lines: readonly Recorded[]): ReadonlySet<string> {
  const issues = new Set<number>();
  const pulls = new Set<number>();
  for (const line of lines) {
    if (line.kind !== "did") continue;
    const { deed } = line;
    if (deed.what === "commented" || deed.what === "issue.closed") issues.add(deed.issue);
    if (deed.what === "pull.merged" || deed.what === "pull.closed") pulls.add(deed.pull);
  }
  const helped = tasks.filter(
    ({ issue, pull }) => issues.has(issue) || (pull !== null && pulls.has(pull.number)),
  );
  return new Set(helped.map(({ id }) => id));
}

function countReasons(tasks: readonly Task[], counts: (reason: Reason) => boolean): readonly WaitingReason[] {
  const all = tasks.flatMap(({ id, reasons }) => {
    const distinct = new Map(reasons.filter(counts).map((reason) => [reason.code, reason]));
    return [...distinct.values()].map((reason) => ({ id, reason }));
  });
  return [...Map.groupBy(all, ({ reason }) => reason.code)]
    .map(([code, found]) => ({
      code,
      tasks: found.length,
      example: found[0]?.reason.message ?? "",
      liftedBy: found[0]?.reason.liftedBy ?? "",
    }))
    .toSorted((a, b) => b.tasks - a.tasks || (a.code < b.code ? -1 : 1));
}

function countFailures(tasks: readonly Task[]): SimulationReport["failures"] {
  const whys = tasks
    .filter(({ state }) => state === "failed")
    .map(({ history }) => history.at(-1)?.text.replace(/^Failed: /u, "") ?? "unknown");
  return [...Map.groupBy(whys, (why) => why)].map(([why, found]) => ({ why, tasks: found.length }));
}

function countRoles(tasks: readonly Task[], attempts: readonly Attempt[]): readonly RoleUse[] {
  const dispatched = Map.groupBy(attempts, ({ taskId }) => taskId);
  return [...Map.groupBy(tasks, ({ role }) => role)]
    .map(([role, own]) => ({
      role,
      team: own[0]?.team ?? "",
      tasks: own.length,
      attempts: own.reduce((sum, { id }) => sum + passesOf(dispatched.get(id) ?? []), 0),
      minutes: Math.round(own.reduce((sum, { usage }) => sum + usage.minutes, 0)),
      usd: Math.round(own.reduce((sum, { usage }) => sum + usage.usd, 0) * 100) / 100,
    }))
    .toSorted((a, b) => b.minutes - a.minutes);
}

/** Passes through the pipeline that were begun. */
function passesOf(attempts: readonly Attempt[]): number {
  return new Set(attempts.map(({ number }) => number)).size;
}

function countGates(lines: readonly Recorded[]): SimulationReport["gates"] {
  const said = lines.flatMap((line) => {
    const isJudgement =
      line.kind === "audit" &&
      (line.entry.kind === "verdict.reached" || line.entry.kind === "attempt.judged");
    const gates: unknown = isJudgement ? line.entry.data.gates : [];
    return Array.isArray(gates) ? gates.map(String) : [];
  });
  return [...Map.groupBy(said, (text) => text)]
    .flatMap(([text, found]) => {
      const [gate = "", verdict = ""] = text.split(" ");
      return verdict === "FAIL" || verdict === "BLOCKED"
        ? [{ gate, verdict, times: found.length } as const]
        : [];
    })
    .toSorted((a, b) => b.times - a.times || (a.gate < b.gate ? -1 : 1));
}

function describeQueue(
  tasks: readonly Task[],
  attempts: readonly Attempt[],
  lengths: readonly number[],
): QueueUse {
  const started = Map.groupBy(attempts, ({ taskId }) => taskId);
  const waits = tasks
    .flatMap(({ id, enqueuedAt }) => {
      const first = Math.min(...(started.get(id) ?? []).map(({ dispatchedAt }) => dispatchedAt));
      return Number.isFinite(first) ? [first - enqueuedAt] : [];
    })
    .toSorted((a, b) => a - b);
  return {
    longestWaitMs: waits.at(-1) ?? 0,
    medianWaitMs: waits[Math.floor(waits.length / 2)] ?? 0,
    lengths,
    longest: Math.max(0, ...lengths),
  };
}

function countWrites(lines: readonly Recorded[], what: string): number {
  return lines.filter((line) => line.kind === "write" && line.write.what === what).length;
}

function countMerged(lines: readonly Recorded[]): number {
  const byPeople = lines.filter((line) => line.kind === "did" && line.deed.what === "pull.merged").length;
  return countWrites(lines, "pull.merge") + byPeople;
}
