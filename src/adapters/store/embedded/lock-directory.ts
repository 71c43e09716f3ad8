import { DatabaseSync } from "node:sqlite";
import { StoreProblem } from "../store-problem.ts";

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a directory for this process alone. SQLite's exclusive lock is a lock of the kernel: it goes with the process,
 * however that ends. PGlite itself has none, and two processes on one directory lose each other's rows.
 */
export function lockDirectory(directory: string): DirectoryLock {
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(`${directory}/lock`);
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    lock?.close();
    throw new StoreProblem(explain(error, directory), { cause: error });
  }
  const held = lock;
  return { release: () => held.close() };
}

function explain(error: unknown, directory: string): string {
  const isTaken = error instanceof Error && /locked|busy/i.test(error.message);
  if (isTaken) {
    return `The data directory ${directory} is in use by another process: stop that one first, or set DATABASE_URL to run several.`;
  }
  return `The data directory ${directory} cannot be locked: make it writable for this user.`;
}
