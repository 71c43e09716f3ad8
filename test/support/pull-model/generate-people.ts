import fc from "fast-check";
import { faults, gap, goodWork, step, toSteps, weakWork } from "./generate-histories.ts";
import type { History } from "./play-history.ts";
import type { Rules } from "./rules.ts";

type Written = Record<string, unknown>;

const BASE = "js";
const quick = fc.constantFrom(0, 1, 5, 20);
const faultsOrNone = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: faults });

const author = fc.constantFrom("alice", "bob", "robin", "mallory");
const reviewer = fc.constantFrom("alice", "bob", "robin", "nina", "carol", "helper[bot]");
const gate = fc.constantFrom(
  "checks",
  "size",
  "paths",
  "integrity",
  "assertions",
  "link",
  "owners",
  "approval",
);
const issues = fc.constantFrom<readonly number[]>([], [42]);

const someRules = fc.record(
  {
    peopleApprovals: fc.constantFrom(0, 1, 1, 2),
    owners: fc.constantFrom(false, false, true),
    linkedIssue: fc.constantFrom(false, false, true),
    required: fc.constantFrom<readonly string[]>([], [], ["test"]),
    lines: fc.constantFrom(2000, 60),
    branches: fc.constantFrom<readonly string[]>([], [], ["change", "fix/**"]),
    verify: fc.constantFrom(true, true, true, true, true, false),
    freezes: fc.constantFrom<Rules["freezes"]>(
      ...[[], [], [], []],
      [{ at: "13:50", minutes: 15 }],
      [{ at: "14:03", minutes: 30 }],
    ),
  },
  { requiredKeys: ["peopleApprovals"] },
) satisfies fc.Arbitrary<Partial<Rules>>;

const opening = fc
  .record({
    by: author,
    work: fc.oneof(
      { weight: 5, arbitrary: goodWork },
      { weight: 1, arbitrary: weakWork },
      {
        weight: 1,
        arbitrary: fc.constant({ edit: { ".github/workflows/ci.yml": [["pull_request", "push"]] } }),
      },
      { weight: 1, arbitrary: fc.constant({ long: { path: "src/long.js", lines: 90 } }) },
    ),
    fork: fc.constantFrom(false, false, true),
    closes: issues,
  })
  .map(({ work, by, fork, closes }) => ({ open: { ...work, by, fork: fork || by === "mallory", closes } }));

/** The same commit, offered to another base. */
const twin: fc.Arbitrary<Written> = fc
  .record({ by: author, closes: issues, branch: fc.constantFrom(undefined, "copy") })
  .map(({ by, closes, branch }) => ({
    open: { headOf: "change", into: "release", by, closes, ...(branch !== undefined && { branch }) },
    pull: "twin",
  }));

const conclusion = fc.constantFrom(
  ...["success", "success", "success", "failure", "cancelled", "skipped", "neutral", "queued", "in_progress"],
);

const check = fc
  .record({
    name: fc.constantFrom("test", "test", "lint"),
    is: conclusion,
    on: fc.constantFrom("head", "head", "group"),
  })
  .map((given) => ({ check: given }));

const forgery = fc.constantFrom<Written>(
  { check: { name: "orchestrator / verify", app: "other", forged: true } },
  { check: { name: "orchestrator / verify", app: "actions", forged: true, on: "group" } },
  { check: { name: "test", on: "previous" } },
);

/** Words about the pull request that count or do not. */
const word: fc.Arbitrary<Written> = fc.oneof(
  reviewer.map((by) => ({ approve: { by } })),
  reviewer.map((by) => ({ review: { by, is: "approved" } })),
  reviewer.map((by) => ({ review: { by, is: "approved", sha: "previous" } })),
  reviewer.map((by) => ({ review: { by, is: "changes_requested" } })),
  reviewer.map((of) => ({ dismiss: { of } })),
  reviewer.map((by) => ({ unapprove: { by } })),
  fc.record({ by: reviewer, gate }).map((given) => ({ override: given })),
  reviewer.map((of) => ({ permission: { of, is: "read" } })),
  fc
    .record({ by: reviewer, button: fc.constantFrom("rerun", "explain", "override") })
    .map((given) => ({ press: given })),
);

/** What happens to the pull request itself. */
const move: fc.Arbitrary<Written> = fc.constantFrom<Written>(
  { push: { by: "alice", write: { "src/evil.js": "export const evil = 1;\n" } } },
  { push: { by: "alice", weakens: true, remove: ["test/total.test.js"] } },
  { push: { by: "alice", catchUp: true } },
  { push: { by: "alice", write: { CODEOWNERS: "* @robin\n" } } },
  { force: { to: "previous", by: "alice" } },
  { force: { to: "base", by: "alice" } },
  { retarget: { to: "release" } },
  { retarget: { to: "main" } },
  { text: { closes: [] } },
  { text: { closes: [42] } },
  { close: {} },
  { reopen: {} },
  { mergeByHand: {} },
  { draft: true },
  { draft: false },
  { head: "gone" },
  { head: "here" },
  { rerequest: {} },
  { mergeable: null },
  { mergeable: "truth" },
  { hideFiles: 2 },
  { hideFiles: "all" },
  { unreadable: true },
  { unreadable: true },
  { unreadable: false },
  { enqueue: {} },
  { enqueue: {} },
  { dequeue: {} },
  { deleteBranch: true },
);

/** What happens around it. */
const surroundings: fc.Arbitrary<Written> = fc.oneof(
  fc.constantFrom<Written>(
    { main: { write: { "README.md": "# Shop\n\nSums prices.\n" } } },
    { main: { write: { "src/a.js": "export const a = 3;\n" } } },
    { main: { write: { CODEOWNERS: "* @bob\n" } } },
    { main: { write: { CODEOWNERS: "* @acme/core\n" } } },
    { breakConfig: true },
    { dropConfig: true },
    { suite: { app: "GitHub Actions", is: "in_progress", runs: 1 } },
    { suite: { app: "GitHub Actions", is: "ended" } },
    { wait: 10 },
    { wait: 70 },
  ),
  someRules.map((rules) => ({ configure: rules })),
);

/** Most things happen to the pull request, some to the other one with the same commit. */
const anything: fc.Arbitrary<Written> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: check },
      { weight: 1, arbitrary: forgery },
      { weight: 6, arbitrary: word },
      { weight: 6, arbitrary: move },
      { weight: 2, arbitrary: surroundings },
      { weight: 1, arbitrary: twin },
    ),
    fc.constantFrom(false, false, false, true),
  )
  .map(([written, isOfTwin]) => (isOfTwin ? { pull: "twin", ...written } : written));

const green: readonly Written[] = [{ check: "test" }, { check: { name: "test", on: "group" } }];

/** Anything at all may happen; only the truth of the model says what is right. */
const wild: fc.Arbitrary<History> = fc
  .record({
    rules: someRules,
    first: opening,
    middle: fc.array(fc.tuple(anything, gap), { maxLength: 10 }),
    isFinished: fc.boolean(),
    faults,
  })
  .map(({ rules, first, middle, isFinished, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [step(first), ...toSteps(middle), ...(isFinished ? green.map((written) => step(written)) : [])],
    faults: planned,
    goal: null,
  }));

const harmless = fc.constantFrom<Written>(
  { review: { by: "carol", is: "approved" } },
  { review: { by: "robin", is: "commented" } },
  { press: { by: "alice", button: "rerun" } },
  { press: { by: "carol", button: "explain" } },
  { rerequest: {} },
  { draft: true },
  { draft: false },
  { main: { write: { "docs/other.md": "Other.\n" } } },
  { check: { name: "test", is: "queued" } },
  { check: { name: "advice", app: "other", is: "neutral" } },
  { check: { name: "orchestrator / verify", app: "other", forged: true } },
  { pull: "twin", open: { headOf: "change", into: "release", by: "robin", closes: [42] } },
);

/** Nobody does anything wrong, whatever goes wrong between the parts: this has to end as a PASS. */
const honest: fc.Arbitrary<History> = fc
  .record({
    rules: fc.record({
      peopleApprovals: fc.constantFrom(0, 1, 2),
      owners: fc.boolean(),
      linkedIssue: fc.boolean(),
      required: fc.constantFrom<readonly string[]>([], ["test"]),
      freezes: fc.constantFrom<Rules["freezes"]>([], [], [{ at: "13:50", minutes: 20 }]),
    }),
    first: goodWork,
    fork: fc.boolean(),
    isSecondTry: fc.boolean(),
    middle: fc.array(fc.tuple(harmless, quick), { maxLength: 4 }),
    isReviewed: fc.boolean(),
    isQueued: fc.boolean(),
    faults,
  })
  .map(({ rules, first, fork, isSecondTry, middle, isReviewed, isQueued, faults: planned }) => {
    const approvals = ["alice", "bob", "nina"].map((by) =>
      isReviewed ? { review: { by, is: "approved" } } : { approve: { by } },
    );
    const hasTwin = middle.some(([written]) => written.pull === "twin");
    const twins = hasTwin ? approvals.map((written) => ({ pull: "twin", ...written })) : [];
    const canBeQueued = isQueued && rules.freezes.length === 0 && !hasTwin;
    return {
      base: BASE,
      rules,
      steps: [
        step({ open: { ...first, by: "robin", fork, closes: [42] } }),
        ...(isSecondTry
          ? [
              step({ check: { name: "test", is: "failure" } }),
              step({ push: { by: "robin", write: { "src/b.js": "b\n" } } }),
            ]
          : []),
        ...toSteps(middle),
        step({ draft: false }),
        ...approvals.map((written) => step(written, 1)),
        ...twins.map((written) => step(written, 1)),
        step({ check: "test" }, 1),
        ...(canBeQueued ? [step({ enqueue: {} }, 400), step({ check: { name: "test", on: "group" } })] : []),
      ],
      faults: planned,
      goal: canBeQueued ? ("merged" as const) : ("passed" as const),
    };
  });

const small = { write: { "src/a.js": "export const a = 1;\n" } };
const large = { long: { path: "src/long.js", lines: 90 } };
const push: Written = { push: { by: "alice", write: { "src/evil.js": "export const evil = 1;\n" } } };
const owners: Written = { push: { by: "bob", write: { CODEOWNERS: "* @robin\n" } } };
const test: Written = { check: "test" };

/** Words and moves of which each is nearly enough for a PASS. */
const temptation: fc.Arbitrary<{ readonly rules: Partial<Rules>; readonly steps: readonly Written[] }> =
  fc.oneof(
    reviewer.chain((by) =>
      fc
        .constantFrom<readonly Written[]>(
          [{ approve: { by } }, push, test],
          [{ review: { by, is: "approved" } }, push, test],
          [push, test, { review: { by, is: "approved", sha: "previous" } }],
          [test, { approve: { by } }],
          [test, { review: { by, is: "approved" } }],
          [{ review: { by, is: "approved" } }, { review: { by, is: "changes_requested" } }, test],
          [{ review: { by, is: "approved" } }, { permission: { of: by, is: "read" } }, test],
          [test, { override: { by, gate: "approval" } }],
        )
        .map((steps) => ({
          rules: { peopleApprovals: 1 },
          steps: [{ open: { by: "alice", ...small } }, ...steps],
        })),
    ),
    reviewer.chain((by) =>
      fc
        .constantFrom<readonly Written[]>(
          [test, { override: { by, gate: "size" } }],
          [test, { override: { by, gate: "size" } }, push, test],
          [test, { override: { by, gate: "paths" } }],
          [test, { press: { by, button: "override" } }],
          [{ check: { name: "test", is: "failure" } }, { override: { by, gate: "size" } }],
        )
        .map((steps) => ({ rules: { lines: 60 }, steps: [{ open: { by: "alice", ...large } }, ...steps] })),
    ),
    reviewer.chain((by) =>
      fc
        .constantFrom<readonly Written[]>(
          [{ open: { by: "bob", ...small } }, test, { approve: { by } }],
          [{ open: { by: "bob", ...small } }, owners, test, { review: { by, is: "approved" } }],
          [
            { open: { by: "robin", into: "release", ...small } },
            { main: { write: { CODEOWNERS: "* @bob\n" } } },
            test,
            { approve: { by } },
            { retarget: { to: "main", by: "robin" } },
          ],
        )
        .map((steps) => ({
          rules: { owners: true },
          steps: [
            ...steps,
            ...["paths", "integrity"].map((name) => ({ override: { by: "nina", gate: name } })),
          ],
        })),
    ),
  );

/** Somebody tries to have it let through. */
const tempting: fc.Arbitrary<History> = fc
  .record({
    tried: temptation,
    pauses: fc.array(quick, { minLength: 8, maxLength: 8 }),
    faults: faultsOrNone,
  })
  .map(({ tried: { rules, steps }, pauses, faults: planned }) => ({
    base: BASE,
    rules,
    steps: steps.map((written, index) => step(written, index === 0 ? undefined : (pauses[index] ?? 0) + 20)),
    faults: planned,
    goal: null,
  }));

/** One thing is wrong with what would be a PASS otherwise, and something tries to hide it. */
const flawed: fc.Arbitrary<History> = fc
  .record({
    rules: fc.record({
      peopleApprovals: fc.constantFrom(0, 1),
      owners: fc.constantFrom(false, true),
      linkedIssue: fc.constantFrom(false, true),
      lines: fc.constantFrom(2000, 60),
      freezes: fc.constantFrom<Rules["freezes"]>([], [], [{ at: "14:01", minutes: 600 }]),
    }),
    first: opening,
    before: fc.array(fc.tuple(fc.oneof(word, move, twin), gap), { maxLength: 2 }),
    after: fc.array(fc.tuple(fc.oneof(word, move, surroundings, check), quick), {
      minLength: 1,
      maxLength: 3,
    }),
    faults: faultsOrNone,
  })
  .map(({ rules, first, before, after, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [
      step(first),
      ...toSteps(before),
      step({ check: "test" }),
      step({ review: { by: "nina", is: "approved" } }),
      ...toSteps(after),
    ],
    faults: planned,
    goal: null,
  }));

/** Something happens between the PASS and the moment at which the merge queue merges. */
const queued: fc.Arbitrary<History> = fc
  .record({
    rules: fc.record({
      peopleApprovals: fc.constantFrom(0, 1),
      freezes: fc.constantFrom<Rules["freezes"]>([], [], [{ at: "14:02", minutes: 600 }]),
    }),
    first: goodWork,
    surprise: fc.array(fc.tuple(fc.oneof(word, move, surroundings, check, twin), quick), {
      minLength: 1,
      maxLength: 4,
    }),
    faults: faultsOrNone,
  })
  .map(({ rules, first, surprise, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [
      step({ open: { ...first, by: "alice" } }),
      step({ check: "test" }),
      step({ approve: { by: "bob" } }),
      step({ enqueue: {} }),
      step({ check: { name: "test", is: "in_progress", on: "group" } }),
      ...toSteps(surprise),
      step({ check: { name: "test", on: "group" } }),
    ],
    faults: planned,
    goal: null,
  }));

/** A task's commit, and a person who offers it to another base or under the name of its branch. */
const shared: fc.Arbitrary<History> = fc
  .record({
    rules: fc.record({
      autonomy: fc.constantFrom<Rules["autonomy"]>("draft-pr", "merge-with-approval"),
      linkedIssue: fc.boolean(),
      verify: fc.constantFrom(true, true, false),
    }),
    by: author,
    closes: issues,
    branch: fc.constantFrom(undefined, "copy"),
    is: conclusion,
    middle: fc.array(
      fc.tuple(
        fc
          .tuple(fc.oneof(word, move, check), fc.constantFrom("task", "twin"))
          .map(([written, pull]): Written => ({ pull, ...written })),
        gap,
      ),
      { maxLength: 4 },
    ),
    faults: faultsOrNone,
  })
  .map(({ rules, by, closes, branch, is, middle, faults: planned }) => ({
    base: BASE,
    rules,
    steps: [
      step({ work: { write: { "src/a.js": "export const a = 1;\n" } } }),
      step({ check: { name: "test", is } }),
      step({
        pull: "twin",
        open: { headOf: "task", into: "release", by, closes, ...(branch !== undefined && { branch }) },
      }),
      ...toSteps(middle),
      step({ check: "test" }),
    ],
    faults: planned,
    goal: null,
  }));

/** Histories of people's pull requests, of the merge queue and of commits with several pull requests. */
export const peopleHistories: fc.Arbitrary<History> = fc.oneof(
  { weight: 3, arbitrary: wild },
  { weight: 2, arbitrary: honest },
  { weight: 3, arbitrary: tempting },
  { weight: 2, arbitrary: flawed },
  { weight: 2, arbitrary: queued },
  { weight: 1, arbitrary: shared },
);
