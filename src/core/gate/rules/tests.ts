import { judgeTests } from "../../findings/judge-tests.ts";
import type { GateRule } from "../gate-rule.ts";
import { renamesOf } from "../reports/renames-of.ts";
import { TESTS } from "../reports/report-kind.ts";
import { takeReports } from "../reports/take-reports.ts";

/** What failed before the change is not held against it; what fails since then is. */
export const testsGate: GateRule = {
  name: "tests",
  purpose: "With test reports configured: no new failure, and no test lost or newly skipped.",
  changedBy: ["push", "check", "base", "configuration", "clock"],
  key: ["gates", "tests"],
  isOverridable: true,
  inQueue: true,
  appliesTo: ({ config: { gates } }) => gates.tests !== undefined,
  whyNot: "no test report is configured",
  evaluate(subject) {
    const taken = takeReports(subject, TESTS);
    if (taken.kind === "answer") return taken.answer;
    const { head, base, isFirst, url } = taken;
    const { newlySkipped = 0, lost = 0 } = subject.config.gates.tests ?? {};
    const result = judgeTests({
      head: { ok: true, report: head },
      base,
      isFirst,
      policy: { maxDrop: lost, maxNewlySkipped: newlySkipped },
      renames: renamesOf(subject.pull),
    });
    return { ...result, evidenceUrl: url };
  },
};
