import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { makeBodies } from "../../bench/make-bodies.ts";
import { createRandom, percentile } from "../../bench/statistics.ts";
import { withReplicas } from "../stories/play-replicas.ts";
import { sendDelivery } from "../support/server-process.ts";

const { TEST_DATABASE_URL } = process.env;

const BLOCKED_MS = 15_000;
const AROUND_MS = 2_000;
const PAUSE_MS = 20;
const PER_PAUSE = 4;

if (TEST_DATABASE_URL === undefined) {
  process.stdout.write("Left out without PostgreSQL: TEST_DATABASE_URL is not set\n");
  describe("a front door beside a blocked worker", () => {
    it.skip("is left out: TEST_DATABASE_URL is not set", () => {});
  });
} else {
  it("F018 acknowledges with a p99 below a second while the worker is blocked for 15 s, and all is handled once", async () => {
    await withReplicas({ adminUrl: TEST_DATABASE_URL }, async ({ startProcess, keys, db, until }) => {
      const door = startProcess({ PROCESS: "front-door", LOG_LEVEL: "warn" });
      const worker = startProcess({ PROCESS: "worker" });
      const [url] = await Promise.all([door.url, worker.url]);
      const bodies = makeBodies({ count: 16, bytes: 10_240, secret: keys.secret, random: createRandom(18) });
      const answers: Promise<{ readonly status: number; readonly ms: number }>[] = [];
      const send = async (body: string) => {
        const startedAt = performance.now();
        return { status: await sendDelivery(url, { keys, body }), ms: performance.now() - startedAt };
      };
      const sendFor = async (ms: number) => {
        for (const end = performance.now() + ms; performance.now() < end; await wait(PAUSE_MS)) {
          for (let one = 0; one < PER_PAUSE; one += 1)
            answers.push(send(bodies[answers.length % bodies.length]?.body ?? ""));
        }
      };

      // In the midst of its work, so that its transactions stay open.
      await sendFor(AROUND_MS);
      worker.child.kill("SIGSTOP");
      await sendFor(BLOCKED_MS);
      worker.child.kill("SIGCONT");
      await sendFor(AROUND_MS);
      const answered = await Promise.all(answers);
      const isEmpty = async () => (await sql`select 1 from jobs limit 1`.execute(db)).rows.length === 0;
      await until("all events to be handled", isEmpty);

      const p99 = percentile(
        answered.map(({ ms }) => ms),
        0.99,
      );
      process.stdout.write(`${answered.length} deliveries, p99 ${Math.round(p99)} ms\n`);
      expect(answered.filter(({ status }) => status !== 202)).toEqual([]);
      expect(p99).toBeLessThan(1_000);
      const { rows } = await sql<{ status: string; count: number }>`
        select status, count(*) from deliveries group by status`.execute(db);
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(answered.length);
      expect(rows.filter(({ status }) => status !== "ignored" && status !== "processed")).toEqual([]);
      await until("the worker's log to be read", () => countHandled(worker.said()) >= answered.length);
      expect(countHandled(worker.said())).toBe(answered.length);
    });
  });
}

function countHandled(said: string): number {
  return said.split('"msg":"event handled"').length - 1;
}
