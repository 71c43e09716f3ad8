import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Acceptance } from "../../../src/core/config/config.ts";
import type { ResultFile } from "../../../src/core/facts.ts";
import { type AttemptEvidence, judgeAttempt } from "../../../src/core/plan/attempt/judge-attempt.ts";
import type { StageDemands } from "../../../src/core/plan/attempt/stage-demands.ts";
import type { FailureClass } from "../../../src/core/task/task.ts";
import { buildAttempt } from "../../support/build-snapshot.ts";
import { buildResult, CHANGE, endedRun } from "./plan-with.ts";

const attempt = buildAttempt();
const R2: Acceptance = {
  metric: "r2",
  where: {},
  min: 0.65,
  max: undefined,
  above: undefined,
  below: undefined,
  minSamples: undefined,
};

function demanding(...accept: readonly Acceptance[]): Partial<StageDemands> {
  return { metrics: accept.map((acceptance) => ({ acceptance, key: "accept" })) };
}

interface Judging extends Omit<Partial<AttemptEvidence>, "demands"> {
  readonly conclusion?: string | null;
  readonly demands?: Partial<StageDemands>;
}

function judge({ conclusion = "success", demands = {}, ...own }: Judging = {}) {
  return judgeAttempt({
    attempt,
    demands: { metrics: [], artifacts: [], needsChanges: false, ...demands },
    run: endedRun(conclusion),
    file: buildResult(),
    ...own,
  });
}

const asked = (name: string, key = "gates.evidence") => ({ name, key });
const sample = (value: unknown) => ({ name: "r2", value, labels: {} });
const bound = (overrides: Parameters<typeof buildResult>[1]): ResultFile => buildResult(attempt, overrides);

type Row = readonly [conclusion: string | null, verdict: string, failureClass: FailureClass | null];

describe("judgeAttempt", () => {
  it.each<Row>([
    ["success", "PASS", null],
    ["failure", "FAIL", "task"],
    ["timed_out", "FAIL", "timeout"],
    ["cancelled", "FAIL", "infra"],
    ["stale", "FAIL", "infra"],
    ["startup_failure", "BLOCKED", null],
    ["action_required", "BLOCKED", null],
    ["neutral", "BLOCKED", null],
    ["skipped", "BLOCKED", null],
    [null, "BLOCKED", null],
    ["invented tomorrow", "BLOCKED", null],
    ["constructor", "BLOCKED", null],
    ["__proto__", "BLOCKED", null],
  ])(
    "F124 takes the conclusion %s, with the best of results, as %s, class %s",
    (conclusion, verdict, failureClass) => {
      expect(judge({ conclusion })).toMatchObject({ verdict, failureClass });
    },
  );

  it.each<readonly [string, ResultFile, string, FailureClass | null]>([
    ["a result that is completed", bound({}), "PASS", null],
    ["a result that failed", bound({ outcome: "failed" }), "FAIL", "task"],
    ["a result that is blocked", bound({ outcome: "blocked" }), "BLOCKED", null],
    ["no result", { kind: "missing" }, "FAIL", "no_evidence"],
    ["a result nobody can read", { kind: "unreadable", why: "not a zip" }, "FAIL", "no_evidence"],
    ["no JSON", { kind: "found", text: "{", url: "" }, "FAIL", "no_evidence"],
    ["nothing in it", { kind: "found", text: "", url: "" }, "FAIL", "no_evidence"],
    ["another schema", bound({ schema: "orchestrator-result/2" }), "FAIL", "no_evidence"],
    [
      "a field that nobody knows",
      { kind: "found", text: '{"schema":"orchestrator-result/1","x":1}', url: "" },
      "FAIL",
      "no_evidence",
    ],
    ["another task's result", bound({ task: "1001.43.1" }), "FAIL", "no_evidence"],
    ["another attempt's result", bound({ attempt: 2 }), "FAIL", "no_evidence"],
    ["another dispatch's result", bound({ correlation: "1001.42.1.1.0.1" }), "FAIL", "no_evidence"],
    ["a result from another base", bound({ baseSha: "0".repeat(40) }), "FAIL", "no_evidence"],
    [
      "a change outside the repository",
      bound({ changes: [{ ...CHANGE, path: "../x" }] }),
      "FAIL",
      "no_evidence",
    ],
  ])("F135 F136 takes a green run with %s for what it is", (_, file, verdict, failureClass) => {
    expect(judge({ file })).toMatchObject({ verdict, failureClass });
  });

  it.each<readonly [string, readonly unknown[], string]>([
    ["within bounds", [sample(0.7), sample(0.65)], "PASS"],
    ["out of bounds", [sample(0.7), sample(0.64)], "FAIL"],
    ["that is no number", [sample("NaN")], "FAIL"],
    ["that was not computed", [sample(null)], "FAIL"],
    ["that is not there", [], "BLOCKED"],
  ])("takes a metric %s for what it is", (_, metrics, verdict) => {
    const judgement = judge({ demands: demanding(R2), file: bound({ metrics }) });

    expect(judgement).toMatchObject({ verdict, failureClass: verdict === "FAIL" ? "task" : null });
    expect(judgement.gates.map(({ gate }) => gate)).toEqual(["metrics.r2"]);
  });

  it("lets one failing metric outweigh one that is missing", () => {
    const mae = { ...R2, metric: "mae", min: undefined, max: 1 };
    const judgement = judge({ demands: demanding(mae, R2), file: bound({ metrics: [sample(0.1)] }) });

    expect(judgement.verdict).toBe("FAIL");
    expect(judgement.summary).toBe(judgement.gates[1]?.message);
  });

  it("does not look at metrics of a worker that says it failed", () => {
    const file = bound({ outcome: "failed", metrics: [sample(0.9)] });
    expect(judge({ demands: demanding(R2), file })).toMatchObject({ verdict: "FAIL", failureClass: "task" });
  });

  it.each([
    [true, [], "FAIL"],
    [true, [CHANGE], "PASS"],
    [false, [], "PASS"],
  ])("F132 where changes are needed: %s, and %j are returned, it is %s", (needsChanges, changes, verdict) => {
    expect(judge({ demands: { needsChanges }, file: bound({ changes }) }).verdict).toBe(verdict);
  });

  it("names the artifacts that the configuration asks for and the result does not have", () => {
    const artifacts = [asked("tenants"), asked("model`s"), asked("card", "acceptance of R1")];
    const judgement = judge({ demands: { artifacts }, file: bound({ artifacts: [{ name: "tenants" }] }) });

    expect(judgement).toMatchObject({ verdict: "FAIL", failureClass: "task" });
    expect(judgement.summary).toBe(
      "The result names no artifact `model's`, `card`, which `gates.evidence` and `acceptance of R1` ask for.",
    );
  });

  it.each([
    ["left and named", ["tenants", "orchestrator-result"], "PASS"],
    ["named and not left", ["orchestrator-result"], "FAIL"],
    ["named in a run of which nobody knows what it left", undefined, "FAIL"],
  ])("takes an artifact that is %s as it is, since a name proves nothing", (_, uploaded, verdict) => {
    const named = bound({ artifacts: [{ name: "tenants" }] });
    const file = named.kind === "found" && uploaded !== undefined ? { ...named, uploaded } : named;
    const judgement = judge({ demands: { artifacts: [asked("tenants")] }, file });

    expect(judgement.verdict).toBe(verdict);
    if (verdict === "FAIL") expect(judgement.summary).toContain("The run left no artifact `tenants`");
  });

  it("says what a worker said of a run that failed, but only when the result is this attempt's", () => {
    const own = judge({ conclusion: "failure", file: bound({ summary: "Out of memory." }) });
    const foreign = judge({ conclusion: "failure", file: bound({ summary: "Out of memory.", attempt: 9 }) });

    expect(own.summary).toBe("The run failed. Out of memory.");
    expect(foreign.summary).toBe("The run failed.");
  });

  it("F136 counts what a failed run used, but nothing that it claims", () => {
    const usage = { minutes: 3, tokens: 5, usd: 0.4 };
    const judgement = judge({ conclusion: "failure", file: bound({ usage, changes: [CHANGE] }) });

    expect(judgement.verdict).toBe("FAIL");
    expect(judgement.usage).toEqual(usage);
    expect(judgement.result).toBeNull();
    expect(judge({ conclusion: "failure", file: bound({ usage, attempt: 9 }) }).usage).toBeNull();
  });

  it("S17 makes a worker's words harmless, since they end up in comments", () => {
    const summary = "@everyone <img src=x> closes #1 [a](http://b)";
    for (const outcome of ["completed", "failed", "blocked"]) {
      const { gates } = judge({ file: bound({ outcome, summary }) });
      expect(gates[0]?.message).not.toMatch(/@everyone|(?<!\\)<img|(?<!\\)\[a|#1|http:\/\//u);
    }
  });

  it("has words of its own for a worker without any", () => {
    expect(judge({ file: bound({ summary: "" }) }).gates[0]?.message).toBe("The worker gave no summary.");
  });

  it("links every gate to the run", () => {
    const urls = [judge(), judge({ conclusion: "failure" }), judge({ demands: demanding(R2) })]
      .flatMap(({ gates }) => gates)
      .map(({ evidenceUrl }) => evidenceUrl);
    expect(urls).toHaveLength(3);
    expect(new Set(urls)).toEqual(new Set([endedRun().url]));
  });

  it("passes nothing but a successful run with this attempt's completed result within all bounds", () => {
    const conclusion = fc.constantFrom("success", "failure", "cancelled", "neutral", "skipped", null, "x");
    const result = fc.record({
      outcome: fc.constantFrom("completed", "failed", "blocked"),
      attempt: fc.constantFrom(1, 2),
      task: fc.constantFrom(attempt.taskId, "1001.43.1"),
      baseSha: fc.constantFrom(attempt.baseSha, "0".repeat(40)),
      metrics: fc.constantFrom([], [sample(0.9)], [sample(0.1)], [sample("NaN")]),
      changes: fc.constantFrom([], [CHANGE]),
    });
    const all = fc.record({ conclusion, result, accepts: fc.boolean(), needsChanges: fc.boolean() });
    fc.assert(
      fc.property(all, ({ conclusion, result, accepts, needsChanges }) => {
        const { verdict } = judge({
          conclusion,
          demands: { needsChanges, ...(accepts && demanding(R2)) },
          file: bound(result),
        });
        const isHonest =
          conclusion === "success" &&
          result.outcome === "completed" &&
          result.attempt === 1 &&
          result.task === attempt.taskId &&
          result.baseSha === attempt.baseSha &&
          (!accepts || result.metrics[0]?.value === 0.9) &&
          (!needsChanges || result.changes.length > 0);
        expect(verdict === "PASS").toBe(isHonest);
      }),
      { numRuns: 400 },
    );
  });
});

describe("a worker that a limit refused", () => {
  const refused = { outcome: "failed", failure: "rate_limit", summary: "Overloaded." } as const;

  it.each(["success", "failure", "cancelled", "timed_out"])(
    "proves nothing about the work, whatever its run ended as (%s)",
    (conclusion) => {
      const judged = judge({ conclusion, file: bound({ ...refused, changes: [CHANGE] }) });
      expect(judged).toMatchObject({
        verdict: "FAIL",
        failureClass: "rate_limit",
        summary: "Overloaded.",
        result: null,
        gates: [{ gate: "worker", verdict: "FAIL" }],
      });
      expect(judged.retryAt).toBeUndefined();
    },
  );

  it("says when to come back, in any time zone", () => {
    const { retryAt } = judge({ file: bound({ ...refused, retryAt: "2026-11-18T16:00:00+01:00" }) });
    expect(retryAt).toBe(Date.UTC(2026, 10, 18, 15));
  });

  it("is not believed when the result is another attempt's", () => {
    expect(judge({ file: bound({ ...refused, attempt: 7 }) }).failureClass).toBe("no_evidence");
  });
});
