import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findBindingProblem,
  RESULT_MAX_CHARS,
  readWorkerResult,
  WorkerResult,
} from "../../../src/core/evidence/worker-result.ts";

const SHA = "ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11";
const GOOD = {
  schema: "orchestrator-result/1",
  task: "1001.42.1",
  attempt: 2,
  correlation: "1001.42.1.2.0.0",
  baseSha: SHA,
  outcome: "completed",
  summary: "Done.",
};

const read = (overrides: Readonly<Record<string, unknown>> = {}) =>
  readWorkerResult(JSON.stringify({ ...GOOD, ...overrides }));

const change = (path: string, more: Readonly<Record<string, unknown>> = {}) => ({
  changes: [{ path, mode: "100644", contentBase64: "YQ==", ...more }],
});

function problemOf(overrides: Readonly<Record<string, unknown>>): string {
  const result = read(overrides);
  return result.ok ? "none" : result.error;
}

describe("readWorkerResult", () => {
  it("reads the smallest result, and fills in what may be left out", () => {
    expect(read()).toEqual({
      ok: true,
      value: {
        ...GOOD,
        metrics: [],
        reports: [],
        artifacts: [],
        changes: [],
        usage: { minutes: 0, tokens: 0 },
        learnings: [],
      },
    });
  });

  it("reads what the worker found instead of work, and what it lacks", () => {
    const found = { signal: "already-done", evidence: ["src/a.ts"] };
    const lacking = { outcome: "blocked", missing: [{ what: "path", name: "docs/x.md" }] };
    expect(read(found)).toMatchObject({ ok: true, value: found });
    expect(read(lacking)).toMatchObject({ ok: true, value: lacking });
  });

  it.each([
    [
      "a signal without evidence",
      { signal: "already-done" },
      "signal: is for completed work without changes",
    ],
    ["a signal with changes", { ...change("a"), signal: "already-done", evidence: ["a"] }, "signal: is for"],
    [
      "a signal of failed work",
      { outcome: "failed", signal: "already-done", evidence: ["a"] },
      "signal: is for",
    ],
    ["another signal", { signal: "done", evidence: ["a"] }, "signal: Invalid input"],
    ["evidence without a signal", { evidence: ["a"] }, "evidence: names at least one file"],
    ["evidence outside", { signal: "already-done", evidence: ["../a"] }, "evidence.0: is not a path"],
    ["something missing for completed work", { missing: [] }, "missing: is only for the outcome blocked"],
    [
      "something missing of another sort",
      { outcome: "blocked", missing: [{ what: "x", name: "y" }] },
      "missing.0.what",
    ],
  ])("refuses %s", (_, overrides, problem) => {
    expect(problemOf(overrides)).toContain(problem);
  });

  it("reads that a limit refused the worker, and until when", () => {
    const refused = { outcome: "failed", failure: "rate_limit", retryAt: "2026-11-20T10:00:00+01:00" };
    expect(read(refused)).toMatchObject({ ok: true, value: refused });
    expect(read({ outcome: "blocked", failure: "rate_limit" }).ok).toBe(true);
  });

  it.each([
    ["for completed work", { failure: "rate_limit" }, "failure: is not for work that is completed"],
    ["of another sort", { outcome: "failed", failure: "infra" }, "failure: Invalid input"],
    ["only by its time", { outcome: "failed", retryAt: "2026-11-20T10:00:00Z" }, "retryAt: is only for"],
    [
      "with a time without a zone",
      { outcome: "failed", failure: "rate_limit", retryAt: "2026-11-20T10:00:00" },
      "retryAt: Invalid ISO datetime",
    ],
    ["with a number for a time", { outcome: "failed", failure: "rate_limit", retryAt: 5 }, "retryAt: "],
  ])("refuses a failure that is told %s", (_, overrides, problem) => {
    expect(problemOf(overrides)).toContain(problem);
  });

  it("reads every field there is", () => {
    const full = {
      metrics: [{ name: "r2", value: 0.71, labels: { tenant: "t07" } }],
      reports: [{ format: "junit", path: "reports/junit.xml" }],
      artifacts: [{ name: "tenants", count: 20, bytes: 123456, sha256: "a".repeat(64) }],
      changes: [{ path: "src/a.ts", mode: "100755", contentBase64: "YQ==" }],
      usage: { minutes: 3.2, tokens: 120000, usd: 0.41 },
      learnings: [{ title: "t", body: "b", paths: ["src/**"] }],
    };
    expect(read(full)).toEqual({ ok: true, value: { ...GOOD, ...full } });
  });

  it("takes a null content for a removed file, and an empty one for an empty file", () => {
    expect(read(change("a.ts", { contentBase64: null })).ok).toBe(true);
    expect(read(change("a.ts", { contentBase64: "" })).ok).toBe(true);
  });

  it.each(["NaN", "Infinity", "-Infinity", null])("takes %j for a metric that was not computed", (value) => {
    const result = read({ metrics: [{ name: "r2", value }] });
    expect(result.ok && result.value.metrics[0]).toEqual({ name: "r2", value: null, labels: {} });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["another schema", { schema: "orchestrator-result/2" }],
    ["a task that is no text", { task: 7 }],
    ["a task of too many characters", { task: "1".repeat(65) }],
    ["attempt 0", { attempt: 0 }],
    ["attempt 1.5", { attempt: 1.5 }],
    ["an attempt as text", { attempt: "2" }],
    ["a short commit", { baseSha: SHA.slice(0, 7) }],
    ["a commit in capitals", { baseSha: SHA.toUpperCase() }],
    ["a commit with a line end", { baseSha: `${SHA}\n` }],
    ["an outcome it does not know", { outcome: "PASS" }],
    ["a long summary", { summary: "x".repeat(4001) }],
    ["a field it does not know", { verdict: "PASS" }],
    ["a metric as text", { metrics: [{ name: "r2", value: "0.7" }] }],
    ["a metric without a name", { metrics: [{ name: "", value: 1 }] }],
    ["a label that is no text", { metrics: [{ name: "r2", value: 1, labels: { a: 1 } }] }],
    ["metrics that are no list", { metrics: { r2: 1 } }],
    [
      "more metrics than there may be",
      { metrics: Array.from({ length: 10_001 }, () => ({ name: "a", value: 1 })) },
    ],
    ["negative minutes", { usage: { minutes: -1 } }],
    ["more money than there may be", { usage: { usd: 1e7 } }],
    ["a report of an unknown format", { reports: [{ format: "exe", path: "a" }] }],
    ["a checksum that is none", { artifacts: [{ name: "a", sha256: "x" }] }],
    ["a fraction of a file", { artifacts: [{ name: "a", count: 0.5 }] }],
    ["a symbolic link", change("a", { mode: "120000" })],
    ["a submodule", change("a", { mode: "160000" })],
    ["a folder", change("a", { mode: "040000" })],
    ["content that is not base64", change("a", { contentBase64: "*" })],
    ["base64 with a line end", change("a", { contentBase64: "YQ==\n" })],
    ["base64 that is cut", change("a", { contentBase64: "YQ" })],
    ["content of more than two million characters", change("a", { contentBase64: "AAAA".repeat(524_289) })],
    ["a change without content", { changes: [{ path: "a", mode: "100644" }] }],
    ["a file that is changed twice", { changes: [...change("a").changes, ...change("a").changes] }],
    [
      "more changes than there may be",
      { changes: Array.from({ length: 1001 }, (_, index) => change(`${index}`).changes[0]) },
    ],
  ])("S08 refuses %s", (_name, overrides) => {
    expect(problemOf(overrides)).toMatch(/^result\.json does not follow orchestrator-result\/1: /u);
  });

  it.each(["", " ", "{", "[]", "null", "1", '"a"', "undefined", "NaN", "\u0000", "{}{}", "\ufeff{}"])(
    "refuses the text %j",
    (text) => {
      expect(readWorkerResult(text).ok).toBe(false);
    },
  );

  it("refuses a text that is too long before it reads it", () => {
    expect(readWorkerResult(" ".repeat(RESULT_MAX_CHARS + 1))).toEqual({
      ok: false,
      error: `result.json has more than ${RESULT_MAX_CHARS} characters`,
    });
  });

  it("refuses a deep text without falling over", () => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const text = `${open.repeat(200_000)}1${close.repeat(200_000)}`;
      expect(readWorkerResult(text).ok).toBe(false);
      expect(readWorkerResult(`{"metrics":${text}}`).ok).toBe(false);
    }
  });

  it("refuses hundreds of thousands of faults without falling over", () => {
    const labels = Object.fromEntries(Array.from({ length: 15_000 }, (_, index) => [`l${index}`, 1]));
    const metrics = Array.from({ length: 20 }, () => ({ name: "r2", value: 1, labels }));

    expect(problemOf({ metrics })).toContain("metrics.0.labels.l0: ");
    expect(problemOf({ metrics: Array.from({ length: 10_000 }, () => 0) })).toContain("metrics.0: ");
    const many = `{"metrics":[{"labels":{${Array.from({ length: 300_000 }, (_, index) => `"${index}":1`)}}}]}`;
    expect(readWorkerResult(many)).toEqual({
      ok: false,
      error: "result.json has more than 20001 keys in an object",
    });
  });

  it("names the first wrong field, briefly, whatever it is called", () => {
    expect(
      problemOf({
        metrics: [
          { name: "r2", value: 1 },
          { name: "r2", value: "x" },
        ],
      }),
    ).toBe("result.json does not follow orchestrator-result/1: metrics.1.value: Invalid input");
    const long = "x".repeat(100_000);
    expect(problemOf({ [long]: 1 }).length).toBeLessThan(400);
    expect(problemOf({ metrics: [{ name: "a", value: 1, labels: { [long]: "y" } }] }).length).toBeLessThan(
      400,
    );
  });

  it("takes nothing from a prototype", () => {
    const text = JSON.stringify(GOOD).replace("{", '{"__proto__":{"outcome":"failed"},');
    const result = readWorkerResult(text);
    expect(result.ok ? result.value.outcome : "refused").not.toBe("failed");
    expect(Object.hasOwn(Object.prototype, "outcome")).toBe(false);
    const labels = JSON.parse('{"__proto__": "high"}');
    const labelled = read({ metrics: [{ name: "r2", value: 1, labels }] });
    expect(labelled.ok && Object.getPrototypeOf(labelled.value.metrics[0]?.labels)).not.toBe("high");
  });
});

describe("readWorkerResult, paths of changes", () => {
  it.each([
    "a",
    "src/a.ts",
    ".env",
    ".github/workflows/ci.yml",
    ".gitignore",
    ".gitattributes",
    "a b/c d.txt",
    "größe/ж.md",
    "a..b",
    "git/config",
    "dot.git",
  ])("takes %j", (path) => {
    expect(read(change(path)).ok).toBe(true);
  });

  it.each([
    "",
    "/",
    "/etc/passwd",
    "..",
    "../a",
    "a/../b",
    "a/..",
    "./a",
    "a/.",
    "a//b",
    "a/",
    "//a",
    "C:\\a",
    "C:/a",
    "a\\b",
    "..\\a",
    "\\\\server\\a",
    "a\u0000b",
    "a\nb",
    "a\rb",
    "a\u007fb",
    "a\u0085b",
    "a\u2028b",
    "a\u202eb",
    "a\u200bb",
    ".git",
    ".git/config",
    "a/.git/hooks/pre-commit",
    ".GIT/config",
    ".Git/config",
    ".git./config",
    ".git /config",
    ".git. ./config",
    ".g\u200cit/config",
    ".ｇｉｔ/config",
    "git~1/config",
    "GIT~1/config",
    "a/...",
    "a/ /b",
    "a:b",
    "\ud800",
    "x".repeat(513),
  ])("S23 refuses %j", (path) => {
    expect(problemOf(change(path))).toContain("changes.0.path");
  });
});

describe("readWorkerResult, a hundred thousand hostile texts", () => {
  const piece = fc.constantFrom(
    "..",
    ".",
    "",
    ".git",
    ".GIT",
    "a",
    "src",
    "C:",
    "\\",
    "\u0000",
    " ",
    "\u202e",
    "git~1",
    "ж",
  );
  const path = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join("/"));
  const file = fc.record({
    path: fc.oneof(path, fc.string()),
    mode: fc.constantFrom("100644", "100755", "120000", "", 0),
    contentBase64: fc.constantFrom("YQ==", "", null, "*", 1),
  });
  const value = fc.oneof(fc.double(), fc.constantFrom(null, "NaN", "x", -0, 1e308, {}, []));
  const hostile = fc.record(
    {
      schema: fc.constantFrom("orchestrator-result/1", "", null),
      task: fc.oneof(fc.constant("1001.42.1"), fc.string()),
      attempt: fc.oneof(fc.constant(1), fc.double()),
      outcome: fc.constantFrom("completed", "failed", "PASS", true),
      metrics: fc.array(
        fc.record({ name: fc.string({ maxLength: 3 }), value, labels: fc.constantFrom({}, null) }),
        { maxLength: 2 },
      ),
      changes: fc.array(file, { maxLength: 2 }),
      usage: fc.constantFrom({ minutes: 1 }, { usd: "1" }, null),
    },
    { requiredKeys: [] },
  );

  it("F136 accepts none that breaks the contract, and throws on none", () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile, (overrides) => {
        const result = read(overrides);
        if (!result.ok) {
          expect(result.error.length).toBeLessThan(400);
          return;
        }
        accepted += 1;
        for (const { path: written } of result.value.changes) {
          expect(written).not.toMatch(/(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)|[\\:\p{Cc}]/iu);
          expect(["100644", "100755"]).toContain(result.value.changes[0]?.mode);
        }
        for (const metric of result.value.metrics)
          expect(metric.value === null || Number.isFinite(metric.value)).toBe(true);
      }),
      { numRuns: 60_000, interruptAfterTimeLimit: 5_000, markInterruptAsFailure: false },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it("throws on no text at all", () => {
    const good = JSON.stringify({ ...GOOD, ...change("src/a.ts") });
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(8), fc.string({ maxLength: 6 }), (at, length, text) => {
        const mutated = good.slice(0, at) + text + good.slice(at + length);
        const result = readWorkerResult(mutated);
        if (result.ok) expect(WorkerResult.safeParse(JSON.parse(mutated)).success).toBe(true);
      }),
      { numRuns: 40_000, interruptAfterTimeLimit: 3_000, markInterruptAsFailure: false },
    );
  });
});

describe("findBindingProblem", () => {
  const attempt = { taskId: "1001.42.1", number: 2, correlation: "1001.42.1.2.0.0", baseSha: SHA };
  const result = WorkerResult.parse(GOOD);

  it("finds none when every name is the attempt's", () => {
    expect(findBindingProblem(result, attempt)).toBeUndefined();
  });

  it.each([
    [{ task: "1001.43.1" }, "the result names task 1001.43.1, the attempt is 1001.42.1"],
    [{ attempt: 1 }, "the result names attempt 1, the attempt is 2"],
    [
      { correlation: "1001.42.1.1.0.0" },
      "the result names correlation 1001.42.1.1.0.0, the attempt is 1001.42.1.2.0.0",
    ],
    [{ baseSha: "0".repeat(40) }, `the result names baseSha ${"0".repeat(40)}, the attempt is ${SHA}`],
  ])("F136 F137 says what is wrong with %j", (other, problem) => {
    expect(findBindingProblem({ ...result, ...other }, attempt)).toBe(problem);
  });

  it("takes no other writing of the same name", () => {
    expect(findBindingProblem({ ...result, task: "1001.42.1 " }, attempt)).toMatch(/^the result names task/u);
    expect(findBindingProblem({ ...result, task: "01001.42.1" }, attempt)).toMatch(/^the result names task/u);
  });
});
