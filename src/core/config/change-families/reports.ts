import {
  createFamily,
  type Describe,
  type Direction,
  showList,
  showOr,
  weighCeiling,
  weighDemands,
  weighFloor,
} from "../compare-values.ts";
import type { Config, CoverageLimits } from "../config.ts";

/** Another artifact may be made in another way; no artifact means that nothing is judged. */
const artifact = createFamily<string | undefined>({
  read: ({ gates }) => [["gates.reports.artifact", gates.reports?.artifact]],
  weigh: (before) => (before === undefined ? "tighter" : "looser"),
  show: showOr("none"),
  means: {
    looser: ["reports-changed", "Reports come from somewhere else, or not at all."],
    tighter: ["reports-required", "A workflow has to upload reports."],
  },
});

const files = createFamily<readonly string[]>({
  read: ({ gates }) => [
    ["gates.reports.files", gates.reports?.files.map(({ format, path }) => `${path} (${format})`) ?? []],
  ],
  weigh: weighDemands,
  show: showList("none"),
  means: {
    looser: ["report-removed", "A report is not judged any more."],
    tighter: ["report-added", "One more report has to be there, and is judged."],
  },
});

const LOOSENED = ["threshold-loosened", "More pull requests pass."] as const;
const TIGHTENED = ["threshold-tightened", "Fewer pull requests pass."] as const;

/** How much worse a report may be; a gate that is not there allows anything. */
const allowances = createFamily<number | undefined>({
  read: ({ gates: { tests, findings, coverage } }) => [
    ["gates.tests.newlySkipped", tests?.newlySkipped],
    ["gates.tests.lost", tests?.lost],
    ["gates.findings.new", findings?.new],
    ["gates.coverage.lines.maxDrop", coverage?.lines?.maxDrop],
    ["gates.coverage.branches.maxDrop", coverage?.branches?.maxDrop],
  ],
  weigh: weighCeiling,
  show: showOr("not judged"),
  means: { looser: LOOSENED, tighter: TIGHTENED },
});

const floors = createFamily<number | undefined>({
  read: ({ gates: { coverage } }) =>
    (["lines", "branches"] as const).flatMap((measure) => [
      ...floorsOf(`gates.coverage.${measure}`, coverage?.[measure]),
    ]),
  weigh: weighFloor,
  show: showOr("not judged"),
  means: { looser: LOOSENED, tighter: TIGHTENED },
});

function floorsOf(key: string, limits: CoverageLimits | undefined) {
  return [
    [`${key}.min`, limits?.min],
    [`${key}.changedMin`, limits?.changedMin],
  ] as const;
}

type Level = NonNullable<Config["gates"]["findings"]>["level"];

const level = createFamily<Level | undefined>({
  read: ({ gates }) => [["gates.findings.level", gates.findings?.level]],
  weigh: weighLevel,
  show: showOr("not judged"),
  means: { looser: LOOSENED, tighter: TIGHTENED },
});

const DEMANDS: Readonly<Record<Level, number>> = { error: 1, warning: 2, note: 3 };

function weighLevel(before: Level | undefined, after: Level | undefined): Direction {
  const demandsOf = (value: Level | undefined) => (value === undefined ? 0 : DEMANDS[value]);
  return weighFloor(demandsOf(before), demandsOf(after));
}

/** Keys of `gates` that are about reports. */
export const reportFamilies: readonly Describe[] = [artifact, files, allowances, floors, level];
