import type { CheckNow, PendingSuite } from "../../facts.ts";
import { code, inline, plural } from "../../messages/text.ts";
import { answerAs, type GateAnswer, type GateRule, type GateSubject } from "../gate-rule.ts";

const { pass, fail, blocked, pending } = answerAs("checks");

/** How long checks may take to appear on a head: without a list of them, nobody knows before whether there are more. */
export const FIRST_CHECK_PATIENCE_MS = 5 * 60_000;
/** How long checks may run before a person is asked. */
const CHECKS_PATIENCE_MS = 6 * 60 * 60_000;
const MAX_NAMES = 5;

/** What the names of our own checks begin with; from another app they count only against a commit (F155). */
const OWN_NAME = /^orchestrator \/ /iu;
/** Its suites belong to runs that have been ordered, all of an event at once, so each of them ends. */
const ACTIONS_SLUG = "github-actions";

const GOOD: ReadonlySet<string> = new Set(["success"]);
const HARMLESS: ReadonlySet<string> = new Set(["neutral", "skipped"]);
const BAD: ReadonlySet<string> = new Set(["failure", "error", "timed_out"]);
const UNFINISHED: ReadonlySet<string> = new Set(["queued", "in_progress", "waiting", "requested", "pending"]);

/** What the checks of one head are held against. */
interface Scene {
  readonly required: readonly string[];
  readonly relevant: readonly CheckNow[];
  /** Suites that will bring more checks, or the end of those that are there. */
  readonly working: readonly PendingSuite[];
  /** Suites of apps that were told of the commit and have said nothing. */
  readonly silent: readonly PendingSuite[];
  readonly wanted: string;
  readonly waited: number;
}

type Question = (scene: Scene) => GateAnswer | undefined;

/** Asked in this order; the first that has an answer decides, and only when none has one the checks have passed. */
const QUESTIONS: readonly Question[] = [
  askForFailures,
  askForOpen,
  askForMissing,
  askForSilent,
  askForUnclear,
  askForLate,
];

/** Checks of the head, other than our own, must have succeeded, and none may still come; at least one must have run. */
export const checksGate: GateRule = {
  name: "checks",
  purpose: "Every required check of the head succeeded; without a list, every check, and at least one.",
  changedBy: ["push", "check", "configuration", "clock"],
  key: ["gates", "checks"],
  isOverridable: true,
  inQueue: true,
  evaluate(subject) {
    const scene = setScene(subject);
    for (const ask of QUESTIONS) {
      const answer = ask(scene);
      if (answer !== undefined) return answer;
    }
    const { relevant, wanted } = scene;
    const successes = relevant.filter(isSuccess).length;
    return pass({
      message: `${successes} of ${plural(relevant.length, "check")} succeeded, none failed.`,
      seen: `${successes} successful`,
      wanted,
    });
  },
};

function setScene({ pull, config, ownAppId, headSince, now }: GateSubject): Scene {
  const { required } = config.gates.checks;
  const foreign = pull.checks.filter(
    (check) => check.appId !== ownAppId && (isFailure(check) || !OWN_NAME.test(check.name)),
  );
  const suites = pull.pendingSuites.filter((suite) => suite.appId !== ownAppId);
  return {
    required,
    relevant: required.length === 0 ? foreign : foreign.filter((check) => required.includes(check.name)),
    working: suites.filter((suite) => !isSilent(suite)),
    silent: suites.filter(isSilent),
    wanted:
      required.length === 0
        ? "every check successful"
        : `${cutList(required.map((name) => code(name)))} successful`,
    waited: now - headSince,
  };
}

function askForFailures({ relevant, wanted }: Scene): GateAnswer | undefined {
  const bad = relevant.filter(isFailure);
  const [first] = bad;
  if (first === undefined) return undefined;
  return fail({
    message: `${bad.length === 1 ? "A check" : `${bad.length} checks`} failed: ${names(bad)}.`,
    seen: outcomes(bad),
    wanted,
    howToFix: "Read its log, correct the change, and let the check run again.",
    ...(first.url === null ? {} : { evidenceUrl: first.url }),
  });
}

/** Later jobs of a run have no check of their own before the earlier ones end, so its suite has to end as well. */
function askForOpen({ relevant, working, wanted, waited }: Scene): GateAnswer | undefined {
  const open = relevant.filter((check) => !isFinished(check));
  if (open.length === 0 && working.length === 0) return undefined;
  const what = open.length > 0 ? names(open) : `${apps(working)} to finish with this commit`;
  if (waited < CHECKS_PATIENCE_MS) return pending(`waiting for ${what}`);
  return blocked({
    message: `Checks have not ended in ${CHECKS_PATIENCE_MS / 3_600_000} hours: ${open.length > 0 ? names(open) : apps(working)}.`,
    seen: open.length > 0 ? outcomes(open) : "not ended",
    wanted,
    howToFix: "Cancel it and run it again, or look at why it does not end.",
  });
}

function askForMissing({ required, relevant, wanted, waited }: Scene): GateAnswer | undefined {
  const missing = required.filter((name) => !relevant.some((check) => check.name === name));
  if (missing.length === 0 && relevant.length > 0) return undefined;
  const [first] = missing;
  const what = first === undefined ? "any check" : `check ${cutList(missing.map((name) => code(name)))}`;
  if (waited < FIRST_CHECK_PATIENCE_MS) return pending(`waiting for ${what} to report`);
  return blocked({
    message: `No result of ${what} on this commit, so nothing verifies it.`,
    seen: first === undefined ? "no check" : `no result of ${code(first)}`,
    wanted,
    howToFix: "Add a workflow that runs on `pull_request`, or correct `gates.checks.required`.",
  });
}

/** With a list of required checks, an app that says nothing is not waited for: the list says what counts. */
function askForSilent({ required, silent, wanted, waited }: Scene): GateAnswer | undefined {
  if (silent.length === 0 || required.length > 0) return undefined;
  if (waited < FIRST_CHECK_PATIENCE_MS) return pending(`waiting for ${apps(silent)} to report`);
  return blocked({
    message: `GitHub asked ${apps(silent)} to check this commit and has no answer, so a check may still come.`,
    seen: "an app without an answer",
    wanted,
    howToFix: "List the checks that count in `gates.checks.required`.",
  });
}

/** Each required check must have succeeded by itself: skipped and neutral prove nothing. */
function askForUnclear({ required, relevant, wanted }: Scene): GateAnswer | undefined {
  const unclear = relevant.filter((check) => !isClear(check));
  const unproven = required.filter(
    (name) => !relevant.some((check) => check.name === name && isSuccess(check)),
  );
  const hasSuccess = relevant.some(isSuccess);
  if (unclear.length === 0 && unproven.length === 0 && hasSuccess) return undefined;
  const culprits =
    unclear.length > 0 ? unclear : relevant.filter((check) => !hasSuccess || unproven.includes(check.name));
  return blocked({
    message:
      unclear.length > 0
        ? "A check ended in a way that proves nothing."
        : "No success where one is needed; skipped and neutral prove nothing.",
    seen: outcomes(culprits),
    wanted,
    howToFix: "Run the check again, or look at why it ended so.",
  });
}

/** Apps begin one after another, and the first to succeed may be the one that says least, long before a workflow begins. */
function askForLate({ required, relevant, waited }: Scene): GateAnswer | undefined {
  if (required.length > 0 || relevant.some(({ slug }) => slug === ACTIONS_SLUG)) return undefined;
  if (waited >= FIRST_CHECK_PATIENCE_MS) return undefined;
  return pending(`waiting for workflows to begin, as ${code("gates.checks.required")} names no check`);
}

/** A status this program does not know is not finished (F125). */
function isFinished(check: CheckNow): boolean {
  return check.status === "completed" && !UNFINISHED.has(check.conclusion ?? "");
}

function isFailure(check: CheckNow): boolean {
  return isFinished(check) && BAD.has(check.conclusion ?? "");
}

function isSuccess(check: CheckNow): boolean {
  return isFinished(check) && GOOD.has(check.conclusion ?? "");
}

function isClear(check: CheckNow): boolean {
  return isSuccess(check) || (isFinished(check) && HARMLESS.has(check.conclusion ?? ""));
}

function isSilent({ slug, status, runs }: PendingSuite): boolean {
  return runs === 0 && status === "queued" && slug !== ACTIONS_SLUG;
}

function names(checks: readonly CheckNow[]): string {
  return cutList(checks.map((check) => code(check.name)));
}

function apps(suites: readonly PendingSuite[]): string {
  return cutList([...new Set(suites.map((suite) => code(suite.app)))]);
}

function outcomes(checks: readonly CheckNow[]): string {
  return cutList(
    checks.map((check) => `${code(check.name)} ${inline(check.conclusion ?? check.status, 40)}`),
  );
}

function cutList(items: readonly string[]): string {
  const rest = items.length - MAX_NAMES;
  return `${items.slice(0, MAX_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
