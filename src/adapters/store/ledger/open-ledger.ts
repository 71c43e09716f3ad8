import { sql } from "kysely";
import type { RepositoryRecord } from "../../../core/plan/repository/repository.ts";
import type { Ledger } from "../../../ports/ledger.ts";
import type { StoreContext } from "../engine.ts";
import { readDuePulls, readOpenPulls } from "./read-pulls.ts";
import { createRowReader } from "./read-rows.ts";
import { readSnapshot, readTaskOfIssue } from "./read-snapshot.ts";
import { settlePlan } from "./settle-plan.ts";

const REPORT_LIMIT = 1000;

interface DueRow {
  readonly task_id: string;
  readonly repo_id: number;
  readonly installation_id: number;
  readonly owner: string;
  readonly name: string;
}

export function openLedger(context: StoreContext): Ledger {
  const { db } = context.engine;
  const reader = createRowReader(context.options.onError);
  return {
    snapshot: (repo, focus, weekStart) => readSnapshot({ db, reader }, { repo, focus, weekStart }),
    taskOfIssue: (repoId, issue) => readTaskOfIssue({ db, reader }, { repoId, issue }),
    settle: (job, plan) => settlePlan(context, job, plan),
    dueTasks: async (now, limit) => {
      const { rows } = await sql<DueRow>`
        select tasks.id as task_id, repo_id, installation_id, owner, name
        from tasks join repositories on repositories.id = repo_id
        where wake_at <= ${now} and state not in ('done', 'failed', 'cancelled') and status = 'active'
        order by row_number() over (partition by repo_id order by wake_at), wake_at limit ${limit}`.execute(
        db,
      );
      return rows.map(({ task_id, repo_id, installation_id, owner, name }) => ({
        repo: { id: repo_id, installationId: installation_id, owner, name },
        taskId: task_id,
      }));
    },
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
  };
}
