import type { AuditEntry } from "../../core/audit/audit-entry.ts";
import type { ChainHead, SealedEntry } from "../../core/audit/seal-entry.ts";
import type { ChainBreak } from "../../core/audit/verify-chain.ts";
import type { Inbox } from "../../ports/inbox.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Outbox } from "../../ports/outbox.ts";
import type { Quota } from "../../ports/quota.ts";
import type { StopOffice } from "./open-stops.ts";

/** Everything that outlives the process. */
export interface Store {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly audit: AuditLog;
  readonly marks: Marks;
  readonly quota: Quota;
  readonly stops: StopOffice;
  ready(): Promise<Readiness>;
  /** Gives all work under way back to other processes, for one that ends at once. */
  abandon(): Promise<void>;
  /** Stops all work, waits for what is under way, and lets go of the database. */
  close(): Promise<void>;
}

export interface Readiness {
  readonly ok: boolean;
  /** Events that wait to be handled. */
  readonly backlog: number;
  readonly deadLetters: number;
  readonly outboxWaiting: number;
  /** What is stopped: everything, or how many accounts and repositories. */
  readonly stopped: { readonly all: boolean; readonly parts: number };
  /** Sessions that are not over, and those that hold back what they covered; absent where the database does not say. */
  readonly sessions?: { readonly open: number; readonly resting: number };
}

/** What was decided and done, one hash chain per repository. */
export interface AuditLog {
  append(repoId: number, entries: readonly AuditEntry[]): Promise<void>;
  /** The first broken row of one chain or of all; null when every chain is intact. Anchors are heads noted elsewhere. */
  verify(repoId?: number, anchors?: ReadonlyMap<number, ChainHead>): Promise<ChainBreak | null>;
  /** The newest rows, newest first. */
  read(repoId: number, options: { readonly limit: number }): Promise<readonly SealedEntry[]>;
  /** Where each chain stands: what to note elsewhere as its anchor. */
  heads(): Promise<ReadonlyMap<number, ChainHead>>;
}

/** Small facts by key: cursors, and notes of what is said only once. */
export interface Marks {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  /** True the first time for a key, false ever after. */
  once(key: string): Promise<boolean>;
}

export interface StoreOptions {
  /** PostgreSQL 15 or newer; without it the database is embedded under `dataDir`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  readonly now: () => number;
  /** Told about everything that went wrong on its own: a lost connection, a row that cannot be read. */
  readonly onError: (error: unknown, where: string) => void;
  /** How often waiting work is looked for when nothing announces it; 1,000 unless told. */
  readonly pollMs?: number;
  readonly retry?: Partial<RetryOptions>;
  readonly parallel?: { readonly inbox?: number; readonly outbox?: number };
}

/** How failed work comes back. */
export interface RetryOptions {
  /** How often an event is tried again before it is kept as a dead letter. */
  readonly inboxRetries: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** 0 ≤ x < 1, for the jitter. */
  readonly random: () => number;
}
