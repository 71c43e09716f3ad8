import { digestText } from "../../digest-text.ts";
import type { FileChange } from "../../effects.ts";
import { type Reason, reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import type { PublishedChange } from "../repository/repository.ts";

/** How many published changes are remembered; what is older is told by GitHub itself, since it changes nothing any more. */
const REMEMBERED_CHANGES = 100;

/** Two issues may ask for the same: a change that another task has in an open pull request is not published twice (F110). */
export function findDuplicate(draft: Draft, task: Task, changes: readonly FileChange[]): Reason | undefined {
  const digest = digestChanges(changes);
  const live = [...draft.activeTasks(), ...draft.queuedTasks()];
  for (const known of publishedBy(draft)) {
    const other = live.find((candidate) => candidate.id === known.taskId);
    if (known.digest !== digest || known.issue === task.issue || other === undefined) continue;
    if (other.pull !== null || isPublishing(other)) return duplicateOf(other);
  }
  return undefined;
}

function isPublishing({ reasons }: Task): boolean {
  return reasons.some((known) => known.code === "publish.pending");
}

function duplicateOf({ issue, pull }: Task): Reason {
  const where = pull === null ? "is being published" : `is in pull request #${pull.number}`;
  return reason(
    "publish.duplicate",
    `The same change ${where} for #${issue} already, so it is not published again.`,
    {
      liftedBy: `closing this issue as a duplicate; or, should #${issue} come to nothing, \`/orchestrate retry\``,
    },
  );
}

/** Another task whose change a refused one equals, when the refusal was that nothing is left to change. */
export function findTwin(draft: Draft, task: Task): PublishedChange | undefined {
  const published = publishedBy(draft);
  const own = published.findLast((known) => known.taskId === task.id);
  return published.findLast((known) => known.digest === own?.digest && known.issue !== task.issue);
}

/** Remembers what a task publishes. */
export function notePublished(draft: Draft, task: Task, changes: readonly FileChange[]): void {
  const others = publishedBy(draft).filter((known) => known.taskId !== task.id);
  const own = { taskId: task.id, issue: task.issue, digest: digestChanges(changes) };
  remember(draft, [...others, own].slice(-REMEMBERED_CHANGES));
}

/** Forgets what a task published, since its pull request comes to nothing. */
export function forgetPublished(draft: Draft, task: Task): void {
  const published = publishedBy(draft);
  const others = published.filter((known) => known.taskId !== task.id);
  if (others.length < published.length) remember(draft, others);
}

function publishedBy(draft: Draft): readonly PublishedChange[] {
  return draft.view.record.stored.published ?? [];
}

function remember(draft: Draft, published: readonly PublishedChange[]): void {
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, published }, status);
}

/** The same for the same files with the same contents, in whatever order. It tells equal answers apart from others, no more. */
function digestChanges(changes: readonly FileChange[]): string {
  const lines = changes.map(({ path, mode, contentBase64 }) => `${path}\n${mode}\n${contentBase64 ?? "-"}`);
  const text = lines.toSorted().join("\n\n");
  return `${changes.length}:${text.length}:${digestText(text)}${digestText(text, 0x01000193)}`;
}
