import { sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  "create index tasks_due_of_repository on tasks (repo_id, wake_at) where wake_at is not null",
  "drop index tasks_due",
  "create index jobs_parked on jobs (queue, lane) where key like 'parked:%'",
];

/** What is due of a repository, and what was parked, are found without looking at all that waits elsewhere. */
export const crowds: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
