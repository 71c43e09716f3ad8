import type { Event } from "../core/events.ts";
import type { IssueOutcome } from "../core/facts.ts";
import type { Gathered, LabeledIssue, StrayedIssue } from "../core/plan/gathered.ts";
import { triggerLabel, viewRepository } from "../core/plan/repository/repository-view.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import type { Readers } from "./readers.ts";

interface Reconciliation {
  readonly event: Event;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
  readonly now: number;
}

/** About how often a repository is reconciled. */
const ROUND_MS = 5 * 60_000;
const MAX_OUTCOMES = 30;
const MAX_STRAYED = 20;

/** Reads what lost events would have said about the issues of a repository; bounded, since the next round goes on. */
export async function readForReconciliation(reconciliation: Reconciliation): Promise<Gathered> {
  const { event, snapshot, readers } = reconciliation;
  const label = triggerLabel(viewRepository(snapshot.repository).config);
  const open = await readers.issues.openIssuesWithLabel(event.repo, label);
  const labeled: LabeledIssue[] = [];
  for (const issue of open) {
    const known = await readers.ledger.taskOfIssue(event.repo.id, issue.number);
    if (issue.isPull || known !== null) continue;
    const labeledBy = await readers.issues.labeledBy(event.repo, issue.number, label);
    if (labeledBy !== undefined) labeled.push({ issue, labeledBy });
  }
  const strayed = await readStrayed(reconciliation, new Set(open.map((issue) => issue.number)));
  return { labeled, strayed, outcomes: await readOutcomes(reconciliation) };
}

/** How the issues stand that queued tasks wait for; those of other repositories send no events here. */
async function readOutcomes({
  event,
  snapshot,
  readers,
}: Reconciliation): Promise<ReadonlyMap<string, IssueOutcome>> {
  const waiting = snapshot.queue.flatMap((task) =>
    task.dependencies.filter((known) => known.state !== "done"),
  );
  const refs = [...new Set(waiting.map((known) => known.ref))].slice(0, MAX_OUTCOMES);
  const outcomes = new Map<string, IssueOutcome>();
  for (const ref of refs) outcomes.set(ref, await readers.issues.stateOf(event.repo, ref));
  return outcomes;
}

/** Issues of live tasks that lost their label or were closed while nobody heard it. */
async function readStrayed(
  { event, snapshot, readers, now }: Reconciliation,
  open: ReadonlySet<number>,
): Promise<readonly StrayedIssue[]> {
  const live = [...snapshot.active, ...snapshot.queue].map((task) => task.issue);
  const missing = live.filter((issue) => !open.has(issue));
  // Another part of a long list each time, so that no issue is left out for ever.
  const first = missing.length > MAX_STRAYED ? Math.floor(now / ROUND_MS) % missing.length : 0;
  const strayed: StrayedIssue[] = [];
  for (const number of [...missing.slice(first), ...missing.slice(0, first)].slice(0, MAX_STRAYED)) {
    strayed.push({ number, issue: (await readers.issues.issue(event.repo, number)) ?? null });
  }
  return strayed;
}
