import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { firstTables } from "./migrations/0001-first-tables.ts";
import { pulls } from "./migrations/0002-pulls.ts";
import { stops } from "./migrations/0003-stops.ts";
import { crowds } from "./migrations/0004-crowds.ts";
import { sessions } from "./migrations/0005-sessions.ts";
import { parked } from "./migrations/0006-parked.ts";
import { sidelined } from "./migrations/0007-sidelined.ts";
import { queuedPulls } from "./migrations/0008-queued-pulls.ts";
import { taskSorts } from "./migrations/0009-task-sorts.ts";
import type { Database } from "./schema.ts";
import { StoreProblem } from "./store-problem.ts";

/** Every migration, in order; a name is never changed and a row never taken out. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-first-tables": firstTables,
  "0002-pulls": pulls,
  "0003-stops": stops,
  "0004-crowds": crowds,
  "0005-sessions": sessions,
  "0006-parked": parked,
  "0007-sidelined": sidelined,
  "0008-queued-pulls": queuedPulls,
  "0009-task-sorts": taskSorts,
};

/** Brings the tables up to date, under the migrator's lock; refuses tables that are newer than this code. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const unknown = (await readExecuted(db)).filter((name) => !(name in MIGRATIONS));
  if (unknown.length > 0) {
    throw new StoreProblem(
      `The database was written by a newer version (it knows ${unknown.join(", ")}): start that version, or restore a backup from before it.`,
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new StoreProblem("The database tables could not be brought up to date; see the cause.", {
      cause: error,
    });
  }
}

/** Read by hand, because the migrator itself fails on a migration that it does not know. */
async function readExecuted(db: Kysely<Database>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return rows.map((row) => row.name);
}
