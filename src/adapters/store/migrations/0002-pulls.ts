import { sql } from "kysely";
import type { Migration } from "kysely/migration";

const STATEMENTS = [
  `create table pulls (
    id text primary key,
    repo_id bigint not null,
    kind text not null check (kind in ('pull', 'group')),
    number bigint not null,
    state text not null check (state in ('open', 'closed')),
    head_sha text not null,
    wake_at double precision,
    updated_at double precision not null,
    data jsonb not null
  )`,
  "create index pulls_of_number on pulls (repo_id, number)",
  "create index pulls_of_sha on pulls (repo_id, head_sha) where state = 'open'",
  "create index pulls_open on pulls (repo_id, updated_at) where state = 'open'",
  "create index pulls_due on pulls (wake_at) where wake_at is not null",
  "create index pulls_ended on pulls (updated_at) where state = 'closed'",
];

/** Pull requests of people and commits of merge queues, which have no task that could carry their verdict. */
export const pulls: Migration = {
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
