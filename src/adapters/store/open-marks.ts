import { sql } from "kysely";
import type { StoreContext } from "./engine.ts";
import { toText } from "./json.ts";
import type { Marks } from "./store.ts";

export function openMarks({ engine: { db } }: StoreContext): Marks {
  return {
    get: async (key) => {
      const row = await db
        .selectFrom("marks")
        .select("value")
        .where("key", "=", toText(key))
        .executeTakeFirst();
      return row?.value ?? null;
    },
    set: async (key, value) => {
      await sql`insert into marks (key, value) values (${toText(key)}, ${toText(value)})
        on conflict (key) do update set value = excluded.value`.execute(db);
    },
    once: async (key) => {
      const { rows } = await sql`insert into marks (key, value) values (${toText(key)}, '')
        on conflict (key) do nothing returning key`.execute(db);
      return rows.length === 1;
    },
  };
}
