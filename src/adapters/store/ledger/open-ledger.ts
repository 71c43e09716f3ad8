import { sql } from "kysely";
import type { RepositoryRecord } from "../../../core/plan/repository/repository.ts";
import { type Cost, NO_COST } from "../../../core/queue/cost/cost.ts";
import type { Ledger } from "../../../ports/ledger.ts";
import type { StoreContext } from "../engine.ts";
import { readDueTasks } from "./read-due-tasks.ts";
import { readDuePulls, readOpenPulls } from "./read-pulls.ts";
import { createRowReader } from "./read-rows.ts";
import { readSnapshot, readTaskOfIssue } from "./read-snapshot.ts";
import { settlePlan } from "./settle-plan.ts";

const REPORT_LIMIT = 1000;

export function openLedger(context: StoreContext): Ledger {
  const { db } = context.engine;
  const reader = createRowReader(context.options.onError);
  return {
    snapshot: (repo, focus, weekStart) => readSnapshot({ db, reader }, { repo, focus, weekStart }),
    taskOfIssue: (repoId, issue) => readTaskOfIssue({ db, reader }, { repoId, issue }),
    settle: (job, plan) => settlePlan(context, job, plan),
    dueTasks: (now, limit) => readDueTasks(db, { now, limit }),
    duePulls: (now, limit) => readDuePulls({ db, reader }, { now, limit }),
    openPulls: (repoId, limit) => readOpenPulls({ db, reader }, { repoId, limit }),
    repositories: async (): Promise<readonly RepositoryRecord[]> => {
      const rows = await db.selectFrom("repositories").selectAll().orderBy("id").execute();
      return rows.map(reader.repository);
    },
    tasksSince: async (repoId, since) => {
      const tasks = await db
        .selectFrom("tasks")
        .select(["id", "data"])
        .where("repo_id", "=", repoId)
        .where("updated_at", ">=", since)
        .orderBy("updated_at", "desc")
        .limit(REPORT_LIMIT)
        .execute();
      const ids = tasks.map((task) => task.id);
      const attempts = await sql<{ id: string; data: unknown }>`
        select correlation as id, data from attempts
        where task_id = any(${ids}::text[]) order by dispatched_at`.execute(db);
      return { tasks: reader.tasks(tasks), attempts: reader.attempts(attempts.rows) };
    },
    isShown: async (repoId, key) => {
      const { rows } = await sql`select 1 from effects where key = ${`${repoId}:${key}`}`.execute(db);
      return rows.length > 0;
    },
    usageBetween: async (repoId, { from, to }) => {
      const { rows } = await sql<Cost>`
        select coalesce(sum(minutes), 0)::double precision as minutes, coalesce(sum(usd), 0)::double precision as usd
        from usage_days where repo_id = ${repoId} and day >= ${from} and day < ${to}`.execute(db);
      return rows[0] ?? NO_COST;
    },
  };
}
