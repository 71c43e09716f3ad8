import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChangedFile, CheckNow } from "../../../src/core/facts.ts";
import { evaluatePull, GATE_RULES, isOverridable } from "../../../src/core/gate/evaluate-pull.ts";
import type { GateSubject } from "../../../src/core/gate/gate-rule.ts";
import type { Override } from "../../../src/core/pull/review.ts";
import { HOUR_MS, NOW } from "../../support/build-task.ts";
import {
  ACTIONS_APP,
  buildCheck,
  buildFile,
  buildSubject,
  buildSuite,
  HEAD,
  MINUTE_MS,
  OTHER_SHA,
  OWN_APP,
  patchOf,
} from "./build-subject.ts";

const RUNS = 3_000;

function wordOf(subject: GateSubject): string {
  const evaluation = evaluatePull(subject);
  return evaluation.kind === "pending" ? "pending" : evaluation.verdict.value;
}

/** Whether a subject is verified, said by other code in other words, and rather too rarely than too often. */
function isVerified({ pull, repoId, work, requester, approvals, config: { gates } }: GateSubject): boolean {
  const isForged = ({ name, status, conclusion }: CheckNow) =>
    name.startsWith("orchestrator") && !(status === "completed" && conclusion === "failure");
  const foreign = pull.checks.filter((check) => check.appId !== OWN_APP && !isForged(check));
  const names = new Set(foreign.map((check) => check.name));
  const wanted = gates.checks.required.length > 0 ? new Set(gates.checks.required) : names;
  const isGreen = [...wanted].every((name) => {
    const same = foreign.filter((check) => check.name === name);
    const isDone = same.every((check) => check.status === "completed");
    return isDone && same.every((check) => /^(?:success|skipped|neutral)$/u.test(check.conclusion ?? ""));
  });
  const isProven = foreign.some((check) => wanted.has(check.name) && check.conclusion === "success");
  const approvers = approvals.given.filter((one) => one.sha === pull.headSha);
  const people = new Set(approvers.filter(({ by }) => by.type === "User").map(({ by }) => by.id));
  people.delete(requester.id);
  const files = pull.files ?? [];
  return (
    isGreen &&
    isProven &&
    pull.pendingSuites.every((suite) => suite.appId === OWN_APP || gates.checks.required.length > 0) &&
    pull.headSha === work?.publishedSha &&
    pull.headRepoId === repoId &&
    pull.mergeable === true &&
    pull.files !== null &&
    files.length > 0 &&
    files.length >= pull.changedFiles &&
    files.length <= gates.size.files &&
    files.every(isHarmless) &&
    files.some(
      ({ path, previousPath }) => ![path, previousPath ?? path].every((one) => one.endsWith(".md")),
    ) &&
    pull.headRef.startsWith(work.branchPrefix) &&
    pull.baseRef === work.baseRef &&
    people.size >= approvals.needed
  );
}

function isHarmless({ path, previousPath, status, patch, additions }: ChangedFile): boolean {
  if (status === "added" && patch === null && additions === 0) return !path.toLowerCase().includes(".github");
  const paths = [path, previousPath ?? path].map((one) => one.toLowerCase());
  if (paths.some((one) => one.includes(".github") || one.includes("vitest"))) return false;
  if (!paths.some((one) => one.includes("test"))) return true;
  return (
    status !== "removed" &&
    patch !== null &&
    !/^-.*(?:expect|assert)|skip|only|if \(false\)|return/mu.test(patch)
  );
}

const check = fc.record({
  name: fc.constantFrom("test", "lint", "orchestrator / verify"),
  slug: fc.constantFrom("github-actions", ""),
  appId: fc.constantFrom(ACTIONS_APP, OWN_APP, null),
  status: fc.constantFrom("completed", "completed", "completed", "queued", "odd", ""),
  conclusion: fc.constantFrom("success", "success", "success", "skipped", "failure", "SUCCESS", "", null),
  url: fc.constant(null),
});

const file = fc
  .record({
    path: fc.constantFrom(
      "src/a.ts",
      "src/b.ts",
      "test/a.test.ts",
      ".github/a.yml",
      ".GITHUB/b.yml",
      "vitest.config.ts",
      "README.md",
    ),
    previousPath: fc.option(fc.constantFrom("src/c.ts", "test/c.test.ts", ".github/c.yml"), { freq: 5 }),
    status: fc.constantFrom("modified", "added", "removed", "renamed", "changed"),
    patch: fc.constantFrom(
      patchOf("+const a = 1;"),
      patchOf("+expect(a).toBe(1);", " it('a')"),
      patchOf("-expect(a).toBe(1);"),
      patchOf("+it.only('a')"),
      patchOf("+if (false) {", " expect(a).toBe(1);"),
      patchOf("+return;", " expect(a).toBe(1);"),
      null,
    ),
  })
  .map((drawn) =>
    buildFile({ ...drawn, previousPath: drawn.status === "renamed" ? drawn.previousPath : null }),
  );

const approval = fc.record({
  sha: fc.constantFrom(HEAD, HEAD, OTHER_SHA),
  by: fc.record({
    id: fc.constantFrom(7, 8, 9),
    login: fc.constant("someone"),
    type: fc.constantFrom("User", "User", "Bot"),
  }),
  at: fc.constant(NOW),
});

/** Mostly right, so that a good part of the subjects passes and each fault is seen alone. */
function mostly<T>(good: T, ...bad: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { arbitrary: fc.constant(good), weight: 12 },
    { arbitrary: fc.constantFrom(...bad), weight: 1 },
  );
}

const subject: fc.Arbitrary<GateSubject> = fc
  .record({
    checks: fc.oneof(
      { arbitrary: fc.constant([buildCheck(), buildCheck({ name: "lint" })]), weight: 2 },
      { arbitrary: fc.array(check, { maxLength: 4 }), weight: 1 },
    ),
    files: fc.oneof(
      { arbitrary: fc.constant([buildFile()]), weight: 2 },
      { arbitrary: fc.uniqueArray(file, { maxLength: 3, selector: ({ path }) => path }), weight: 1 },
      { arbitrary: fc.constant(null), weight: 1 },
    ),
    missing: mostly(0, 1),
    suites: mostly([], [buildSuite()], [buildSuite({ appId: 3, slug: "x", status: "queued", runs: 0 })]),
    headSha: mostly(HEAD, OTHER_SHA, ""),
    headRepoId: mostly<number | null>(1001, 2002, null),
    mergeable: mostly<boolean | null>(true, false, null),
    headRef: mostly("fix/42-x", "feature/42-x", "main"),
    baseRef: mostly("main", "release"),
    required: fc.constantFrom([], ["test"], ["test", "lint"], ["absent"]),
    approvals: fc.constantFrom(0, 0, 1, 2),
    given: fc.array(approval, { maxLength: 4 }),
    age: fc.constantFrom(0, MINUTE_MS, HOUR_MS, 7 * HOUR_MS),
  })
  .map((drawn) =>
    buildSubject({
      approvals: { needed: drawn.approvals, given: drawn.given },
      headSince: NOW - drawn.age,
      gates: { checks: { required: drawn.required } },
      pull: {
        checks: drawn.checks satisfies readonly CheckNow[],
        files: drawn.files,
        changedFiles: (drawn.files?.length ?? 0) + drawn.missing,
        pendingSuites: drawn.suites,
        headSha: drawn.headSha,
        headRepoId: drawn.headRepoId,
        mergeable: drawn.mergeable,
        headRef: drawn.headRef,
        baseRef: drawn.baseRef,
      },
    }),
  );

describe("evaluatePull", () => {
  it("passes when every gate does", () => {
    expect(wordOf(buildSubject())).toBe("PASS");
  });

  it("never passes what an independent reading does not find verified", () => {
    let passed = 0;
    fc.assert(
      fc.property(subject, (drawn) => {
        if (wordOf(drawn) !== "PASS") return;
        passed += 1;
        expect(isVerified(drawn), JSON.stringify(drawn.pull)).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(passed).toBeGreaterThan(RUNS / 100);
  });

  it("says the same of the same, and nothing of the clock but what it is told", () => {
    fc.assert(
      fc.property(subject, (drawn) => {
        expect(evaluatePull(structuredClone(drawn))).toEqual(evaluatePull(drawn));
      }),
      { numRuns: 200 },
    );
  });

  it("gives no verdict while something is pending, so that feedback is complete", () => {
    const pull = { checks: [buildCheck({ status: "queued", conclusion: null })], headSha: OTHER_SHA };
    const evaluation = evaluatePull(buildSubject({ pull }));
    expect(evaluation).toMatchObject({ kind: "pending", waitingFor: ["waiting for `test`"] });
    expect(evaluation.kind === "pending" && evaluation.gates.map((gate) => gate.gate)).not.toContain(
      "checks",
    );
  });

  it("F143 judges a commit that comes back by what holds now", () => {
    expect(wordOf(buildSubject())).toBe("PASS");
    expect(wordOf(buildSubject({ gates: { checks: { required: ["new"] } } }))).toBe("BLOCKED");
  });

  it("does not pass when nothing is known of the pull request", () => {
    expect(wordOf(buildSubject({ pull: { checks: [], files: null, mergeable: null }, headSince: NOW }))).toBe(
      "pending",
    );
    expect(wordOf(buildSubject({ pull: { checks: [], files: null, mergeable: null } }))).toBe("BLOCKED");
  });

  it("asks every gate under its own name, each with a purpose", () => {
    const names = GATE_RULES.map((rule) => rule.name);
    expect(new Set(names).size).toBe(names.length);
    for (const rule of GATE_RULES) {
      expect(rule.purpose).toMatch(/^[A-Z].*\.$/u);
      expect(rule.changedBy.length).toBeGreaterThan(0);
      if (rule.appliesTo === undefined || rule.appliesTo(buildSubject()))
        for (const answer of [rule.evaluate(buildSubject())].flat())
          expect(answer.gate.split(".")[0]).toBe(rule.name);
    }
  });

  it("says in one sentence what it found, whatever it judges", () => {
    fc.assert(
      fc.property(subject, (drawn) => {
        const evaluation = evaluatePull(drawn);
        const gates = evaluation.kind === "pending" ? evaluation.gates : evaluation.verdict.gates;
        for (const gate of gates) {
          expect(gate.message).toMatch(/^[A-Z\d].*[.]$/su);
          expect(gate.seen).not.toBe("");
          expect(gate.details?.length ?? 0).toBeLessThanOrEqual(20);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("F149 judges three thousand files", () => {
    const block = Array.from({ length: 30 }, (_, index) => `+    expect(price(${index})).toBe(${index});`);
    const patch = patchOf(" describe('prices', () => {", ...block, " });");
    const files = Array.from({ length: 3000 }, (_, index) =>
      buildFile({ path: `test/${index}.test.ts`, patch }),
    );
    const gates = { size: { files: 3000, lines: 1_000_000 } };
    expect(wordOf(buildSubject({ gates, pull: { files: files.slice(1) } }))).toBe("PASS");
    const last = buildFile({ path: "test/last.test.ts", patch: patchOf("-expect(a).toBe(1);") });
    expect(wordOf(buildSubject({ gates, pull: { files: [...files.slice(1), last] } }))).toBe("FAIL");
  });

  it("F149 leaves three thousand files with large patches to a person", () => {
    const patch = patchOf(...Array.from({ length: 15_000 }, () => "+expect(price(1)).toBe(1);"));
    const large = buildFile({ patch });
    const files = Array.from({ length: 3000 }, (_, index) => ({ ...large, path: `test/${index}.test.ts` }));
    const gates = { size: { files: 3000, lines: 100_000_000 } };
    expect(wordOf(buildSubject({ gates, pull: { files } }))).toBe("BLOCKED");
  });
});

describe("an override", () => {
  const ADA = { id: 21, login: "ada", type: "User" } as const;
  const override = (overrides: Partial<Override> = {}): Override => ({
    gate: "size",
    sha: HEAD,
    by: ADA,
    at: NOW,
    reason: "generated by the migration",
    ...overrides,
  });
  const large = { gates: { size: { files: 1, lines: 0 } } };
  const judge = (...overrides: readonly Override[]) => wordOf(buildSubject({ ...large, overrides }));

  it("lets a gate pass for this commit, and says what it said before", () => {
    const evaluation = evaluatePull(buildSubject({ ...large, overrides: [override({ reason: "ok @all" })] }));
    const gates = evaluation.kind === "verdict" ? evaluation.verdict.gates : [];
    expect(evaluation).toMatchObject({ kind: "verdict", verdict: { value: "PASS" } });
    expect(gates.find(({ gate }) => gate === "size")).toEqual({
      gate: "size",
      verdict: "PASS",
      message: "Set aside by @ada for this commit: ok @\u200ball",
      seen: "1 file, 1 line",
      wanted: "at most 1 file and 0 lines",
      overridden: { verdict: "FAIL", by: "ada", reason: "ok @all" },
    });
  });

  it.each<[string, Partial<Override>]>([
    ["another commit", { sha: OTHER_SHA }],
    ["the beginning of the commit", { sha: HEAD.slice(0, 12) }],
    ["another gate", { gate: "paths" }],
    ["no gate", { gate: "" }],
    ["part of the gate's name", { gate: "siz" }],
    ["a gate by the requester", { by: { ...ADA, id: 7 } }],
    ["a gate by the author", { by: { ...ADA, id: 5 } }],
    ["a gate by a bot", { by: { ...ADA, type: "Bot" } }],
    ["a gate for a merge into another branch", { base: "release" }],
  ])("of %s sets nothing aside", (_name, overrides) => {
    expect(judge(override(overrides))).toBe("FAIL");
  });

  it("of a gate by whoever pushed the head sets nothing aside, whenever that is found out", () => {
    const overrides = [override()];

    expect(wordOf(buildSubject({ ...large, overrides, pusher: ADA }))).toBe("FAIL");
    expect(wordOf(buildSubject({ ...large, overrides }))).toBe("PASS");
  });

  it("sets nothing aside that no person may decide alone, nor what is pending", () => {
    const overrides = GATE_RULES.map(({ name }) => override({ gate: name }));
    const given = { needed: 1, given: [] };
    expect(wordOf(buildSubject({ approvals: given, overrides }))).toBe("BLOCKED");
    expect(wordOf(buildSubject({ pull: { mergeable: false }, overrides }))).toBe("FAIL");
    const checks = [buildCheck({ status: "queued", conclusion: null })];
    expect(wordOf(buildSubject({ pull: { checks }, overrides }))).toBe("pending");
  });

  it("is possible of every gate but those about the head, the queue and approvals", () => {
    const names = GATE_RULES.filter((rule) => !rule.isOverridable).map(({ name }) => name);
    expect(names).toEqual(["head", "queue", "approval"]);
    expect(isOverridable("metrics.r2")).toBe(true);
    expect(isOverridable("approval")).toBe(false);
    expect(isOverridable("constructor")).toBe(false);
  });
});

describe("what is not a task's", () => {
  it("gets a verdict for people's pull requests, without the gates of tasks", () => {
    const evaluation = evaluatePull(buildSubject({ work: null, pull: { headSha: OTHER_SHA } }));
    expect(evaluation).toMatchObject({ kind: "verdict", verdict: { value: "PASS" } });
    const gates = evaluation.kind === "verdict" ? evaluation.verdict.gates.map(({ gate }) => gate) : [];
    expect(gates).toEqual(
      expect.arrayContaining(["head", "checks", "assertions", "paths", "size", "approval"]),
    );
    expect(gates).not.toEqual(expect.arrayContaining(["docs_only"]));
  });

  it("gets one for a merge queue's commit from the queue and what runs on it", () => {
    const judge = (verdict: "PASS" | "FAIL" | null) =>
      wordOf(
        buildSubject({ work: null, queued: { pull: 77, verdict }, pull: { files: null, mergeable: null } }),
      );
    expect(judge("PASS")).toBe("PASS");
    expect(judge("FAIL")).toBe("FAIL");
    expect(judge(null)).toBe("pending");
  });
});
