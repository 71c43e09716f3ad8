import { type RawBuilder, sql } from "kysely";
import type { Snapshot } from "../../../core/plan/snapshot.ts";
import { MAX_SORTS, windowOf } from "../../../core/queue/front.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { Attempt } from "../../../core/task/attempt.ts";
import type { Task } from "../../../core/task/task.ts";
import type { Focus } from "../../../ports/ledger.ts";
import type { Db } from "../engine.ts";
import { readStops } from "../open-stops.ts";
import { knowRepository } from "./know-repository.ts";
import { pullsQuery } from "./read-pulls.ts";
import type { RowReader } from "./read-rows.ts";

/** Blocked tasks beyond this wait until their own deadline brings them into focus. */
const WAITING_LIMIT = 500;
const ROADMAP_LIMIT = 5000;
/** Sorts beyond this are not told apart from none; each is a team and what it waits for. */
const KNOWN_SORTS = 1000;
/** Counting goes no further; a position behind it is given as this one. */
const POSITION_LIMIT = 10_000;

interface SnapshotRow {
  readonly part:
    | "active"
    | "queue"
    | "queued-pull"
    | "focus"
    | "attempt"
    | "done"
    | "usage"
    | "position"
    | "pull";
  readonly id: string;
  readonly data: unknown;
  readonly first: number | null;
  readonly second: number | null;
}

interface SnapshotQuery {
  readonly repo: RepoRef;
  readonly focus: Focus;
  readonly weekStart: number;
}

/** Reads what a plan needs in one statement, of which each part is a short walk along an index, once the sorts of tasks are known. */
export async function readSnapshot(
  { db, reader }: { readonly db: Db; readonly reader: RowReader },
  query: SnapshotQuery,
): Promise<Snapshot> {
  const known = await knowRepository(db, query.repo);
  const stops = await readStops(db, query.repo);
  const sorts = await frontSortsQuery(query.repo.id).execute(db);
  const { rows } = await snapshotQuery(
    query,
    sorts.rows.map(({ sort }) => sort),
  ).execute(db);
  const of = (part: SnapshotRow["part"]) => rows.filter((row) => row.part === part);
  const [focus] = reader.tasks(of("focus"));
  const [usage] = of("usage");
  const repository = reader.repository(known);
  return {
    repository: stops.length === 0 ? repository : { ...repository, stops },
    active: reader.tasks(of("active")),
    queue: reader.tasks(of("queue")).toSorted((a, b) => a.rankAt - b.rankAt || (a.id < b.id ? -1 : 1)),
    queuedPulls: reader.tasks(of("queued-pull")),
    queueLength: known.queue_length,
    focus: focus ?? null,
    focusPosition: focus === undefined ? null : positionOf(focus, rows),
    pulls: reader.pulls(of("pull")),
    attempts: distinctAttempts(reader.attempts(of("attempt"))),
    doneRoadmapIds: of("done").map((row) => row.id),
    weekUsage: { minutes: usage?.first ?? 0, usd: usage?.second ?? 0 },
  };
}

/** The newest task of an issue, and its place in the queue. */
export async function readTaskOfIssue(
  { db, reader }: { readonly db: Db; readonly reader: RowReader },
  { repoId, issue }: { readonly repoId: number; readonly issue: number },
): Promise<{ readonly task: Task; readonly position: number | null } | null> {
  const { rows } = await sql<SnapshotRow>`
    with focus as materialized (${focusQuery(repoId, { by: "issue", issue })})
    select 'focus' as part, id, data, null::double precision as first, null::double precision as second from focus
    union all
    ${positionQuery(repoId)}`.execute(db);
  const [task] = reader.tasks(rows.filter((row) => row.part === "focus"));
  return task === undefined ? null : { task, position: positionOf(task, rows) };
}

function snapshotQuery(
  { repo, focus, weekStart }: SnapshotQuery,
  sorts: readonly string[],
): RawBuilder<SnapshotRow> {
  const window = windowOf(sorts.length);
  const windows = sorts.map((sort) => sql`(${queueWindowQuery(repo.id, { sort, window })}) union all`);
  return sql<SnapshotRow>`
    with focus as materialized (${focusQuery(repo.id, focus)})
    select 'focus' as part, id, data, null::double precision as first, null::double precision as second from focus
    union all
    select 'active', id, data, null, null from tasks
    where repo_id = ${repo.id} and state in ('running', 'verifying')
    union all
    (select 'active', id, data, null, null from tasks
    where repo_id = ${repo.id} and state in ('blocked', 'needs-info') limit ${WAITING_LIMIT})
    union all
    ${sql.join(windows, sql` `)}
    (select 'queued-pull', id, data, null, null from tasks
    where repo_id = ${repo.id} and state = 'queued' and pull_number is not null limit ${WAITING_LIMIT})
    union all
    select 'attempt', correlation, data, null, null from attempts
    where repo_id = ${repo.id} and state in ('dispatching', 'dispatched', 'running')
    union all
    select 'attempt', correlation, attempts.data, null, null
    from focus join attempts on attempts.task_id = focus.id
    union all
    (select distinct 'done', roadmap_id, null::jsonb, null::double precision, null::double precision from tasks
    where repo_id = ${repo.id} and state = 'done' and roadmap_id is not null limit ${ROADMAP_LIMIT})
    union all
    select 'usage', '', null, sum(minutes), sum(usd) from usage_days
    where repo_id = ${repo.id} and day >= ${weekStart}
    union all
    ${pullsQuery(repo.id, focus)}
    union all
    ${positionQuery(repo.id)}`;
}

/** How many queued tasks come before the focus. */
function positionQuery(repoId: number): RawBuilder<SnapshotRow> {
  return sql<SnapshotRow>`
    select 'position' as part, '' as id, null::jsonb as data, count(*)::double precision as first, null::double precision as second
    from (
      select 1 from focus cross join (${sortsQuery(repoId)}) as sorts (sort) join tasks as ahead
        on ahead.repo_id = ${repoId} and ahead.state = 'queued' and ahead.sort = sorts.sort
        and (ahead.rank_at, ahead.id) < (focus.rank_at, focus.id)
      where focus.state = 'queued' limit ${POSITION_LIMIT}
    ) as counted`;
}

function positionOf(focus: Task, rows: readonly SnapshotRow[]): number | null {
  if (focus.state !== "queued") return null;
  return rows.find((row) => row.part === "position")?.first ?? 0;
}

/** The sorts that queued tasks of a repository are of: one step along an index for each, however many tasks there are. */
function sortsQuery(repoId: number): RawBuilder<{ readonly sort: string }> {
  return sql<{ readonly sort: string }>`
    with recursive known (sort) as (
      select min(sort) from tasks where repo_id = ${repoId} and state = 'queued'
      union all
      select (
        select min(tasks.sort) from tasks
        where tasks.repo_id = ${repoId} and tasks.state = 'queued' and tasks.sort > known.sort)
      from known where known.sort is not null
    )
    select sort from known where sort is not null limit ${KNOWN_SORTS}`;
}

/** The sorts of which a plan looks at any: those that could be next first, and before others that of the task with the best rank. */
function frontSortsQuery(repoId: number): RawBuilder<{ readonly sort: string }> {
  return sql<{ readonly sort: string }>`
    select sorts.sort from (${sortsQuery(repoId)}) as sorts (sort) cross join lateral (
      select rank_at, id from tasks
      where repo_id = ${repoId} and state = 'queued' and tasks.sort = sorts.sort order by rank_at, id limit 1
    ) as best
    order by split_part(sorts.sort, ' ', 1), best.rank_at, best.id limit ${MAX_SORTS}`;
}

/** The first queued tasks of one sort in a repository, in rank order. */
export function queueWindowQuery(
  repoId: number,
  { sort, window }: { readonly sort: string; readonly window: number },
): RawBuilder<SnapshotRow> {
  return sql<SnapshotRow>`
    select 'queue' as part, id, data, null::double precision as first, null::double precision as second from tasks
    where repo_id = ${repoId} and state = 'queued' and sort = ${sort}
    order by rank_at, id limit ${window}`;
}

const FOCUS_COLUMNS = sql`tasks.id, tasks.data, tasks.state, tasks.rank_at, tasks.head_sha, tasks.pull_number`;

/** One row per way to name a task; each ends in an index of its own. */
function focusQuery(repoId: number, focus: Focus): RawBuilder<unknown> {
  switch (focus.by) {
    case "issue":
      return sql`select ${FOCUS_COLUMNS} from tasks
        where repo_id = ${repoId} and issue = ${focus.issue} order by generation desc limit 1`;
    case "pull":
      return newestTask(sql`repo_id = ${repoId} and pull_number = ${focus.pull}`);
    case "sha":
      return newestTask(sql`repo_id = ${repoId} and head_sha = ${focus.sha}`);
    case "task":
      return newestTask(sql`repo_id = ${repoId} and id = ${focus.taskId}`);
    case "correlation":
      return newestTask(sql`repo_id = ${repoId} and id in (
        select task_id from attempts where repo_id = ${repoId} and correlation = ${focus.correlation})`);
    case "run":
      return newestTask(sql`repo_id = ${repoId} and id in (
        select task_id from attempts where repo_id = ${repoId} and run_id = ${focus.runId})`);
    case "nothing":
      return sql`select ${FOCUS_COLUMNS} from tasks where false`;
  }
}

function newestTask(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select ${FOCUS_COLUMNS} from tasks where ${condition} order by updated_at desc limit 1`;
}

function distinctAttempts(attempts: readonly Attempt[]): readonly Attempt[] {
  return [...new Map(attempts.map((attempt) => [attempt.correlation, attempt])).values()];
}
