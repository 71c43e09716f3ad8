import type { Answer } from "../../plan/draft.ts";
import { neededToHandOver, startTask } from "../../plan/events/plan-intake.ts";
import { hasPermission } from "../../repo.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_NOTHING } from "../command-row.ts";
import { commandFor, describePlace, findTask, undo } from "../find-task.ts";

export const runCommand: CommandRow = {
  verb: "run",
  aliases: [],
  group: "Working with tasks",
  permission: "write",
  mutates: true,
  takes: TAKES_NOTHING,
  summary: "Hands this issue over without the label.",
  details:
    "The task keeps title, text and labels as they are now; later edits do not reach it. In a governed repository it needs maintain.",
  examples: [{ line: "/orchestrate run", does: "makes a task of this issue and queues it" }],
  plan(context) {
    const { draft, origin } = context;
    const { issue } = draft.gathered;
    const live = findTask(context);
    if (origin.isPull) return refused("`run` works on issues; this is a pull request.");
    if (live !== null && !isTerminal(live)) return told(describeLive(context, live));
    if (!issue) return refused("This issue could not be read, so nothing was started.");
    if (!hasPermission(origin.permission, neededToHandOver(draft)))
      return refused(
        `This repository is governed: handing an issue over needs **${neededToHandOver(draft)}**; you have **${origin.permission}**.`,
      );
    if (issue.state === "closed")
      return refused("This issue is closed. Reopen it first, then `/orchestrate run`.");
    return start(context, issue);
  },
};

function describeLive(context: CommandContext, task: Task): string {
  return `Nothing changed: **#${task.issue}** has a task already; it is ${task.state}. See \`${commandFor(context, task, "why")}\`.`;
}

function start(
  context: CommandContext,
  issue: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
): Answer {
  const { draft, origin } = context;
  const { title, body, labels } = issue;
  startTask(draft, {
    issue: origin.issue,
    requestedBy: origin.sender,
    trigger: "command",
    title,
    body,
    labels,
  });
  const task = findTask(context);
  if (task === null) throw new Error(`starting a task for issue ${origin.issue} made none`);
  return started(
    `▶️ **#${task.issue}** is queued, ${describePlace(draft, task)}. ${undo(context, task, "cancel")}`,
  );
}
