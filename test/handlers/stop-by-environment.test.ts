import { describe, expect, it } from "vitest";
import type { RepoRef } from "../../src/core/repo.ts";
import type { Stop } from "../../src/core/stop/stop.ts";
import { stopByEnvironment } from "../../src/handlers/stop-by-environment.ts";
import type { Ledger } from "../../src/ports/ledger.ts";
import { buildRepository, buildSnapshot, REPO } from "../support/build-snapshot.ts";
import { NOW } from "../support/build-task.ts";
import { MemoryLedger } from "../support/pull-model/memory-ledger.ts";

const STORED: Stop = {
  scope: "all",
  source: "operator",
  by: "the operator",
  at: NOW - 1000,
  why: null,
  keepsRuns: true,
  commentId: null,
};

function storeWith(stored: readonly Stop[]) {
  const ledger: Ledger = new MemoryLedger({ onSettle: (_, plan) => plan, onEffect: () => undefined });
  const repository = stored.length === 0 ? buildRepository() : { ...buildRepository(), stops: stored };
  return {
    ledger: Object.assign(ledger, { snapshot: async () => buildSnapshot({ repository }) }),
    stops: { of: async (_repo: RepoRef) => stored },
    ready: async () => ({
      ok: true,
      backlog: 0,
      deadLetters: 0,
      outboxWaiting: 0,
      stopped: { all: stored.length > 0, parts: 0 },
    }),
  };
}

/** Scopes of the stops in force for acme/shop, asked in both ways. */
async function scopesWith(entries: readonly string[], stored: readonly Stop[] = []) {
  const store = stopByEnvironment(storeWith(stored), { entries, startedAt: NOW });
  const asked = await store.stops.of({ ...REPO, owner: "Acme", name: "Shop" });
  const { repository } = await store.ledger.snapshot(
    { ...REPO, owner: "Acme", name: "Shop" },
    { by: "nothing" },
    0,
  );
  expect(repository.stops ?? []).toEqual(asked);
  return asked.map(({ scope }) => scope);
}

describe("a stop by the environment", () => {
  it.each([
    ["all", ["all"]],
    ["acme", ["owner:acme"]],
    ["acme/shop", ["repo:1001"]],
    ["acme/other", []],
    ["ac", []],
    ["shop", []],
  ])("F190 by %s is in force as %j, for effects and for plans", async (entry, scopes) => {
    expect(await scopesWith([entry])).toEqual(scopes);
  });

  it("stands beside what is stored", async () => {
    expect(await scopesWith(["acme/shop"], [STORED])).toEqual(["repo:1001", "all"]);
  });

  it("is counted where the operator looks", async () => {
    const readiness = async (entries: readonly string[]) =>
      (await stopByEnvironment(storeWith([]), { entries, startedAt: NOW }).ready()).stopped;

    expect(await readiness(["all", "acme"])).toEqual({ all: true, parts: 1 });
    expect(await readiness(["acme", "octo/shop"])).toEqual({ all: false, parts: 2 });
  });

  it("changes nothing where nothing is named", () => {
    const store = storeWith([]);
    expect(stopByEnvironment(store, { entries: [], startedAt: NOW })).toBe(store);
  });
});
