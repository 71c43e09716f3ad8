import type { EventOf } from "../core/events.ts";
import type { IssueNow } from "../core/facts.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import { viewRepository } from "../core/plan/repository/repository-view.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import { isTerminal } from "../core/task/task.ts";
import type { Readers } from "./readers.ts";

interface Reading {
  readonly event: EventOf<"comment.created">;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
}

/** The issues as whoever lets their tasks start sees them; asked only where that is needed. */
export async function readTexts(
  { event, snapshot, readers }: Reading,
  targets: NonNullable<Gathered["targets"]>,
): Promise<Pick<Gathered, "texts">> {
  const { focus, repository } = snapshot;
  if (!/\/orchestrate\s+allow\b/iu.test(event.body) || !viewRepository(repository).governed) return {};
  const tasks = [...(focus === null ? [] : [focus]), ...[...targets.values()].map(({ task }) => task)];
  const numbers = new Set(tasks.filter((task) => !isTerminal(task)).map(({ issue }) => issue));
  const texts = new Map<number, IssueNow | null>();
  for (const number of numbers) texts.set(number, (await readers.issues.issue(event.repo, number)) ?? null);
  return { texts };
}
