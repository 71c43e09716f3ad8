import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/core/config/parse-config.ts";
import {
  admitRole,
  admitTask,
  admitWeek,
  type Spending,
} from "../../../../src/core/queue/cost/admit-cost.ts";
import { addRunCosts, type Cost, expectCost, NO_COST } from "../../../../src/core/queue/cost/cost.ts";
import { reservedFor } from "../../../../src/core/queue/cost/reserved-cost.ts";
import { buildRunning } from "../../plan/plan-with.ts";

const parsed = parseConfig(
  [
    "version: 1",
    "limits: { minutesPerWeek: 100, usdPerWeek: 5, minutesPerTask: 90, usdPerTask: 2 }",
    "roles: { bugfix: { minutesPerWeek: 40 } }",
  ].join("\n"),
);
if (!parsed.ok) throw new Error("the configuration is not valid");
const { limits, roles } = parsed.config;

function spend(own: Partial<Spending>): Spending {
  return { used: NO_COST, reserved: NO_COST, expected: NO_COST, ...own };
}

const minutes = (value: number): Cost => ({ minutes: value, usd: 0 });
const usd = (value: number): Cost => ({ minutes: 0, usd: value });

describe("what the week allows", () => {
  it.each<[string, Partial<Spending>, readonly string[]]>([
    ["nothing is used", {}, []],
    ["the run just fits", { used: minutes(60), reserved: minutes(20), expected: minutes(20) }, []],
    [
      "the run does not fit",
      { used: minutes(60), reserved: minutes(20), expected: minutes(21) },
      ["limit.minutes"],
    ],
    ["what runs may use the rest", { used: minutes(60), reserved: minutes(40) }, ["limit.minutes"]],
    ["all minutes are used", { used: minutes(100) }, ["limit.minutes"]],
    ["all money is used", { used: usd(5) }, ["limit.usd"]],
    ["a run without a price has the rest", { used: usd(2), reserved: { minutes: 9 } }, ["limit.usd"]],
    ["nobody knows a price, and nothing else runs", { used: usd(4.99), expected: { minutes: 9 } }, []],
    [
      "what runs leaves something for a price nobody knows",
      { reserved: usd(4.99), expected: { minutes: 1 } },
      [],
    ],
    ["neither is left", { used: { minutes: 101, usd: 6 } }, ["limit.minutes", "limit.usd"]],
  ])("when %s: %s %j", (_name, own, codes) => {
    expect(admitWeek(limits, spend(own)).map(({ code }) => code)).toEqual(codes);
  });

  it("is said with what is used, reserved and expected", () => {
    const spending = spend({ used: minutes(60.4), reserved: minutes(20), expected: minutes(30) });
    expect(admitWeek(limits, spending)[0]?.message).toBe(
      "60 of 100 minutes of this week are spent, 20 minutes are reserved for what is running, the next run is expected to take 30 minutes (`limits.minutesPerWeek`).",
    );
    const few = spend({ used: minutes(1), reserved: minutes(1.2), expected: minutes(100) });
    expect(admitWeek(limits, few)[0]?.message).toBe(
      "1 of 100 minutes of this week is spent, 1 minute is reserved for what is running, the next run is expected to take 100 minutes (`limits.minutesPerWeek`).",
    );
    expect(admitWeek(limits, spend({ used: usd(6.239) }))[0]?.message).toBe(
      "$6.24 of $5 of this week are spent (`limits.usdPerWeek`).",
    );
  });

  it("F189 is said with what to do where the price of what runs is not known", () => {
    const [week] = admitWeek(limits, spend({ used: usd(1.5), reserved: { minutes: 0 } }));
    expect(week).toMatchObject({
      message:
        "$1.50 of $5 of this week are spent, $3.50 are reserved for what is running, because the price of a run is not known (`limits.usdPerWeek`).",
      liftedBy:
        "the end of what is running; several at once need workers that report `usage.usd`, or no `limits.usdPerWeek`",
    });
    const [spent] = admitWeek(limits, spend({ used: usd(5), reserved: { minutes: 0 } }));
    expect(spent).toMatchObject({
      message: "$5.00 of $5 of this week are spent (`limits.usdPerWeek`).",
      liftedBy: "the next week, or a higher limit",
    });
  });

  it("is everything where nothing is configured", () => {
    const none = { ...limits, minutesPerWeek: undefined, usdPerWeek: undefined };
    expect(admitWeek(none, spend({ used: { minutes: 1e9, usd: 1e9 } }))).toEqual([]);
  });
});

it("counts the limits of a role and of a task by the same rule", () => {
  const [role] = Object.values(roles).filter(({ name }) => name === "bugfix");
  if (role === undefined) throw new Error("the role is built in");
  const spending = spend({ used: minutes(30), expected: minutes(61) });

  expect(admitRole(role, spending).map(({ code, message }) => [code, message])).toEqual([
    [
      "limit.role",
      "30 of 40 minutes of this week of role `bugfix` are spent, the next run is expected to take 61 minutes (`roles.bugfix.minutesPerWeek`).",
    ],
  ]);
  expect(admitTask(limits, spending).map(({ code, message }) => [code, message])).toEqual([
    [
      "limit.task",
      "30 of 90 minutes of this task are spent, the next run is expected to take 61 minutes (`limits.minutesPerTask`).",
    ],
  ]);
});

describe("what a run is expected to take", () => {
  it("is its time limit while nothing is known", () => {
    expect(expectCost(undefined, 90 * 60_000)).toEqual({ minutes: 90 });
    expect(expectCost([], 60_000)).toEqual({ minutes: 1 });
  });

  it("F189 has no price while none is known", () => {
    expect(expectCost([{ minutes: 6 }, { minutes: 8 }], 60_000)).toEqual({ minutes: 8 });
  });

  it("is the middle of what the last ones took, one very long one or not", () => {
    const samples = [1, 2, 3, 4, 500].map((value) => ({ minutes: value, usd: value / 10 }));
    expect(expectCost(samples, 60_000)).toEqual({ minutes: 3, usd: 0.3 });
    expect(expectCost([minutes(2), minutes(4)], 60_000).minutes).toBe(4);
  });

  it("F189 is not less money because runs ended without a word of it, while a told nothing is one", () => {
    const untold = { minutes: 6 };
    expect(expectCost([usd(5), untold, untold], 60_000)).toEqual({ minutes: 6, usd: 5 });
    expect(expectCost([usd(5), usd(0), usd(0)], 60_000).usd).toBe(0);
  });
});

it("F189 sums the money of runs only where each has a price", () => {
  expect(addRunCosts([])).toEqual(NO_COST);
  expect(addRunCosts([{ minutes: 1, usd: 2 }, usd(3)])).toEqual({ minutes: 1, usd: 5 });
  expect(addRunCosts([usd(3), { minutes: 2 }])).toEqual({ minutes: 2 });
});

describe("what is reserved", () => {
  const task = buildRunning();
  const [line] = task.timeline;
  if (line === undefined) throw new Error("a running task has a line");
  const reserved = { minutes: 7, usd: 1 };

  it("is what was expected of the run that is under way", () => {
    expect(reservedFor({ ...task, timeline: [{ ...line, reserved }] })).toEqual(reserved);
  });

  it.each([
    ["the run has ended", { timeline: [{ ...line, reserved, endedAt: 1 }] }],
    ["the task waits for no run", { timeline: [{ ...line, reserved }], correlation: null }],
    ["it was ordered before anything was reserved", {}],
  ])("is nothing when %s", (_name, own) => {
    expect(reservedFor({ ...task, ...own })).toEqual(NO_COST);
  });
});
