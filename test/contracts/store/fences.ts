import { sql } from "kysely";
import { describe, expect, it, vi } from "vitest";
import { Lease, renewLeases } from "../../../src/adapters/store/lanes/lease.ts";
import type { InboxJob } from "../../../src/ports/inbox.ts";
import type { OutboxJob } from "../../../src/ports/outbox.ts";
import {
  makeComment,
  makeDelivery,
  makeEvent,
  makePlan,
  makeReply,
  makeRepo,
  makeTask,
} from "../../support/store.ts";
import { createDoor, done, eventually, quietlyDone, type StoreSuite } from "./store-suite.ts";

export function describeFences(suite: StoreSuite): void {
  const lapseLeases = () =>
    suite.harness().query(sql`update lanes set leased_until = clock_timestamp() - interval '1 second'`);
  const countTasks = async () =>
    (await suite.harness().query(sql<{ n: number }>`select count(*)::integer as n from tasks`))[0]?.n;

  describe("fences", () => {
    it("F046 writes nothing of a handler whose event was given to another", async () => {
      const repo = makeRepo();
      const zombieDoor = createDoor();
      const jobs: InboxJob[] = [];
      let refusal: unknown = null;
      const audit = (who: string) => ({ kind: who, actor: "a", taskId: null, at: 1, data: {} });
      await suite.handle(async (job) => {
        jobs.push(job);
        if (jobs.length === 1) {
          await zombieDoor.opened;
          const zombie = makePlan({
            tasks: [makeTask(repo, { issue: 66 })],
            effects: [makeReply(repo, "zombie")],
            audit: [audit("zombie")],
          });
          await suite
            .store()
            .ledger.settle(job, zombie)
            .catch((error: unknown) => {
              refusal = error;
              throw error;
            });
        } else {
          await suite.store().ledger.settle(job, makePlan({ audit: [audit("heir")] }));
        }
      });

      await suite.store().inbox.accept(makeDelivery(makeEvent(repo)));
      await eventually(() => jobs.length === 1);
      await lapseLeases();
      await eventually(() => jobs.length === 2);
      zombieDoor.open();
      await eventually(() => refusal !== null);
      await eventually(async () => (await suite.store().ready()).backlog === 0);

      expect(String(refusal)).toMatch(/lease .* was lost/);
      expect(jobs[1]?.retry).toBe(1);
      expect(await countTasks()).toBe(0);
      expect(await suite.effectRow(`${repo.id}/reply/zombie`)).toBeUndefined();
      const rows = await suite.store().audit.read(repo.id, { limit: 9 });
      expect(rows.map((row) => row.entry.kind)).toEqual(["heir"]);
    });

    it("F047 lets only the newest holder write how an effect ended", async () => {
      const repo = makeRepo();
      const reply = makeReply(repo, "once");
      await suite.settle(repo, { effects: [reply] });
      const door = createDoor();
      let calls = 0;
      let mayHaveHappened = false;
      await suite.perform(async (job) => {
        calls += 1;
        if (calls === 1) {
          await door.opened;
          return done(job.effect, { by: "zombie" });
        }
        mayHaveHappened = job.mayHaveHappened;
        return done(job.effect, { by: "heir" });
      });

      await eventually(() => calls === 1);
      await lapseLeases();
      await eventually(async () => (await suite.effectRow(reply.key))?.state === "done");
      door.open();
      await eventually(() => suite.harness().problems.some(({ error }) => /was lost/.test(String(error))));

      expect(mayHaveHappened).toBe(true);
      const events = await suite.handleAll();
      await eventually(async () => (await suite.store().ready()).backlog === 0);
      expect(events).toMatchObject([{ kind: "effect.settled", outcome: { facts: { by: "heir" } } }]);
    });

    it("F047 lets nobody begin to write who may have stood still for too long, until the lease is confirmed", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { effects: [makeReply(repo, "once")] });
      const door = createDoor();
      const jobs: OutboxJob[] = [];
      await suite.perform(async (job) => {
        jobs.push(job);
        await door.opened;
        return quietlyDone();
      });
      await eventually(() => jobs.length === 1);
      const [job] = jobs;
      if (job === undefined) throw new Error("nothing is performed");
      const mayWrite = () => job.mayWrite?.();
      const clock = vi.spyOn(performance, "now");
      const standStill = (ms: number) => {
        const at = performance.now() + ms;
        clock.mockImplementation(() => at);
      };

      const before = mayWrite();
      standStill(21_000);
      const after = mayWrite();
      await renewLeases(suite.harness().engine.db, [Lease.of(job)]);
      const confirmed = mayWrite();
      await suite.harness().query(sql`update lanes set token = nextval('lease_tokens')`);
      standStill(21_000);
      await renewLeases(suite.harness().engine.db, [Lease.of(job)]);
      const lost = mayWrite();
      clock.mockRestore();
      door.open();

      expect({ before, after, confirmed, lost }).toEqual({
        before: true,
        after: false,
        confirmed: true,
        lost: false,
      });
    });

    it("F048 takes no lease early when the app's clock leaps", async () => {
      const door = createDoor();
      let calls = 0;
      await suite.handle(async (job) => {
        calls += 1;
        await door.opened;
        await suite.store().ledger.settle(job, makePlan());
      });
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      await eventually(() => calls === 1);

      suite.harness().clock.now += 86_400_000;
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      await eventually(() => calls === 2);
      door.open();
      await eventually(async () => (await suite.store().ready()).backlog === 0);

      expect(calls).toBe(2);
    });

    it("F050 does not repeat an event whose commit succeeded although its answer was lost", async () => {
      const repo = makeRepo();
      let calls = 0;
      const deaf = suite.harness().wrapped((engine) => ({
        ...engine,
        transact: async (work) => {
          await engine.transact(work);
          throw new Error("connection lost");
        },
      }));
      await suite.handle(async (job) => {
        calls += 1;
        await deaf.ledger.settle(job, makePlan({ tasks: [makeTask(repo)] }));
      });

      await suite.store().inbox.accept(makeDelivery(makeEvent(repo)));
      await eventually(() => suite.harness().problems.length > 0);
      await suite.stopWorkers();
      suite.harness().clock.now += 600_000;
      const events = await suite.handleAll();
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      await eventually(() => events.length === 1);

      expect(calls).toBe(1);
      expect(await countTasks()).toBe(1);
      expect(await suite.store().ready()).toMatchObject({ backlog: 0, deadLetters: 0 });
      await deaf.close();
    });

    it("F060 goes on when the rows of the job under way are deleted", async () => {
      const repo = makeRepo();
      const reply = makeReply(repo, "gone");
      await suite.settle(repo, { effects: [reply] });
      await suite.perform(async () => {
        await suite.harness().query(sql`truncate jobs, lanes, effects`);
        return quietlyDone();
      });
      await eventually(() => suite.harness().problems.length > 0);
      const handled: string[] = [];
      const lost: unknown[] = [];
      const doomed = makeDelivery(makeEvent(repo));
      await suite.handle(async (job) => {
        if (job.id === doomed.guid) await suite.harness().query(sql`truncate jobs, lanes`);
        await suite
          .store()
          .ledger.settle(job, makePlan())
          .catch((error: unknown) => lost.push(error));
        handled.push(job.id);
      });

      await suite.store().inbox.accept(doomed);
      await eventually(() => lost.length === 1);
      const next = makeDelivery(makeEvent(repo));
      await suite.store().inbox.accept(next);

      await eventually(() => handled.includes(next.guid));
      expect(lost).toHaveLength(1);
    });

    it("tells a handler that asks twice that its event has ended", async () => {
      const repo = makeRepo();
      const second: unknown[] = [];
      await suite.handle(async (job) => {
        await suite.store().ledger.settle(job, makePlan({ effects: [makeComment(repo, "one")] }));
        await suite
          .store()
          .ledger.settle(job, makePlan({ effects: [makeComment(repo, "two")] }))
          .catch((error: unknown) => second.push(error));
      });

      await suite.store().inbox.accept(makeDelivery(makeEvent(repo)));
      await eventually(() => second.length === 1);

      expect(await suite.effectRow(`${repo.id}/comment`)).toMatchObject({ version: 1 });
    });
  });
}
