import { be, clock } from "../../messages/text.ts";
import { wakeRole } from "../../plan/attempt/rest-role.ts";
import type { TaskUnderCritics } from "../../plan/critics/critics-stage.ts";
import { startCritics } from "../../plan/critics/start-critics.ts";
import { QUEUE_POLL_MS } from "../../plan/deadlines.ts";
import type { Answer, Draft } from "../../plan/draft.ts";
import { explainTaskCost } from "../../plan/spending/explain-spending.ts";
import { moveTask, withHistory } from "../../plan/task/change-task.ts";
import { takeTextNow } from "../../plan/task/refresh-text.ts";
import { reason } from "../../reasons.ts";
import { isTerminal, type Task, type TaskState } from "../../task/task.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { commandFor, describePlace, undo, withTask } from "../find-task.ts";

const RESET = "reset-budget";

export const retryCommand: CommandRow = {
  verb: "retry",
  aliases: ["rerun"],
  group: "Working with tasks",
  permission: "write",
  mutates: true,
  takes: {
    ...TAKES_ISSUE,
    flags: [{ name: RESET, does: "Forgets the attempts used and the failures seen so far." }],
  },
  summary: "Tries a failed, blocked or cancelled task again.",
  details:
    "It starts again with its first stage, with the text that the task already has and with what failed last as feedback; where its worker lacked something, with the text that its issue has now. The issue has to be open. A queued task that rests after trouble is tried at once. Where the change is merged and the critics could not judge it, they are asked again.",
  examples: [
    { line: "/orchestrate retry", does: "tries the task of this issue again" },
    {
      line: "/orchestrate retry #12 --reset-budget",
      does: "tries the task of #12 again with a fresh budget",
    },
  ],
  plan: (context) => withTask(context, (task) => RETRIES[task.state](context, task)),
};

type Retry = (context: CommandContext, task: Task) => Answer;

/** What another try means in each state. */
const RETRIES: Readonly<Record<TaskState, Retry>> = {
  queued: hasten,
  running: (context, task) => leave(context, task, "a run is under way"),
  verifying: (context, task) => leave(context, task, "its result is being verified"),
  blocked: rearm,
  failed: rearm,
  cancelled: rearm,
  done: (_, task) =>
    refused(
      `**#${task.issue}** is done; there is nothing to try again. \`/orchestrate run\` makes a new task of an open issue.`,
    ),
};

function leave(context: CommandContext, task: Task, why: string): Answer {
  return refused(
    `**#${task.issue}** is not tried again: ${why}. \`${commandFor(context, task, "cancel")}\` stops it.`,
  );
}

function rearm(context: CommandContext, task: Task): Answer {
  const { draft, origin, flags } = context;
  if (hasLiveSibling(draft, task))
    return refused(`**#${task.issue}** has a newer task under way, so this one stays ${task.state}.`);
  if (task.aftermath?.phase === "looking")
    return askCriticsAgain(context, { ...task, aftermath: task.aftermath });
  const ended = explainIssue(context, task);
  if (ended !== undefined) return refused(ended);
  const fresh = withBudget(takeTextNow(draft, task, origin.sender), flags);
  const spent = refuseSpent(context, fresh);
  if (spent !== undefined) return spent;
  // Whoever let it start did so for the work that has ended.
  const { allowed, ...unallowed } = fresh;
  const hasTried = task.timeline.some((line) => line.attempt === task.attempt);
  const armed: Task = {
    ...unallowed,
    ...(allowed !== undefined && !isTerminal(task) && { allowed }),
    attempt: task.attempt + (hasTried ? 1 : 0),
    stage: 0,
    retries: 0,
    correlation: null,
    notBefore: null,
    lastRunId: null,
    ...(task.aftermath?.phase === "reverting" && {
      aftermath: { ...task.aftermath, phase: "over" as const },
    }),
    // A cancelled task's pull request was closed with it.
    pull: task.state === "cancelled" ? null : task.pull,
  };
  if (task.reasons.some(({ code }) => code === "role.refused"))
    wakeRole(draft, task.role, origin.sender.login);
  const queued = moveTask(draft, armed, {
    state: "queued",
    reasons: [reason("queue.behind", "The task is being looked at.")],
    wakeAt: draft.now + QUEUE_POLL_MS,
    note: `Tried again by @${origin.sender.login}${flags.has(RESET) ? " with a fresh budget" : ""}`,
    actor: origin.sender.login,
  });
  return started(
    `↻ **#${task.issue}** is queued again, ${describePlace(draft, queued)}; attempt ${queued.attempt} is next, ${queued.spent} of ${queued.budget} ${be(queued.spent)} used. ${undo(context, task, "cancel")}`,
  );
}

/** Why nobody works on the issue as it is now: a run would only be stopped again. Undefined where it is open. */
function explainIssue(context: CommandContext, task: Task): string | undefined {
  const issue = context.draft.gathered.texts?.get(task.issue);
  if (issue === null)
    return `**#${task.issue}** cannot be read: it was deleted or moved, or this app may not see it. So nothing is tried again.`;
  return issue?.state === "closed"
    ? `**#${task.issue}** is closed. Reopen it first, then \`${commandFor(context, task, "retry")}\`.`
    : undefined;
}

/** An answer for a task that may use no more; undefined when it may. */
function refuseSpent(context: CommandContext, task: Task): Answer | undefined {
  const { budget, issue } = task;
  const afresh = `\`${commandFor(context, task, `retry --${RESET}`)}\` gives`;
  if (task.spent >= budget) {
    const all = budget === 1 ? "The only attempt" : `All ${budget} attempts`;
    return refused(`${all} of **#${issue}** ${be(budget)} used. ${afresh} it a fresh budget.`);
  }
  const overdrawn = explainTaskCost(context.draft, { ...task, stage: 0 });
  if (overdrawn.length === 0) return undefined;
  const why = overdrawn.map(({ message }) => message).join(" ");
  return refused(`${why} ${afresh} **#${issue}** a fresh budget.`);
}

/** The change is merged, and only its critics have not answered. */
function askCriticsAgain(context: CommandContext, task: TaskUnderCritics): Answer {
  const { draft, origin } = context;
  const text = `The critics are asked again by @${origin.sender.login}`;
  const noted = withHistory(task, { at: draft.now, text, url: null });
  startCritics(draft, { ...noted, aftermath: task.aftermath, retries: 0, notBefore: null });
  draft.audit("critics.asked-again", { actor: origin.sender.login, taskId: task.id });
  return started(
    `↻ **#${task.issue}**: the critics are asked again about pull request #${task.aftermath.merged.number}. ${undo(context, task, "cancel")}`,
  );
}

/** An issue has one live task; an ended one can still be named by its pull request. */
function hasLiveSibling(draft: Draft, task: Task): boolean {
  return [...draft.activeTasks(), ...draft.queuedTasks()].some(
    (known) => known.issue === task.issue && known.id !== task.id,
  );
}

/** A queued task is only hastened: what it has done so far stays. */
function hasten(context: CommandContext, task: Task): Answer {
  const { draft, flags, origin } = context;
  const ended = explainIssue(context, task);
  if (ended !== undefined) return refused(ended);
  const rests = task.notBefore !== null && task.notBefore > draft.now;
  if (!rests && !flags.has(RESET)) {
    return told(
      `Nothing changed: **#${task.issue}** is queued already, ${describePlace(draft, task)}. See \`${commandFor(context, task, "why")}\`.`,
    );
  }
  draft.saveTask({ ...withBudget(task, flags), notBefore: null, wakeAt: draft.now + QUEUE_POLL_MS });
  draft.audit("task.hastened", { actor: origin.sender.login, taskId: task.id });
  const rest = rests ? ` It does not rest until ${clock(task.notBefore ?? 0, draft.now)} any more.` : "";
  const budget = flags.has(RESET) ? " Its budget is fresh." : "";
  return started(
    `↻ **#${task.issue}** is queued, ${describePlace(draft, task)}.${rest}${budget} ${undo(context, task, "cancel")}`,
  );
}

function withBudget(task: Task, flags: ReadonlySet<string>): Task {
  return flags.has(RESET)
    ? {
        ...task,
        spent: 0,
        fingerprints: [],
        usageAtReset: { minutes: task.usage.minutes, usd: task.usage.usd },
      }
    : task;
}
