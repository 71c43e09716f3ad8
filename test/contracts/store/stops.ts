import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import type { RepoRef } from "../../../src/core/repo.ts";
import { type Stop, scopeOfOwner, scopeOfRepository } from "../../../src/core/stop/stop.ts";
import { makeEvent, makePlan, makeRepo, START } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

function makeStop(scope: string, more: Partial<Stop> = {}): Stop {
  const stop = { source: "operator", by: "the operator", at: START, why: "wrong", keepsRuns: false } as const;
  return { ...stop, scope, commentId: null, ...more };
}

/** The kill switch, as every process on the database sees it. */
export function describeStops(suite: StoreSuite): void {
  const stops = () => suite.store().stops;
  const scopesIn = async (repo: RepoRef) => (await stops().of(repo)).map(({ scope }) => scope);

  describe("stops", () => {
    it("F190 are about a repository, an account in any case, or everything, and about nothing else", async () => {
      const [repo, other] = [makeRepo(), { ...makeRepo(), owner: "Elsewhere" }];
      const owner = scopeOfOwner(repo.owner.toUpperCase());
      for (const scope of [scopeOfRepository(repo.id), owner]) await stops().set(makeStop(scope));

      expect(await scopesIn(repo)).toEqual([owner, scopeOfRepository(repo.id)]);
      expect(await scopesIn(other)).toEqual([]);

      await stops().set(makeStop("all"));
      expect(await scopesIn(other)).toEqual(["all"]);
      expect((await suite.store().ready()).stopped).toEqual({ all: true, parts: 2 });
    });

    it("F190 are given with the snapshot, as they were set", async () => {
      const repo = makeRepo();
      const stop = makeStop(scopeOfRepository(repo.id), { keepsRuns: true, commentId: 7 });
      const snapshot = () => suite.store().ledger.snapshot(repo, { by: "nothing" }, START);
      expect((await snapshot()).repository.stops).toBeUndefined();

      await stops().set(stop);
      expect((await snapshot()).repository.stops).toEqual([stop]);
    });

    it("are set and lifted by plans, which leave those of the operator alone", async () => {
      const repo = makeRepo();
      const scope = scopeOfRepository(repo.id);
      const stop = makeStop(scope, { source: "command" });
      await stops().set(makeStop(scope));
      await suite.settle(repo, { stopChanges: [{ kind: "set", stop }] });
      expect(await stops().of(repo)).toEqual([stop, makeStop(scope)]);

      await suite.settle(repo, { stopChanges: [{ kind: "lifted", scope, source: "command" }] });
      expect(await stops().of(repo)).toEqual([makeStop(scope)]);
    });

    it("tell every repository that they are about when they come and go, once", async () => {
      const [repo, other] = [makeRepo(), { ...makeRepo(), owner: "elsewhere" }];
      for (const one of [repo, other]) await suite.settle(one, {});
      const backlog = async () => (await suite.store().ready()).backlog;
      await stops().set(makeStop(scopeOfOwner("elsewhere")));
      await stops().set(makeStop("all"));
      expect(await backlog()).toBe(2);

      expect(await stops().lift("all")).toEqual([makeStop("all")]);
      expect(await stops().lift("all")).toEqual([]);
      expect(await stops().list()).toEqual([makeStop("owner:elsewhere")]);
      const events = await suite.handleAll();
      await expect.poll(() => events.length).toBe(2);
      expect(events.map(({ kind }) => kind)).toEqual(["stop.changed", "stop.changed"]);
    });

    it("F190 are ordered beside the lane of their repository, however much waits or works in it", async () => {
      const repo = makeRepo();
      const asked: Event = {
        kind: "stop.asked",
        repo,
        sender: { id: 8, login: "ada", type: "User" },
        commentId: 7,
        body: "/orchestrate stop",
        createdAt: START,
      };
      const blocked = Promise.withResolvers<void>();
      const begun: string[] = [];
      await suite.handle(async (job) => {
        begun.push(job.event.kind);
        if (job.event.kind !== "stop.asked") await blocked.promise;
        await suite.store().ledger.settle(job, makePlan());
      });
      for (let count = 0; count < 3; count += 1) await suite.store().inbox.send(makeEvent(repo), null);
      await expect.poll(() => begun.length).toBe(1);
      await suite.store().inbox.send(asked, null);

      await expect.poll(() => begun).toContain("stop.asked");
      expect(begun).toHaveLength(2);
      blocked.resolve();
      await expect.poll(async () => (await suite.store().ready()).backlog).toBe(0);
    });

    it("still stop when their row cannot be read", async () => {
      const repo = makeRepo();
      await stops().set(makeStop("all"));
      await suite.harness().query(sql`update stops set data = '{}'`);
      expect(await stops().of(repo)).toMatchObject([{ scope: "all", by: "somebody" }]);
    });

    it("know repositories by their names, in any case", async () => {
      const repo = makeRepo();
      await suite.settle(repo, {});
      expect(await stops().findRepository(repo.owner.toUpperCase(), repo.name.toUpperCase())).toEqual(repo);
      expect(await stops().findRepository(repo.owner, "unknown")).toBeNull();
    });
  });
}
