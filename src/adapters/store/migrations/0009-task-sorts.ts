import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Reasons that hold back all tasks of a repository or of a team alike, as they were called when this migration was written. */
const ALIKE = [
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
  "limit.team",
  "repository.paused",
  "session.over",
];

/** Queued tasks are told apart by their team, and by what they wait for: nothing but their turn, their team's, something of their own. */
export const taskSorts: Migration = {
  async up(db) {
    await sql`alter table tasks add column sort text collate "C" not null default ''`.execute(db);
    await sql`
      update tasks set sort = case
        when not sidelined then 'free '
        when exists (
          select 1 from jsonb_array_elements(data -> 'reasons') as reason
          where not (reason ->> 'code' = any(${ALIKE}::text[]))) then 'own '
        else 'full '
      end || coalesce(data #>> '{standsIn,team}', data ->> 'team', '')
      where state = 'queued'`.execute(db);
    await sql`drop index tasks_front`.execute(db);
    await sql`alter table tasks drop column sidelined`.execute(db);
    await sql`create index tasks_front on tasks (repo_id, sort, rank_at, id) where state = 'queued'`.execute(
      db,
    );
  },
};
