import { cancelTask } from "../../plan/events/plan-issue.ts";
import { isTerminal } from "../../task/task.ts";
import { started, told } from "../answers.ts";
import { type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { undo, withTask } from "../find-task.ts";
import { noteOf } from "../note-of.ts";

export const cancelCommand: CommandRow = {
  verb: "cancel",
  aliases: ["abort"],
  group: "Working with tasks",
  permission: "write",
  mutates: true,
  takes: { ...TAKES_ISSUE, reason: true },
  overrules: { verbs: ["run", "retry"], about: "task", own: false },
  summary: "Stops a task.",
  details: "Its run is cancelled and its pull request closed. What it has learned so far stays with it.",
  examples: [
    { line: "/orchestrate cancel", does: "stops the task of this issue" },
    { line: "/orchestrate cancel #12 -- done by hand", does: "stops the task of #12 and says why" },
  ],
  plan: (context) =>
    withTask(context, (task) => {
      if (isTerminal(task)) return told(`Nothing changed: **#${task.issue}** is ${task.state} already.`);
      const { draft, origin } = context;
      const actor = origin.sender.login;
      const run = draft.attempt(task.correlation);
      const isRunning = run !== undefined && run.state !== "ended" && run.state !== "superseded";
      cancelTask(draft, task, { why: `@${actor} asked for it${noteOf(context.reason)}`, actor });
      const parts = [
        `⏹️ **#${task.issue}** is cancelled.`,
        ...(isRunning ? ["Its run is being stopped."] : []),
        ...(task.pull === null ? [] : [`Pull request #${task.pull.number} is being closed.`]),
        undo(context, task, "retry"),
      ];
      return started(parts.join(" "));
    }),
};
