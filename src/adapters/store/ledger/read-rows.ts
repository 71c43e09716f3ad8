import type { Selectable } from "kysely";
import type { z } from "zod";
import type { RepositoryRecord } from "../../../core/plan/repository/repository.ts";
import { StoredRepository } from "../../../core/plan/repository/repository.ts";
import { Pull } from "../../../core/pull/pull.ts";
import { Attempt } from "../../../core/task/attempt.ts";
import { Task } from "../../../core/task/task.ts";
import type { Database } from "../schema.ts";
import type { StoreOptions } from "../store.ts";

interface DataRow {
  readonly id: string;
  readonly data: unknown;
}

/** Decodes stored rows. One that cannot be read is reported and left out: it must not stop the others. */
export interface RowReader {
  tasks(rows: readonly DataRow[]): readonly Task[];
  attempts(rows: readonly DataRow[]): readonly Attempt[];
  pulls(rows: readonly DataRow[]): readonly Pull[];
  repository(row: Selectable<Database["repositories"]>): RepositoryRecord;
}

export const NOTHING_STORED: StoredRepository = {
  pausedBy: null,
  facts: null,
  goodConfig: null,
  goodRoadmap: null,
};

export function createRowReader(onError: StoreOptions["onError"]): RowReader {
  const readAll = <T>(schema: z.ZodType<T>, rows: readonly DataRow[], what: string): readonly T[] =>
    rows.flatMap((row) => {
      const parsed = schema.safeParse(row.data);
      if (parsed.success) return [parsed.data];
      onError(parsed.error, `stored ${what} ${row.id} cannot be read`);
      return [];
    });
  return {
    tasks: (rows) => readAll(Task, rows, "task"),
    attempts: (rows) => readAll(Attempt, rows, "attempt"),
    pulls: (rows) => readAll(Pull, rows, "pull request"),
    repository: (row) => {
      const [stored] = readAll(StoredRepository, [{ id: String(row.id), data: row.stored }], "repository");
      return {
        repo: { id: row.id, installationId: row.installation_id, owner: row.owner, name: row.name },
        status: row.status,
        // Facts are read from GitHub again when there are none.
        stored: stored ?? NOTHING_STORED,
      };
    },
  };
}
