import {
  createFamily,
  type Describe,
  type Direction,
  showList,
  showOr,
  weighCeiling,
  weighDemands,
  weighFloor,
  weighPermissions,
} from "../compare-values.ts";
import { reportFamilies } from "./reports.ts";

const checks = createFamily<readonly string[]>({
  read: ({ gates }) => [["gates.checks.required", gates.checks.required]],
  weigh: weighChecks,
  show: showList("every check"),
  means: {
    looser: ["required-check-removed", "A check may fail, or be missing, that had to succeed."],
    tighter: ["required-check-added", "One more check has to succeed."],
  },
});

/** "Every check" and a list cannot be compared: the one misses checks that do not come, the other those not named. */
function weighChecks(before: readonly string[] = [], after: readonly string[] = []): Direction {
  return before.length === 0 || after.length === 0 ? "looser" : weighDemands(before, after);
}

const allow = createFamily<readonly string[]>({
  read: ({ gates }) => [["gates.paths.allow", gates.paths.allow]],
  weigh: weighAllowed,
  show: showList("every path"),
  means: {
    looser: ["allowed-path-added", "Work may touch more files."],
    tighter: ["allowed-path-removed", "Work may touch fewer files."],
  },
});

/** An empty list allows everything that is not protected. */
function weighAllowed(before: readonly string[] = [], after: readonly string[] = []): Direction {
  if (before.length === 0) return "tighter";
  return after.length === 0 ? "looser" : weighPermissions(before, after);
}

const protect = createFamily<readonly string[]>({
  read: ({ gates }) => [["gates.paths.protect", gates.paths.protect]],
  weigh: weighDemands,
  show: showList("none"),
  means: {
    looser: ["protected-path-removed", "Work may touch files that only people changed."],
    tighter: ["protected-path-added", "Work may not touch these files any more."],
  },
});

const size = createFamily<number>({
  read: ({ gates }) => [
    ["gates.size.files", gates.size.files],
    ["gates.size.lines", gates.size.lines],
  ],
  weigh: weighCeiling,
  show: showOr("no limit"),
  means: {
    looser: ["size-raised", "Larger pull requests pass."],
    tighter: ["size-lowered", "Only smaller pull requests pass."],
  },
});

const assertions = createFamily<boolean>({
  read: ({ gates }) => [["gates.assertions", gates.assertions]],
  weigh: (_, after) => (after ? "tighter" : "looser"),
  show: (isOn) => (isOn ? "on" : "off"),
  means: {
    looser: ["assertions-off", "Removing assertions and skipping tests passes."],
    tighter: ["assertions-on", "Removing assertions and skipping tests fails."],
  },
});

const approvals = createFamily<number>({
  read: ({ gates }) => [["gates.approvals", gates.approvals]],
  weigh: weighFloor,
  show: showOr("none"),
  means: {
    looser: ["approvals-lowered", "Fewer people have to approve a merge."],
    tighter: ["approvals-raised", "More people have to approve a merge."],
  },
});

const artifacts = createFamily<readonly string[]>({
  read: ({ gates }) => [["gates.evidence.artifacts", gates.evidence.artifacts]],
  weigh: weighDemands,
  show: showList("none"),
  means: {
    looser: ["evidence-removed", "An artifact need not be there any more."],
    tighter: ["evidence-added", "One more artifact has to be there."],
  },
});

/** Keys of `gates`. */
export const gateFamilies: readonly Describe[] = [
  ...[checks, allow, protect, size],
  ...[assertions, approvals, artifacts],
  ...reportFamilies,
];
