import { sql } from "kysely";
import { fillQueue, type OpenQueue, REPO } from "./fill-queue.ts";

/** How the tasks lie: the same number in each repository, or half of all in one. */
export const LAYOUTS = ["even", "half in one"] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface CrowdSize {
  readonly repositories: number;
  readonly tasks: number;
  readonly layout: Layout;
}

const PER_COPY = 50_000;
const HOUR_MS = 3_600_000;
/** Per repository; the one that holds half of the tasks has half of these as well. */
const EVENTS = 20;
const EFFECTS = 10;

/**
 * Many repositories with queued tasks, events that wait in each lane of the inbox, and effects that wait in lanes of the
 * outbox. The first repository comes about as in production; the others are copies that the database makes of it.
 */
export async function fillCrowd(
  queue: OpenQueue,
  size: CrowdSize & { readonly seed: number },
): Promise<void> {
  const { repositories, tasks, layout, seed } = size;
  const { first, others } = shareOut(size, tasks);
  await fillQueue(queue, { count: first, seed });
  const { db } = queue.engine;
  await sql`
    insert into repositories (id, installation_id, owner, name, status, stored, queue_length)
    select id + n, installation_id, owner, name || '-' || n, status, stored, ${others}::integer
    from repositories, generate_series(1, ${repositories - 1}::integer) as numbers (n) where id = ${REPO.id}`.execute(
    db,
  );
  const copies = others * (repositories - 1);
  for (let from = 0; from < copies; from += PER_COPY)
    await copyTasks(queue, { from, to: Math.min(from + PER_COPY, copies) - 1, others, seed });
  for (const { name, each } of [
    { name: "inbox", each: EVENTS },
    { name: "outbox", each: EFFECTS },
  ] as const)
    await addJobs(queue, { name, ...shareOut({ repositories, layout }, each * repositories), repositories });
  await sql.raw("vacuum analyze").execute(db);
  await sql.raw("checkpoint").execute(db);
}

/** How many of a whole the first repository has, and how many each of the others. */
function shareOut(
  { repositories, layout }: Pick<CrowdSize, "repositories" | "layout">,
  whole: number,
): { readonly first: number; readonly others: number } {
  if (layout === "even") return { first: whole / repositories, others: whole / repositories };
  return { first: whole / 2, others: Math.floor(whole / 2 / (repositories - 1)) };
}

/** Copies a queued task into the other repositories, each under an issue and a rank of its own. */
async function copyTasks(
  { engine }: OpenQueue,
  range: { readonly from: number; readonly to: number; readonly others: number; readonly seed: number },
): Promise<void> {
  await sql`
    with pattern as (
      select * from tasks where repo_id = ${REPO.id} and state = 'queued' order by rank_at, id limit 1
    ), numbered as (
      select ${REPO.id}::bigint + 1 + n / ${range.others}::bigint as repo_id, 11 + n % ${range.others}::bigint as issue,
        updated_at + ${24 * HOUR_MS}::bigint
          + (hashint8(n + ${range.seed}::bigint) & 2147483647) % ${24 * HOUR_MS}::bigint as rank_at
      from pattern, generate_series(${range.from}::bigint, ${range.to}::bigint) as numbers (n)
    ), named as (
      select numbered.*, repo_id || '.' || issue || '.1' as id from numbered
    )
    insert into tasks (id, repo_id, issue, generation, state, sort, rank_at, wake_at, updated_at, data)
    select named.id, named.repo_id, named.issue, generation, state, sort, named.rank_at, wake_at, updated_at,
      data || jsonb_build_object('id', named.id, 'repoId', named.repo_id, 'issue', named.issue, 'rankAt', named.rank_at)
    from pattern, named`.execute(engine.db);
}

/** Fills lanes: one for each repository in the inbox, one for each effect in the outbox. */
async function addJobs(
  { engine }: OpenQueue,
  {
    name,
    first,
    others,
    repositories,
  }: {
    readonly name: "inbox" | "outbox";
    readonly first: number;
    readonly others: number;
    readonly repositories: number;
  },
): Promise<void> {
  const lane = name === "inbox" ? sql`repo_id::text` : sql`repo_id || '/comment/' || n`;
  const wanted = sql`
    wanted as materialized (
      select repo_id, n from generate_series(${REPO.id}::bigint, ${REPO.id + repositories - 1}::bigint) as repos (repo_id),
        lateral generate_series(1, case when repo_id = ${REPO.id} then ${first}::integer else ${others}::integer end) as numbers (n)
    )`;
  await sql`
    with ${wanted} insert into lanes (queue, lane, ready_at)
    select distinct ${name}::text, ${lane}, ${Date.now() - HOUR_MS}::double precision from wanted`.execute(
    engine.db,
  );
  await sql`
    with ${wanted} insert into jobs (queue, lane, repo_id, body)
    select ${name}::text, ${lane}, repo_id, jsonb_build_object('effect', repo_id || '/comment/' || n)
    from wanted order by wanted.n, wanted.repo_id`.execute(engine.db);
  if (name === "inbox") return;
  await sql`
    with ${wanted} insert into effects (key, sort, kind, repo_id, subject, desired, created_at, updated_at)
    select repo_id || '/comment/' || n, 'projection', 'comment', repo_id, 'issue-' || n, '{}', 0, 0 from wanted`.execute(
    engine.db,
  );
}
