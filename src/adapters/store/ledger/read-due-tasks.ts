import { type RawBuilder, sql } from "kysely";
import type { RepoRef } from "../../../core/repo.ts";
import type { Db } from "../engine.ts";

interface DueRow {
  readonly task_id: string;
  readonly repo_id: number;
  readonly installation_id: number;
  readonly owner: string;
  readonly name: string;
}

/**
 * Live tasks of repositories at work whose deadline has passed; repositories take turns, each with its oldest first. Of a
 * repository no more is read than its share of the limit, so that the cost does not grow with a crowd that is due.
 */
export async function readDueTasks(
  db: Db,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<readonly { readonly repo: RepoRef; readonly taskId: string }[]> {
  const { rows } = await sql<DueRow>`
    with waiting as materialized (
      select repositories.* from repositories cross join lateral (${dueOf(now)} limit 1) as first_due
      where status = 'active'
    ), share as materialized (
      select ceil(${limit}::double precision / greatest(count(*), 1))::bigint as size from waiting
    )
    select due.id as task_id, waiting.id as repo_id, installation_id, owner, name
    from waiting cross join lateral (
      select oldest.*, row_number() over (order by wake_at) as turn from (
        ${dueOf(now, sql`waiting`)} order by wake_at limit (select size from share)
      ) as oldest
    ) as due
    order by turn, wake_at limit ${limit}`.execute(db);
  return rows.map(({ task_id, repo_id, installation_id, owner, name }) => ({
    repo: { id: repo_id, installationId: installation_id, owner, name },
    taskId: task_id,
  }));
}

function dueOf(now: number, repository = sql`repositories`): RawBuilder<unknown> {
  return sql`select tasks.id, wake_at from tasks
    where repo_id = ${repository}.id and wake_at <= ${now} and state not in ('done', 'failed', 'cancelled')`;
}
