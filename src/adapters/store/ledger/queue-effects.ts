import { sql } from "kysely";
import type { AuditEntry } from "../../../core/audit/audit-entry.ts";
import type { Effect } from "../../../core/effects.ts";
import type { StoreContext, Trx } from "../engine.ts";
import { toJson, toText } from "../json.ts";
import { enqueue } from "../lanes/enqueue.ts";

interface ChangedEffect {
  readonly key: string;
  readonly version: number;
}

/**
 * Stores effects and queues those that are new or want something else than before; the same action under the same key is
 * never queued again. Answers with the audit's intent rows.
 */
export async function queueEffects(
  trx: Trx,
  context: StoreContext,
  effects: readonly Effect[],
): Promise<readonly AuditEntry[]> {
  if (effects.length === 0) return [];
  const now = context.options.now();
  const byKey = lastByKey(effects);
  const changed = await upsertEffects(trx, [...byKey.values()], now);
  const versionByKey = new Map(changed.map((row) => [row.key, row.version]));
  const queued = [...byKey].filter(([key]) => versionByKey.has(key));
  await enqueue(trx, context, {
    queue: "outbox",
    jobs: queued.map(([key, effect]) => ({
      lane: toText(`${effect.repo.id}/${effect.subject}`),
      repoId: effect.repo.id,
      key,
      guid: null,
      body: { effect: key },
    })),
  });
  return queued.map(([key, effect]) => ({
    kind: "effect.intended",
    actor: "orchestrator",
    taskId: effect.taskId,
    at: now,
    data: { key, effect: kindOf(effect), subject: effect.subject, version: versionByKey.get(key) },
  }));
}

/** One plan may want a projection twice; the last one counts. The first of two equal actions does. */
function lastByKey(effects: readonly Effect[]): ReadonlyMap<string, Effect> {
  const byKey = new Map<string, Effect>();
  for (const effect of effects) {
    const key = toText(effect.key);
    if (effect.sort === "projection" || !byKey.has(key)) byKey.set(key, effect);
  }
  return byKey;
}

async function upsertEffects(
  trx: Trx,
  effects: readonly Effect[],
  now: number,
): Promise<readonly ChangedEffect[]> {
  const rows = effects.map((effect) => ({
    key: effect.key,
    sort: effect.sort,
    kind: kindOf(effect),
    repo_id: effect.repo.id,
    subject: effect.subject,
    task_id: effect.taskId,
    desired: effect.sort === "projection" ? effect.projection : effect.action,
  }));
  const { rows: changed } = await sql<ChangedEffect>`
    insert into effects (key, sort, kind, repo_id, subject, task_id, desired, created_at, updated_at)
    select key, sort, kind, repo_id, subject, task_id, desired, ${now}::double precision, ${now}::double precision
    from jsonb_to_recordset(${toJson(rows)}::text::jsonb) as x(
      key text, sort text, kind text, repo_id bigint, subject text, task_id text, desired jsonb)
    order by key
    on conflict (key) do update set desired = excluded.desired, kind = excluded.kind, task_id = excluded.task_id,
      version = effects.version + 1, state = 'waiting', updated_at = excluded.updated_at
    where effects.sort = 'projection' and excluded.sort = 'projection'
      and effects.desired is distinct from excluded.desired
    returning key, version`.execute(trx);
  return changed;
}

function kindOf(effect: Effect): string {
  return effect.sort === "projection" ? effect.projection.kind : effect.action.kind;
}
