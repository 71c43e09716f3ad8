import type { Event } from "../core/events.ts";
import type { Pull } from "../core/pull/pull.ts";
import type { RepoRef } from "../core/repo.ts";
import { findDueWeek } from "../core/report/find-due-week.ts";
import { hasDueSession } from "../core/session/has-due-session.ts";
import type { AppAccess } from "../ports/github.ts";
import type { Inbox } from "../ports/inbox.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Marks } from "../ports/marks.ts";

export interface SweepDeps {
  readonly inbox: Inbox;
  readonly ledger: Ledger;
  readonly app: AppAccess;
  readonly marks: Marks;
  readonly now: () => number;
}

const MAX_DUE = 500;
const DAY_MS = 24 * 3_600_000;
/** GitHub keeps deliveries for three days. */
const DELIVERY_RETENTION_MS = 3 * DAY_MS;
const CURSOR = "deliveries.cursor";

/** Wakes every task and every pull request whose deadline has passed: silence becomes an event. */
export async function sweepDeadlines({ inbox, ledger, now }: SweepDeps): Promise<number> {
  const due = await ledger.dueTasks(now(), MAX_DUE);
  for (const { repo, taskId } of due) await inbox.send({ kind: "task.due", repo, taskId }, `due:${taskId}`);
  const pulls = await ledger.duePulls(now(), MAX_DUE);
  for (const { repo, pull } of pulls) await inbox.send(dueEvent(repo, pull), `due:${pull.id}`);
  return due.length + pulls.length;
}

function dueEvent(repo: RepoRef, { kind, number, headSha, requester }: Pull): Event {
  if (kind === "group") return { kind: "group.changed", repo, sha: headSha };
  return { kind: "pull.changed", repo, pull: number, action: "due", sender: requester };
}

/** Compares every repository with GitHub, so that lost, late and doubled webhooks do not matter. */
export async function sweepRepositories({ inbox, app }: SweepDeps): Promise<number> {
  const repositories = await app.repositories();
  for (const repo of repositories)
    await inbox.send({ kind: "repository.reconcile", repo }, `reconcile:${repo.id}`);
  return repositories.length;
}

/** Asks GitHub for the deliveries that failed while nobody answered, from where the last sweep ended (F025). */
export async function sweepDeliveries({ app, marks, now }: SweepDeps): Promise<number> {
  const since = Number((await marks.get(CURSOR)) ?? now() - DELIVERY_RETENTION_MS);
  const { redelivered, newest } = await app.redeliverFailed(since);
  await marks.set(CURSOR, String(newest));
  return redelivered;
}

/**
 * Orders the weekly reports whose moment has come, and has sessions looked at that the clock ends. The week of a report is the one
 * that its moment lies behind.
 */
export async function sweepReports({ inbox, ledger, marks, now }: SweepDeps): Promise<void> {
  for (const record of await ledger.repositories()) {
    if (hasDueSession(record, now()))
      await inbox.send({ kind: "session.due", repo: record.repo }, `session:${record.repo.id}`);
    const week = findDueWeek(record, now());
    if (week === undefined) continue;
    const mark = `report:${record.repo.id}:${week}`;
    if ((await marks.get(mark)) !== null) continue;
    await inbox.send({ kind: "report.due", repo: record.repo, week }, mark);
    await marks.set(mark, String(now()));
  }
}
