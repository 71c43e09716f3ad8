import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Queued tasks whose pull request is open are found however far back they wait. */
export const queuedPulls: Migration = {
  async up(db) {
    await sql`create index tasks_queued_pulls on tasks (repo_id)
      where state = 'queued' and pull_number is not null`.execute(db);
  },
};
