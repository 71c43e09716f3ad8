import { describe, expect, it } from "vitest";
import { describeOperation, summariseOperation } from "../../../src/core/operation/describe-operation.ts";
import type { StoredRepository } from "../../../src/core/plan/repository/repository.ts";
import { reason } from "../../../src/core/reasons.ts";
import { isoWeekOf } from "../../../src/core/report/iso-week.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { buildEnded, buildSession } from "../../support/build-session.ts";
import { buildConfigText, buildRepository, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { buildRunning } from "../plan/plan-with.ts";

const BREAKER = { failures: 3, last: "Secret words.", openUntil: NOW + 60_000, failedProbes: 0, probe: null };

function withStored(stored: Partial<StoredRepository>, configText = buildConfigText()) {
  const built = buildRepository({ configText });
  return { ...built, stored: { ...built.stored, ...stored } };
}

function describeWith(stored: Partial<StoredRepository>, more: Parameters<typeof buildSnapshot>[0] = {}) {
  const snapshot = buildSnapshot({ repository: withStored(stored), ...more });
  return describeOperation(snapshot, { pulls: [], now: NOW });
}

describe("how a repository stands", () => {
  it("tells breakers by what they guard, and whether they are open, about to probe, or probing", () => {
    const stored = {
      breakers: {
        "agent.yml": BREAKER,
        "role:bugfix": { ...BREAKER, openUntil: NOW },
        "provider:acme": { ...BREAKER, openUntil: NOW - 1, probe: "1001.42.1" },
        "provider:other": { ...BREAKER, openUntil: NOW - 1, probe: "1001.43.1" },
        "role:explore": { ...BREAKER, openUntil: NOW - 1, probe: "1001.44.1" },
        "train.yml": { ...BREAKER, openUntil: null, failures: 1 },
      },
    };
    const waiting = { state: "verifying", reasons: [reason("merge.by-hand", "m")] } as const;
    const found = describeWith(stored, { active: [buildRunning(), buildTask({ issue: 43, ...waiting })] });

    expect(found?.breakers.map(({ guards, state }) => `${guards}: ${state}`)).toEqual([
      "workflow agent.yml: open",
      "role bugfix: due",
      "model provider acme: probing",
      "model provider other: due",
      "role explore: due",
      "workflow train.yml: closed",
    ]);
  });

  it("tells which roles rest, those whose rest is over not", () => {
    const rest = { issue: 7, what: "Secret words." };
    const rests = { bugfix: { ...rest, until: NOW + 1 }, explore: { ...rest, until: NOW } };

    expect(describeWith({ rests })?.rests).toEqual([{ role: "bugfix", until: NOW + 1 }]);
  });

  it("tells which sessions are open or hold something back, without who asked for them", () => {
    const sessions = [
      buildSession({ number: 1, team: "dev", count: 5, endsAt: NOW }),
      buildEnded({ number: 2, endedAt: null }),
      buildEnded({ number: 3 }),
      buildEnded({ number: 4, rests: false }),
    ];

    expect(describeWith({ sessions })?.sessions).toEqual([
      { number: 1, team: "dev", state: "open", taken: 0, count: 5, endsAt: NOW },
      { number: 2, team: null, state: "ending", taken: 1, count: 1, endsAt: null },
      { number: 3, team: null, state: "over", taken: 1, count: 1, endsAt: null },
    ]);
  });

  it("tells what the week and its roles used, set aside and may use", () => {
    const running = buildRunning();
    const reserved = { minutes: 10, usd: 1 };
    const active = [{ ...running, timeline: running.timeline.map((line) => ({ ...line, reserved })) }];
    const roleWeek = { week: isoWeekOf(NOW), roles: { bugfix: { minutes: 5, usd: 0 } } };
    const found = describeWith({ roleWeek }, { active, weekUsage: { minutes: 20, usd: 2 } });

    expect(found?.budgets).toEqual([
      { of: "week", unit: "minutes", used: 20, reserved: 10, limit: 3000 },
      { of: "week", unit: "usd", used: 2, reserved: 1, limit: null },
      { of: "bugfix", unit: "minutes", used: 5, reserved: 10, limit: null },
      { of: "bugfix", unit: "usd", used: 0, reserved: 1, limit: null },
    ]);
    expect(found?.tasks).toEqual([{ issue: 42, state: "running", role: "bugfix" }]);
  });

  it("F189 tells that a run without a price has set aside all that is left of a limit", () => {
    const running = buildRunning();
    const line = running.timeline.map((known) => ({ ...known, reserved: { minutes: 10 } }));
    const active = [{ ...running, timeline: line }];
    const configText = buildConfigText().replace("minutesPerWeek: 3000", "usdPerWeek: 50");
    const repository = withStored({}, configText);
    const found = describeWith({}, { repository, active, weekUsage: { minutes: 20, usd: 2 } });

    expect(found?.budgets.filter(({ unit }) => unit === "usd")).toEqual([
      { of: "week", unit: "usd", used: 2, reserved: 48, limit: 50 },
    ]);
  });

  it("tells the verdicts of people's open pull requests", () => {
    const pulls = [
      buildPullRecord({ number: 5, verdict: { value: "BLOCKED", gates: [] } }),
      buildPullRecord({ number: 6, verdict: null }),
      buildPullRecord({ number: 7, state: "closed" }),
    ];
    const found = describeOperation(buildSnapshot(), { pulls, now: NOW });

    expect(found?.pulls.map(({ number, verdict }) => `#${number} ${verdict}`)).toEqual([
      "#5 BLOCKED",
      "#6 pending",
    ]);
  });

  it("I10 repeats no text of anybody's, and nothing at all of a governed repository", () => {
    const stored = {
      breakers: { "agent.yml": BREAKER },
      rests: { bugfix: { until: NOW + 1, issue: 7, what: "Secret words." } },
    };
    const governed = withStored(stored, buildConfigText({ lines: ["governed: true"] }));

    expect(JSON.stringify(describeWith(stored))).not.toContain("Secret");
    expect(describeOperation(buildSnapshot({ repository: governed }), { pulls: [], now: NOW })).toBeNull();
    expect(summariseOperation([governed], { now: NOW, limit: 1 })).toMatchObject([
      { name: null, openBreakers: 1 },
    ]);
  });
});

describe("the list of repositories", () => {
  it("begins with those in trouble, leaves removed ones out, and ends at its limit", () => {
    const numbered = (id: number, stored: Partial<StoredRepository> = {}) => {
      const built = withStored(stored);
      return { ...built, repo: { ...built.repo, id, name: `shop-${id}` } };
    };
    const records = [
      numbered(1),
      numbered(2, { pausedBy: "@ada" }),
      numbered(3, { breakers: { "agent.yml": BREAKER } }),
      { ...numbered(4), status: "removed" as const },
    ];
    const listed = summariseOperation(records, { now: NOW, limit: 2 });

    expect(listed.map(({ name }) => name)).toEqual(["acme/shop-3", "acme/shop-1"]);
    expect(summariseOperation(records, { now: NOW, limit: 9 })[2]).toMatchObject({ paused: true });
  });
});
