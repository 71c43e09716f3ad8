import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Db, Engine } from "../engine.ts";
import { runAgainOnConflict } from "../engine.ts";
import { migrate } from "../migrate.ts";
import type { Database } from "../schema.ts";
import type { StoreOptions } from "../store.ts";
import { StoreProblem } from "../store-problem.ts";
import { listenForJobs } from "./listen-for-jobs.ts";

const OLDEST_VERSION = 150_000;
const INT8 = 20;
/** A webhook must be answered within ten seconds, so waiting for the database ends before that. */
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 7_000;
const WORK_LIMITS: pg.PoolConfig = {
  max: 16,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
  idle_in_transaction_session_timeout: 30_000,
};

/** Opens PostgreSQL; connections that break are replaced when they are needed next. */
export async function openPostgres(
  options: Pick<StoreOptions, "onError"> & { readonly databaseUrl: string },
): Promise<Engine> {
  await prepare(options.databaseUrl);
  const pool = new pg.Pool({ ...connectionConfig(options.databaseUrl), ...WORK_LIMITS });
  pool.on("error", (error) => options.onError(error, "postgres: idle connection"));
  // A connection that breaks inside a transaction, between two statements, would otherwise end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const listener = listenForJobs(options);
  return {
    kind: "postgres",
    db,
    transact: (work) => runAgainOnConflict(() => db.transaction().execute(work)),
    onAnnounced: listener.subscribe,
    close: async () => {
      await listener.close();
      await db.destroy();
    },
  };
}

/** On a connection of its own, since bringing large tables up to date may take longer than any other work. */
async function prepare(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ ...connectionConfig(databaseUrl), max: 1 });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await checkVersion(db);
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

function connectionConfig(databaseUrl: string): pg.PoolConfig {
  return {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: "orchestrator",
    types: {
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
    },
  };
}

async function checkVersion(db: Db): Promise<void> {
  const version = await readVersion(db);
  if (version < OLDEST_VERSION) {
    throw new StoreProblem("DATABASE_URL names a PostgreSQL older than 15: use 15 or newer.");
  }
}

async function readVersion(db: Db): Promise<number> {
  try {
    const { rows } = await sql<{ version: number }>`
      select current_setting('server_version_num')::integer as version`.execute(db);
    return rows[0]?.version ?? 0;
  } catch (error) {
    throw new StoreProblem(
      "The database of DATABASE_URL cannot be reached: check address, user, password and that it runs.",
      { cause: error },
    );
  }
}
