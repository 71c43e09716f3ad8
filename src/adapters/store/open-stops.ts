import { sql } from "kysely";
import type { RepoRef } from "../../core/repo.ts";
import { ALL, Stop, type StopChange, scopesOf } from "../../core/stop/stop.ts";
import type { Stops } from "../../ports/stops.ts";
import type { Db, StoreContext, Trx } from "./engine.ts";
import { sendEvents } from "./inbox/send-events.ts";
import { toJson, toText } from "./json.ts";

/** Stops as the operator handles them: every repository that one is about hears of it. */
export interface StopOffice extends Stops {
  /** All of them, the widest first. */
  list(): Promise<readonly Stop[]>;
  set(stop: Stop): Promise<void>;
  /** Lifts every stop of a scope, whoever ordered it, and answers with what was lifted. */
  lift(scope: string): Promise<readonly Stop[]>;
  /** The repository of these names, as far as it is known; case does not matter. */
  findRepository(owner: string, name: string): Promise<RepoRef | null>;
}

interface StopRow {
  readonly scope: string;
  readonly data: unknown;
}

export function openStops(context: StoreContext): StopOffice {
  const { engine } = context;
  const changeAll = async (scope: string, work: (trx: Trx) => Promise<readonly StopRow[]>) => {
    const rows = await engine.transact(async (trx) => {
      const changed = await work(trx);
      if (changed.length > 0) await tellRepositories(trx, context, scope);
      return changed;
    });
    context.wake("inbox");
    return rows.map(toStop);
  };
  return {
    of: (repo) => readStops(engine.db, repo),
    list: async () => {
      const { rows } = await sql<StopRow>`select scope, data from stops order by scope, source`.execute(
        engine.db,
      );
      return rows.map(toStop);
    },
    set: async (stop) => {
      await changeAll(stop.scope, async (trx) => {
        await writeStopChange(trx, { kind: "set", stop });
        return [{ scope: stop.scope, data: stop }];
      });
    },
    lift: (scope) =>
      changeAll(scope, async (trx) => {
        const { rows } = await sql<StopRow>`
          delete from stops where scope = ${toText(scope)} returning scope, data`.execute(trx);
        return rows;
      }),
    findRepository: async (owner, name) => {
      const { rows } = await sql<RepoRef>`
        select id, installation_id as "installationId", owner, name from repositories
        where lower(owner) = ${toText(owner.toLowerCase())} and lower(name) = ${toText(name.toLowerCase())}
        order by status limit 1`.execute(engine.db);
      return rows[0] ?? null;
    },
  };
}

/** Stops that are in force for a repository, the widest first. */
export async function readStops(db: Db, repo: RepoRef): Promise<readonly Stop[]> {
  const { rows } = await sql<StopRow>`
    select scope, data from stops where scope = any(${[...scopesOf(repo)]}::text[])
    order by scope, source`.execute(db);
  return rows.map(toStop);
}

export async function writeStopChange(trx: Trx, change: StopChange): Promise<void> {
  if (change.kind === "lifted") {
    await sql`delete from stops where scope = ${toText(change.scope)} and source = ${change.source}`.execute(
      trx,
    );
    return;
  }
  const { stop } = change;
  await sql`
    insert into stops (scope, source, data)
    values (${toText(stop.scope)}, ${stop.source}, ${toJson(stop)}::text::jsonb)
    on conflict (scope, source) do update set data = excluded.data`.execute(trx);
}

/** A row that cannot be read still stops. */
function toStop({ scope, data }: StopRow): Stop {
  const parsed = Stop.safeParse(data);
  if (parsed.success) return parsed.data;
  const unknown = { source: "operator", by: "somebody", at: 0, why: null, commentId: null } as const;
  return { ...unknown, scope, keepsRuns: true };
}

/** Tasks need not wait for the next event of their repository. */
async function tellRepositories(trx: Trx, context: StoreContext, scope: string): Promise<void> {
  const { rows } = await sql<RepoRef>`
    select id, installation_id as "installationId", owner, name from repositories
    where status = 'active' and (${scope}::text = ${ALL}::text or ${scope} = 'owner:' || lower(owner) or ${scope} = 'repo:' || id)
    order by id`.execute(trx);
  await sendEvents(
    trx,
    context,
    rows.map((repo) => ({ event: { kind: "stop.changed", repo }, key: `stop:${repo.id}` })),
  );
}
