import { type RawBuilder, sql } from "kysely";
import { type Pull, pullId } from "../../../core/pull/pull.ts";
import type { RepoRef } from "../../../core/repo.ts";
import type { Focus } from "../../../ports/ledger.ts";
import type { Db } from "../engine.ts";
import type { RowReader } from "./read-rows.ts";

interface Source {
  readonly db: Db;
  readonly reader: RowReader;
}

/** More heads than this are not one commit's business. */
const ABOUT_LIMIT = 100;

/** What an event about a pull request or a commit is about, beside the task in focus. */
function aboutQuery(repoId: number, focus: Focus): RawBuilder<unknown> {
  if (focus.by === "pull")
    return sql`select id, kind, number, head_sha from pulls where id = ${pullId(repoId, focus.pull)}`;
  if (focus.by === "sha")
    return sql`select id, kind, number, head_sha from pulls
      where repo_id = ${repoId} and head_sha = ${focus.sha} and state = 'open' limit ${ABOUT_LIMIT}`;
  return sql`select id, kind, number, head_sha from pulls where false`;
}

/**
 * The pulls that an event is about, those with the same head, the merge groups that they are in, and the pull request that a
 * merge group stands for. Reads from `focus`, the task of the event.
 */
export function pullsQuery(repoId: number, focus: Focus): RawBuilder<unknown> {
  return sql`
    (with about as materialized (${aboutQuery(repoId, focus)}),
    heads as (select head_sha from about union select head_sha from focus where head_sha is not null),
    numbers as (select number from about union select pull_number from focus where pull_number is not null)
    select 'pull' as part, id, data, null::double precision as first, null::double precision as second from pulls
      where id in (select id from about)
    union
    (select 'pull', pulls.id, pulls.data, null::double precision, null::double precision
      from heads join pulls on pulls.repo_id = ${repoId} and pulls.head_sha = heads.head_sha and pulls.state = 'open'
      limit ${ABOUT_LIMIT})
    union
    (select 'pull', pulls.id, pulls.data, null::double precision, null::double precision
      from numbers join pulls on pulls.repo_id = ${repoId} and pulls.number = numbers.number and pulls.state = 'open'
      limit ${ABOUT_LIMIT}))`;
}

interface DueRow {
  readonly id: string;
  readonly data: unknown;
  readonly repo_id: number;
  readonly installation_id: number;
  readonly owner: string;
  readonly name: string;
}

/** Open pulls of repositories at work whose deadline has passed; repositories take turns, each with its oldest first. */
export async function readDuePulls(
  { db, reader }: Source,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<readonly { readonly repo: RepoRef; readonly pull: Pull }[]> {
  const { rows } = await sql<DueRow>`
    select pulls.id, pulls.data, repo_id, installation_id, owner, name
    from pulls join repositories on repositories.id = repo_id
    where wake_at <= ${now} and state = 'open' and status = 'active'
    order by row_number() over (partition by repo_id order by wake_at), wake_at limit ${limit}`.execute(db);
  return rows.flatMap(({ id, data, repo_id, installation_id, owner, name }) =>
    reader
      .pulls([{ id, data }])
      .map((pull) => ({ repo: { id: repo_id, installationId: installation_id, owner, name }, pull })),
  );
}

export async function readOpenPulls(
  { db, reader }: Source,
  { repoId, limit }: { readonly repoId: number; readonly limit: number },
): Promise<readonly Pull[]> {
  const rows = await db
    .selectFrom("pulls")
    .select(["id", "data"])
    .where("repo_id", "=", repoId)
    .where("state", "=", "open")
    .orderBy("updated_at")
    .limit(limit)
    .execute();
  return reader.pulls(rows);
}
