import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Orders that nothing is done any more, read before every effect. */
export const stops: Migration = {
  async up(db) {
    await sql`create table stops (
      scope text not null,
      source text not null check (source in ('command', 'operator')),
      data jsonb not null,
      primary key (scope, source)
    )`.execute(db);
  },
};
