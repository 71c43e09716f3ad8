import fs from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, sql } from "kysely";
import type { Db, Engine } from "../engine.ts";
import { runAgainOnConflict } from "../engine.ts";
import { migrate } from "../migrate.ts";
import type { Database } from "../schema.ts";
import type { StoreOptions } from "../store.ts";
import { StoreProblem } from "../store-problem.ts";
import { DurableFS } from "./durable-fs.ts";
import { lockDirectory } from "./lock-directory.ts";
import { startUpkeep } from "./upkeep.ts";

/** The PostgreSQL that PGlite contains; a directory of another one cannot be opened. */
export const EMBEDDED_MAJOR = "18";

const INT8 = 20;

const START_PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== "-F"),
  ...["-c", "fsync=on", "-c", "wal_sync_method=fsync", "-c", "shared_buffers=16MB"],
];

/** Opens the database inside this process, under `dataDir`. */
export async function openEmbedded(options: Pick<StoreOptions, "dataDir" | "onError">): Promise<Engine> {
  const { dataDir } = options;
  makePrivate(dataDir);
  const lock = lockDirectory(dataDir);
  try {
    const { pglite, files } = await openDirectory(dataDir);
    const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
    await migrate(db);
    await checkDurability(db, files);
    // The lock is ours, so whoever held these leases is gone.
    await sql`update lanes set leased_until = null where leased_until is not null`.execute(db);
    const stopUpkeep = startUpkeep(db, options.onError);
    return {
      kind: "embedded",
      db,
      transact: (work) => runAgainOnConflict(() => db.transaction().execute(work)),
      onAnnounced: () => {},
      close: async () => {
        await stopUpkeep();
        await db.destroy();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function makePrivate(dataDir: string): void {
  try {
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    fs.chmodSync(dataDir, 0o700);
  } catch (error) {
    throw new StoreProblem(
      `The data directory ${dataDir} cannot be made: check the path and its permissions.`,
      {
        cause: error,
      },
    );
  }
}

async function openDirectory(dataDir: string): Promise<{ pglite: PGlite; files: DurableFS }> {
  const directory = `${dataDir}/pg`;
  if (!fs.existsSync(directory)) await createDirectory(directory);
  refuseForeign(directory);
  const files = new DurableFS(directory);
  try {
    return { pglite: await startPglite(files), files };
  } catch (error) {
    throw new StoreProblem(
      `The database in ${directory} cannot be opened; it is damaged, or was copied while in use: restore a backup of ${dataDir}.`,
      { cause: error },
    );
  }
}

/** A first start that is interrupted leaves only the unfinished directory, which the next one throws away. */
async function createDirectory(directory: string): Promise<void> {
  const unfinished = `${directory}.new`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  try {
    const pglite = await startPglite(new DurableFS(unfinished));
    await pglite.close();
    fs.chmodSync(unfinished, 0o700);
    fs.renameSync(unfinished, directory);
  } catch (error) {
    throw new StoreProblem(`The database in ${directory} cannot be created: check space and permissions.`, {
      cause: error,
    });
  }
}

function startPglite(files: DurableFS): Promise<PGlite> {
  return PGlite.create({ fs: files, startParams: START_PARAMS, parsers: { [INT8]: Number } });
}

/** PGlite would start an empty database where it finds none, and abort without a reason on one of another version. */
function refuseForeign(directory: string): void {
  const version = readVersion(directory);
  if (version === EMBEDDED_MAJOR) return;
  throw new StoreProblem(
    version === null
      ? `${directory} is not a complete database: restore a backup, or move it away to start with an empty one.`
      : `The database in ${directory} is of PostgreSQL ${version}, this program contains ${EMBEDDED_MAJOR}: move it over with a dump.`,
  );
}

function readVersion(directory: string): string | null {
  try {
    return fs.readFileSync(`${directory}/PG_VERSION`, "utf8").trim();
  } catch {
    return null;
  }
}

/** A commit that reaches no disk is not a commit: better not to start. */
async function checkDurability(db: Db, files: Pick<DurableFS, "syncs">): Promise<void> {
  const before = files.syncs;
  await sql`insert into marks (key, value) values ('store.durability-check', '1')
    on conflict (key) do update set value = (marks.value::bigint + 1)::text`.execute(db);
  if (files.syncs === before) {
    throw new StoreProblem(
      "The embedded database did not sync a commit to disk: install the exact PGlite version of package-lock.json, or set DATABASE_URL.",
    );
  }
}
