import { CompiledQuery, type KyselyPlugin, sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Db } from "../../../src/adapters/store/engine.ts";
import { claimJobs, nextReadyAt } from "../../../src/adapters/store/lanes/claim.ts";
import { findParkedLanes } from "../../../src/adapters/store/lanes/park.ts";
import { beginTry } from "../../../src/adapters/store/outbox/begin-try.ts";
import type { Store } from "../../../src/adapters/store/store.ts";
import { makeRepo, START } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

const REPOSITORIES = 200;
const TASKS = 20_000;
const FIRST_REPO = 500_001;
const REPO = makeRepo({ id: FIRST_REPO + 7 });

interface HotQuery {
  readonly name: string;
  ask(reach: { readonly db: Db; readonly store: Store }): Promise<unknown>;
  /** Indexes along which it has to walk. */
  readonly indexes: readonly string[];
}

/** What is asked all the time, however much waits: each has to find its rows without reading a table. */
const HOT_QUERIES: readonly HotQuery[] = [
  ...(["inbox", "outbox"] as const).map(
    (queue): HotQuery => ({
      name: `claiming jobs of the ${queue}`,
      ask: ({ db }) => claimJobs(db, { queue, limit: 8, now: START }),
      indexes: ["lanes_ready", "jobs_in_lane", "jobs_pkey"],
    }),
  ),
  {
    name: "when a lane that rests is ready",
    ask: ({ db }) => nextReadyAt(db, "outbox", START),
    indexes: ["lanes_ready"],
  },
  {
    name: "looking for lanes with parked jobs",
    ask: ({ db }) => findParkedLanes(db),
    indexes: ["jobs_parked"],
  },
  {
    name: "beginning an effect",
    ask: ({ db }) => beginTry(db, `${REPO.id}/comment/1`, START),
    indexes: ["effects_pkey"],
  },
  {
    name: "tasks whose deadline has passed",
    ask: ({ store }) => store.ledger.dueTasks(START, 500),
    indexes: ["tasks_due_of_repository"],
  },
  {
    name: "pull requests whose deadline has passed",
    ask: ({ store }) => store.ledger.duePulls(START, 500),
    indexes: ["pulls_due"],
  },
  {
    name: "the snapshot of an issue",
    ask: ({ store }) => store.ledger.snapshot(REPO, { by: "issue", issue: 12 }, 0),
    indexes: ["tasks_front", "tasks_active", "tasks_of_issue", "attempts_in_flight", "attempts_of_task"],
  },
  {
    name: "the snapshot of a run",
    ask: ({ store }) => store.ledger.snapshot(REPO, { by: "run", runId: 12 }, 0),
    indexes: ["tasks_front", "attempts_of_run"],
  },
  {
    name: "the snapshot of a pull request",
    ask: ({ store }) => store.ledger.snapshot(REPO, { by: "pull", pull: 12 }, 0),
    indexes: ["tasks_front", "tasks_of_pull", "pulls_pkey"],
  },
  {
    name: "the snapshot of a commit",
    ask: ({ store }) => store.ledger.snapshot(REPO, { by: "sha", sha: "none" }, 0),
    indexes: ["tasks_front", "tasks_of_sha", "pulls_of_sha"],
  },
  {
    name: "the place of an issue's task",
    ask: ({ store }) => store.ledger.taskOfIssue(REPO.id, 12),
    indexes: ["tasks_of_issue", "tasks_front"],
  },
];

const GREAT_TABLES = /Seq Scan on (?:tasks|jobs|lanes|effects|attempts|pulls|deliveries|audit)\b/u;

export function describeHotQueries(suite: StoreSuite): void {
  describe("hot queries", () => {
    it("F115 walk along an index each, and read no great table from its beginning to its end", async () => {
      await fill(suite);
      const { engine } = suite.harness();
      const asked: CompiledQuery[] = [];
      const db = engine.db.withPlugin(recordInto(asked, engine.db));
      const store = suite.harness().wrapped((real) => ({ ...real, db }));

      const problems: string[] = [];
      for (const query of HOT_QUERIES) {
        asked.length = 0;
        await query.ask({ db, store });
        problems.push(...(await judge(engine.db, query, asked)));
      }

      expect(problems).toEqual([]);
    });
  });
}

async function judge(
  db: Db,
  { name, indexes }: HotQuery,
  asked: readonly CompiledQuery[],
): Promise<readonly string[]> {
  const plans: string[] = [];
  for (const query of asked) plans.push(await explain(db, query));
  const text = plans.join("\n\n");
  const missing = indexes.filter((index) => !text.includes(index));
  return [
    ...(missing.length > 0 ? [`${name} does not use ${missing.join(", ")}:\n${text}`] : []),
    ...(GREAT_TABLES.test(text) ? [`${name} reads a whole table:\n${text}`] : []),
  ];
}

/** Keeps what is asked of a database, as it is asked. */
function recordInto(asked: CompiledQuery[], db: Db): KyselyPlugin {
  return {
    transformQuery: ({ node, queryId }) => {
      asked.push(db.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

async function explain(db: Db, { sql: text, parameters }: CompiledQuery): Promise<string> {
  const query = CompiledQuery.raw(`explain ${text}`, [...parameters]);
  const { rows } = await db.executeQuery<Record<string, string>>(query);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

/** So many repositories, tasks, lanes, jobs and effects that a walk over all of them is never the shortest way. */
async function fill(suite: StoreSuite): Promise<void> {
  const query = suite.harness().query;
  const repo = sql`${FIRST_REPO}::bigint + n % ${REPOSITORIES}::integer`;
  const numbers = sql`generate_series(1, ${TASKS}::integer) as numbers (n)`;
  await query(sql`
    insert into repositories (id, installation_id, owner, name, status, stored)
    select ${FIRST_REPO}::bigint + n, 1, 'octo', 'repo-' || n, 'active', '{}'
    from generate_series(0, ${REPOSITORIES - 1}::integer) as numbers (n)`);
  await query(sql`
    insert into tasks (id, repo_id, issue, generation, state, sort, rank_at, wake_at, updated_at, pull_number, head_sha, data)
    select 'bulk.' || n, ${repo}, n, 1, case when n % 50 = 0 then 'running' else 'queued' end, 'free team-' || n / 400 % 5, n,
      ${START - TASKS / 2}::double precision + n, 0, n, 'sha-' || n, '{}' from ${numbers}`);
  await query(sql`
    insert into attempts (correlation, repo_id, task_id, run_id, state, dispatched_at, data)
    select 'bulk.' || n, ${repo}, 'bulk.' || n, n, case when n % 50 = 0 then 'running' else 'ended' end, 0, '{}'
    from ${numbers}`);
  await query(sql`
    insert into pulls (id, repo_id, kind, number, state, head_sha, wake_at, updated_at, data)
    select 'bulk.' || n, ${repo}, 'pull', n, case when n % 50 = 0 then 'open' else 'closed' end, 'sha-' || n,
      case when n % 50 = 0 then ${START - TASKS / 2}::double precision + n end, 0, '{}' from ${numbers}`);
  await query(sql`
    insert into effects (key, sort, kind, repo_id, subject, desired, created_at, updated_at)
    select 'bulk/' || n, 'projection', 'comment', ${repo}, 'issue', '{}', 0, 0 from ${numbers}`);
  for (const queue of ["inbox", "outbox"]) {
    await query(sql`
      insert into lanes (queue, lane, ready_at)
      select ${queue}::text, 'lane-' || n, ${START - TASKS / 2}::double precision + n from ${numbers}`);
    await query(sql`
      insert into jobs (queue, lane, repo_id, key, body)
      select ${queue}::text, 'lane-' || n % ${TASKS / 4}::integer, ${repo}, ${queue}::text || n, '{}' from ${numbers}`);
  }
  await query(sql`analyze`);
}
