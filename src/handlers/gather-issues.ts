import type { EventKind, EventOf } from "../core/events.ts";
import { awaitsLabel } from "../core/plan/events/plan-intake.ts";
import { isSaidDone } from "../core/plan/events/plan-issue.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import { triggerLabel, viewRepository } from "../core/plan/repository/repository-view.ts";
import { liveFocus, type Snapshot } from "../core/plan/snapshot.ts";
import { readDependencies } from "../core/plan/task/read-dependencies.ts";
import type { Dependency } from "../core/task/task.ts";
import type { Readers } from "./readers.ts";

interface Reading<K extends EventKind> {
  readonly event: EventOf<K>;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
}

function isTrigger(snapshot: Snapshot, label: string): boolean {
  return label.toLowerCase() === triggerLabel(viewRepository(snapshot.repository).config).toLowerCase();
}

export async function readLabeled({ event, snapshot, readers }: Reading<"issue.labeled">): Promise<Gathered> {
  const live = liveFocus(snapshot);
  if (!isTrigger(snapshot, event.label) || event.isPull || (live !== null && !awaitsLabel(live))) return {};
  const issue = await readers.issues.issue(event.repo, event.issue);
  if (issue === undefined) return { issue: null };
  const permission = await readers.issues.permissionOf(event.repo, event.sender.login);
  return { issue, permission, dependencies: await readIssueDependencies(event, event.text.body, readers) };
}

export async function readUnlabeled({
  event,
  snapshot,
  readers,
}: Reading<"issue.unlabeled">): Promise<Gathered> {
  if (!isTrigger(snapshot, event.label) || liveFocus(snapshot) === null) return {};
  return { issue: (await readers.issues.issue(event.repo, event.issue)) ?? null };
}

export async function readEdited({ event, snapshot, readers }: Reading<"issue.edited">): Promise<Gathered> {
  const task = liveFocus(snapshot);
  if (task === null || (event.text.title === task.title && event.text.body === task.body)) return {};
  return { permission: await readers.issues.permissionOf(event.repo, event.sender.login) };
}

/** Whether the work is done is asked of people who may hand it over; whoever wrote the issue may close it too. */
export async function readClosed({ event, snapshot, readers }: Reading<"issue.closed">): Promise<Gathered> {
  const task = liveFocus(snapshot);
  if (event.reason !== "completed" || task === null || !isSaidDone(task)) return {};
  return { permission: await readers.issues.permissionOf(event.repo, event.sender.login) };
}

/** Labels come and go; only the one that hands issues over is worth a look. */
export async function readLabel({ event, snapshot, readers }: Reading<"label.changed">): Promise<Gathered> {
  const isOurs = [event.label, event.former ?? ""].some((label) => isTrigger(snapshot, label));
  if (!isOurs) return {};
  const label = triggerLabel(viewRepository(snapshot.repository).config);
  return { hasTrigger: await readers.issues.hasLabel(event.repo, label) };
}

/** Native dependencies and those written in the text are one list. */
export async function readIssueDependencies(
  event: Pick<EventOf<"issue.labeled">, "repo" | "issue">,
  text: string,
  readers: Readers,
): Promise<readonly Dependency[]> {
  const native = await readers.issues.blockedBy(event.repo, event.issue);
  const own = `${event.repo.owner}/${event.repo.name}#${event.issue}`.toLowerCase();
  const known = new Set([own, ...native.map((dependency) => dependency.ref.toLowerCase())]);
  const written = readDependencies(text, event.repo).filter((ref) => !known.has(ref.toLowerCase()));
  const states = await Promise.all(written.map((ref) => readers.issues.stateOf(event.repo, ref)));
  return [
    ...native.map(({ ref, state }): Dependency => ({ kind: "issue", ref, state })),
    ...written.map((ref, index): Dependency => ({ kind: "issue", ref, state: states[index] ?? "unknown" })),
  ];
}
