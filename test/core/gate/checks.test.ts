import { describe, expect, it } from "vitest";
import type { CheckNow, PendingSuite } from "../../../src/core/facts.ts";
import { checksGate } from "../../../src/core/gate/rules/checks.ts";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import { HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildCheck, buildSubject, buildSuite, MINUTE_MS, OWN_APP, say, wordOf } from "./build-subject.ts";

interface Situation {
  readonly checks: readonly Partial<CheckNow>[];
  readonly suites?: readonly Partial<PendingSuite>[];
  readonly required?: readonly string[];
  readonly age?: number;
}

function subjectOf({ checks, suites = [], required = [], age = HOUR_MS }: Situation) {
  return {
    pull: { checks: checks.map(buildCheck), pendingSuites: suites.map(buildSuite) },
    gates: { checks: { required } },
    headSince: NOW - age,
  };
}

const judge = (situation: Situation) => wordOf(checksGate.evaluate(buildSubject(subjectOf(situation))));
const tell = (situation: Situation) => say(checksGate, subjectOf(situation));

function resultOf(situation: Situation): GateResult {
  const answer = checksGate.evaluate(buildSubject(subjectOf(situation)));
  if ("pending" in answer) throw new Error(`pending: ${answer.pending}`);
  return answer;
}

const queued = { status: "queued", conclusion: null } as const;

describe("checksGate, one check", () => {
  it.each([
    ["completed", "success", "PASS"],
    ["completed", "failure", "FAIL"],
    ["completed", "error", "FAIL"],
    ["completed", "timed_out", "FAIL"],
    ["completed", "neutral", "BLOCKED"],
    ["completed", "skipped", "BLOCKED"],
    ["completed", "cancelled", "BLOCKED"],
    ["completed", "stale", "BLOCKED"],
    ["completed", "action_required", "BLOCKED"],
    ["completed", "startup_failure", "BLOCKED"],
    ["completed", null, "BLOCKED"],
    ["completed", "", "BLOCKED"],
    ["completed", " success", "BLOCKED"],
    ["completed", "SUCCESS", "BLOCKED"],
    ["completed", "Success", "BLOCKED"],
    ["completed", "passed", "BLOCKED"],
    ["completed", "constructor", "BLOCKED"],
    ["completed", "pending", "pending"],
    ["queued", null, "pending"],
    ["in_progress", null, "pending"],
    ["waiting", null, "pending"],
    ["requested", null, "pending"],
    ["pending", null, "pending"],
    ["in_progress", "success", "pending"],
    ["Completed", "success", "pending"],
    ["", "success", "pending"],
    ["teleported", "success", "pending"],
    ["in_progress", "failure", "pending"],
  ])("F124 F125 makes of status %j and conclusion %j: %s or %s", (status, conclusion, word) => {
    expect(judge({ checks: [{ status, conclusion }] })).toBe(word);
  });

  it.each(["queued", "teleported", ""])("F153 asks a person when status %j stays for six hours", (status) => {
    const checks = [{ status, conclusion: null }];
    expect(judge({ checks, age: 6 * HOUR_MS - 1 })).toBe("pending");
    expect(judge({ checks, age: 6 * HOUR_MS })).toBe("BLOCKED");
  });
});

describe("checksGate, several checks", () => {
  it.each<[string, Situation, string]>([
    ["passes when all succeed", { checks: [{ name: "a" }, { name: "b" }] }, "PASS"],
    [
      "passes with a skipped one beside a success",
      { checks: [{}, { name: "b", conclusion: "skipped" }] },
      "PASS",
    ],
    [
      "is blocked when all are skipped",
      { checks: [{ conclusion: "skipped" }, { conclusion: "neutral" }] },
      "BLOCKED",
    ],
    ["waits for the last one", { checks: [{}, { name: "b", ...queued }] }, "pending"],
    [
      "fails before the last one ends",
      { checks: [{ conclusion: "failure" }, { name: "b", ...queued }] },
      "FAIL",
    ],
    ["fails though another of the same name succeeded", { checks: [{}, { conclusion: "failure" }] }, "FAIL"],
    ["fails for a status of a check's name", { checks: [{}, { appId: null, conclusion: "error" }] }, "FAIL"],
    ["waits for a status of a check's name", { checks: [{}, { appId: null, ...queued }] }, "pending"],
    [
      "is blocked by one that was cancelled",
      { checks: [{}, { name: "b", conclusion: "cancelled" }] },
      "BLOCKED",
    ],
  ])("%s", (_name, situation, word) => {
    expect(judge(situation)).toBe(word);
  });

  it("F166 fails as soon as a check of the same commit turns red after all were green", () => {
    expect(judge({ checks: [{ name: "a" }] })).toBe("PASS");
    expect(judge({ checks: [{ name: "a" }, { name: "late", conclusion: "failure" }] })).toBe("FAIL");
  });

  it("names five and counts the rest", () => {
    const checks = Array.from({ length: 9 }, (_, index) => ({ name: `job ${index}`, conclusion: "failure" }));
    expect(tell({ checks })).toBe(
      "FAIL: 9 checks failed: `job 0`, `job 1`, `job 2`, `job 3`, `job 4` and 4 more.",
    );
  });

  it("links the first failure as evidence, and nothing when it has no address", () => {
    const failure = { conclusion: "failure" } as const;
    expect(resultOf({ checks: [{ ...failure, url: "https://ci.test/9" }] }).evidenceUrl).toBe(
      "https://ci.test/9",
    );
    expect(resultOf({ checks: [{ ...failure, url: null }] })).not.toHaveProperty("evidenceUrl");
  });
});

describe("checksGate, a success before workflows have begun", () => {
  const signedOff = { name: "DCO", slug: "dco", appId: 5 } as const;

  it("F156 does not pass before checks had the time to appear", () => {
    expect(tell({ checks: [signedOff], age: 2_000 })).toBe(
      "pending: waiting for workflows to begin, as `gates.checks.required` names no check",
    );
    expect(judge({ checks: [{ ...signedOff, slug: "", appId: null }], age: 2_000 })).toBe("pending");
  });

  it("F156 decides by what is there after five minutes, also for a commit that skips CI", () => {
    expect(judge({ checks: [signedOff], age: 5 * MINUTE_MS - 1 })).toBe("pending");
    expect(judge({ checks: [signedOff], age: 5 * MINUTE_MS })).toBe("PASS");
  });

  it("passes at once when a workflow of the commit has reported, or all that is required", () => {
    expect(judge({ checks: [signedOff, {}], age: 2_000 })).toBe("PASS");
    expect(judge({ checks: [signedOff], required: ["DCO"], age: 2_000 })).toBe("PASS");
  });

  it("fails at once", () => {
    expect(judge({ checks: [{ ...signedOff, conclusion: "failure" }], age: 2_000 })).toBe("FAIL");
  });
});

describe("checksGate, own and forged checks", () => {
  it("does not take its own check for evidence", () => {
    expect(judge({ checks: [{ name: "orchestrator / verify", appId: OWN_APP }] })).toBe("BLOCKED");
  });

  it.each(["orchestrator / verify", "Orchestrator / Verify", "orchestrator / config"])(
    "F155 takes %j of another app for no evidence, but for a failure",
    (name) => {
      expect(judge({ checks: [{ name }] })).toBe("BLOCKED");
      expect(judge({ checks: [{ name, appId: null }], required: [name] })).toBe("BLOCKED");
      expect(judge({ checks: [{}, { name, ...queued }] })).toBe("PASS");
      expect(judge({ checks: [{}, { name, conclusion: "failure" }] })).toBe("FAIL");
    },
  );

  it("F156 never passes when its own check is the required one", () => {
    const checks = [{}, { name: "orchestrator / verify", appId: OWN_APP }];
    expect(judge({ checks, required: ["orchestrator / verify"] })).toBe("BLOCKED");
  });

  it("does not pass for a required name that a second source says nothing good about", () => {
    const forged = { name: "test", appId: null } as const;
    const required = ["test"];
    expect(judge({ checks: [forged, queued], required })).toBe("pending");
    expect(judge({ checks: [forged, { conclusion: "failure" }], required })).toBe("FAIL");
    expect(judge({ checks: [forged, { conclusion: "cancelled" }], required })).toBe("BLOCKED");
  });
});

describe("checksGate, required checks", () => {
  const required = ["test", "lint"];

  it.each<[string, Situation, string]>([
    ["passes when each succeeded", { checks: [{}, { name: "lint" }], required }, "PASS"],
    ["F156 is blocked when one never reports", { checks: [{}], required }, "BLOCKED"],
    ["waits while one may still report", { checks: [{}], required, age: MINUTE_MS }, "pending"],
    [
      "is blocked when one was only skipped",
      { checks: [{}, { name: "lint", conclusion: "skipped" }], required },
      "BLOCKED",
    ],
    [
      "is blocked when one is only neutral",
      { checks: [{}, { name: "lint", conclusion: "neutral" }], required },
      "BLOCKED",
    ],
    ["takes no other case of the name", { checks: [{}, { name: "Lint" }], required }, "BLOCKED"],
    ["takes no name around the name", { checks: [{}, { name: "ci / lint" }], required }, "BLOCKED"],
    [
      "does not look at other checks",
      { checks: [{}, { name: "lint" }, { name: "x", conclusion: "failure" }], required },
      "PASS",
    ],
    [
      "passes with a second skipped run of the name",
      { checks: [{}, { conclusion: "skipped" }, { name: "lint" }], required },
      "PASS",
    ],
  ])("%s", (_name, situation, word) => {
    expect(judge(situation)).toBe(word);
  });

  it("is not fooled by names that objects have", () => {
    expect(judge({ checks: [{}], required: ["constructor", "__proto__"] })).toBe("BLOCKED");
  });

  it("names the missing ones", () => {
    expect(tell({ checks: [], required })).toBe(
      "BLOCKED: No result of check `test`, `lint` on this commit, so nothing verifies it.",
    );
    expect(tell({ checks: [] })).toBe(
      "BLOCKED: No result of any check on this commit, so nothing verifies it.",
    );
    expect(tell({ checks: [], age: 0 })).toBe("pending: waiting for any check to report");
  });
});

describe("checksGate, suites that have not ended", () => {
  const silent = { app: "Codecov", slug: "codecov", appId: 254, status: "queued", runs: 0 } as const;

  it.each<[string, Situation, string]>([
    [
      "waits for a second workflow whose jobs are not there yet",
      { checks: [{}], suites: [{ status: "queued", runs: 0 }] },
      "pending",
    ],
    [
      "waits for later jobs of a run whose first job is green",
      { checks: [{}], suites: [{ runs: 1 }] },
      "pending",
    ],
    [
      "waits also when the required checks are green",
      { checks: [{}], suites: [{}], required: ["test"] },
      "pending",
    ],
    ["asks a person when a suite does not end", { checks: [{}], suites: [{}], age: 6 * HOUR_MS }, "BLOCKED"],
    ["fails before a suite ends", { checks: [{ conclusion: "failure" }], suites: [{}] }, "FAIL"],
    [
      "waits for a slow run rather than ask for checks",
      { checks: [], suites: [{ status: "queued", runs: 0 }] },
      "pending",
    ],
    [
      "waits for a suite of an unknown status",
      { checks: [{}], suites: [{ ...silent, status: "odd" }] },
      "pending",
    ],
    ["waits for an app that has begun", { checks: [{}], suites: [{ ...silent, runs: 1 }] }, "pending"],
    [
      "waits a little for an app that was told",
      { checks: [{}], suites: [silent], age: MINUTE_MS },
      "pending",
    ],
    ["does not pass while an app that was told is silent", { checks: [{}], suites: [silent] }, "BLOCKED"],
    [
      "passes without a silent app when the list says what counts",
      { checks: [{}], suites: [silent], required: ["test"] },
      "PASS",
    ],
    [
      "does not wait for itself",
      { checks: [{}], suites: [{ appId: OWN_APP, slug: "orchestrator" }] },
      "PASS",
    ],
  ])("%s", (_name, situation, word) => {
    expect(judge(situation)).toBe(word);
  });

  it("says for whom it waits, and what to do about an app that never answers", () => {
    expect(tell({ checks: [{}], suites: [{}, {}] })).toBe(
      "pending: waiting for `GitHub Actions` to finish with this commit",
    );
    const { message, howToFix } = resultOf({ checks: [{}], suites: [silent] });
    expect(message).toBe(
      "GitHub asked `Codecov` to check this commit and has no answer, so a check may still come.",
    );
    expect(howToFix).toBe("List the checks that count in `gates.checks.required`.");
  });
});
