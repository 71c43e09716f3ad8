import type { EventOf } from "../../events.ts";
import type { RunNow } from "../../facts.ts";
import { clock, code, duration } from "../../messages/text.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { noteRunEnd } from "../attempt/breakers.ts";
import { failAttempt, finishAttempt } from "../attempt/finish-attempt.ts";
import { judgeAttempt, readUsage } from "../attempt/judge-attempt.ts";
import { demandsOf } from "../attempt/stage-demands.ts";
import { isOfCritics } from "../critics/critics-stage.ts";
import { takeCriticsRun } from "../critics/follow-critics.ts";
import { FIRST_JOB_MS, RUN_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { roleOf, stageOf } from "../repository/repository-view.ts";
import { settleLate, settleRun } from "../spending/settle-run.ts";
import { changeStageLine, moveTask } from "../task/change-task.ts";
import { cancelRun, stopRun } from "./plan-issue.ts";

/** A run of ours moved. What GitHub says of the run now counts, so late and doubled events change nothing. */
export function planRunChanged(draft: Draft, event: EventOf<"run.changed">): void {
  const task = draft.focus;
  const correlation = findCorrelation(event.title);
  const attempt = findAttempt(draft, event.runId, correlation);
  if (task === null || attempt === undefined)
    return draft.conclude("ignored", "not a run of a known attempt");
  const { run } = draft.gathered;
  if (run === undefined) return draft.conclude("ignored", "says nothing that the dispatch does not say");
  if (run === null) return draft.conclude("ignored", "the run is gone");
  takeRun(draft, { task, attempt, run });
}

/** Ids of an attempt as they stand in a run's name: repository, issue, generation, attempt, stage, retry. */
const CORRELATION = /(?<![\d.])\d{1,16}\.\d{1,9}\.\d{1,6}\.\d{1,6}\.\d{1,3}\.\d{1,6}(?![\d.])/u;

/** The correlation id in a run's title, if it carries one. */
export function findCorrelation(title: string): string | undefined {
  return CORRELATION.exec(title)?.[0];
}

function findAttempt(draft: Draft, runId: number, correlation: string | undefined): Attempt | undefined {
  const attempts = draft.snapshot.attempts.filter((known) => known.taskId === draft.focus?.id);
  return (
    attempts.find((known) => known.runId === runId) ??
    (correlation === undefined ? undefined : attempts.find((known) => known.correlation === correlation))
  );
}

interface RunTaken {
  readonly task: Task;
  readonly attempt: Attempt;
  readonly run: RunNow;
}

/** Holds a run against its attempt: adopts it, follows it, ends it, or cancels it as surplus. */
export function takeRun(draft: Draft, { task, attempt, run }: RunTaken): void {
  if (attempt.runId !== run.id && !isDispatched(draft, attempt, run))
    return draft.conclude("ignored", "somebody else's run with an attempt in its name");
  if (attempt.runId !== null && attempt.runId !== run.id) return cancelSurplus(draft, task, run);
  const isOver = attempt.state === "ended" || attempt.state === "superseded" || isTerminal(task);
  if (isOver) return stopUnwanted(draft, { task, attempt, run });
  draft.conclude("processed", `run ${run.status}`);
  const adopted: Attempt = { ...attempt, runId: run.id, runUrl: run.url, runAttempt: run.runAttempt };
  if (isOfCritics(attempt)) return takeCriticsRun(draft, task, { attempt: adopted, run });
  if (run.status === "completed") return completeRun(draft, { task, attempt: adopted, run });
  followRun(draft, { task, attempt: adopted, run });
}

/** Whether this app started a run for an attempt: by a dispatch, of the attempt's workflow, in the repository itself. */
function isDispatched({ own, repo }: Draft, { workflow }: Attempt, { origin }: RunNow): boolean {
  if (origin === null || origin.event !== "workflow_dispatch" || origin.headRepoId !== repo.id) return false;
  const isOurs = own.botId === undefined || origin.actorId === own.botId;
  return isOurs && fileOf(origin.path) === fileOf(workflow);
}

/** `.github/workflows/agent.yml@main` is `agent.yml`. */
function fileOf(workflow: string): string | undefined {
  return workflow.split("@")[0]?.split("/").at(-1);
}

/** One attempt has one run; a second one, from a dispatch whose answer was lost, is stopped (I4). */
function cancelSurplus(draft: Draft, task: Task, run: RunNow): void {
  draft.conclude("processed", "surplus run");
  if (run.status !== "completed") cancelRun(draft, run.id, task.id);
}

/** The attempt has ended for us, by a deadline or a command: its run is stopped, or has ended and may tell what it used. */
function stopUnwanted(draft: Draft, { task, attempt, run }: RunTaken): void {
  const isLive = run.status !== "completed";
  const usage = isLive ? null : readUsage(attempt, draft.gathered.result);
  const settled = settleLate(draft, task, { attempt, usage });
  if (settled !== task && isTerminal(task)) draft.saveUnseen(settled);
  else if (settled !== task) draft.saveTask(settled);
  draft.conclude(isLive || settled !== task ? "processed" : "ignored", "the attempt has ended");
  if (attempt.runId === null)
    draft.saveAttempt({ ...attempt, runId: run.id, runUrl: run.url, runAttempt: run.runAttempt });
  if (isLive && attempt.state === "superseded") cancelRun(draft, run.id, task.id);
}

function completeRun(draft: Draft, { task, attempt, run }: RunTaken): void {
  const demands = demandsOf(draft.view, task, attempt.stageIndex);
  if (demands === undefined) return endWithoutStage(draft, { task, attempt, run });
  const file = draft.gathered.result ?? { kind: "missing" };
  const { evidence: there } = draft.gathered;
  const judgement = judgeAttempt({
    ...{ attempt, demands, run, file },
    ...(there !== undefined && { there }),
  });
  finishAttempt(draft, task, { attempt, run, judgement });
}

/** People took the stage out of the configuration meanwhile: what its run used counts all the same. */
function endWithoutStage(draft: Draft, { task, attempt, run }: RunTaken): void {
  draft.saveAttempt({ ...attempt, state: "ended", endedAt: draft.now });
  const usage = readUsage(attempt, draft.gathered.result);
  const settled = settleRun(draft, task, { attempt, run, usage, line: "FAIL" });
  const gate = {
    gate: "configuration",
    verdict: "FAIL" as const,
    message: "The stage is not in the configuration any more.",
    seen: attempt.stage,
    wanted: "a configured stage",
  };
  failAttempt(draft, settled, { gates: [gate], failureClass: "task", at: attempt.stage });
}

/** How long a run of the task's stage may take. */
export function timeLimitOf({ view: { config } }: Draft, task: Task): number {
  return stageOf(config, task)?.timeoutMs ?? roleOf(config, task.role)?.timeoutMs ?? FIRST_JOB_MS;
}

const WORKING: ReadonlySet<string> = new Set(["in_progress"]);

function followRun(draft: Draft, { task, attempt, run }: RunTaken): void {
  const isWorking = WORKING.has(run.status);
  const timeoutMs = timeLimitOf(draft, task);
  // GitHub's clock may be far from ours (F087): what was ordered now by ours has not begun an hour ago.
  const end = Math.max(run.startedAt, attempt.dispatchedAt) + timeoutMs;
  if (isWorking && draft.now >= end) return timeOut(draft, { task, attempt, run }, timeoutMs);
  const begun = draft.gathered.hasBegun === true ? { hasBegun: true as const } : {};
  draft.saveAttempt({ ...attempt, ...begun, state: isWorking ? "running" : "dispatched" });
  const lined = changeStageLine(task, attempt.correlation, { state: "running", runUrl: run.url });
  const waiting = explainWaiting(draft, attempt, run);
  const working = explainWorking(draft, attempt, end);
  moveTask(draft, lined, {
    state: "running",
    reasons: [isWorking ? working : waiting],
    wakeAt: isWorking ? Math.min(end, draft.now + RUN_POLL_MS) : draft.now + RUN_POLL_MS,
  });
}

/** A run that works but does nothing, as when its set-up hangs, is named before its time limit ends it. */
function explainWorking({ gathered, now }: Draft, attempt: Attempt, deadline: number): Reason {
  if (gathered.hasBegun !== false)
    return reason("run.working", `Stage \`${attempt.stage}\` is working.`, { deadline });
  const since = clock(attempt.dispatchedAt, now);
  const silent = `Stage \`${attempt.stage}\` runs, but none of its steps has begun since its dispatch at ${since}.`;
  const liftedBy = "a first step, the time limit, or `/orchestrate cancel`";
  return reason("run.silent", silent, { liftedBy, deadline });
}

/** A run that no runner takes is first waited for and then named, since somebody may have to do something about it. */
function explainWaiting(draft: Draft, attempt: Attempt, run: RunNow): Reason {
  const deadline = attempt.dispatchedAt + FIRST_JOB_MS;
  const status = code(run.status);
  if (draft.now < deadline)
    return reason("run.waiting", `Stage \`${attempt.stage}\` waits: GitHub says ${status}.`, { deadline });
  return reason(
    "run.silent",
    `Stage \`${attempt.stage}\` has not begun since its dispatch at ${clock(attempt.dispatchedAt, draft.now)}: GitHub says ${status}.`,
    {
      liftedBy: "a runner that takes the job, an approval of the run, or `/orchestrate cancel`",
    },
  );
}

/** Our own time-out: the run is cancelled and the attempt counts, since work that never ends is a failure (F131). */
function timeOut(draft: Draft, { task, attempt, run }: RunTaken, timeoutMs: number): void {
  const stopped = stopRun(draft, { ...task }, "trouble");
  cancelRun(draft, run.id, task.id);
  const outcome = {
    verdict: "FAIL" as const,
    failureClass: "timeout" as const,
    summary: "The run did not end in time.",
  };
  draft.saveAttempt({ ...attempt, state: "superseded", endedAt: draft.now, outcome });
  noteRunEnd(draft, task, { workflow: attempt.workflow, outcome, isProof: false });
  const gate = {
    gate: "run",
    verdict: "FAIL" as const,
    message: `The run did not end within ${duration(timeoutMs)} and was cancelled.`,
    seen: run.status,
    wanted: "completed",
    evidenceUrl: run.url,
  };
  failAttempt(draft, stopped, { gates: [gate], failureClass: "timeout", at: attempt.stage });
}
