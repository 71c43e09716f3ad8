import type { IssueOutcome } from "../core/facts.ts";
import type { RepoRef } from "../core/repo.ts";
import type { Task } from "../core/task/task.ts";
import type { Readers } from "./readers.ts";
import { takeTurn } from "./take-turn.ts";

interface Outcomes {
  readonly repo: RepoRef;
  readonly readers: Readers;
  readonly now: number;
  readonly tasks: readonly Task[];
  /** How many issues are read at most. */
  readonly most: number;
}

/** How the issues stand that tasks wait for, by `owner/name#n`; those of other repositories send no events here. */
export async function readOutcomes({
  repo,
  readers,
  now,
  tasks,
  most,
}: Outcomes): Promise<ReadonlyMap<string, IssueOutcome>> {
  const waiting = tasks.flatMap(({ dependencies }) => dependencies.filter(({ state }) => state !== "done"));
  const refs = [...new Set(waiting.map(({ ref }) => ref))];
  const outcomes = new Map<string, IssueOutcome>();
  for (const ref of takeTurn(refs, most, now)) outcomes.set(ref, await readers.issues.stateOf(repo, ref));
  return outcomes;
}
