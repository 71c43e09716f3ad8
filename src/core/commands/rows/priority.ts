import type { Draft } from "../../plan/draft.ts";
import { withHistory } from "../../plan/task/change-task.ts";
import { rankTask } from "../../queue/rank.ts";
import { countUnblocked } from "../../roadmap/query-roadmap.ts";
import { isTerminal, PRIORITIES, type Priority, type Task } from "../../task/task.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { describePlace, undo, withTask } from "../find-task.ts";

export const priorityCommand: CommandRow = {
  verb: "priority",
  aliases: ["prio"],
  group: "Working with tasks",
  permission: "write",
  mutates: true,
  takes: {
    ...TAKES_ISSUE,
    word: { name: "p0-p3", isRequired: true, pattern: /^p[0-3]$/u, expected: "p0, p1, p2 or p3" },
  },
  summary: "Changes how urgent a task is.",
  details:
    "The place in the queue follows at once: `p0` goes first, `p1` may wait 8 hours behind younger tasks, `p2` two days, `p3` a week.",
  examples: [
    { line: "/orchestrate priority p1", does: "makes the task of this issue urgent" },
    { line: "/orchestrate priority p3 #12", does: "lets #12 wait" },
  ],
  plan: (context) =>
    withTask(context, (task) => {
      const { draft, origin, word } = context;
      const priority = PRIORITIES.find((known) => known === word);
      if (priority === undefined) throw new Error(`the word was checked to be a priority, and is ${word}`);
      if (isTerminal(task)) return refused(`**#${task.issue}** is ${task.state}; it is not queued any more.`);
      if (task.priority === priority)
        return told(`Nothing changed: **#${task.issue}** has priority **${priority}** already.`);
      const ranked = draft.saveTask(rank(draft, task, { priority, by: origin.sender.login }));
      draft.audit("task.prioritised", {
        actor: origin.sender.login,
        taskId: task.id,
        data: { from: task.priority, to: priority },
      });
      const place = ranked.state === "queued" ? `, ${describePlace(draft, ranked)}` : "";
      return started(
        `**#${task.issue}** has priority **${priority}** now${place}. ${undo(context, task, `priority ${task.priority}`)}`,
      );
    }),
};

function rank(draft: Draft, task: Task, to: { readonly priority: Priority; readonly by: string }): Task {
  const { roadmap } = draft.view;
  const { enqueuedAt, revenue, roadmapId } = task;
  const unblocks = roadmap === null || roadmapId === null ? 0 : countUnblocked(roadmap, roadmapId);
  const rankAt = rankTask({ enqueuedAt, revenue, unblocks, priority: to.priority });
  const text = `Priority ${task.priority} → ${to.priority} by @${to.by}`;
  return { ...withHistory(task, { at: draft.now, text, url: null }), priority: to.priority, rankAt };
}
