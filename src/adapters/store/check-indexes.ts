import { sql } from "kysely";
import type { Engine } from "./engine.ts";
import { StoreProblem } from "./store-problem.ts";

/** The indexes that keep the cost of work apart from how much of it waits. */
const NEEDED: readonly string[] = [
  "lanes_ready",
  "jobs_in_lane",
  "jobs_waiting_once",
  "jobs_parked",
  "tasks_one_live",
  "tasks_front",
  "tasks_queued_pulls",
  "tasks_active",
  "tasks_due_of_repository",
  "tasks_of_issue",
  "tasks_of_pull",
  "tasks_of_sha",
  "pulls_of_number",
  "pulls_of_sha",
  "pulls_open",
  "pulls_due",
  "attempts_of_task",
  "attempts_of_run",
  "attempts_in_flight",
  "repositories_in_session",
];

/** Refuses a database in which somebody dropped an index: it would work, ever more slowly, and nobody would know why. */
export async function checkIndexes({ db }: Engine): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select indexname as name from pg_indexes where schemaname = current_schema()`.execute(db);
  const present = new Set(rows.map(({ name }) => name));
  const missing = NEEDED.filter((name) => !present.has(name));
  if (missing.length === 0) return;
  throw new StoreProblem(
    `The database lacks the index ${missing.join(", ")}, without which work slows down as it grows: create it again as in src/adapters/store/migrations.`,
  );
}
