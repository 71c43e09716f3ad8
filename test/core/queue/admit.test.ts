import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { admit, type Load, measureLoad } from "../../../src/core/queue/admit.ts";
import { buildConfigText } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull } from "../../support/build-task.ts";

const parsed = parseConfig(buildConfigText());
if (!parsed.ok) throw new Error("the built configuration is not valid");
const { config } = parsed;

const IDLE: Load = { running: 0, perTeam: {}, openPulls: 0 };
const codes = (load: Partial<Load>, task = buildTask()) =>
  admit(task, config, { ...IDLE, ...load }).map((reason) => reason.code);

describe("admit", () => {
  it("admits a task where nothing is under way", () => {
    expect(codes({})).toEqual([]);
  });

  it.each<[string, Partial<Load>, readonly string[]]>([
    ["one below the running limit", { running: 1 }, []],
    ["the running limit", { running: 2 }, ["limit.running"]],
    ["more than the running limit", { running: 9 }, ["limit.running"]],
    ["the team's limit", { perTeam: { qa: 1 } }, ["limit.team"]],
    ["another team's limit", { perTeam: { dev: 9 } }, []],
    ["one below the pulls", { openPulls: 7 }, []],
    ["all pulls", { openPulls: 8 }, ["limit.pulls"]],
  ])("at %s has the reasons %j", (_name, load, expected) => {
    expect(codes(load)).toEqual(expected);
  });

  it("says every reason at once", () => {
    const load = {
      running: 2,
      perTeam: { qa: 1 },
      openPulls: 8,
    };
    expect(admit(buildTask(), config, load).map((reason) => reason.message)).toEqual([
      "2 of 2 tasks are running (`limits.running`).",
      "1 of 1 task of team qa is running (`limits.perTeam`).",
      "8 of 8 pull requests are open (`limits.openPulls`).",
    ]);
  });

  it("does not make a task wait for its own pull request", () => {
    expect(codes({ openPulls: 8 }, buildTask({ pull: buildTaskPull() }))).toEqual([]);
  });

  it("has no limit where none is configured", () => {
    const limits = { ...config.limits, perTeam: {} };
    const load = { ...IDLE, perTeam: { qa: 99 } };
    expect(admit(buildTask(), { ...config, limits }, load)).toEqual([]);
  });

  it.each(["constructor", "toString", "__proto__"])("knows no team %j but the configured one", (team) => {
    expect(codes({}, buildTask({ team }))).toEqual([]);
    const limits = { ...config.limits, running: 99, perTeam: Object.fromEntries([[team, 1]]) };
    const load = measureLoad([buildTask({ team, state: "running" })]);
    const found = admit(buildTask({ team }), { ...config, limits }, load);
    expect(found.map((reason) => reason.code)).toEqual(["limit.team"]);
  });

  it("never admits more when more is under way", () => {
    const load = fc.record({
      running: fc.nat(4),
      perTeam: fc.record({ qa: fc.nat(3) }),
      openPulls: fc.nat(12),
    });
    fc.assert(
      fc.property(load, load, (one, more) => {
        const sum: Load = {
          running: one.running + more.running,
          perTeam: { qa: one.perTeam.qa + more.perTeam.qa },
          openPulls: one.openPulls + more.openPulls,
        };
        expect(new Set(codes(one)).isSubsetOf(new Set(codes(sum)))).toBe(true);
      }),
    );
  });
});

describe("measureLoad", () => {
  it("counts what runs, by team, and what has a pull request", () => {
    const active = [
      buildTask({ issue: 1, state: "running" }),
      buildTask({ issue: 2, state: "running", team: "dev", pull: buildTaskPull() }),
      buildTask({ issue: 3, state: "verifying", pull: buildTaskPull() }),
      buildTask({ issue: 4, state: "blocked" }),
    ];
    const load = measureLoad(active);
    expect({ ...load, perTeam: { ...load.perTeam } }).toEqual({
      running: 2,
      perTeam: { qa: 1, dev: 1 },
      openPulls: 2,
    });
  });

  it("finds nothing where nothing is", () => {
    expect(measureLoad([])).toMatchObject({ running: 0, openPulls: 0 });
  });
});
