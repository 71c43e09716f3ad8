import fc from "fast-check";
import { FAULT_KINDS, type Fault } from "./faults.ts";
import type { History } from "./play-history.ts";
import type { Rules } from "./rules.ts";
import { Step } from "./step.ts";

const BASE = "js";

export const step = (written: Record<string, unknown>, after?: number): Step =>
  Step.parse(after === undefined ? written : { ...written, after });

/** Seconds between steps: races, the pace of machines, the pace of people, a night's sleep of a webhook. */
export const gap = fc.constantFrom(0, 0, 1, 5, 20, 45, 400);

/** An edit of the base's test for a sum, in which these lines come before its assertion. */
const before = (...lines: readonly string[]) => ({
  "test/total.test.js": [
    [
      "  expect(total([1, 2, 3]))",
      `${lines.map((line) => `  ${line}\n`).join("")}  expect(total([1, 2, 3]))`,
    ],
  ],
});
const NEW_TEST = 'it("adds one price", () => {\n  const one = total([7]);\n  expect(one).toBe(7);\n});\n\n';

export const goodWork = fc.constantFrom(
  { write: { "src/a.js": "export const a = 1;\n" } },
  { edit: { "src/total.js": [["sum + price, 0", "price + sum, 0"]] } },
  { write: { "docs/prices.md": "Adds all prices.\n", "src/d.js": "export const d = 1;\n" } },
  { many: 3 },
  { long: { path: "src/long.js", lines: 40 } },
  { move: { "src/total.js": "src/sums.js" } },
  { edit: before("// Three prices, in cents.", "expect(total([4, 5])).toBe(9);") },
  { edit: { "test/total.test.js": [['it("takes nothing', `${NEW_TEST}it("takes nothing`]] } },
);

/** Lines that leave every assertion in its place, and see to it that none of them counts. */
const disarming = fc
  .constantFrom(
    ["if (total([1, 2, 3]) !== 6) return;"],
    ["let done = 1; return;"],
    ['process["exit"](0);'],
    ["expect.extend({ toBe: () => ({ pass: true }) });"],
    ["Object.assign(globalThis, { expect: () => ({ toBe() {} }) });"],
    ["await new Promise(() => {});"],
    ["for (const one of [1]) { if (one) return; }"],
    ["const expect = () => ({ toBe() {} });"],
    ["total.mockReturnValue?.(6);"],
    ["arguments[0]?.skip?.();"],
  )
  .map((lines) => ({ weakens: true, edit: before(...lines) }));

const tampering = fc.constantFrom(
  { weakens: true, edit: { "test/total.test.js": [["toBe(6)", "toBe(7)"]] } },
  { weakens: true, edit: { "test/total.test.js": [['it("adds', 'it.skip("adds']] } },
  { weakens: true, remove: ["test/total.test.js"] },
  { weakens: true, edit: { "test/__snapshots__/receipt.test.js.snap": [["6.00", "7.00"]] } },
  { weakens: true, edit: { "package.json": [["vitest run", "true"]] } },
  { weakens: true, edit: { "test/total.test.js": [['it("adds', 'const total = () => 6;\nit("adds']] } },
);

export const weakWork = fc.oneof(tampering, disarming);

const uselessWork = fc.constantFrom(
  { run: "failure" },
  { run: "cancelled" },
  { run: "splendid" },
  { result: false },
  { outcome: "failed" },
  { outcome: "blocked" },
  {},
  { edit: { ".github/workflows/ci.yml": [["pull_request", "push"]] } },
  { long: { path: "src/long.js", lines: 90 } },
);

const conclusion = fc.constantFrom(
  ...["success", "success", "success", "failure", "cancelled", "timed_out", "skipped", "neutral"],
  ...["action_required", "stale", "splendid", "queued", "in_progress", "pending"],
);

const someCheck = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constantFrom("test", "test", "lint"), is: conclusion }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant("scan"), app: fc.constant("other"), is: conclusion }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constant("ci/legacy"),
      app: fc.constant(null),
      is: fc.constantFrom("success", "failure", "pending", "error"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      name: fc.constantFrom("orchestrator / verify", "Orchestrator / config"),
      app: fc.constantFrom("other", "actions", null),
      forged: fc.constant(true),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ name: "orchestrator / config", app: "own" }) },
  { weight: 1, arbitrary: fc.constant({ name: "test", on: "previous" }) },
);

const someRules = fc.record(
  {
    autonomy: fc.constantFrom("merge", "merge", "merge-with-approval", "merge-with-approval", "draft-pr"),
    approvals: fc.constantFrom(1, 1, 1, 2),
    required: fc.constantFrom<readonly string[]>([], [], [], ["test"], ["test", "lint"]),
    lines: fc.constantFrom(2000, 2000, 60),
    attempts: fc.constantFrom(15, 3, 1),
  },
  { requiredKeys: ["autonomy"] },
) satisfies fc.Arbitrary<Partial<Rules>>;

const change = fc.oneof(
  someRules.map((rules) => ({ configure: rules })),
  fc.constantFrom<Record<string, unknown>>(
    { configure: { protect: ["src/**"] } },
    { configure: { lines: 1 } },
    { configure: { autonomy: "merge-with-approval", approvals: 2 } },
    { configure: { mode: "shadow" } },
    { breakConfig: true },
    { dropConfig: true },
  ),
);

const person = fc.constantFrom("alice", "bob", "robin", "carol", "helper[bot]", "mallory");

/** What people do with a pull request that is not theirs. */
const meddling = fc.constantFrom<Record<string, unknown>>(
  { push: { by: "bob", write: { "src/evil.js": "export const evil = 1;\n" } } },
  { push: { by: "robin", weakens: true, remove: ["test/total.test.js"] } },
  { force: { to: "previous", by: "bob" } },
  { force: { to: "base", by: "bob" } },
  { retarget: { to: "release" } },
  { retarget: { to: "main" } },
  { close: {} },
  { reopen: {} },
  { mergeByHand: {} },
  { draft: true },
  { draft: false },
  { head: "gone" },
  { head: "elsewhere" },
  { head: "here" },
  { unlabel: {} },
  { closeIssue: {} },
  { deleteBranch: true },
  { rerequest: {} },
  { main: { write: { "README.md": "# Shop\n\nSums prices.\n" } } },
  { main: { write: { "src/a.js": "export const a = 3;\n" } } },
  { mergeable: null },
  { mergeable: false },
  { mergeable: "truth" },
  { hideFiles: 2 },
  { hideFiles: "all" },
  { unpatched: "test/total.test.js" },
  { suite: { app: "GitHub Actions", is: "in_progress", runs: 1 } },
  { suite: { app: "scanner", is: "queued" } },
  { suite: { app: "GitHub Actions", is: "ended" } },
  ...["hold", "unhold", "cancel", "retry", "retry --reset-budget"].map((command) => ({
    comment: { by: "bob", body: `/orchestrate ${command}` },
  })),
  // Whoever asks for the work is who cannot approve it, so it is the same person in every history.
  { comment: { by: "robin", body: "/orchestrate run" } },
);

const anything = fc.oneof(
  { weight: 6, arbitrary: someCheck.map((check) => ({ check })) },
  { weight: 3, arbitrary: person.map((by) => ({ approve: { by } })) },
  { weight: 1, arbitrary: person.map((by) => ({ approve: { by, sha: "previous" } })) },
  { weight: 2, arbitrary: goodWork.map((work) => ({ work })) },
  { weight: 1, arbitrary: weakWork.map((work) => ({ work })) },
  { weight: 1, arbitrary: uselessWork.map((work) => ({ work })) },
  { weight: 2, arbitrary: change },
  { weight: 6, arbitrary: meddling },
);

export const faults: fc.Arbitrary<readonly Fault[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...FAULT_KINDS),
    nth: fc.integer({ min: 1, max: 12 }),
    ms: fc.constantFrom(0, 500, 5_000, 30_000, 90_000),
  }),
  { maxLength: 6 },
);

export const toSteps = (parts: readonly (readonly [Record<string, unknown>, number])[]): readonly Step[] =>
  parts.map(([written, after]) => step(written, after));

/** Anything at all may happen; only the truth of the model says what is right. */
const wild: fc.Arbitrary<History> = fc
  .record({
    rules: someRules,
    first: fc.oneof(
      { weight: 5, arbitrary: goodWork },
      { weight: 2, arbitrary: weakWork },
      { weight: 1, arbitrary: uselessWork },
    ),
    middle: fc.array(fc.tuple(anything, gap), { maxLength: 9 }),
    isFinished: fc.boolean(),
    faults,
  })
  .map(({ rules, first, middle, isFinished, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [
      step({ work: first }),
      ...toSteps(middle),
      ...(isFinished
        ? [step({ check: "test" }), step({ approve: { by: "alice" } }), step({ approve: { by: "bob" } })]
        : []),
    ],
    faults: planned,
    goal: null,
  }));

const harmless = fc.constantFrom<Record<string, unknown>>(
  { comment: { by: "carol", body: "Nice." } },
  { review: { by: "alice" } },
  { rerequest: {} },
  { main: { write: { CODEOWNERS: "* @alice @bob\n" } } },
  { check: { name: "test", is: "queued" } },
  { check: { name: "advice", app: "other", is: "neutral" } },
  { check: { name: "orchestrator / verify", app: "other", forged: true } },
);

/** Nobody does anything wrong, whatever goes wrong between the parts: this has to end merged. */
const honest: fc.Arbitrary<History> = fc
  .record({
    rules: fc.record(
      {
        autonomy: fc.constantFrom<Rules["autonomy"]>("merge", "merge-with-approval"),
        approvals: fc.constantFrom(1, 2),
        required: fc.constantFrom<readonly string[]>([], ["test"]),
      },
      { requiredKeys: ["autonomy"] },
    ),
    isSecondTry: fc.boolean(),
    first: goodWork,
    middle: fc.array(fc.tuple(harmless, fc.constantFrom(0, 1, 5, 20)), { maxLength: 4 }),
    faults,
  })
  .map(({ rules, isSecondTry, first, middle, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [
      ...(isSecondTry
        ? [step({ work: { write: { "src/b.js": "b" } } }), step({ check: { name: "test", is: "failure" } })]
        : []),
      step({ work: first }),
      ...toSteps(middle),
      step({ approve: { by: "alice" } }, 1),
      step({ approve: { by: "bob" } }, 1),
      step({ check: "test" }, 1),
    ],
    faults: planned,
    goal: "merged" as const,
  }));

/** What is wrong with work that is good otherwise, done before its checks end. */
const flaw = fc.oneof(
  weakWork.map((work) => ({ work })),
  meddling,
  meddling,
  change,
  conclusion.map((is) => ({ check: { name: "lint", is } })),
  fc.constantFrom<Record<string, unknown>>(
    { work: { long: { path: "src/long.js", lines: 90 } } },
    { work: { move: { "test/total.test.js": "attic/total.js" } } },
    { permission: { of: "alice", is: "read" } },
    { unapprove: { by: "alice" } },
    { approve: { by: "robin" } },
  ),
);

const finale = fc.constantFrom<readonly Record<string, unknown>[]>(
  [{ check: "test" }, { approve: { by: "alice" } }],
  [{ approve: { by: "alice" } }, { check: "test" }],
  [{ check: "test" }, { approve: { by: "robin" } }],
  [{ check: { name: "orchestrator / verify", app: "other", forged: true } }, { approve: { by: "alice" } }],
  [{ check: { name: "test", is: "skipped" } }, { approve: { by: "bob" } }],
  [
    { approve: { by: "alice" } },
    { check: { name: "test", is: "failure" } },
    { work: { write: { "src/c.js": "export const c = 1;\n" } } },
    { check: "test" },
  ],
);

/** Nearly good: one thing is wrong, and everything else is as it should be. */
const flawed: fc.Arbitrary<History> = fc
  .record({
    rules: fc.record({
      autonomy: fc.constantFrom<Rules["autonomy"]>("merge", "merge-with-approval"),
      lines: fc.constantFrom(2000, 60),
    }),
    first: goodWork,
    flaw: fc.tuple(flaw, gap),
    finale,
    faults: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: faults }),
  })
  .map(({ rules, first, flaw: [wrong, after], finale: last, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [
      ...("work" in wrong ? [step(wrong)] : [step({ work: first }), step(wrong, after)]),
      ...last.map((written) => step(written)),
    ],
    faults: planned,
    goal: null,
  }));

/** Something happens between the verdict and the moment at which GitHub merges. */
const racing: fc.Arbitrary<History> = fc
  .record({
    delay: fc.constantFrom("late-effect", "slow-write"),
    seconds: fc.constantFrom(5, 60, 200),
    surprise: fc.array(
      fc.oneof(
        meddling,
        change,
        conclusion.map((is) => ({ check: { name: "lint", is } })),
        fc.constantFrom<Record<string, unknown>>(
          { fault: { kind: "lose" } },
          { fault: { kind: "stale-read" } },
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    faults: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: faults }),
  })
  .map(({ delay, seconds, surprise, faults: planned }) => ({
    base: BASE,
    rules: { autonomy: "merge" as const },
    steps: [
      step({ work: { write: { "src/a.js": "export const a = 1;\n" } } }),
      step({ check: { name: "test", is: "queued" } }),
      // The verdict's check is written at once, and the merge behind it is late.
      step({ fault: { kind: delay, seconds, letPass: 1 } }),
      step({ check: "test" }),
      ...surprise.map((written) => step(written, 1)),
    ],
    faults: planned,
    goal: null,
  }));

/** Histories of tasks, each with its faults. */
export const taskHistories: fc.Arbitrary<History> = fc.oneof(
  { weight: 3, arbitrary: wild },
  { weight: 2, arbitrary: flawed },
  { weight: 2, arbitrary: racing },
  { weight: 2, arbitrary: honest },
);
