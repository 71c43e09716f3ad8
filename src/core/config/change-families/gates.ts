import {
  createFamily,
  type Describe,
  type Direction,
  showList,
  showOr,
  showSwitch,
  weighAllowed,
  weighCeiling,
  weighDemands,
  weighFloor,
  weighSwitch,
} from "../compare-values.ts";
import { metricFamilies } from "./metrics.ts";
import { peopleFamilies } from "./people.ts";
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
  weigh: weighSwitch,
  show: showSwitch,
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

const owners = createFamily<boolean>({
  read: ({ gates }) => [["gates.owners", gates.owners]],
  weigh: weighSwitch,
  show: showSwitch,
  means: {
    looser: ["owners-off", "The owners of files need not approve their change any more."],
    tighter: ["owners-on", "The owners of files have to approve their change."],
  },
});

const integrity = createFamily<boolean>({
  read: ({ gates }) => [["gates.integrity.enabled", gates.integrity.enabled]],
  weigh: weighSwitch,
  show: showSwitch,
  means: {
    looser: ["integrity-off", "Nobody has to look at changes of what proves the work."],
    tighter: ["integrity-on", "A person has to look at changes of what proves the work."],
  },
});

const evaluation = createFamily<readonly string[]>({
  read: ({ gates }) => [["gates.integrity.evaluation", gates.integrity.evaluation]],
  weigh: weighDemands,
  show: showList("none"),
  means: {
    looser: ["evaluation-removed", "Nobody has to look at changes of some evaluation files any more."],
    tighter: ["evaluation-added", "A person has to look at changes of more evaluation files."],
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
  ...[assertions, approvals, owners, integrity, evaluation, artifacts],
  ...peopleFamilies,
  ...metricFamilies,
  ...reportFamilies,
];
