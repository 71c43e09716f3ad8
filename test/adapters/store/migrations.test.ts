import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { firstTables } from "../../../src/adapters/store/migrations/0001-first-tables.ts";
import { parked } from "../../../src/adapters/store/migrations/0006-parked.ts";
import { sidelined } from "../../../src/adapters/store/migrations/0007-sidelined.ts";
import { taskSorts } from "../../../src/adapters/store/migrations/0009-task-sorts.ts";
import { sortOf } from "../../../src/core/queue/front.ts";
import { REASONS, type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildTask } from "../../support/build-task.ts";

const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
afterEach(() => db.destroy());

describe("the sorts of queued tasks", () => {
  it("F115 are filled in for those that wait already, as they are written from then on", async () => {
    const standsIn = { for: "bugfix", team: "qa", attempt: 1, because: "its week is spent" };
    const codes = Object.keys(REASONS) as ReasonCode[];
    const tasks: readonly Task[] = [
      ...codes.map((code, index) => buildTask({ issue: index + 1, reasons: [reason(code, "m")] })),
      buildTask({ issue: 901, team: "dev", standsIn }),
      buildTask({ issue: 902, reasons: [reason("limit.team", "m"), reason("limit.running", "m")] }),
      buildTask({ issue: 903, reasons: [reason("limit.team", "m"), reason("task.held", "m")] }),
      buildTask({ issue: 904, state: "running" }),
    ];
    await firstTables.up(db);
    for (const { id, repoId, issue, state, rankAt, ...rest } of tasks)
      await sql`
        insert into tasks (id, repo_id, issue, generation, state, rank_at, updated_at, data)
        values (${id}, ${repoId}, ${issue}, 1, ${state}, ${rankAt}, 0, ${JSON.stringify(rest)}::text::jsonb)`.execute(
        db,
      );
    for (const migration of [parked, sidelined, taskSorts]) await migration.up(db);

    const { rows } = await sql<{ id: string; sort: string }>`select id, sort from tasks`.execute(db);
    expect(new Map(rows.map(({ id, sort }) => [id, sort]))).toEqual(
      new Map(tasks.map((task) => [task.id, sortOf(task)])),
    );
  });
});
