import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Reasons that hold back all tasks of a repository alike, as they were called when this migration was written. */
const SHARED = [
  "config.absent",
  "config.invalid",
  "organisation.invalid",
  "mode.shadow",
  "installation.suspended",
  "repository.stopped",
  "limit.running",
  "limit.pulls",
  "limit.minutes",
  "limit.usd",
  "queue.behind",
  "window.closed",
];

/** Queued tasks that wait for something of their own are told from those that could be next. */
export const parked: Migration = {
  async up(db) {
    await sql`alter table tasks add column parked boolean not null default false`.execute(db);
    await sql`
      update tasks set parked = true
      where state = 'queued' and exists (
        select 1 from jsonb_array_elements(data -> 'reasons') as reason
        where not (reason ->> 'code' = any(${SHARED}::text[])))`.execute(db);
    await sql`drop index tasks_queue`.execute(db);
    await sql`create index tasks_front on tasks (repo_id, parked, rank_at, id) where state = 'queued'`.execute(
      db,
    );
  },
};
