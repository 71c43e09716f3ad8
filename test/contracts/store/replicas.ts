import { sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/adapters/store/engine.ts";
import type { RepoRef } from "../../../src/core/repo.ts";
import type { Stop } from "../../../src/core/stop/stop.ts";
import {
  makeDelivery,
  makeEvent,
  makePlan,
  makeReply,
  makeRepo,
  openPostgresHarness,
  type StoreHarness,
} from "../../support/store.ts";
import { createDoor, createSuite, eventually, quietlyDone } from "./store-suite.ts";

/** What only holds, and must hold, when several processes share one PostgreSQL. */
export function describeReplicas(adminUrl: string): void {
  describe("stores that share a PostgreSQL", () => {
    let harness: StoreHarness;
    const suite = createSuite(() => harness);
    beforeAll(async () => {
      harness = await openPostgresHarness(adminUrl);
    });
    afterEach(async () => {
      await suite.stopWorkers();
      await harness.reset();
    });
    afterAll(() => harness.close());

    const heldLanes = async () =>
      (await harness.query(sql`select 1 from lanes where leased_until > clock_timestamp()`)).length;

    it("F021 store a guid once when it comes to two at the same moment", async () => {
      const other = await harness.openReplica();
      const incoming = Array.from({ length: 50 }, () => makeDelivery(makeEvent(makeRepo())));

      const answers = await Promise.all(
        incoming.flatMap((one) => [harness.store.inbox.accept(one), other.inbox.accept(one)]),
      );

      expect(answers.filter((answer) => answer === "stored")).toHaveLength(50);
      expect((await harness.store.ready()).backlog).toBe(50);
    });

    it("F190 see each other's stops at once, set or lifted", async () => {
      const other = await harness.openReplica();
      const repo = makeRepo();
      const stop: Stop = {
        scope: "all",
        source: "operator",
        by: "the operator",
        at: harness.clock.now,
        why: null,
        keepsRuns: false,
        commentId: null,
      };
      await harness.store.stops.set(stop);
      expect(await other.stops.of(repo)).toEqual([stop]);
      await other.stops.lift("all");
      expect(await harness.store.stops.of(repo)).toEqual([]);
    });

    it("share the work, each event and effect done once, one at a time per repository", async () => {
      const replicas = [harness.store, await harness.openReplica(), await harness.openReplica()];
      const repos = Array.from({ length: 6 }, () => makeRepo());
      const busy = new Set<number>();
      const overlaps: number[] = [];
      const handled: string[] = [];
      const performed: string[] = [];
      for (const store of replicas) {
        await suite.handle(async (job) => {
          const { id } = job.event.repo;
          if (busy.has(id)) overlaps.push(id);
          busy.add(id);
          await store.ledger.snapshot(job.event.repo, { by: "nothing" }, 0);
          // Not after it: another store may begin the next one as soon as this one is committed.
          busy.delete(id);
          await store.ledger.settle(job, makePlan({ effects: [makeReply(job.event.repo, job.id)] }));
          handled.push(job.id);
        }, store);
        await suite.perform(async (job) => {
          performed.push(job.effect.key);
          return quietlyDone();
        }, store);
      }

      const incoming = Array.from({ length: 120 }, (_, index) =>
        makeDelivery(makeEvent(repos[index % 6] ?? makeRepo())),
      );
      await Promise.all(
        incoming.map((one, index) => (replicas[index % 3] ?? harness.store).inbox.accept(one)),
      );
      await eventually(() => performed.length >= 120 && handled.length >= 120);

      expect(overlaps).toEqual([]);
      expect(new Set(handled)).toEqual(new Set(incoming.map((one) => one.guid)));
      expect(handled).toHaveLength(120);
      expect(new Set(performed).size).toBe(120);
      expect(performed).toHaveLength(120);
      for (const repo of repos) expect(await harness.store.audit.verify(repo.id)).toBeNull();
    });

    it("F052 go on working while somebody else's transaction stays open and keeps every dead row alive", async () => {
      const [{ name } = { name: "" }] = await harness.query(
        sql<{ name: string }>`select current_database() as name`,
      );
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      const idler = new pg.Client({ connectionString: url.href });
      await idler.connect();
      await idler.query("begin isolation level repeatable read");
      await idler.query("select count(*) from jobs");
      const handled: string[] = [];
      await suite.handle(async (job) => {
        await harness.store.ledger.settle(job, makePlan());
        handled.push(job.id);
      });

      const incoming = Array.from({ length: 300 }, () => makeDelivery(makeEvent(makeRepo())));
      await Promise.all(incoming.map((one) => harness.store.inbox.accept(one)));
      await eventually(() => handled.length === 300);

      expect(new Set(handled)).toEqual(new Set(incoming.map((one) => one.guid)));
      await idler.query("rollback");
      await idler.end();
    });

    it("wake each other without waiting for the next look", async () => {
      const sleepy = await harness.openReplica({ pollMs: 3_600_000 });
      const handled: string[] = [];
      await suite.handle(async (job) => {
        await sleepy.ledger.settle(job, makePlan());
        handled.push(job.id);
      }, sleepy);
      await eventually(async () => {
        const rows = await harness.query(sql`select 1 from pg_stat_activity
          where query = 'listen orchestrator_jobs' and datname = current_database() and state = 'idle'`);
        return rows.length === 2;
      });

      const incoming = makeDelivery(makeEvent(makeRepo()));
      await harness.store.inbox.accept(incoming);
      await eventually(() => handled.length === 1);

      expect(handled).toEqual([incoming.guid]);
    });

    it("F018 acknowledge at once while another process stands still in the middle of a transaction", async () => {
      const [stuck, free] = [makeRepo(), makeRepo()];
      const events = await suite.handleAll();
      const { locked, letGo } = await holdLane(harness.engine, stuck);
      await locked;

      const startedAt = performance.now();
      const answers = await Promise.all(
        [stuck, free, stuck].map((repo) => harness.store.inbox.accept(makeDelivery(makeEvent(repo)))),
      );
      const tookMs = performance.now() - startedAt;
      await eventually(() => events.some((event) => event.repo.id === free.id));
      const handledMeanwhile = events.length;
      await letGo();
      await eventually(() => events.length === 3);

      expect(answers).toEqual(["stored", "stored", "stored"]);
      expect(tookMs).toBeLessThan(5_000);
      expect(handledMeanwhile).toBe(1);
      expect(events.map((event) => event.repo.id)).toEqual([free.id, stuck.id, stuck.id]);
      expect(harness.problems).toEqual([]);
    });

    it("F045 take over at once what a store gives back, and only one of them ends it", async () => {
      const repo = makeRepo();
      const leaving = await harness.openReplica();
      const door = createDoor();
      const refusals: unknown[] = [];
      await suite.handle(async (job) => {
        await door.opened;
        await leaving.ledger.settle(job, makePlan()).catch((error: unknown) => refusals.push(error));
      }, leaving);
      const incoming = makeDelivery(makeEvent(repo));
      await harness.store.inbox.accept(incoming);
      await eventually(async () => (await heldLanes()) === 1);
      const handled: string[] = [];
      await suite.handle(async (job) => {
        await harness.store.ledger.settle(job, makePlan());
        handled.push(`${job.id} ${job.retry}`);
      });

      await leaving.abandon();
      await eventually(() => handled.length > 0);
      door.open();
      await eventually(() => refusals.length > 0);

      expect(handled).toEqual([`${incoming.guid} 1`]);
      expect(String(refusals)).toMatch(/lease .* was lost/);
    });

    it("F045 begin an effect that a store gives back only when GitHub has ended what it was asked", async () => {
      const repo = makeRepo();
      const leaving = await harness.openReplica();
      await suite.settle(repo, { effects: [makeReply(repo, "once")] });
      const door = createDoor();
      await suite.perform(async () => {
        await door.opened;
        return quietlyDone();
      }, leaving);
      await eventually(async () => (await heldLanes()) === 1);

      await leaving.abandon();

      const [rest] = await harness.query<{ seconds: number }>(sql`
        select extract(epoch from leased_until - clock_timestamp())::double precision as seconds from lanes`);
      expect(rest?.seconds).toBeGreaterThan(5);
      expect(rest?.seconds).toBeLessThanOrEqual(10);
      door.open();
    });

    it("count content writes together, exactly", async () => {
      const other = await harness.openReplica();

      const answers = await Promise.all(
        Array.from({ length: 120 }, (_, index) =>
          (index % 2 === 0 ? harness.store : other).quota.reserve(900, "content", harness.clock.now),
        ),
      );

      expect(answers.filter((answer) => answer.ok)).toHaveLength(80);
    });

    it("F048 take nobody's lease early when one's clock is an hour ahead", async () => {
      const ahead = await harness.openReplica({ now: () => harness.clock.now + 3_600_000 });
      const calls: string[] = [];
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      await suite.handle(async (job) => {
        calls.push("slow");
        await opened;
        await harness.store.ledger.settle(job, makePlan());
      });
      const repo = makeRepo();
      await harness.store.inbox.accept(makeDelivery(makeEvent(repo)));
      await eventually(() => calls.length === 1);
      const others: number[] = [];
      await suite.handle(async (job) => {
        others.push(job.event.repo.id);
        await ahead.ledger.settle(job, makePlan());
      }, ahead);
      await ahead.inbox.accept(makeDelivery(makeEvent(makeRepo())));

      await eventually(() => others.length + calls.length === 2);
      open();
      await eventually(async () => (await harness.store.ready()).backlog === 0);

      expect(others).not.toContain(repo.id);
    });

    it("F049 go on after every connection was cut", async () => {
      const events = await suite.handleAll();
      await harness.store.inbox.accept(makeDelivery(makeEvent(makeRepo())));
      await eventually(() => events.length === 1);

      const admin = new pg.Client({ connectionString: adminUrl });
      await admin.connect();
      const [{ name } = { name: "" }] = await harness.query(
        sql<{ name: string }>`select current_database() as name`,
      );
      await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
      await admin.end();

      const incoming = makeDelivery(makeEvent(makeRepo()));
      await eventually(async () => {
        const answer = await harness.store.inbox.accept(incoming).catch(() => null);
        return answer !== null;
      });
      await eventually(() => events.length === 2);
    });
  });
}

/** Keeps a repository's lane locked, as a process does that stands still while it settles an event. */
async function holdLane(engine: Engine, repo: RepoRef) {
  const lock = createDoor();
  const release = createDoor();
  const held = engine.db.transaction().execute(async (trx) => {
    await sql`insert into lanes (queue, lane, ready_at) values ('inbox', ${String(repo.id)}, 0)`.execute(trx);
    lock.open();
    await release.opened;
    await sql`delete from lanes where lane = ${String(repo.id)}`.execute(trx);
  });
  return {
    locked: lock.opened,
    letGo: async () => {
      release.open();
      await held;
    },
  };
}
