import { nextMessage, queueMessage, repositoryStatusMessage } from "../../messages/commands/queue-list.ts";
import { whyMessage } from "../../messages/commands/why.ts";
import { stickyBody } from "../../messages/sticky.ts";
import { paragraphs } from "../../messages/text.ts";
import { explainMessage } from "../../messages/verdict-notes.ts";
import type { Draft } from "../../plan/draft.ts";
import { explainWait } from "../../plan/plan-queue.ts";
import { triggerLabel } from "../../plan/repository/repository-view.ts";
import { sessionsOf } from "../../plan/session/follow-sessions.ts";
import type { Pull } from "../../pull/pull.ts";
import type { Task } from "../../task/task.ts";
import { told } from "../answers.ts";
import { type CommandRow, TAKES_ISSUE, TAKES_NOTHING } from "../command-row.ts";
import { findPull } from "../find-review.ts";
import { commandFor, findTask, placeOf, withTask } from "../find-task.ts";

/** How many tasks `queue` lists. */
const LISTED = 20;
/** How many of the tasks before it `why` names. */
const SHOWN_BEFORE = 5;

export const statusCommand: CommandRow = {
  verb: "status",
  aliases: ["info"],
  group: "Working with tasks",
  permission: "read",
  mutates: false,
  takes: TAKES_ISSUE,
  summary: "Shows a task, or what is under way in this repository.",
  details: "On an issue without a task it counts what runs and waits here.",
  examples: [
    { line: "/orchestrate status", does: "shows the task of this issue" },
    { line: "/orchestrate status #12", does: "shows the task of #12" },
  ],
  plan(context) {
    const { draft, issue } = context;
    const pull = findPull(context);
    if (pull !== undefined) return told(explainPull(pull));
    if (issue === null && findTask(context) === null)
      return told(repositoryStatusMessage(overviewOf(draft, LISTED)));
    return withTask(context, (task) =>
      told(
        paragraphs(
          `Task **#${task.issue}**`,
          stickyBody(withReasons(draft, task), { label: labelOf(draft) }),
        ),
      ),
    );
  },
};

export const whyCommand: CommandRow = {
  verb: "why",
  aliases: ["explain"],
  group: "Working with tasks",
  permission: "read",
  mutates: false,
  takes: TAKES_ISSUE,
  summary: "Says why a task is where it is, and what happens next.",
  details: "Every reason at once, who lifts each of them, and which tasks are first.",
  examples: [
    { line: "/orchestrate why", does: "explains the task of this issue" },
    { line: "/orchestrate why #12", does: "explains the task of #12" },
  ],
  plan(context) {
    const pull = findPull(context);
    if (pull !== undefined) return told(explainPull(pull));
    return withTask(context, (task) => {
      const { draft } = context;
      const before = tasksBefore(draft, task).slice(0, SHOWN_BEFORE);
      return told(
        whyMessage({
          task: withReasons(draft, task),
          place: placeOf(draft, task),
          before: before.map((known) => withReasons(draft, known)),
          now: draft.now,
          retry: commandFor(context, task, "retry"),
        }),
      );
    });
  },
};

export const queueCommand: CommandRow = {
  verb: "queue",
  aliases: ["list"],
  group: "Working with tasks",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Lists what runs and what is queued, in order.",
  details: `The first ${LISTED}, running ones first, each with the reason why it is not further.`,
  examples: [{ line: "/orchestrate queue", does: "lists the queue" }],
  plan: ({ draft }) => told(queueMessage(overviewOf(draft, LISTED))),
};

export const nextCommand: CommandRow = {
  verb: "next",
  aliases: [],
  group: "Working with tasks",
  permission: "read",
  mutates: false,
  takes: TAKES_NOTHING,
  summary: "Names the task that starts next, and what it waits for.",
  details:
    "That is the first queued task that only waits for a free place; else the first one and its reasons.",
  examples: [{ line: "/orchestrate next", does: "names the next task" }],
  plan: ({ draft }) => told(nextMessage(overviewOf(draft, Number.POSITIVE_INFINITY))),
};

/** A pull request without a task is where its verdict says. */
function explainPull({ kind, number, baseRef, headSha: sha, verdict, waitingFor }: Pull): string {
  return explainMessage({ sha, subject: { kind, number, baseRef }, verdict, waitingFor });
}

function labelOf(draft: Draft): string {
  return triggerLabel(draft.view.config);
}

/** A queued task with the reasons that hold now, not those that held when it was last looked at. */
function withReasons(draft: Draft, task: Task): Task {
  return task.state === "queued" ? { ...task, reasons: explainWait(draft, task) } : task;
}

/** Queued tasks that are ranked before this one, with what each waits for. */
function tasksBefore(draft: Draft, task: Task): readonly Task[] {
  if (task.state !== "queued") return [];
  const queued = draft.queuedTasks();
  const index = queued.findIndex((known) => known.id === task.id);
  return queued.slice(0, index === -1 ? queued.length : index);
}

function overviewOf(draft: Draft, limit: number) {
  const active = draft.activeTasks();
  const { config, record } = draft.view;
  return {
    active,
    queued: draft
      .queuedTasks()
      .slice(0, limit)
      .map((task) => withReasons(draft, task)),
    queueLength: draft.queueLength(),
    limits: config?.limits ?? null,
    weekUsage: draft.snapshot.weekUsage,
    pausedBy: record.stored.pausedBy,
    sessions: sessionsOf(draft).filter(({ endedAt, rests }) => endedAt === null || rests),
    mode: config?.mode ?? null,
    limit,
  };
}
