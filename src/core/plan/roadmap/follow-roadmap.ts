import type { Event } from "../../events.ts";
import type { RepoRef } from "../../repo.ts";
import type { Roadmap } from "../../roadmap/roadmap.ts";
import { findEntry, type RoadmapRecord, withEntry } from "../../roadmap/roadmap-record.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { isReached } from "./reach-milestones.ts";

/** The record of a roadmap that is looked at for the first time: what was reached before is no news. */
export function startRecord(draft: Draft, roadmap: Roadmap): RoadmapRecord {
  const empty = { entries: {}, milestones: {}, hasPull: false, pull: null, trouble: null, renewal: 0 };
  const record = draft.snapshot.doneRoadmapIds.reduce<RoadmapRecord>(
    (known, id) => withEntry(known, id, { state: "done" }),
    empty,
  );
  const reached = roadmap.milestones.filter(({ id }) => isReached(roadmap, record, id));
  const milestones = Object.fromEntries(reached.map(({ id }) => [id, { at: draft.now, isTold: true }]));
  return { ...record, milestones };
}

/** Notes where the tasks of the roadmap are after this plan. */
export function followTasks(draft: Draft, record: RoadmapRecord): RoadmapRecord {
  const seen = [...draft.activeTasks(), ...draft.queuedTasks(), ...draft.changedTasks()];
  return seen.reduce((known, task) => followTask(known, draft.current(task), draft.repo), record);
}

function followTask(record: RoadmapRecord, task: Task, repo: RepoRef): RoadmapRecord {
  const { roadmapId: id, issue } = task;
  if (id === null) return record;
  const entry = findEntry(record, id);
  const isOpened = entry?.isOpened === true && entry.issue === issue;
  if (!isTerminal(task)) return withEntry(record, id, { issue, isOpened, state: "active", isWritten: false });
  // What has ended is seen again when something about its comment changes; that is no news.
  if (entry?.state === "done" || entry?.state === "closed") return record;
  if (task.state === "done")
    return withEntry(record, id, { issue, isOpened, state: "done", evidence: evidenceOf(task, repo) });
  return withEntry(record, id, { issue, isOpened, state: "stopped" });
}

/** The merged pull request, else the run that proved it, else the issue. */
function evidenceOf(task: Task, repo: RepoRef): string {
  const run = task.timeline.findLast((line) => line.runUrl !== null)?.runUrl ?? null;
  const place = run === null ? undefined : /^(https?:\/\/\S+?)\/actions\/runs\//u.exec(run)?.[1];
  if (task.pull === null) return run ?? referTo(repo, task.issue);
  return place === undefined ? referTo(repo, task.pull.number) : `${place}/pull/${task.pull.number}`;
}

function referTo({ owner, name }: RepoRef, number: number): string {
  return `${owner}/${name}#${number}`;
}

/** Notes what people did to an issue of the roadmap on which no task works. */
export function followIssue(draft: Draft, record: RoadmapRecord, event: Event): RoadmapRecord {
  if (event.kind !== "issue.closed" && event.kind !== "issue.gone" && event.kind !== "issue.reopened")
    return record;
  const id = Object.keys(record.entries).find((known) => findEntry(record, known)?.issue === event.issue);
  const isWorkedOn = draft.focus !== null && !isTerminal(draft.focus);
  if (id === undefined || isWorkedOn) return record;
  const byHand = referTo(draft.repo, event.issue);
  if (event.kind === "issue.reopened") return reopen(record, id, byHand);
  if (findEntry(record, id)?.state === "done") return record;
  const isDone = event.kind === "issue.closed" && (event.reason ?? "completed") === "completed";
  return withEntry(record, id, isDone ? { state: "done", evidence: byHand } : { state: "closed" });
}

/** What a task of ours has done stays done; what only the issue said is not. */
function reopen(record: RoadmapRecord, id: string, byHand: string): RoadmapRecord {
  const entry = findEntry(record, id);
  const isOpenAgain = entry?.state === "closed" || entry?.evidence === byHand;
  return isOpenAgain ? withEntry(record, id, { state: "open", evidence: null, isWritten: false }) : record;
}

/** Notes that somebody merged or closed the pull request that writes progress, or opened it again. */
export function followPull(record: RoadmapRecord, event: Event): RoadmapRecord {
  if (event.kind !== "pull.changed") return record;
  const { action, pull } = event;
  if (action === "closed" && pull === record.pull)
    return { ...record, pull: null, trouble: null, closed: { pull, items: record.offered ?? [] } };
  const { closed, ...rest } = record;
  return action === "reopened" && pull === closed?.pull ? { ...rest, pull } : record;
}

/** Notes which of the tasks that are done the file knows of; from then on the file is right, whatever it says. */
export function noteWritten(record: RoadmapRecord, { tasks }: Roadmap): RoadmapRecord {
  return tasks
    .filter(({ id, status }) => status === "done" && findEntry(record, id)?.state === "done")
    .reduce((known, { id }) => withEntry(known, id, { isWritten: true }), record);
}
