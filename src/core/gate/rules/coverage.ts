import type { CoverageConfig, CoverageLimits } from "../../config/config.ts";
import { type CoverageBounds, judgeCoverage } from "../../findings/judge-coverage.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { listedFiles } from "../match-paths.ts";
import { listGone, listNewCode } from "../reports/measured-code.ts";
import { renamesOf } from "../reports/renames-of.ts";
import { COVERAGE } from "../reports/report-kind.ts";
import { takeReports } from "../reports/take-reports.ts";

const { blocked } = answerAs("coverage");

/** Counts decide, never the percentages that a report brings. */
export const coverageGate: GateRule = {
  name: "coverage",
  purpose: "With a coverage report configured: as much is covered as demanded, overall and in the change.",
  changedBy: ["push", "check", "base", "configuration", "clock"],
  key: ["gates", "coverage"],
  isOverridable: true,
  inQueue: true,
  appliesTo: ({ config: { gates } }) => gates.coverage !== undefined,
  whyNot: "no coverage report is configured",
  evaluate(subject) {
    const taken = takeReports(subject, COVERAGE);
    if (taken.kind === "answer") return taken.answer;
    const files = listedFiles(subject.pull);
    if (files === null) {
      const message = "The list of changed files is not complete.";
      return blocked({ message, seen: "incomplete", wanted: "the coverage of every changed file" });
    }
    const { coverage = {} } = subject.config.gates;
    const result = judgeCoverage({
      head: { ok: true, report: taken.head },
      base: taken.base,
      policy: {
        floor: boundsOf(coverage, ({ min }) => min),
        maxDrop: boundsOf(coverage, ({ maxDrop }) => maxDrop),
        changedFloor: boundsOf(coverage, ({ changedMin }) => changedMin),
      },
      changedFiles: files.map(({ path }) => path),
      goneFiles: listGone(files),
      newCode: listNewCode(files),
      renames: renamesOf(subject.pull),
    });
    return { ...result, evidenceUrl: taken.url };
  },
};

function boundsOf(
  coverage: CoverageConfig,
  choose: (limits: CoverageLimits) => number | undefined,
): CoverageBounds {
  const bounds = Object.entries(coverage).flatMap(([measure, limits]) => {
    const bound = choose(limits);
    return bound === undefined ? [] : [[measure, bound] as const];
  });
  return Object.fromEntries(bounds);
}
