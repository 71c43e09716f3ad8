import type { FindingLevel } from "../../evidence/reports/report.ts";
import { judgeFindings } from "../../findings/judge-findings.ts";
import type { GateRule } from "../gate-rule.ts";
import { renamesOf } from "../reports/renames-of.ts";
import { FINDINGS } from "../reports/report-kind.ts";
import { takeReports } from "../reports/take-reports.ts";

const LEVELS: readonly FindingLevel[] = ["note", "warning", "error"];

/** What was found before the change is not held against it. */
export const findingsGate: GateRule = {
  name: "findings",
  purpose: "With reports of linters or scanners configured: no new finding, and none newly suppressed.",
  changedBy: ["push", "check", "base", "configuration", "clock"],
  key: ["gates", "findings"],
  isOverridable: true,
  inQueue: true,
  appliesTo: ({ config: { gates } }) => gates.findings !== undefined,
  whyNot: "no report of a linter or scanner is configured",
  evaluate(subject) {
    const taken = takeReports(subject, FINDINGS);
    if (taken.kind === "answer") return taken.answer;
    const { head, base, isFirst, url } = taken;
    const { level = "warning", new: allowed = 0 } = subject.config.gates.findings ?? {};
    const maxOf = (one: FindingLevel) => (LEVELS.indexOf(one) >= LEVELS.indexOf(level) ? allowed : null);
    const result = judgeFindings({
      head: { ok: true, report: head },
      base,
      isFirst,
      policy: {
        maxNew: { error: maxOf("error"), warning: maxOf("warning"), note: maxOf("note") },
        maxNewlySuppressed: 0,
      },
      renames: renamesOf(subject.pull),
    });
    return { ...result, evidenceUrl: url };
  },
};
