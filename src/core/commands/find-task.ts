import { code } from "../messages/text.ts";
import type { Answer, Draft } from "../plan/draft.ts";
import type { Gathered } from "../plan/gathered.ts";
import type { RepoRef } from "../repo.ts";
import type { Task } from "../task/task.ts";
import { refused } from "./answers.ts";
import type { CommandContext } from "./command-row.ts";

/** Answers with the task that a command is about, or says why there is none. */
export function withTask(context: CommandContext, answer: (task: Task) => Answer): Answer {
  const { issue, draft, origin } = context;
  const elsewhere = refuseElsewhere(context);
  if (elsewhere !== undefined) return elsewhere;
  const task = findTask(context);
  if (task !== null) return answer(task);
  const number = issue?.number ?? origin.issue;
  const label = draft.view.config?.label ?? "autopilot";
  const start =
    issue === null && !origin.isPull ? ` The label \`${label}\` or \`/orchestrate run\` starts one.` : "";
  return refused(`There is no task of **#${number}**.${start}`);
}

/** The task of the issue that the command names, or of the place it is written at. */
export function findTask({ issue, draft, origin }: CommandContext): Task | null {
  const { focus, gathered } = draft;
  const live = [...draft.activeTasks(), ...draft.queuedTasks()];
  const found = findKnown(
    { number: issue?.number ?? origin.issue, place: origin.issue },
    { live, focus, ...gathered },
  );
  return found === null ? null : draft.current(found);
}

/** The task that a number means at a place, among those that are known; a live one before an ended one. */
export function findKnown(
  { number, place }: { readonly number: number; readonly place: number },
  known: Pick<Gathered, "targets"> & { readonly live: readonly Task[]; readonly focus: Task | null },
): Task | null {
  const live = known.live.find((task) => isAbout(task, number));
  if (live !== undefined) return live;
  const isFocus = number === place || known.focus?.issue === number;
  return isFocus ? known.focus : (known.targets?.get(number)?.task ?? null);
}

/** Whether a number is that of the task's issue or pull request; both count together, so neither can mean the other. */
function isAbout(task: Task, number: number): boolean {
  return task.issue === number || task.pull?.number === number;
}

/** An answer for a command that names another repository; undefined when it is about this one. */
export function refuseElsewhere({ issue, draft }: CommandContext): Answer | undefined {
  if (issue === null || isHere(issue, draft.repo)) return undefined;
  const here = `${draft.repo.owner}/${draft.repo.name}`;
  return refused(
    `${code(`${issue.repo}#${issue.number}`)} is in another repository; write the command there. Here it works for ${code(here)} only.`,
  );
}

/** Whether an argument names an issue of this repository. */
export function isHere({ repo }: { readonly repo: string | null }, { owner, name }: RepoRef): boolean {
  return repo === null || repo.toLowerCase() === `${owner}/${name}`.toLowerCase();
}

/** The command that undoes a step, as it has to be written at the same place. */
export function undo(context: CommandContext, task: Task, command: string): string {
  return `Undo: \`${commandFor(context, task, command)}\``;
}

/** A command for a task, with its number when the task is not the one of this place. */
export function commandFor({ origin }: Pick<CommandContext, "origin">, task: Task, command: string): string {
  return `/orchestrate ${command}${isAbout(task, origin.issue) ? "" : ` #${task.issue}`}`;
}

/** A queued task's place from 1 and how many are queued; null where the part of the queue that is known does not tell. */
export function placeOf(draft: Draft, task: Task): { readonly rank: number; readonly of: number } | null {
  const queued = draft.queuedTasks();
  const of = draft.queueLength();
  const index = queued.findIndex((known) => known.id === task.id);
  if (index === -1) return null;
  const isCertain = index < queued.length - 1 || queued.length >= of;
  const before = storedPlace(draft, task);
  if (isCertain) return { rank: index + 1, of };
  return before === null ? null : { rank: Math.min(Math.max(index, before) + 1, of), of };
}

function storedPlace({ snapshot, gathered }: Draft, task: Task): number | null {
  if (task.id === snapshot.focus?.id) return snapshot.focusPosition;
  return gathered.targets?.get(task.issue)?.position ?? null;
}

/** A task's place as half a sentence: `position 3 of 7`. */
export function describePlace(draft: Draft, task: Task): string {
  const place = placeOf(draft, task);
  return place === null ? `among ${draft.queueLength()} queued` : `position ${place.rank} of ${place.of}`;
}
