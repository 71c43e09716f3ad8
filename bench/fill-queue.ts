import { sql } from "kysely";
import { createStore } from "../src/adapters/store/create-store.ts";
import type { Engine } from "../src/adapters/store/engine.ts";
import { openEngine } from "../src/adapters/store/open-store.ts";
import type { Store, StoreOptions } from "../src/adapters/store/store.ts";
import { ignore, type Plan } from "../src/core/plan/plan.ts";
import type { RepositoryRecord } from "../src/core/plan/repository/repository.ts";
import type { RepoRef } from "../src/core/repo.ts";
import type { Attempt } from "../src/core/task/attempt.ts";
import type { Task } from "../src/core/task/task.ts";
import { buildAttempt, buildRepository } from "../test/support/build-snapshot.ts";
import { buildTask } from "../test/support/build-task.ts";
import { INSTALLATION_ID } from "./make-bodies.ts";
import { createRandom } from "./statistics.ts";

export const REPO: RepoRef = { id: 7_001, installationId: INSTALLATION_ID, owner: "octo", name: "demo" };
/** Issues of the tasks that hold every slot the configuration has; those of the queued ones come after. */
export const RUNNING_ISSUES = [1, 2] as const;
export const FIRST_QUEUED_ISSUE = 11;

const DAY_MS = 86_400_000;
/** As many as go through the ledger; more are copies that the database makes of one of them. */
const THROUGH_LEDGER = 1_000;
const PER_PLAN = 250;
const PER_COPY = 50_000;

/** A store that is open, with the engine below it. */
export interface OpenQueue {
  readonly store: Store;
  readonly engine: Engine;
  close(): Promise<void>;
}

type Where = Pick<StoreOptions, "dataDir" | "databaseUrl">;

export async function openQueue(where: Where): Promise<OpenQueue> {
  const options: StoreOptions = { ...where, now: Date.now, onError: (error) => complain(error), pollMs: 50 };
  const engine = await openEngine(options);
  const store = createStore(engine, options);
  return { store, engine, close: () => store.close() };
}

function complain(error: unknown): void {
  process.stderr.write(`store: ${error instanceof Error ? error.stack : String(error)}\n`);
}

/** One repository with `count` queued tasks in random order and every slot taken, as an app would have left it. */
export async function fillQueue(
  queue: OpenQueue,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  const random = createRandom(seed);
  const now = Date.now();
  const throughLedger = Math.min(count, THROUGH_LEDGER);
  const queued = Array.from({ length: throughLedger }, (_, index) =>
    makeTask(FIRST_QUEUED_ISSUE + index, { now, rankAt: now + Math.floor(random() * DAY_MS) }),
  );
  await settlePlans(queue.store, [
    makeFirstPlan(now),
    ...Array.from({ length: Math.ceil(queued.length / PER_PLAN) }, (_, index) =>
      makePlan({ tasks: queued.slice(index * PER_PLAN, (index + 1) * PER_PLAN) }),
    ),
  ]);
  await copyTasks(queue.engine, {
    from: FIRST_QUEUED_ISSUE + throughLedger,
    to: FIRST_QUEUED_ISSUE + count,
    seed,
  });
  await tidy(queue.engine);
}

/** The hourly upkeep, which a queue that grew by itself has behind it. */
async function tidy({ db }: Engine): Promise<void> {
  await sql.raw("vacuum analyze").execute(db);
  await sql.raw("checkpoint").execute(db);
}

function makePlan(changes: Partial<Plan>): Plan {
  return { ...ignore("filled"), outcome: { status: "processed", reason: "filled" }, ...changes };
}

function makeFirstPlan(now: number): Plan {
  const record = buildRepository();
  const repository: RepositoryRecord = { ...record, repo: REPO };
  const running = RUNNING_ISSUES.map((issue) => makeRunning(issue, now));
  return makePlan({
    repository,
    tasks: running.map(({ task }) => task),
    attempts: running.map(({ attempt }) => attempt),
  });
}

function makeTask(issue: number, { now, rankAt }: { readonly now: number; readonly rankAt: number }): Task {
  const enqueuedAt = now - DAY_MS;
  return buildTask({
    repoId: REPO.id,
    issue,
    enqueuedAt,
    rankAt,
    labels: ["autopilot", "data"],
    kind: "data",
    role: "data-engineer",
    team: "dev",
    body: `${"Enough history for a forecast of weather-driven sales, one shop at a time. ".repeat(8)}(#${issue})`,
    updatedAt: enqueuedAt,
    wakeAt: now + 30 * DAY_MS,
  });
}

function makeRunning(issue: number, now: number): { readonly task: Task; readonly attempt: Attempt } {
  const task = makeTask(issue, { now, rankAt: now });
  const correlation = `${task.id}.1.0.0`;
  return {
    task: { ...task, state: "running", correlation },
    attempt: buildAttempt({
      correlation,
      taskId: task.id,
      repoId: REPO.id,
      stage: "generate",
      workflow: "generate.yml",
      runId: 900 + issue,
      dispatchedAt: now,
    }),
  };
}

/** Each plan ends an event of its own, as every plan does. */
async function settlePlans(store: Store, plans: readonly Plan[]): Promise<void> {
  const waiting = [...plans];
  const { promise: allSettled, resolve, reject } = Promise.withResolvers<void>();
  for (const [index] of plans.entries()) {
    await store.inbox.send({ kind: "repository.changed", repo: REPO }, `fill:${index}`);
  }
  const work = await store.inbox.work(async (job) => {
    const plan = waiting.shift() ?? makePlan({});
    await store.ledger.settle(job, plan).catch((error: unknown) => {
      reject(error);
      throw error;
    });
    if (waiting.length === 0) resolve();
  });
  await allSettled;
  await work.stop();
}

/** Copies the first queued task under other issues and ranks; what the ledger writes about a task is its row. */
async function copyTasks(
  { db }: Engine,
  { from, to, seed }: { readonly from: number; readonly to: number; readonly seed: number },
): Promise<void> {
  for (let start = from; start < to; start += PER_COPY) {
    const end = Math.min(start + PER_COPY, to) - 1;
    await sql`
      with pattern as (
        select * from tasks where repo_id = ${REPO.id} and issue = ${FIRST_QUEUED_ISSUE}
      ), numbered as (
        select number as issue, ${REPO.id}::bigint || '.' || number || '.1' as id,
          pattern.updated_at + ${DAY_MS}::bigint
            + (hashint8(number + ${seed}::bigint) & 2147483647) % ${DAY_MS}::bigint as rank_at
        from pattern, generate_series(${start}::bigint, ${end}::bigint) as numbers (number)
      )
      insert into tasks (id, repo_id, issue, generation, state, sort, rank_at, wake_at, updated_at, data)
      select numbered.id, repo_id, numbered.issue, generation, state, sort, numbered.rank_at, wake_at, updated_at,
        data || jsonb_build_object('id', numbered.id, 'issue', numbered.issue, 'rankAt', numbered.rank_at)
      from pattern, numbered`.execute(db);
    await sql`update repositories set queue_length = queue_length + ${end - start + 1}::integer where id = ${REPO.id}`.execute(
      db,
    );
  }
}
