import type { Verdict } from "../gate/verdict.ts";
import { code } from "../messages/text.ts";
import type { Answer, Draft } from "../plan/draft.ts";
import { isBetweenCommits } from "../plan/events/plan-pull.ts";
import { withHistory } from "../plan/task/change-task.ts";
import { type Pull, pullId } from "../pull/pull.ts";
import type { Approval, Override } from "../pull/review.ts";
import type { Actor } from "../repo.ts";
import { isTerminal, type Task, type TaskPull } from "../task/task.ts";
import { refused } from "./answers.ts";
import type { CommandContext } from "./command-row.ts";
import { commandFor, findTask, refuseElsewhere, withTask } from "./find-task.ts";

interface ReviewChange {
  readonly approvals?: readonly Approval[];
  readonly overrides?: readonly Override[];
}

/** A pull request that people can say something about, whoever made it. */
export interface Review {
  readonly number: number;
  /** The commit that people see now, if it was read, else the one that was seen last. */
  readonly headSha: string;
  /** The branch it is to be merged into, as far as that is known. */
  readonly baseRef: string;
  /** The newest moment at which it was to be merged into another branch, ms since epoch; 0 where it never was. */
  readonly elsewhereUntil: number;
  /** Since when it is known here, ms since epoch. */
  readonly headSince: number;
  readonly approvals: readonly Approval[];
  readonly overrides: readonly Override[];
  readonly verdict: Verdict | null;
  /** Who answers for the change and so cannot be its judge. */
  readonly requester: Actor;
  /** Who pushed the head, where that is known. */
  readonly pusher: Actor | null;
  readonly taskId: string | null;
  /** Whether the next commit is being made, so that this one decides nothing any more. */
  readonly isReplaced: boolean;
  /** The command as it has to be written at the same place. */
  readonly commandFor: (command: string) => string;
  /** Keeps what was said; `what` is for the history. */
  readonly save: (change: ReviewChange, what: string) => void;
}

/** Answers with the pull request that a command is about, a task's or a person's, or says why there is none. */
export function withReview(context: CommandContext, answer: (review: Review) => Answer): Answer {
  const elsewhere = refuseElsewhere(context);
  if (elsewhere !== undefined) return elsewhere;
  const pull = findPull(context);
  if (pull !== undefined) return answer(pullReview(context, pull));
  return withTask(context, (found) => {
    if (found.pull === null) return refused(`**#${found.issue}** has no pull request yet.`);
    if (isTerminal(found))
      return refused(`**#${found.issue}** is ${found.state}; its pull request is not ours any more.`);
    return answer(taskReview(context, found, found.pull));
  });
}

function taskReview(context: CommandContext, task: Task, pull: TaskPull): Review {
  const { draft, origin } = context;
  return {
    number: pull.number,
    ...seenOf(draft, pull),
    // A task's goes where the task says; elsewhere it is not judged.
    baseRef: pull.baseRef,
    elsewhereUntil: 0,
    headSince: pull.headSince,
    approvals: pull.approvals,
    overrides: pull.overrides,
    verdict: pull.verdict,
    requester: task.requestedBy,
    pusher: null,
    taskId: task.id,
    isReplaced: isBetweenCommits(task),
    commandFor: (command) => commandFor(context, task, command),
    save: (change, what) => {
      const text = `@${origin.sender.login} ${what}`;
      draft.saveTask({
        ...withHistory(task, { at: draft.now, text, url: null }),
        pull: { ...pull, ...change },
      });
    },
  };
}

/** The open pull request that a command is about, where no live task has it; others are not known here. */
export function findPull(context: CommandContext): Pull | undefined {
  const { draft, issue, origin } = context;
  if (refuseElsewhere(context) !== undefined) return undefined;
  const task = findTask(context);
  if (task !== null && !isTerminal(task)) return undefined;
  const pull = draft.pull(pullId(draft.repo.id, issue?.number ?? origin.issue));
  return pull?.state === "open" ? pull : undefined;
}

function pullReview({ draft, origin }: CommandContext, pull: Pull): Review {
  const { number, headSince, approvals, overrides, verdict, requester } = pull;
  return {
    number,
    ...seenOf(draft, pull),
    elsewhereUntil: pull.elsewhereUntil ?? 0,
    headSince,
    approvals,
    overrides,
    verdict,
    requester,
    pusher: pull.pusher ?? null,
    taskId: null,
    isReplaced: false,
    commandFor: (command) => `/orchestrate ${command}${number === origin.issue ? "" : ` #${number}`}`,
    save: (change) => {
      draft.savePull({ ...pull, ...change });
    },
  };
}

function seenOf(
  draft: Draft,
  pull: Pick<Pull, "number" | "headSha" | "baseRef">,
): Pick<Review, "headSha" | "baseRef"> {
  const now = draft.gathered.pull;
  const { headSha, baseRef } = now?.number === pull.number ? now : pull;
  return { headSha, baseRef };
}

/** Refuses what was written about the same commit while it was to be merged into another branch. */
export function refuseElsewhereBound(
  { origin }: CommandContext,
  { baseRef, elsewhereUntil }: Review,
): Answer | undefined {
  if (origin.createdAt > elsewhereUntil) return undefined;
  return refused(
    `The pull request was pointed at ${code(baseRef)} after you wrote this, which makes it another change. Look at it, then write it again.`,
  );
}

/** Keeps what a person said about a pull request in the audit and has the gates look again. */
export function askGatesAgain(
  { draft, origin }: CommandContext,
  { number, taskId }: Review,
  { kind, data }: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> },
): void {
  draft.audit(kind, { actor: origin.sender.login, taskId, data: { pull: number, ...data } });
  draft.emit({
    kind: "pull.changed",
    repo: draft.repo,
    pull: number,
    action: "reviewed",
    sender: origin.sender,
  });
}
