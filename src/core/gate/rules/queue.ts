import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, fail, blocked, pending } = answerAs("queue");

/** A commit of the merge queue stands for pull requests that were verified before they came into it. */
export const queueGate: GateRule = {
  name: "queue",
  purpose: "In a merge queue: the pull request that was queued has passed by itself.",
  changedBy: ["push", "check", "review", "configuration"],
  key: [],
  isOverridable: false,
  inQueue: true,
  appliesTo: ({ queued }) => queued !== null,
  whyNot: "this is not a commit of a merge queue",
  evaluate({ queued }) {
    const wanted = "PASS";
    const number = queued?.pull ?? 0;
    const verdict = queued?.verdict ?? null;
    if (verdict === null) return pending(`waiting for the verdict about #${number}`);
    const facts = { seen: `#${number} ${verdict}`, wanted };
    if (verdict === "PASS") return pass({ message: `Pull request #${number} passed.`, ...facts });
    const message = `Pull request #${number} did not pass, so it must not be merged.`;
    const howToFix = `Take #${number} out of the queue and look at its own check.`;
    return verdict === "FAIL"
      ? fail({ message, howToFix, ...facts })
      : blocked({ message, howToFix, ...facts });
  },
};
