import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { RepoRef } from "../../../core/repo.ts";
import type { Db } from "../engine.ts";
import { toJson, toText } from "../json.ts";
import type { Database } from "../schema.ts";
import { NOTHING_STORED } from "./read-rows.ts";

type RepositoryRow = Selectable<Database["repositories"]>;

/** Reads a repository's row; makes it, or gives it its new names, when they are not what they were. */
export async function knowRepository(db: Db, repo: RepoRef): Promise<RepositoryRow> {
  const known = await db.selectFrom("repositories").selectAll().where("id", "=", repo.id).executeTakeFirst();
  if (known !== undefined && hasSameNames(known, repo)) return known;
  const { rows } = await sql<RepositoryRow>`
    insert into repositories (id, installation_id, owner, name, status, stored)
    values (${repo.id}, ${repo.installationId}, ${toText(repo.owner)}, ${toText(repo.name)}, 'active',
      ${toJson(NOTHING_STORED)}::text::jsonb)
    on conflict (id) do update
      set installation_id = excluded.installation_id, owner = excluded.owner, name = excluded.name
    returning *`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`Repository ${repo.id} was not stored.`);
  return row;
}

function hasSameNames(row: RepositoryRow, repo: RepoRef): boolean {
  return row.installation_id === repo.installationId && row.owner === repo.owner && row.name === repo.name;
}
