import { sql } from "kysely";
import { z } from "zod";
import type { Effect } from "../../../core/effects.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { Db } from "../engine.ts";
import { StoredAction, StoredProjection } from "./effect-schema.ts";

/** Body of an outbox job: everything else is read when it is done, so the newest desired state is what gets done. */
export const EffectJob = z.object({ effect: z.string() });

/** An effect as it stood when its try began. */
export interface BegunTry {
  readonly key: string;
  readonly kind: string;
  readonly repo: RepoRef;
  readonly taskId: string | null;
  readonly version: number;
  /** Null when what is stored cannot be read. */
  readonly effect: Effect | null;
  /** Null when no try can have reached GitHub before this one. */
  readonly firstTriedAt: number | null;
  readonly tries: number;
  readonly remoteId: string | null;
}

/**
 * An effect that nobody tried for so long is read back first all the same: the database may have been restored from a
 * backup that is older than its try.
 */
const STALE_AFTER_MS = 300_000;

interface EffectRow {
  readonly key: string;
  readonly sort: "projection" | "action";
  readonly kind: string;
  readonly repo_id: number;
  readonly subject: string;
  readonly task_id: string | null;
  readonly desired: unknown;
  readonly version: number;
  readonly tries: number;
  readonly tried_before: number | null;
  readonly remote_id: string | null;
  readonly installation_id: number;
  readonly owner: string;
  readonly name: string;
}

/** Notes that an effect is tried, before anything reaches GitHub; null when there is nothing left to do. */
export async function beginTry(db: Db, key: string, now: number): Promise<BegunTry | null> {
  const { rows } = await sql<EffectRow>`
    with before as (
      select key, coalesce(
        first_tried_at,
        case when updated_at < ${now - STALE_AFTER_MS} then updated_at end
      ) as tried_before
      from effects where key = ${key} and applied_version < version for update
    )
    update effects set state = 'trying', tries = tries + 1, updated_at = ${now},
      first_tried_at = coalesce(effects.first_tried_at, ${now})
    from before, repositories
    where effects.key = before.key and repositories.id = effects.repo_id
    returning effects.key, sort, kind, repo_id, subject, task_id, desired, version, tries,
      before.tried_before, remote_id, installation_id, owner, name`.execute(db);
  const [row] = rows;
  return row === undefined ? null : toBegunTry(row);
}

function toBegunTry(row: EffectRow): BegunTry {
  const repo = { id: row.repo_id, installationId: row.installation_id, owner: row.owner, name: row.name };
  return {
    key: row.key,
    kind: row.kind,
    repo,
    taskId: row.task_id,
    version: row.version,
    effect: toEffect(row, repo),
    firstTriedAt: row.tried_before,
    tries: row.tries,
    remoteId: row.remote_id,
  };
}

function toEffect(row: EffectRow, repo: RepoRef): Effect | null {
  const common = { key: row.key, subject: row.subject, repo, taskId: row.task_id };
  if (row.sort === "projection") {
    const projection = StoredProjection.safeParse(row.desired);
    return projection.success ? { sort: "projection", ...common, projection: projection.data } : null;
  }
  const action = StoredAction.safeParse(row.desired);
  return action.success ? { sort: "action", ...common, action: action.data } : null;
}
