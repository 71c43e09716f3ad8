import type { CheckNow } from "../../facts.ts";
import { code, inline } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, fail, blocked, pending } = answerAs("checks");

/** How long a head may be without any check before that is a blocker: nothing verifies it. */
const FIRST_CHECK_PATIENCE_MS = 5 * 60_000;
/** How long checks may run before a person is asked. */
const CHECKS_PATIENCE_MS = 6 * 60 * 60_000;

const GOOD: ReadonlySet<string> = new Set(["success"]);
const HARMLESS: ReadonlySet<string> = new Set(["neutral", "skipped"]);
const BAD: ReadonlySet<string> = new Set(["failure", "error", "timed_out"]);
const UNFINISHED: ReadonlySet<string> = new Set(["queued", "in_progress", "waiting", "requested", "pending"]);

/** Checks of the head, other than our own, must have succeeded; at least one must have run. */
export const checksGate: GateRule = {
  name: "checks",
  purpose: "Every required check of the head succeeded; without a list, every check, and at least one.",
  evaluate({ pull, gates, ownAppId, headSince, now }) {
    const foreign = pull.checks.filter((check) => check.appId !== ownAppId);
    const required = gates.checks.required;
    const relevant =
      required.length === 0 ? foreign : foreign.filter((check) => required.includes(check.name));
    const missing = required.filter((name) => !relevant.some((check) => check.name === name));
    const wanted =
      required.length === 0
        ? "every check successful"
        : `${required.map((name) => code(name)).join(", ")} successful`;
    const waited = now - headSince;
    const bad = relevant.filter((check) => isFinished(check) && BAD.has(check.conclusion ?? ""));
    if (bad.length > 0) return fail(describeBad(bad, wanted));
    if (missing.length > 0 || relevant.length === 0) return describeMissing(missing, wanted, waited);
    const open = relevant.filter((check) => !isFinished(check));
    if (open.length > 0 && waited < CHECKS_PATIENCE_MS) return pending(`waiting for ${names(open)}`);
    const unclear = relevant.filter((check) => !isFinished(check) || !isClear(check));
    const successes = relevant.filter((check) => GOOD.has(check.conclusion ?? "")).length;
    if (unclear.length > 0 || successes === 0) return blocked(describeUnclear(unclear, wanted));
    return pass({
      message: `${successes} of ${relevant.length} checks succeeded, none failed.`,
      seen: `${successes} successful`,
      wanted,
    });
  },
};

/** A status this program does not know is not finished (F125). */
function isFinished(check: CheckNow): boolean {
  return check.status === "completed" && !UNFINISHED.has(check.conclusion ?? "");
}

function isClear(check: CheckNow): boolean {
  return GOOD.has(check.conclusion ?? "") || HARMLESS.has(check.conclusion ?? "");
}

function names(checks: readonly CheckNow[]): string {
  return checks
    .slice(0, 5)
    .map((check) => code(check.name))
    .join(", ");
}

function outcomes(checks: readonly CheckNow[]): string {
  return checks
    .slice(0, 5)
    .map((check) => `${code(check.name)} ${inline(check.conclusion ?? check.status)}`)
    .join(", ");
}

function describeBad(bad: readonly CheckNow[], wanted: string) {
  const [first] = bad;
  return {
    message: `${bad.length === 1 ? "A check" : `${bad.length} checks`} failed: ${names(bad)}.`,
    seen: outcomes(bad),
    wanted,
    ...(first?.url ? { evidenceUrl: first.url } : {}),
  };
}

function describeMissing(missing: readonly string[], wanted: string, waitedMs: number) {
  const what = missing.length > 0 ? `check ${missing.map((name) => code(name)).join(", ")}` : "any check";
  if (waitedMs < FIRST_CHECK_PATIENCE_MS) return pending(`waiting for ${what} to report`);
  return blocked({
    message: `No result of ${what} on this commit, so nothing verifies it.`,
    seen: "nothing",
    wanted,
    howToFix: "Add a workflow that runs on `pull_request`, or correct `gates.checks.required`.",
  });
}

function describeUnclear(unclear: readonly CheckNow[], wanted: string) {
  return {
    message:
      unclear.length === 0
        ? "No check succeeded; skipped and neutral prove nothing."
        : "A check ended in a way that proves nothing.",
    seen: outcomes(unclear) || "no success",
    wanted,
    howToFix: "Run the check again, or look at why it did not end.",
  };
}
