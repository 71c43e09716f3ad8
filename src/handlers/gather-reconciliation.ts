import type { Event } from "../core/events.ts";
import type { IssueNow } from "../core/facts.ts";
import type { Gathered, LabeledIssue, StrayedIssue } from "../core/plan/gathered.ts";
import { triggerLabel, viewRepository } from "../core/plan/repository/repository-view.ts";
import type { Snapshot } from "../core/plan/snapshot.ts";
import { isTerminal, type Task } from "../core/task/task.ts";
import { readOutcomes } from "./read-outcomes.ts";
import type { Readers } from "./readers.ts";
import { takeTurn } from "./take-turn.ts";

interface Reconciliation {
  readonly event: Event;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
  readonly now: number;
}

const MAX_OUTCOMES = 30;
const MAX_STRAYED = 20;

/** Reads what lost events would have said about a repository; bounded, since the next round goes on. */
export async function readForReconciliation(reconciliation: Reconciliation): Promise<Gathered> {
  return {
    ...(await readIssueChanges(reconciliation)),
    ...(await readPulls(reconciliation)),
    ...(await readRoadmapIssues(reconciliation)),
  };
}

/** Issues that came, went or were closed, and how those stand that tasks wait for. */
async function readIssueChanges(reconciliation: Reconciliation): Promise<Gathered> {
  const { event, snapshot, readers, now } = reconciliation;
  const label = triggerLabel(viewRepository(snapshot.repository).config);
  const open = await readers.issues.openIssuesWithLabel(event.repo, label);
  const labeled: LabeledIssue[] = [];
  for (const issue of open) {
    const known = await readers.ledger.taskOfIssue(event.repo.id, issue.number);
    if (issue.isPull || known !== null) continue;
    const labeledBy = await readers.issues.labeledBy(event.repo, issue.number, label);
    if (labeledBy !== undefined) labeled.push({ issue, labeledBy });
  }
  const hasTrigger = await readTrigger(reconciliation, label, open.length > 0);
  const strayed = await readStrayed(reconciliation, {
    label,
    hasTrigger: hasTrigger !== false,
    open: new Set(open.map((issue) => issue.number)),
  });
  const { repo } = event;
  const outcomes = await readOutcomes({ repo, readers, now, tasks: snapshot.queue, most: MAX_OUTCOMES });
  return { labeled, strayed, outcomes, ...(hasTrigger !== undefined && { hasTrigger }) };
}

/** Asked only when no open issue has the label although some should; undefined when there is no need to know. */
async function readTrigger(
  { event, snapshot, readers }: Reconciliation,
  label: string,
  isUsed: boolean,
): Promise<boolean | undefined> {
  if (isUsed) return true;
  const isMissed = snapshot.repository.stored.missingLabel !== undefined;
  const isNeeded = listLive(snapshot).some((task) => task.trigger === "label");
  return isNeeded || isMissed ? readers.issues.hasLabel(event.repo, label) : undefined;
}

function listLive({ active, queue }: Snapshot): readonly Task[] {
  return [...active, ...queue].filter((task) => !isTerminal(task));
}

/** The open pull requests, where people's are verified; too many to list are heard of by their own events only. */
async function readPulls({
  event,
  snapshot,
  readers,
}: Reconciliation): Promise<Pick<Gathered, "listedPulls">> {
  const { config } = viewRepository(snapshot.repository);
  if (config === null || !config.gates.people.verify) return {};
  const listedPulls = await readers.code.openPulls(event.repo);
  return listedPulls === undefined ? {} : { listedPulls };
}

/** Issues that the app opened for the roadmap; those of live tasks are looked at with their tasks. */
async function readRoadmapIssues({
  event,
  snapshot,
  readers,
  now,
}: Reconciliation): Promise<Pick<Gathered, "roadmapIssues">> {
  const entries = Object.values(snapshot.repository.stored.roadmap?.entries ?? {});
  const open = entries.filter(({ isOpened, state }) => isOpened && (state === "open" || state === "stopped"));
  const numbers = open.flatMap(({ issue }) => (issue === null ? [] : [issue]));
  if (numbers.length === 0) return {};
  const roadmapIssues = new Map<number, IssueNow | null>();
  for (const number of takeTurn(numbers, MAX_OUTCOMES, now))
    roadmapIssues.set(number, (await readers.issues.issue(event.repo, number)) ?? null);
  return { roadmapIssues };
}

interface Expectation {
  readonly label: string;
  readonly hasTrigger: boolean;
  /** Open issues that have the label. */
  readonly open: ReadonlySet<number>;
}

/** Issues of live tasks that lost their label or were closed while nobody heard it. */
async function readStrayed(
  { event, snapshot, readers, now }: Reconciliation,
  { label, hasTrigger, open }: Expectation,
): Promise<readonly StrayedIssue[]> {
  const missing = listLive(snapshot).filter((task) => !open.has(task.issue));
  const strayed: StrayedIssue[] = [];
  for (const task of takeTurn(missing, MAX_STRAYED, now)) {
    const number = task.issue;
    const issue = (await readers.issues.issue(event.repo, number)) ?? null;
    const mayBeTakenBack = hasTrigger && task.trigger === "label" && issue?.state === "open";
    const unlabeledBy = mayBeTakenBack
      ? await readers.issues.unlabeledBy(event.repo, number, label)
      : undefined;
    strayed.push({ number, issue, ...(unlabeledBy !== undefined && { unlabeledBy }) });
  }
  return strayed;
}
