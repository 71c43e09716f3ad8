import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { RepoRef } from "../../../src/core/repo.ts";
import { makeDelivery, makeEvent, makePlan, makeRepo } from "../../support/store.ts";
import { createDoor, eventually, type StoreSuite } from "./store-suite.ts";

interface DeliveryRow {
  readonly status: string;
  readonly reason: string | null;
  readonly event: unknown;
}

export function describeInbox(suite: StoreSuite): void {
  const delivery = async (guid: string) => {
    const rows = await suite
      .harness()
      .query(sql<DeliveryRow>`select status, reason, event from deliveries where guid = ${guid}`);
    return rows[0];
  };

  describe("accepting", () => {
    it("F021 stores a guid once, also when it comes twice at the same moment", async () => {
      const incoming = makeDelivery(makeEvent(makeRepo()));

      const answers = await Promise.all([1, 2, 3].map(() => suite.store().inbox.accept(incoming)));

      expect(answers).toEqual(["stored", "duplicate", "duplicate"]);
      expect((await suite.store().ready()).backlog).toBe(1);
    });

    it("F022 stores a redelivery whose first try failed, and does not repeat one that was processed", async () => {
      const incoming = makeDelivery(makeEvent(makeRepo()));
      await suite.harness().query(sql`alter table deliveries rename to deliveries_away`);
      await expect(suite.store().inbox.accept(incoming)).rejects.toThrow(/deliveries/);
      await suite.harness().query(sql`alter table deliveries_away rename to deliveries`);

      expect(await suite.store().inbox.accept(incoming)).toBe("stored");
      const events = await suite.handleAll();
      await eventually(async () => (await delivery(incoming.guid))?.status === "processed");
      expect(await suite.store().inbox.accept(incoming)).toBe("duplicate");

      expect((await suite.store().ready()).backlog).toBe(0);
      expect(events).toHaveLength(1);
    });

    it("keeps what becomes no event as ignored, with the reason", async () => {
      const incoming = {
        ...makeDelivery(makeEvent(makeRepo())),
        event: null,
        ignored: "star is not handled",
      };

      expect(await suite.store().inbox.accept(incoming)).toBe("ignored");
      expect(await suite.store().inbox.accept(incoming)).toBe("duplicate");

      expect(await delivery(incoming.guid)).toMatchObject({
        status: "ignored",
        reason: "star is not handled",
      });
    });

    it("answers only after the commit, for many at once", async () => {
      const repo = makeRepo();
      const incoming = Array.from({ length: 300 }, (_, issue) => makeDelivery(makeEvent(repo, issue)));

      const seen = await Promise.all(
        incoming.map(async (one) => {
          const answer = await suite.store().inbox.accept(one);
          return { answer, status: (await delivery(one.guid))?.status };
        }),
      );

      expect(new Set(seen.map((one) => `${one.answer} ${one.status}`))).toEqual(new Set(["stored received"]));
      expect((await suite.store().ready()).backlog).toBe(300);
    });

    it("refuses a delivery that cannot be stored without refusing those that came with it", async () => {
      const good = [makeDelivery(makeEvent(makeRepo())), makeDelivery(makeEvent(makeRepo()))];
      const bad = makeDelivery(makeEvent(makeRepo()), { repoId: 1e300 });
      const all = [makeDelivery(makeEvent(makeRepo())), good[0], bad, good[1]].map((one) =>
        suite.store().inbox.accept(one ?? bad),
      );

      const results = await Promise.allSettled(all);

      expect(results.map((one) => one.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    });

    it("F112 stores text with NUL, half surrogates and emoji", async () => {
      const repo = makeRepo();
      const event = makeEvent(repo);
      const text = { title: "a\0b\ud800 \\u0000 🦑", body: "\u202e", labels: ["\0"] };
      await suite.store().inbox.accept(makeDelivery({ ...event, text } as typeof event));

      const events = await suite.handleAll();

      await eventually(() => events.length === 1);
      expect(events[0]).toMatchObject({
        text: { title: "a\uFFFDb\uFFFD \\u0000 🦑", body: "\u202e", labels: ["\uFFFD"] },
      });
    });
  });

  describe("handling", () => {
    it("handles a repository's events one after another, in the order in which they came", async () => {
      const repo = makeRepo();
      const issues = Array.from({ length: 40 }, (_, issue) => issue);
      await Promise.all(
        issues.map((issue) => suite.store().inbox.accept(makeDelivery(makeEvent(repo, issue)))),
      );

      const events = await suite.handleAll();
      await eventually(() => events.length === 40);

      expect(events.map((event) => "issue" in event && event.issue)).toEqual(issues);
    });

    it("handles several repositories at the same time", async () => {
      const door = createDoor();
      const inside = new Set<number>();
      await suite.handle(async (job) => {
        inside.add(job.event.repo.id);
        await door.opened;
        await suite.store().ledger.settle(job, makePlan());
      });

      for (const repo of [makeRepo(), makeRepo(), makeRepo()]) {
        await suite.store().inbox.accept(makeDelivery(makeEvent(repo, 1)));
        await suite.store().inbox.accept(makeDelivery(makeEvent(repo, 2)));
      }
      await eventually(() => inside.size === 3);
      door.open();

      await eventually(async () => (await suite.store().ready()).backlog === 0);
    });

    it("F035 begins nothing new while a crowd of deliveries waits to be stored", async () => {
      const door = createDoor();
      const crowded = suite.harness().wrapped((engine) => ({
        ...engine,
        transact: async (work) => {
          await door.opened;
          return engine.transact(work);
        },
      }));
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      const begun: string[] = [];
      const arriving = Array.from({ length: 60 }, () =>
        crowded.inbox.accept(makeDelivery(makeEvent(makeRepo()))),
      );
      await suite.handle(async (job) => {
        begun.push(job.id);
        await crowded.ledger.settle(job, makePlan());
      }, crowded);

      for (let looks = 0; looks < 20; looks += 1) await suite.store().ready();
      const begunMeanwhile = begun.length;
      door.open();
      const answers = await Promise.all(arriving);
      await eventually(async () => (await suite.store().ready()).backlog === 0);

      expect(begunMeanwhile).toBe(0);
      expect(new Set(answers)).toEqual(new Set(["stored"]));
      expect(begun).toHaveLength(61);
      await crowded.close();
    });

    it("F035 F115 serves the repositories in turn, however many events wait in one of them", async () => {
      const flooded = makeRepo();
      const others = Array.from({ length: 10 }, () => makeRepo());
      const accept = (repo: RepoRef, issue: number) =>
        suite.store().inbox.accept(makeDelivery(makeEvent(repo, issue)));
      await Promise.all(Array.from({ length: 80 }, (_, issue) => accept(flooded, issue)));
      for (const issue of [1, 2, 3]) await Promise.all(others.map((repo) => accept(repo, issue)));

      const served: number[] = [];
      await suite.handle(async (job) => {
        suite.harness().clock.now += 1;
        await suite.store().ledger.settle(job, makePlan());
        served.push(job.event.repo.id);
      });
      await eventually(() => served.length === 110);

      const last = Math.max(...others.map((repo) => served.lastIndexOf(repo.id)));
      const before = served.slice(0, last).filter((id) => id === flooded.id).length;
      expect(before).toBeLessThan(20);
    });

    it("F116 makes an event wait while another one of its repository is handled", async () => {
      const repo = makeRepo();
      const door = createDoor();
      const log: string[] = [];
      await suite.handle(async (job) => {
        log.push(`begin ${job.id}`);
        if (log.length === 1) await door.opened;
        await suite.store().ledger.settle(job, makePlan());
        log.push(`end ${job.id}`);
      });
      const [first, second] = [makeDelivery(makeEvent(repo)), makeDelivery(makeEvent(repo))];

      await suite.store().inbox.accept(first);
      await eventually(() => log.length === 1);
      await suite.store().inbox.accept(second);
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      await eventually(() => log.length === 3);
      door.open();
      await eventually(() => log.length === 6);

      expect(log.indexOf(`begin ${second.guid}`)).toBeGreaterThan(log.indexOf(`end ${first.guid}`));
    });

    it("queues an event with a key once while it waits, and again while it is handled", async () => {
      const event = makeEvent(makeRepo());
      const door = createDoor();
      let handled = 0;
      await suite.store().inbox.send(event, "sweep");
      await suite.store().inbox.send(event, "sweep");
      expect((await suite.store().ready()).backlog).toBe(1);

      await suite.handle(async (job) => {
        handled += 1;
        await door.opened;
        await suite.store().ledger.settle(job, makePlan());
      });
      await eventually(() => handled === 1);
      await suite.store().inbox.send(event, "sweep");
      door.open();
      await eventually(() => handled === 2);

      await eventually(async () => (await suite.store().ready()).backlog === 0);
    });

    it("handles the events that a plan sends after it", async () => {
      const repo = makeRepo();
      await suite.store().inbox.accept(makeDelivery(makeEvent(repo, 1)));

      const events = await suite.handleAll((job) =>
        makePlan({ events: job.id.startsWith("event-") ? [] : [makeEvent(repo, 2), makeEvent(repo, 3)] }),
      );
      await eventually(() => events.length === 3);

      expect(events.map((event) => "issue" in event && event.issue)).toEqual([1, 2, 3]);
    });
  });

  describe("failing", () => {
    it("F039 tries a poison event again, keeps it as a dead letter, and lets the others go on", async () => {
      const poisoned = makeRepo();
      const healthy = makeRepo();
      const bad = makeDelivery(makeEvent(poisoned, 13));
      await suite.store().inbox.accept(bad);
      await suite.store().inbox.accept(makeDelivery(makeEvent(poisoned, 1)));
      const retries: number[] = [];
      const handled: number[] = [];
      await suite.handle(async (job) => {
        if (job.id === bad.guid) {
          retries.push(job.retry);
          throw new Error("cannot digest this");
        }
        await suite.store().ledger.settle(job, makePlan());
        handled.push(job.event.repo.id);
      });

      await eventually(() => retries.length === 1);
      await suite.store().inbox.accept(makeDelivery(makeEvent(healthy)));
      await eventually(() => handled.includes(healthy.id));
      expect(handled).not.toContain(poisoned.id);
      for (const tries of [2, 3]) {
        suite.harness().clock.now += 5_000;
        await eventually(() => retries.length === tries);
      }
      await eventually(() => handled.includes(poisoned.id));

      expect(retries).toEqual([0, 1, 2]);
      expect(await delivery(bad.guid)).toMatchObject({
        status: "dead",
        reason: "Error: cannot digest this",
        event: { issue: 13 },
      });
      expect(await suite.store().ready()).toMatchObject({ ok: true, backlog: 0, deadLetters: 1 });
      const [row] = await suite.store().audit.read(poisoned.id, { limit: 1 });
      expect(row?.entry).toMatchObject({ kind: "delivery.dead", data: { delivery: bad.guid } });
      expect(await suite.store().inbox.accept(bad)).toBe("duplicate");
    });

    it("waits before it tries again, longer each time", async () => {
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      const at: number[] = [];
      await suite.handle(async () => {
        at.push(suite.harness().clock.now);
        throw new Error("not now");
      });

      await eventually(() => at.length === 1);
      const readyAt = async () =>
        (await suite.harness().query(sql<{ at: number }>`select ready_at as at from lanes`))[0]?.at;
      const start = suite.harness().clock.now;
      await eventually(async () => (await readyAt()) === start + 500);
      suite.harness().clock.now += 499;
      suite.harness().clock.now += 1;
      await eventually(() => at.length === 2);

      await eventually(async () => (await readyAt()) === start + 500 + 1000);
    });

    it("tries an event again when its handler forgot to settle it", async () => {
      await suite.store().inbox.accept(makeDelivery(makeEvent(makeRepo())));
      let calls = 0;
      await suite.handle(async (job) => {
        calls += 1;
        if (calls === 2) await suite.store().ledger.settle(job, makePlan());
      });

      await eventually(() => suite.harness().problems.length === 1);
      suite.harness().clock.now += 5_000;
      await eventually(async () => (await suite.store().ready()).backlog === 0);

      expect(calls).toBe(2);
    });

    it("F058 keeps a stored event that cannot be read as a dead letter, and nothing else", async () => {
      const repo = makeRepo();
      const old = makeDelivery(makeEvent(repo, 1));
      await suite.store().inbox.accept(old);
      await suite.store().inbox.accept(makeDelivery(makeEvent(repo, 2)));
      await suite
        .harness()
        .query(sql`update jobs set body = '{"kind": "from.the.past"}' where guid = ${old.guid}`);

      const events = await suite.handleAll();
      await eventually(async () => (await suite.store().ready()).backlog === 0);

      expect(events).toHaveLength(1);
      expect(await delivery(old.guid)).toMatchObject({ status: "dead", event: { kind: "from.the.past" } });
    });

    it("keeps an event as a dead letter whose handling ended the process each time", async () => {
      const bad = makeDelivery(makeEvent(makeRepo()));
      await suite.store().inbox.accept(bad);
      await suite.harness().query(sql`update jobs set tries = 3`);

      const events = await suite.handleAll();
      await eventually(async () => (await suite.store().ready()).deadLetters === 1);

      expect(events).toEqual([]);
    });
  });
}
