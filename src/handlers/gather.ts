import type { Event, EventKind, EventOf } from "../core/events.ts";
import { awaitsRevert, isUnderCritics } from "../core/plan/critics/critics-stage.ts";
import { findCorrelation } from "../core/plan/events/plan-run.ts";
import type { Gathered } from "../core/plan/gathered.ts";
import { interestsOf } from "../core/plan/repository/branch-interests.ts";
import { liveFocus, type Snapshot } from "../core/plan/snapshot.ts";
import { isoWeekOf, weekStart } from "../core/report/iso-week.ts";
import type { Task } from "../core/task/task.ts";
import type { Focus } from "../ports/ledger.ts";
import { readComment } from "./gather-comment.ts";
import { readSessions, readWeek } from "./gather-history.ts";
import { readClosed, readEdited, readLabel, readLabeled, readUnlabeled } from "./gather-issues.ts";
import { focusOfGroup, readGroup, readPull } from "./gather-pulls.ts";
import { readForReconciliation } from "./gather-reconciliation.ts";
import { readOutcomes } from "./read-outcomes.ts";
import { readRunById, watchRun } from "./read-run.ts";
import type { Readers } from "./readers.ts";

interface Reading<K extends EventKind> {
  readonly event: EventOf<K>;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
  readonly now: number;
}

interface Row<K extends EventKind> {
  readonly focus: (event: EventOf<K>) => Focus;
  /** Reads only what this event needs; an event that is not for us costs no request. */
  readonly read: (reading: Reading<K>) => Promise<Gathered>;
}

const nothing = async (): Promise<Gathered> => ({});
const byIssue = (event: { readonly issue: number }): Focus => ({ by: "issue", issue: event.issue });
const byNothing = (): Focus => ({ by: "nothing" });

/** What to read for each kind of event, from the store's snapshot on; one row each. */
const ROWS: { readonly [K in EventKind]: Row<K> } = {
  "issue.labeled": { focus: byIssue, read: readLabeled },
  "issue.unlabeled": { focus: byIssue, read: readUnlabeled },
  "issue.edited": { focus: byIssue, read: readEdited },
  "issue.closed": { focus: byIssue, read: readClosed },
  "issue.reopened": { focus: byIssue, read: nothing },
  "issue.unlocked": { focus: byIssue, read: nothing },
  "issue.gone": { focus: byIssue, read: async () => ({ issue: null }) },
  "comment.created": {
    focus: (event) => (event.isPull ? { by: "pull", pull: event.issue } : byIssue(event)),
    read: readComment,
  },
  "comment.edited": { focus: byIssue, read: nothing },
  "comment.deleted": { focus: byIssue, read: nothing },
  "comment.elsewhere": { focus: (event) => ({ by: "pull", pull: event.issue }), read: readSender },
  "pull.changed": { focus: (event) => ({ by: "pull", pull: event.pull }), read: readPull },
  "check.changed": { focus: (event) => ({ by: "sha", sha: event.sha }), read: readPull },
  "check.rerequested": { focus: (event) => ({ by: "sha", sha: event.sha }), read: readPull },
  "check.action": {
    focus: (event) => ({ by: "sha", sha: event.sha }),
    read: readSender,
  },
  "group.requested": { focus: focusOfGroup, read: readGroup },
  "group.changed": { focus: (event) => ({ by: "sha", sha: event.sha }), read: readGroup },
  "group.destroyed": { focus: (event) => ({ by: "sha", sha: event.sha }), read: nothing },
  "run.changed": { focus: focusOfRun, read: readRun },
  "branch.pushed": { focus: byNothing, read: readPush },
  "repository.added": { focus: byNothing, read: readRepository },
  "repository.removed": { focus: byNothing, read: nothing },
  "repository.changed": { focus: byNothing, read: readRepository },
  "label.changed": { focus: byNothing, read: readLabel },
  "stop.asked": { focus: byNothing, read: readSender },
  "stop.changed": { focus: byNothing, read: nothing },
  "installation.suspended": { focus: byNothing, read: nothing },
  "installation.unsuspended": { focus: byNothing, read: nothing },
  "effect.settled": {
    focus: focusOfSettled,
    read: nothing,
  },
  "task.due": { focus: (event) => ({ by: "task", taskId: event.taskId }), read: readDue },
  "repository.reconcile": {
    focus: byNothing,
    read: async (reading) => ({
      ...(await readRepository(reading)),
      ...(await readForReconciliation(reading)),
    }),
  },
  "report.due": { focus: byNothing, read: readWeek },
  "session.due": { focus: byNothing, read: nothing },
  "session.ended": { focus: byNothing, read: readSessions },
};

/** Takes the snapshot of the store and reads what the event needs of GitHub. */
export async function gather(
  event: Event,
  readers: Readers,
  now: number,
): Promise<{ snapshot: Snapshot; gathered: Gathered }> {
  return gatherOne(event, readers, now);
}

/** The store's snapshot for an event, without reading anything of GitHub. */
export async function takeSnapshot<K extends EventKind>(
  event: EventOf<K>,
  { ledger }: Pick<Readers, "ledger">,
  now: number,
): Promise<Snapshot> {
  const row: Row<K> = ROWS[event.kind as K];
  return ledger.snapshot(event.repo, row.focus(event), weekStart(isoWeekOf(now)));
}

async function gatherOne<K extends EventKind>(event: EventOf<K>, readers: Readers, now: number) {
  const row: Row<K> = ROWS[event.kind as K];
  const snapshot = await takeSnapshot(event, readers, now);
  return { snapshot, gathered: await row.read({ event, snapshot, readers, now }) };
}

async function readSender({
  event,
  readers,
}: Reading<"check.action"> | Reading<"stop.asked"> | Reading<"comment.elsewhere">): Promise<Gathered> {
  return { permission: await readers.issues.permissionOf(event.repo, event.sender.login) };
}

function focusOfRun(event: EventOf<"run.changed">): Focus {
  const correlation = findCorrelation(event.title);
  return correlation === undefined ? { by: "run", runId: event.runId } : { by: "correlation", correlation };
}

/** An issue that was opened has no task yet, unless it was opened before. */
function focusOfSettled({ taskId, effect, outcome }: EventOf<"effect.settled">): Focus {
  if (taskId !== null) return { by: "task", taskId };
  const issue = effect === "open-issue" && outcome.kind === "done" ? outcome.facts.issue : undefined;
  return typeof issue === "number" ? { by: "issue", issue } : byNothing();
}

/** The statuses of a run that its attempt has to hear of with everything that GitHub knows. */
const NEWS: ReadonlySet<string> = new Set(["completed", "waiting"]);

async function readRun(reading: Reading<"run.changed">): Promise<Gathered> {
  const { event, snapshot, now } = reading;
  if (snapshot.focus === null) return {};
  const attempt = snapshot.attempts.find((known) => known.runId === event.runId);
  if (NEWS.has(event.status)) return readRunById(reading, event.runId);
  if (event.status !== "in_progress") return {};
  if (attempt === undefined || attempt.runUrl === null) return readRunById(reading, event.runId);
  // That a known run has begun is all there is to know; a late event is told by the attempt's own state.
  const { runId: id, title, status, conclusion, runAttempt } = event;
  const run = {
    origin: null,
    id,
    title,
    status,
    conclusion,
    runAttempt,
    headSha: attempt.baseSha,
    url: attempt.runUrl,
    startedAt: now,
    updatedAt: now,
  };
  return { run };
}

async function readDue(reading: Reading<"task.due">): Promise<Gathered> {
  const { event, snapshot, readers, now } = reading;
  const task = liveFocus(snapshot);
  if (task === null || (task.wakeAt ?? 0) > now) return {};
  if (awaitsRevert(task)) return readRevert(reading, task);
  const hasRun = task.state === "running" || isUnderCritics(task);
  if (!hasRun) return task.state === "queued" ? readWaits(reading, task) : readPull(reading);
  const attempt = snapshot.attempts.find((known) => known.correlation === task.correlation);
  if (attempt === undefined) return {};
  const { runId } = attempt;
  if (runId !== null) return watchRun(reading, { ...attempt, runId });
  const [adopted] = await readers.runs.runsOf(
    event.repo,
    attempt.workflow,
    attempt.correlation,
    attempt.dispatchedAt,
  );
  return adopted === undefined ? {} : readRunById(reading, adopted.id);
}

/** So many tasks behind the front of a repository's queue ask within an hour what they wait for, and about so many issues each. */
const FAR_ASKERS = 200;
const FAR_OUTCOMES = 3;
const HOUR_MS = 3_600_000;

/** How that stands what a task far back waits for; the reconciliation asks for the front, and each of a long queue has its turn. */
async function readWaits(reading: Reading<"task.due">, task: Task): Promise<Gathered> {
  const { event, readers, now, snapshot } = reading;
  const turns = Math.ceil(snapshot.queueLength / FAR_ASKERS);
  const isItsTurn = (Math.floor(now / HOUR_MS) + task.issue) % Math.max(1, turns) === 0;
  if (!isItsTurn || snapshot.queue.some(({ id }) => id === task.id)) return {};
  const { repo } = event;
  return { outcomes: await readOutcomes({ repo, readers, now, tasks: [task], most: FAR_OUTCOMES }) };
}

/** Whether a pull request is open, and nothing of what gates look at. */
const NO_EVIDENCE = { reports: null, reviews: false, closes: false, owners: false } as const;

async function readRevert({ event, readers }: Reading<"task.due">, { aftermath }: Task): Promise<Gathered> {
  if (aftermath?.phase !== "waiting" || aftermath.revert === null) return {};
  return { pull: (await readers.code.pull(event.repo, aftermath.revert.number, NO_EVIDENCE)) ?? null };
}

async function readPush({ event, snapshot, readers }: Reading<"branch.pushed">): Promise<Gathered> {
  const { facts } = snapshot.repository.stored;
  if (facts === null || facts.branch === event.branch) return readRepository({ event, snapshot, readers });
  const read = async (path: string) => (await readers.code.fileAt(event.repo, event.sha, path)) ?? null;
  const config = await read(".github/orchestrator.yml");
  const { goodConfig } = snapshot.repository.stored;
  const { roadmapPath } = interestsOf(config, goodConfig?.text ?? null);
  const roadmap = roadmapPath === null ? null : await read(roadmapPath);
  const isSame = config === facts.configText && roadmap === facts.roadmapText;
  if (isSame) return { branchFiles: null };
  const openPulls = await readers.ledger.openPulls(event.repo.id, MAX_OPEN_PULLS);
  return { branchFiles: { config, roadmap }, openPulls };
}

/** Pulls without a task that one look at a repository takes in. */
const MAX_OPEN_PULLS = 500;

async function readRepository({
  event,
  snapshot,
  readers,
}: {
  readonly event: Event;
  readonly snapshot: Snapshot;
  readonly readers: Readers;
}): Promise<Gathered> {
  const { goodConfig, goodRoadmap } = snapshot.repository.stored;
  const inForce = { configText: goodConfig?.text ?? null, roadmapText: goodRoadmap?.text ?? null };
  const openPulls = await readers.ledger.openPulls(event.repo.id, MAX_OPEN_PULLS);
  return { facts: (await readers.code.branchFacts(event.repo, inForce)) ?? null, openPulls };
}
