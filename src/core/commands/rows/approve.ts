import { code } from "../../messages/text.ts";
import type { Answer, Draft } from "../../plan/draft.ts";
import { withHistory } from "../../plan/task/change-task.ts";
import { isTerminal, type Task, type TaskPull } from "../../task/task.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_ISSUE } from "../command-row.ts";
import { undo, withTask } from "../find-task.ts";

export const approveCommand: CommandRow = {
  verb: "approve",
  aliases: [],
  group: "Reviewing and releasing",
  permission: "write",
  mutates: true,
  takes: {
    ...TAKES_ISSUE,
    word: {
      name: "sha",
      isRequired: true,
      pattern: /^[0-9a-f]{7,40}$/u,
      expected: "7 to 40 digits of the commit",
    },
  },
  summary: "Approves one commit of a task's pull request.",
  details:
    "The approval counts for exactly this commit: after a push it has to be given again. Whoever asked for the work cannot approve it, and bots cannot.",
  examples: [{ line: "/orchestrate approve 1a2b3c4", does: "approves the head of the pull request" }],
  plan: (context) => withPull(context, (task, pull) => approve(context, task, pull)),
};

export const unapproveCommand: CommandRow = {
  verb: "unapprove",
  aliases: [],
  group: "Reviewing and releasing",
  permission: "write",
  mutates: true,
  takes: TAKES_ISSUE,
  summary: "Takes your approval back.",
  details: "Only your own; what is merged already stays merged.",
  examples: [{ line: "/orchestrate unapprove", does: "takes back what you approved" }],
  plan: (context) => withPull(context, (task, pull) => unapprove(context, task, pull)),
};

function withPull(context: CommandContext, answer: (task: Task, pull: TaskPull) => Answer): Answer {
  return withTask(context, (task) => {
    if (task.pull === null) return refused(`**#${task.issue}** has no pull request yet.`);
    if (isTerminal(task))
      return refused(`**#${task.issue}** is ${task.state}; its pull request is not ours any more.`);
    return answer(task, task.pull);
  });
}

/** The commit that an approval can be for: what GitHub shows now, if it was read, else what was last seen. */
function headOf(draft: Draft, pull: TaskPull): string {
  const now = draft.gathered.pull;
  return now?.number === pull.number ? now.headSha : pull.headSha;
}

function approve(context: CommandContext, task: Task, pull: TaskPull): Answer {
  const { draft, origin, word } = context;
  const { sender } = origin;
  const head = headOf(draft, pull);
  if (sender.type !== "User") return refused("Only people can approve; your account is a bot's.");
  if (sender.id === task.requestedBy.id)
    return refused("You asked for this work, so somebody else has to approve it.");
  if (word === null || !head.startsWith(word)) {
    return refused(
      `The head of pull request #${pull.number} is ${code(head.slice(0, 12))}, not ${code(word ?? "")}. Look at it again, then \`/orchestrate approve ${head.slice(0, 12)}\`.`,
    );
  }
  const isKnown = pull.approvals.some((known) => known.sha === head && known.by.id === sender.id);
  if (isKnown) return told(`Nothing changed: you approved ${code(head.slice(0, 12))} before.`);
  const others = pull.approvals.filter((known) => known.sha === head);
  const approvals = [...others, { sha: head, by: sender, at: draft.now }];
  saveApprovals(context, task, { pull, approvals, what: `approved ${head.slice(0, 7)}` });
  return started(
    `✅ Approved: ${code(head.slice(0, 12))} of pull request #${pull.number}. The gates look at it again. ${undo(context, task, "unapprove")}`,
  );
}

function unapprove(context: CommandContext, task: Task, pull: TaskPull): Answer {
  const own = context.origin.sender.id;
  const approvals = pull.approvals.filter((known) => known.by.id !== own);
  const head = headOf(context.draft, pull).slice(0, 12);
  if (approvals.length === pull.approvals.length)
    return told(`Nothing changed: you have not approved pull request #${pull.number}.`);
  saveApprovals(context, task, { pull, approvals, what: "took the approval back" });
  return started(
    `Your approval of pull request #${pull.number} is taken back. ${undo(context, task, `approve ${head}`)}`,
  );
}

/** Keeps the approvals with the task and has the gates look again. */
function saveApprovals(
  { draft, origin }: CommandContext,
  task: Task,
  change: { readonly pull: TaskPull; readonly approvals: TaskPull["approvals"]; readonly what: string },
): void {
  const { pull, approvals, what } = change;
  const text = `@${origin.sender.login} ${what}`;
  draft.saveTask({
    ...withHistory(task, { at: draft.now, text, url: null }),
    pull: { ...pull, approvals },
  });
  draft.audit("pull.approvals", {
    actor: origin.sender.login,
    taskId: task.id,
    data: { pull: pull.number, what, approvals: approvals.map(({ sha, by }) => `${sha} ${by.id}`) },
  });
  draft.emit({
    kind: "pull.changed",
    repo: draft.repo,
    pull: pull.number,
    action: "approved",
    sender: origin.sender,
  });
}
