import { allows } from "../../autonomy/autonomy.ts";
import type { Config } from "../../config/config.ts";
import { displayState } from "../../messages/sticky.ts";
import type { Pull } from "../../pull/pull.ts";
import { assessReadiness } from "../../queue/assess-readiness.ts";
import { REASONS, type ReasonCode } from "../../reasons.ts";
import type { Task, TaskPull, TaskState } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { autonomyOf, kindOf, roleOf, stageOf } from "./repository-view.ts";

/** A task, or a pull request without one, that another configuration decides differently. */
export interface DecisionChange {
  /** Null for a pull request without a task. */
  readonly issue: number | null;
  readonly pull: number | null;
  readonly before: string;
  readonly after: string;
  readonly why: string;
}

/** The same repository under two configurations; the queues of both have been decided. */
interface Sides {
  readonly before: Draft;
  readonly after: Draft;
}

interface Difference {
  readonly before: string;
  readonly after: string;
  readonly why: string;
}

type Compare = (task: Task, sides: Sides) => Difference | undefined;

/** What a configuration decides about a task, by its state. Ended tasks are decided. */
const ROWS: Partial<Record<TaskState, Compare>> = {
  queued: compareQueued,
  running: compareRunning,
  verifying: comparePublished,
  blocked: (task, sides) => (task.pull === null ? undefined : comparePublished(task, sides)),
};

/** Every task that is decided differently, in the order in which they are given. */
export function compareDecisions(tasks: readonly Task[], sides: Sides): readonly DecisionChange[] {
  return tasks.flatMap((task): readonly DecisionChange[] => {
    const difference = ROWS[task.state]?.(task, sides);
    return difference === undefined
      ? []
      : [{ issue: task.issue, pull: task.pull?.number ?? null, ...difference }];
  });
}

/** Every open pull request of a person that is judged differently. */
export function comparePulls(
  pulls: readonly Pull[],
  { before, after }: { readonly before: Config | null; readonly after: Config | null },
): readonly DecisionChange[] {
  const [was, is] = [gatesForPeople(before), gatesForPeople(after)];
  if (was === is) return [];
  return pulls
    .filter(({ kind, state }) => kind === "pull" && state === "open")
    .map(({ number, verdict }) => ({
      issue: null,
      pull: number,
      before: was === null ? "not verified" : describeVerdict({ verdict }),
      after: is === null ? "not verified, its check is neutral" : "verdict is asked again",
      why: "Other gates hold.",
    }));
}

/** Everything of a configuration that the verdict about a person's pull request depends on; null when there is none. */
function gatesForPeople(config: Config | null): string | null {
  if (config === null || !config.gates.people.verify) return null;
  return JSON.stringify([config.gates, config.windows]);
}

function compareQueued(task: Task, sides: Sides): Difference | undefined {
  const [before, after] = [describeQueued(task, sides.before), describeQueued(task, sides.after)];
  if (before === after) return undefined;
  const decided = sides.after.current(task);
  if (decided.state === "running") return { before, after, why: "Nothing stands in its way then." };
  return { before, after, why: explain(codesOf(sides.before.current(task)), codesOf(decided)) };
}

function describeQueued(task: Task, draft: Draft): string {
  const decided = draft.current(task);
  if (decided.state === "running") return "starts";
  return `${displayState(decided)} (${codesOf(decided).join(", ")})`;
}

function codesOf({ reasons }: Pick<Task, "reasons">): readonly ReasonCode[] {
  return [...new Set(reasons.map(({ code }) => code))];
}

/** The meaning of what is new among the reasons, or what is not among them any more. */
function explain(before: readonly ReasonCode[], after: readonly ReasonCode[]): string {
  const [added] = after.filter((code) => !before.includes(code));
  if (added !== undefined) return REASONS[added].meaning;
  return `No longer: ${before.filter((code) => !after.includes(code)).join(", ")}.`;
}

function compareRunning(task: Task, sides: Sides): Difference | undefined {
  if (
    stageOf(sides.after.view.config, task) === undefined &&
    stageOf(sides.before.view.config, task) !== undefined
  )
    return { before: "running", after: "running, then FAIL", why: "Its stage is not configured any more." };
  const next = compareNextStep(task, sides);
  if (next !== undefined) return next;
  const [before, after] = [acceptOf(task, sides.before), acceptOf(task, sides.after)];
  return before === after
    ? undefined
    : {
        before: "running",
        after: "running, judged by other thresholds",
        why: "The `accept` of its stage is another one.",
      };
}

function acceptOf(task: Task, { view }: Draft): string {
  return JSON.stringify(stageOf(view.config, task)?.accept ?? []);
}

/** Work in flight is not stopped, but before its next effect it is asked again whether it is wanted. */
function compareNextStep(task: Task, sides: Sides): Difference | undefined {
  const [stopsBefore, stopsAfter] = [stopsOf(task, sides.before), stopsOf(task, sides.after)];
  const before = describeNextStep(task, stopsBefore);
  const after = describeNextStep(task, stopsAfter);
  return before === after ? undefined : { before, after, why: explain(stopsBefore, stopsAfter) };
}

function stopsOf(task: Task, draft: Draft): readonly ReasonCode[] {
  return codesOf({ reasons: assessReadiness(task, draft.view, draft.doneRoadmapIds()) });
}

function describeNextStep(task: Task, stops: readonly ReasonCode[]): string {
  return stops.length === 0
    ? `${task.state}, then goes on`
    : `${task.state}, then waits (${stops.join(", ")})`;
}

function comparePublished(task: Task, sides: Sides): Difference | undefined {
  const { pull } = task;
  if (pull === null) return compareNextStep(task, sides);
  const isJudgedAnew = gatesOf(task, sides.before) !== gatesOf(task, sides.after);
  const [mergerBefore, mergerAfter] = [mergerOf(task, sides.before), mergerOf(task, sides.after)];
  if (!isJudgedAnew && mergerBefore === mergerAfter) return undefined;
  const verdict = describeVerdict(pull);
  return {
    before: `${verdict}; a PASS is merged by ${mergerBefore}`,
    after: `${isJudgedAnew ? "verdict is asked again" : verdict}; a PASS is merged by ${mergerAfter}`,
    why: isJudgedAnew ? "Other gates hold." : "Autonomy and mode decide who merges.",
  };
}

function describeVerdict({ verdict }: Pick<TaskPull, "verdict">): string {
  return verdict === null ? "no verdict yet" : `verdict ${verdict.value}`;
}

/** Everything of the configuration that the verdict about a pull request depends on. */
function gatesOf(task: Task, { view: { config } }: Draft): string {
  if (config === null) return "";
  const approvals = autonomyOf(config, task.role) === "merge-with-approval" ? config.gates.approvals : 0;
  const { people: _, ...gates } = config.gates;
  return JSON.stringify([
    { ...gates, approvals },
    roleOf(config, task.role)?.branch,
    config.windows,
    config.ceilings,
    kindOf(config, task.kind)?.documentation,
  ]);
}

function mergerOf(task: Task, { view: { config } }: Draft): string {
  const isOurs = config?.mode === "active" && allows(autonomyOf(config, task.role), "merge-with-approval");
  return isOurs ? "the app" : "a person";
}
