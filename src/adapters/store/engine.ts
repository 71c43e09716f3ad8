import type { Kysely, Transaction } from "kysely";
import type { Database } from "./schema.ts";
import type { StoreOptions } from "./store.ts";

export type Db = Kysely<Database>;
export type Trx = Transaction<Database>;

export const QUEUES = ["inbox", "outbox"] as const;
export type Queue = (typeof QUEUES)[number];

/** A database that is open, whichever it is. */
export interface Engine {
  readonly kind: "embedded" | "postgres";
  readonly db: Db;
  /** Runs `work` in one transaction; what lost against another transaction is run again. */
  transact<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Calls back when another process may have queued something. */
  onAnnounced(listener: (queue: Queue) => void): void;
  close(): Promise<void>;
}

/** What every part of the store works with. */
export interface StoreContext {
  readonly engine: Engine;
  readonly options: Required<Pick<StoreOptions, "now" | "onError" | "pollMs">>;
  /** Tells this process' workers that something is waiting. */
  readonly wake: (queue: Queue) => void;
  /** Deliveries that this process has taken and not yet stored. */
  readonly arriving: { count: number };
}

/** Serialization failure and deadlock: the transaction did nothing wrong and may be run again. */
const CONFLICTS: ReadonlySet<unknown> = new Set(["40001", "40P01"]);
const MAX_RUNS = 5;

/** Runs a transaction again when it lost against another one. */
export async function runAgainOnConflict<T>(run: () => Promise<T>): Promise<T> {
  for (let runs = 1; ; runs += 1) {
    try {
      return await run();
    } catch (error) {
      if (runs === MAX_RUNS || !CONFLICTS.has(sqlState(error))) throw error;
    }
  }
}

/** The five characters by which PostgreSQL names an error. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
