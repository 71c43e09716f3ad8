import { judgeMetric } from "../../findings/judge-metric.ts";
import type { GateAnswer, GateRule } from "../gate-rule.ts";
import { METRICS } from "../reports/report-kind.ts";
import { takeReports } from "../reports/take-reports.ts";

/** One answer for each metric that is configured, or one for all of them where there is nothing to judge. */
export const metricsGate: GateRule<readonly GateAnswer[]> = {
  name: "metrics",
  purpose:
    "With metrics configured: each is within its bounds, and not worse than at the base by more than allowed.",
  changedBy: ["push", "check", "base", "configuration", "clock"],
  key: ["gates", "metrics"],
  isOverridable: true,
  inQueue: true,
  whyNot: "no metric is configured",
  appliesTo: ({ config: { gates } }) => gates.metrics.length > 0,
  evaluate(subject) {
    const taken = takeReports(subject, METRICS);
    if (taken.kind === "answer") return [taken.answer];
    const { head, base, url } = taken;
    return subject.config.gates.metrics.map((gate, index) => ({
      ...judgeMetric({ gate, head: head.samples, base: base?.samples ?? null, key: "gates.metrics" }),
      evidenceUrl: url,
      configPath: ["gates", "metrics", index],
    }));
  },
};
