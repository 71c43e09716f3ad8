import { checkIndexes } from "./check-indexes.ts";
import { createStore } from "./create-store.ts";
import { openEmbedded } from "./embedded/open-embedded.ts";
import type { Engine } from "./engine.ts";
import { openPostgres } from "./postgres/open-postgres.ts";
import type { Store, StoreOptions } from "./store.ts";

/** Opens the database, brings its tables up to date, and gives everything that is stored in it. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const engine = await openEngine(options);
  try {
    await checkIndexes(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return createStore(engine, options);
}

/** The embedded database, unless a PostgreSQL is named. */
export function openEngine(options: StoreOptions): Promise<Engine> {
  const { databaseUrl } = options;
  return databaseUrl === undefined ? openEmbedded(options) : openPostgres({ ...options, databaseUrl });
}
