import type { ChainHead } from "../../core/audit/seal-entry.ts";
import type { ChainBreak } from "../../core/audit/verify-chain.ts";
import type { RepoRef } from "../../core/repo.ts";
import type { Stop } from "../../core/stop/stop.ts";
import type { Simulator } from "../../ports/simulator.ts";

/** Everything outside that the commands touch. */
export interface CliHost {
  readonly version: string;
  /** Ms since epoch. */
  now(): number;
  /** Results; one line without its end. */
  print(line: string): void;
  /** Complaints and help that was not asked for. */
  complain(line: string): void;
  /** How far a long command is, in one line that the next one replaces; null takes it away. Only people see it. */
  showProgress(line: string | null): void;
  readonly simulator: Simulator;
  /** The text of a file; rejects with a `CliProblem` that says why it cannot be read. */
  readText(path: string): Promise<string>;
  /** Resolves when the server has started; it goes on by itself. */
  serve(): Promise<void>;
  /** Brings the tables up to date. Rejects with a `CliProblem`. */
  openDatabase(options: { readonly mustExist: boolean }): Promise<CliDatabase>;
}

export interface CliDatabase {
  /** Name of the newest migration. */
  readonly schema: string;
  readonly audit: {
    verify(repoId?: number): Promise<ChainBreak | null>;
    heads(): Promise<ReadonlyMap<number, ChainHead>>;
  };
  readonly stops: {
    list(): Promise<readonly Stop[]>;
    set(stop: Stop): Promise<void>;
    lift(scope: string): Promise<readonly Stop[]>;
    findRepository(owner: string, name: string): Promise<RepoRef | null>;
  };
  close(): Promise<void>;
}

/** A command could not do its work; the message is one sentence with what to do. */
export class CliProblem extends Error {
  override readonly name = "CliProblem";
}

/** How a command ended, for scripts. */
export const EXIT = {
  /** Done, and nothing is wrong. */
  ok: 0,
  /** Done, and what was looked at is wrong. */
  wrong: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Not done: a file, the environment or the database is not to be had. */
  failed: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
