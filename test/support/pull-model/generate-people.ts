import fc from "fast-check";
import { faults, gap, goodWork, step, toSteps } from "./generate-histories.ts";
import { leftBehind, tempting } from "./generate-temptations.ts";
import {
  anything,
  author,
  BASE,
  check,
  conclusion,
  faultsOrNone,
  issues,
  move,
  opening,
  quick,
  someRules,
  surroundings,
  twin,
  type Written,
  word,
} from "./people-parts.ts";
import type { History } from "./play-history.ts";
import type { Rules } from "./rules.ts";

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
  { weight: 3, arbitrary: honest },
  { weight: 3, arbitrary: tempting },
  { weight: 2, arbitrary: flawed },
  { weight: 2, arbitrary: queued },
  { weight: 1, arbitrary: shared },
  { weight: 1, arbitrary: leftBehind },
);
