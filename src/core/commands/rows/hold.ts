import type { Answer } from "../../plan/draft.ts";
import { withHistory } from "../../plan/task/change-task.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { undo, withTask } from "../find-task.ts";
import { noteOf } from "../note-of.ts";

export const holdCommand: CommandRow = {
  verb: "hold",
  aliases: [],
  group: "Working with tasks",
  permission: "write",
  mutates: true,
  takes: { ...TAKES_ISSUE, reason: true },
  overrules: { verbs: ["unhold"], about: "task", own: false },
  summary: "Keeps a task from starting anything new, and from being merged.",
  details:
    "A run that is under way is not stopped; the stage after it waits until the hold is lifted. A pull request that is open already is still verified, but not merged before the hold is lifted.",
  examples: [
    { line: "/orchestrate hold", does: "puts the task of this issue on hold" },
    { line: "/orchestrate hold #12 -- the data is not there yet", does: "puts #12 on hold and says why" },
  ],
  plan: (context) => withTask(context, (task) => changeHold(context, task, HOLD)),
};

export const unholdCommand: CommandRow = {
  verb: "unhold",
  aliases: [],
  group: "Working with tasks",
  permission: "write",
  mutates: true,
  takes: TAKES_ISSUE,
  summary: "Lifts a hold.",
  details: "The task goes on from where it was, at its old place in the queue.",
  examples: [{ line: "/orchestrate unhold", does: "lets the task of this issue go on" }],
  plan: (context) => withTask(context, (task) => changeHold(context, task, UNHOLD)),
};

interface Hold {
  readonly held: boolean;
  readonly audit: string;
  readonly note: string;
  readonly nothing: string;
  readonly inverse: string;
  readonly tell: (task: Task) => string;
}

const HOLD: Hold = {
  held: true,
  audit: "task.held",
  note: "Put on hold by",
  nothing: "is on hold already",
  inverse: "unhold",
  tell: (task) =>
    task.state === "running"
      ? `✋ **#${task.issue}** is on hold. The run that is under way ends as it ends; nothing starts after it.`
      : `✋ **#${task.issue}** is on hold; nothing starts for it.`,
};

const UNHOLD: Hold = {
  held: false,
  audit: "task.unheld",
  note: "Hold lifted by",
  nothing: "is not on hold",
  inverse: "hold",
  tell: (task) => `▶️ **#${task.issue}** is not on hold any more.`,
};

function changeHold(context: CommandContext, task: Task, hold: Hold): Answer {
  const { draft, origin, reason } = context;
  if (isTerminal(task)) return refused(`**#${task.issue}** is ${task.state}; there is nothing to hold.`);
  if (task.held === hold.held) return told(`Nothing changed: **#${task.issue}** ${hold.nothing}.`);
  const text = `${hold.note} @${origin.sender.login}${noteOf(reason)}`;
  draft.saveTask({ ...withHistory(task, { at: draft.now, text, url: null }), held: hold.held });
  if (task.pull !== null) {
    const { number: pull } = task.pull;
    draft.emit({ kind: "pull.changed", repo: draft.repo, pull, action: hold.audit, sender: origin.sender });
  }
  draft.audit(hold.audit, { actor: origin.sender.login, taskId: task.id });
  return started(`${hold.tell(task)} ${undo(context, task, hold.inverse)}`);
}
