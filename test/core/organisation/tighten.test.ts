import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Autonomy, allows } from "../../../src/core/autonomy/autonomy.ts";
import type { Config } from "../../../src/core/config/config.ts";
import { describeConfigChange } from "../../../src/core/config/describe-change.ts";
import { defaultConfig } from "../../../src/core/config/parse-config.ts";
import { CLOSED_FLOOR, type Floor, NO_FLOOR } from "../../../src/core/organisation/organisation.ts";
import { tighten } from "../../../src/core/organisation/tighten.ts";
import { anyConfig, anyFloor } from "./arbitraries.ts";

/** Keys in which the second configuration is looser, by the same comparison that pull requests are shown. */
function looserKeys(before: Config, after: Config): readonly string[] {
  return describeConfigChange(before, after)
    .filter(({ direction }) => direction === "looser")
    .map(({ key }) => key);
}

function includes(all: readonly unknown[], some: readonly unknown[]): boolean {
  return some.every((one) => all.some((known) => JSON.stringify(known) === JSON.stringify(one)));
}

function isBounded(value: number | undefined, most: number | undefined): boolean {
  return most === undefined || (value !== undefined && value <= most);
}

function isBelow({ autonomy }: Config, most: Autonomy | undefined): boolean {
  return most === undefined || allows(most, autonomy);
}

/** A demand that is made has to be met. */
function implies(demanded: boolean, met: boolean): boolean {
  return met || !demanded;
}

const SINGLE = [
  ...(["running", "openPulls", "minutesPerWeek", "usdPerWeek", "minutesPerTask", "usdPerTask"] as const),
];

function judgeWork(config: Config, floor: Floor): Readonly<Record<string, boolean>> {
  const { limits } = config;
  return {
    mode: implies(floor.mode === "shadow", config.mode === "shadow"),
    autonomy: isBelow(config, floor.autonomy),
    governed: implies(floor.governed, config.governed && isBelow(config, "merge-with-approval")),
    limits: SINGLE.every((key) => isBounded(limits[key], floor.limits[key])),
    perTeam: Object.entries(floor.limits.perTeam ?? {}).every(([team, most]) =>
      isBounded(limits.perTeam[team], most),
    ),
    ceilings: includes(config.ceilings, floor.ceilings),
    windows: includes(config.windows, floor.windows),
  };
}

function judgeGates(config: Config, { gates: floor }: Floor): Readonly<Record<string, boolean>> {
  const { paths, size, people, integrity, evidence, ...gates } = config.gates;
  return {
    protect: includes(paths.protect, floor.protect),
    size: isBounded(size.files, floor.files) && isBounded(size.lines, floor.lines),
    assertions: implies(floor.assertions, gates.assertions),
    approvals: gates.approvals >= (floor.approvals ?? 0),
    areRead: implies(floor.approvals !== undefined, isBelow(config, "merge-with-approval")),
    owners: implies(floor.owners, gates.owners),
    integrity: implies(floor.integrity, integrity.enabled),
    evaluation: includes(integrity.evaluation, floor.evaluation),
    artifacts: includes(evidence.artifacts, floor.artifacts),
    verify: implies(floor.people.verify, people.verify),
    peoplesApprovals: people.approvals >= floor.people.approvals,
    linkedIssue: implies(floor.people.linkedIssue, people.linkedIssue),
  };
}

/** Every demand of a floor that a configuration does not meet; written without the function that it judges. */
function unmetBy(config: Config, floor: Floor): readonly string[] {
  const met = { ...judgeWork(config, floor), ...judgeGates(config, floor) };
  return Object.keys(met).filter((key) => !met[key]);
}

describe("tighten", () => {
  it("S12 S13 is never looser than the repository, and meets every demand of the owner", () => {
    fc.assert(
      fc.property(anyConfig, anyFloor, (config, floor) => {
        const result = tighten(config, floor);
        expect(looserKeys(config, result)).toEqual([]);
        expect(unmetBy(result, floor)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(anyConfig, anyFloor, (config, floor) => {
        const once = tighten(config, floor);
        expect(tighten(once, floor)).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves a stricter repository stricter, and stays as strict when another floor is added", () => {
    fc.assert(
      fc.property(anyConfig, anyFloor, anyFloor, (config, floor, other) => {
        const stricter = tighten(config, other);
        expect(looserKeys(tighten(config, floor), tighten(stricter, floor))).toEqual([]);
        expect(unmetBy(tighten(tighten(config, floor), other), floor)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("F165 gives a repository that loosens what it had before", () => {
    fc.assert(
      fc.property(anyConfig, anyFloor, (config, floor) => {
        const strict = tighten(config, floor);
        const loosened: Config = {
          ...strict,
          ...{ mode: "active", autonomy: "deploy", governed: false, ceilings: [], windows: [] },
          limits: defaultConfig().limits,
          roles: config.roles,
          gates: {
            ...defaultConfig().gates,
            integrity: { enabled: false, evaluation: [] },
            assertions: false,
          },
        };
        expect(unmetBy(tighten(loosened, floor), floor)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("is the repository's own configuration where the owner demands nothing", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        if (!config.governed) expect(tighten(config, NO_FLOOR)).toEqual(config);
      }),
      { numRuns: 100 },
    );
  });

  it("allows nothing on the floor of a file that was never valid", () => {
    expect(tighten({ ...defaultConfig(), autonomy: "deploy" }, CLOSED_FLOOR)).toMatchObject({
      autonomy: "observe",
      governed: true,
    });
  });

  it("I10 goes no further than an approval by people where the repository governs itself", () => {
    const config = tighten({ ...defaultConfig(), autonomy: "deploy", governed: true }, NO_FLOOR);

    expect(config).toMatchObject({ autonomy: "merge-with-approval", gates: { approvals: 1 } });
  });
});
