import { describe, expect, it } from "vitest";
import type { Event } from "../../src/core/events.ts";
import type { RepositoryRecord } from "../../src/core/plan/repository/repository.ts";
import type { Pull } from "../../src/core/pull/pull.ts";
import {
  type SweepDeps,
  sweepDeadlines,
  sweepDeliveries,
  sweepReports,
  sweepRepositories,
} from "../../src/handlers/sweep.ts";
import { buildPullRecord } from "../support/build-pull-record.ts";
import { buildEnded, buildSession } from "../support/build-session.ts";
import { buildRepository, REPO } from "../support/build-snapshot.ts";

const DAY_MS = 24 * 3_600_000;
const OTHER = { ...REPO, id: 1002, name: "other" };
/** Monday, 23 November 2026, 09:30 UTC: half an hour after the report of week 47 is due. */
const MONDAY = Date.UTC(2026, 10, 23, 9, 30);

interface World {
  readonly now?: number;
  readonly due?: readonly string[];
  readonly duePulls?: readonly Pull[];
  readonly records?: readonly RepositoryRecord[];
  readonly newest?: number;
  readonly send?: () => Promise<void>;
}

/** Sweeping over values; marks stay as long as the world does. */
function startSweeping(world: World = {}) {
  const sent: { readonly event: Event; readonly key: string | null }[] = [];
  const marks = new Map<string, string>();
  const asked: number[] = [];
  const refuse = async (): Promise<never> => {
    throw new Error("a sweep does not need this");
  };
  const deps: SweepDeps = {
    now: () => world.now ?? MONDAY,
    inbox: {
      async send(event, key) {
        await world.send?.();
        sent.push({ event, key });
      },
      accept: refuse,
      work: refuse,
    },
    ledger: {
      async dueTasks(now, limit) {
        asked.push(now, limit);
        return (world.due ?? []).map((taskId) => ({ repo: REPO, taskId }));
      },
      async duePulls() {
        return (world.duePulls ?? []).map((pull) => ({ repo: REPO, pull }));
      },
      openPulls: refuse,
      async repositories() {
        return world.records ?? [];
      },
      snapshot: refuse,
      taskOfIssue: refuse,
      settle: refuse,
      tasksSince: refuse,
      isShown: refuse,
      usageBetween: refuse,
    },
    app: {
      async repositories() {
        return [REPO, OTHER];
      },
      async redeliverFailed(since) {
        asked.push(since);
        return { redelivered: 3, newest: world.newest ?? since };
      },
    },
    marks: {
      async get(key) {
        return marks.get(key) ?? null;
      },
      async set(key, value) {
        marks.set(key, value);
      },
    },
  };
  return { deps, sent, marks, asked };
}

describe("sweepDeadlines", () => {
  it("wakes every pull request without a task, and every commit of a merge queue, whose deadline has passed", async () => {
    const group = buildPullRecord({ kind: "group", headSha: "a".repeat(40) });
    const { deps, sent } = startSweeping({ duePulls: [buildPullRecord(), group] });

    expect(await sweepDeadlines(deps)).toBe(2);
    expect(sent).toMatchObject([
      { event: { kind: "pull.changed", pull: 90, action: "due" }, key: "due:1001.90" },
      { event: { kind: "group.changed", sha: "a".repeat(40) }, key: `due:1001.group.${"a".repeat(40)}` },
    ]);
  });

  it("wakes every task whose deadline has passed, each queued once while it waits", async () => {
    const { deps, sent, asked } = startSweeping({ due: ["1001.1.1", "1001.2.1"] });

    expect(await sweepDeadlines(deps)).toBe(2);
    expect(asked).toEqual([MONDAY, 500]);
    expect(sent).toEqual([
      { event: { kind: "task.due", repo: REPO, taskId: "1001.1.1" }, key: "due:1001.1.1" },
      { event: { kind: "task.due", repo: REPO, taskId: "1001.2.1" }, key: "due:1001.2.1" },
    ]);
  });
});

describe("sweepRepositories", () => {
  it("has every repository compared that the app may work on, each queued once while it waits", async () => {
    const { deps, sent } = startSweeping();

    expect(await sweepRepositories(deps)).toBe(2);
    expect(sent).toEqual([
      { event: { kind: "repository.reconcile", repo: REPO }, key: "reconcile:1001" },
      { event: { kind: "repository.reconcile", repo: OTHER }, key: "reconcile:1002" },
    ]);
  });
});

describe("sweepDeliveries", () => {
  it("F025 asks the first time for what GitHub still keeps", async () => {
    const { deps, asked } = startSweeping();

    expect(await sweepDeliveries(deps)).toBe(3);
    expect(asked).toEqual([MONDAY - 3 * DAY_MS]);
  });

  it("F027 goes on where the last sweep ended", async () => {
    const { deps, asked } = startSweeping({ newest: MONDAY - 5 });
    await sweepDeliveries(deps);
    await sweepDeliveries(deps);

    expect(asked).toEqual([MONDAY - 3 * DAY_MS, MONDAY - 5]);
  });

  it("F027 begins there again when it was broken off", async () => {
    const { deps, marks } = startSweeping();
    const broken = {
      ...deps,
      app: {
        ...deps.app,
        redeliverFailed: async () => {
          throw new Error("no answer");
        },
      },
    };

    await expect(sweepDeliveries(broken)).rejects.toThrow("no answer");
    expect(marks.size).toBe(0);
  });
});

describe("sweepReports", () => {
  it("F191 orders the report of the week that has ended, once", async () => {
    const { deps, sent } = startSweeping({ records: [buildRepository()] });
    await sweepReports(deps);
    await sweepReports(deps);

    expect(sent).toEqual([
      { event: { kind: "report.due", repo: REPO, week: "2026-W47" }, key: "report:1001:2026-W47" },
    ]);
  });

  it("F191 orders it again when the order did not reach the inbox", async () => {
    const troubles = ["the database is away"];
    const { deps, sent } = startSweeping({
      records: [buildRepository()],
      send: async () => {
        const trouble = troubles.shift();
        if (trouble !== undefined) throw new Error(trouble);
      },
    });
    await expect(sweepReports(deps)).rejects.toThrow("the database is away");
    await sweepReports(deps);

    expect(sent).toHaveLength(1);
  });

  it("has sessions looked at that the clock ends, and no others", async () => {
    const withSession = (session: Parameters<typeof buildSession>[0]) =>
      buildRepository({ configText: null, sessions: [buildSession(session)] });
    const sentFor = async (record: RepositoryRecord) => {
      const { deps, sent } = startSweeping({ records: [record] });
      await sweepReports(deps);
      return sent;
    };
    const due = { event: { kind: "session.due", repo: REPO }, key: "session:1001" };

    expect(await sentFor(withSession({ endsAt: MONDAY }))).toEqual([due]);
    expect(await sentFor(withSession({ idleSince: MONDAY - 60_000 }))).toEqual([due]);
    const ended = buildEnded({ endsAt: MONDAY - 1, idleSince: MONDAY - DAY_MS });
    const others = [
      withSession({ endsAt: MONDAY + 1 }),
      withSession({ idleSince: MONDAY - 59_999 }),
      withSession(ended),
      withSession({ ...ended, endedAt: null }),
      { ...withSession({ endsAt: MONDAY }), status: "suspended" as const },
    ];
    for (const record of others) expect(await sentFor(record)).toEqual([]);
  });

  it("orders none for a repository that wants none", async () => {
    const { deps, sent } = startSweeping({ records: [buildRepository({ configText: null })] });
    await sweepReports(deps);

    expect(sent).toEqual([]);
  });
});
