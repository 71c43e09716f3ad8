import type { Answer } from "../../plan/draft.ts";
import { ownActor } from "../../plan/roadmap/own-actor.ts";
import { withHistory } from "../../plan/task/change-task.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { commandFor, undo, withTask } from "../find-task.ts";

export const allowCommand: CommandRow = {
  verb: "allow",
  aliases: [],
  group: "Working with tasks",
  permission: "maintain",
  mutates: true,
  takes: TAKES_ISSUE,
  summary: "Lets a task of a governed repository start.",
  details:
    "In a governed repository no task is dispatched before a maintainer who did not ask for it has read it and let it start. That counts for all attempts of the task, and is void when somebody changes the text before the first of them, and when the task has ended. Bots cannot allow anything.",
  examples: [
    { line: "/orchestrate allow", does: "lets the task of this issue start" },
    { line: "/orchestrate allow #12", does: "lets the task of #12 start" },
  ],
  plan: (context) => withTask(context, (task) => allow(context, task)),
};

function allow(context: CommandContext, task: Task): Answer {
  const { draft, origin } = context;
  const { sender } = origin;
  const name = `**#${task.issue}**`;
  if (!draft.view.governed)
    return told(
      `Nothing changed: this repository is not governed, so ${name} needs nobody's leave to start.`,
    );
  if (isTerminal(task)) return refused(`${name} is ${task.state}; there is nothing to start.`);
  if (sender.type !== "User") return refused("Only people can let a task start; your account is a bot's.");
  if (sender.id === task.requestedBy.id)
    return refused("You asked for this work, so another maintainer has to let it start.");
  if (sender.id === task.textBy?.id)
    return refused("You gave this work its text, so another maintainer has to let it start.");
  if (hasOtherText(context, task))
    return refused(
      `The text of ${name} is not the one that was handed over, and that is what would start. \`${commandFor(context, task, "cancel")}\`, and hand it over again.`,
    );
  if (task.allowed !== undefined)
    return told(`Nothing changed: @${task.allowed.by.login} let ${name} start before.`);
  const text = `Allowed to start by @${sender.login}`;
  draft.saveTask({
    ...withHistory(task, { at: draft.now, text, url: null }),
    allowed: { by: sender, at: draft.now },
  });
  draft.audit("dispatch.allowed", { actor: sender.login, taskId: task.id, data: { by: sender.id } });
  return started(
    `✅ ${name} may start, as soon as nothing else is in its way. ${undo(context, task, "cancel")}`,
  );
}

/** Whoever lets a task start reads its issue; what the roadmap handed over was read when it was merged. */
function hasOtherText({ draft }: CommandContext, task: Task): boolean {
  const issue = draft.gathered.texts?.get(task.issue);
  if (issue === undefined || task.requestedBy.login === ownActor(draft).login) return false;
  return issue === null || issue.title !== task.title || issue.body !== task.body;
}
