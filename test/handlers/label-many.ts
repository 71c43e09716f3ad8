import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { handleEvent } from "../../src/handlers/handle-event.ts";
import { buildIssue, OWN, ROBIN } from "../core/plan/plan-with.ts";
import { buildConfigText, buildRepository } from "../support/build-snapshot.ts";
import { makeDelivery, makeRepo, openEmbeddedHarness } from "../support/store.ts";
import { fakeReaders } from "./fake-readers.ts";

/** How many tasks may run at once where many issues are labelled. */
export const RUNNING = 4;
const CONFIG = buildConfigText().replace(/limits: .*/u, `limits: { running: ${RUNNING}, openPulls: 100 }`);
const LOOK_MS = 20;

/** What the app ordered when so many issues of one repository were labelled in one bulk edit. */
export interface LabelledMany {
  readonly accepted: number;
  readonly tasks: Readonly<Record<string, number>>;
  /** How many effects of each kind are wanted. */
  readonly effects: Readonly<Record<string, number>>;
  /** The texts of the status comments of tasks that wait. */
  readonly waiting: readonly string[];
}

/** Hands so many issues over at once, as events of a real store; GitHub is told nothing and answers from values. */
export async function labelMany(count: number): Promise<LabelledMany> {
  const harness = await openEmbeddedHarness();
  const { store, clock } = harness;
  const repo = makeRepo();
  const facts = buildRepository({ configText: CONFIG }).stored.facts ?? undefined;
  const fake = fakeReaders({ permission: "write", ...(facts !== undefined && { facts }) });
  const readers = {
    ...fake,
    ledger: store.ledger,
    issues: { ...fake.issues, issue: async (_repo: unknown, number: number) => buildIssue({ number }) },
  };
  const work = await store.inbox.work(async (job) => {
    clock.now += 1;
    await handleEvent(job, { ...readers, own: OWN, now: () => clock.now });
  });
  await store.inbox.send({ kind: "repository.added", repo }, null);
  const { title, body, labels } = buildIssue();
  const outcomes = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      store.inbox.accept(
        makeDelivery({
          ...{ kind: "issue.labeled", repo, issue: index + 1, sender: ROBIN, label: "autopilot" },
          ...{ text: { title, body, labels }, isPull: false },
        }),
      ),
    ),
  );
  while (await countRows(harness, sql`deliveries where status not in ('processed', 'ignored', 'dead')`))
    await wait(LOOK_MS);
  await work.stop();
  const result = {
    accepted: outcomes.filter((outcome) => outcome === "stored").length,
    tasks: await countBy(harness, sql`tasks`, sql`state`),
    effects: await countBy(harness, sql`effects`, sql`kind`),
    waiting: (
      await harness.query(
        sql<{ body: string }>`select desired->>'body' as body from effects where kind = 'comment'`,
      )
    )
      .map((row) => row.body)
      .filter((text) => text.includes("**queued**")),
  };
  await harness.close();
  return result;
}

type Harness = Awaited<ReturnType<typeof openEmbeddedHarness>>;
type Part = ReturnType<typeof sql>;

async function countRows(harness: Harness, from: Part): Promise<number> {
  const [row] = await harness.query(sql<{ count: number }>`select count(*)::int as count from ${from}`);
  return row?.count ?? 0;
}

async function countBy(harness: Harness, table: Part, column: Part): Promise<Record<string, number>> {
  const rows = await harness.query(
    sql<{ name: string; count: number }>`
      select ${column} as name, count(*)::int as count from ${table} group by 1`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
