import { sql } from "kysely";
import { sortOf } from "../../../core/queue/front.ts";
import type { Attempt } from "../../../core/task/attempt.ts";
import type { Task } from "../../../core/task/task.ts";
import { isTerminal } from "../../../core/task/task.ts";
import type { Trx } from "../engine.ts";
import { toJson } from "../json.ts";

const DAY_MS = 86_400_000;

interface TaskBefore {
  readonly id: string;
  readonly state: string;
  readonly minutes: number | null;
  readonly usd: number | null;
}

/** Writes tasks, and keeps the length of the queue and the use per day, so that neither has to be counted. */
export async function writeTasks(
  trx: Trx,
  { repoId, tasks }: { readonly repoId: number; readonly tasks: readonly Task[] },
): Promise<void> {
  if (tasks.length === 0) return;
  const before = await readBefore(trx, tasks);
  await upsertTasks(trx, tasks);
  await moveQueueLength(trx, repoId, countQueued(tasks) - countQueued([...before.values()]));
  for (const task of tasks) await addUsage(trx, task, before.get(task.id));
}

export async function writeAttempts(trx: Trx, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map((attempt) => ({
    correlation: attempt.correlation,
    repo_id: attempt.repoId,
    task_id: attempt.taskId,
    run_id: attempt.runId,
    state: attempt.state,
    dispatched_at: attempt.dispatchedAt,
    data: attempt,
  }));
  await sql`
    insert into attempts (correlation, repo_id, task_id, run_id, state, dispatched_at, data)
    select * from jsonb_to_recordset(${toJson(rows)}::text::jsonb) as x(
      correlation text, repo_id bigint, task_id text, run_id bigint, state text,
      dispatched_at double precision, data jsonb)
    on conflict (correlation) do update set run_id = excluded.run_id, state = excluded.state,
      dispatched_at = excluded.dispatched_at, data = excluded.data`.execute(trx);
}

async function readBefore(trx: Trx, tasks: readonly Task[]): Promise<ReadonlyMap<string, TaskBefore>> {
  const ids = tasks.map((task) => task.id);
  const { rows } = await sql<TaskBefore>`
    select id, state, (data #>> '{usage,minutes}')::double precision as minutes,
      (data #>> '{usage,usd}')::double precision as usd
    from tasks where id = any(${ids}::text[])`.execute(trx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Ended tasks first: a task that ends makes room for the next one of its issue in the same plan. */
async function upsertTasks(trx: Trx, tasks: readonly Task[]): Promise<void> {
  const ordered = [...tasks.filter(isTerminal), ...tasks.filter((task) => !isTerminal(task))];
  const rows = ordered.map((task, position) => ({
    position,
    id: task.id,
    repo_id: task.repoId,
    issue: task.issue,
    generation: task.generation,
    state: task.state,
    sort: sortOf(task),
    rank_at: task.rankAt,
    wake_at: task.wakeAt,
    roadmap_id: task.roadmapId,
    pull_number: task.pull?.number ?? null,
    head_sha: task.pull?.headSha ?? null,
    updated_at: task.updatedAt,
    data: task,
  }));
  await sql`
    insert into tasks (id, repo_id, issue, generation, state, sort, rank_at, wake_at, roadmap_id, pull_number, head_sha,
      updated_at, data)
    select id, repo_id, issue, generation, state, sort, rank_at, wake_at, roadmap_id, pull_number, head_sha,
      updated_at, data
    from jsonb_to_recordset(${toJson(rows)}::text::jsonb) as x(
      position integer, id text, repo_id bigint, issue bigint, generation integer, state text,
      sort text, rank_at double precision, wake_at double precision, roadmap_id text, pull_number bigint, head_sha text,
      updated_at double precision, data jsonb)
    order by position
    on conflict (id) do update set state = excluded.state, sort = excluded.sort, rank_at = excluded.rank_at, wake_at = excluded.wake_at,
      roadmap_id = excluded.roadmap_id, pull_number = excluded.pull_number, head_sha = excluded.head_sha,
      updated_at = excluded.updated_at, data = excluded.data`.execute(trx);
}

function countQueued(tasks: readonly { readonly state: string }[]): number {
  return tasks.filter((task) => task.state === "queued").length;
}

async function moveQueueLength(trx: Trx, repoId: number, by: number): Promise<void> {
  if (by === 0) return;
  await sql`update repositories set queue_length = queue_length + ${by} where id = ${repoId}`.execute(trx);
}

async function addUsage(trx: Trx, task: Task, before: TaskBefore | undefined): Promise<void> {
  const minutes = task.usage.minutes - (before?.minutes ?? 0);
  const usd = task.usage.usd - (before?.usd ?? 0);
  if (minutes === 0 && usd === 0) return;
  const day = Math.floor(task.updatedAt / DAY_MS) * DAY_MS;
  await sql`
    insert into usage_days (repo_id, day, minutes, usd) values (${task.repoId}, ${day}, ${minutes}, ${usd})
    on conflict (repo_id, day) do update
      set minutes = usage_days.minutes + excluded.minutes, usd = usage_days.usd + excluded.usd`.execute(trx);
}
