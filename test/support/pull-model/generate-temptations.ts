import fc from "fast-check";
import { step } from "./generate-histories.ts";
import { BASE, faultsOrNone, quick, reviewer, type Written } from "./people-parts.ts";
import type { History } from "./play-history.ts";
import type { Rules } from "./rules.ts";

const small = { write: { "src/a.js": "export const a = 1;\n" } };
const large = { long: { path: "src/long.js", lines: 90 } };
const push: Written = { push: { by: "alice", write: { "src/evil.js": "export const evil = 1;\n" } } };
const test: Written = { check: "test" };
const opened = (more: Written = {}): Written => ({ open: { by: "alice", ...small, ...more } });
const setAside = ["paths", "integrity"].map((gate): Written => ({ override: { by: "nina", gate } }));

interface Tried {
  readonly rules: Partial<Rules>;
  readonly steps: readonly Written[];
}

const colleague = fc.constantFrom("robin", "bob", "nina");
const maintainer = fc.constantFrom("bob", "nina");
const nobody = fc.constantFrom("helper[bot]", "carol", "mallory", "alice");

const approved = (by: string, more: Written = {}): Written => ({ review: { by, is: "approved", ...more } });

/** What is tried where one approval is asked for. */
const askingForApproval = (by: fc.Arbitrary<string>, steps: (by: string) => readonly Written[]) =>
  by.map((login): Tried => ({ rules: { peopleApprovals: 1 }, steps: [opened(), ...steps(login)] }));

/** What is tried with a change that is too large. */
const tooLarge = (by: fc.Arbitrary<string>, steps: (by: string) => readonly Written[]) =>
  by.map(
    (login): Tried => ({
      rules: { lines: 60 },
      steps: [{ open: { by: "alice", ...large } }, ...steps(login)],
    }),
  );

const once = (rules: Partial<Rules>, steps: readonly Written[]) => fc.constant<Tried>({ rules, steps });

/** Words and moves of which each is nearly enough for a PASS. */
const temptation: fc.Arbitrary<Tried> = fc.oneof(
  askingForApproval(colleague, (by) => [{ approve: { by } }, push, test]),
  askingForApproval(colleague, (by) => [approved(by), push, test]),
  askingForApproval(colleague, (by) => [push, test, approved(by, { sha: "previous" })]),
  askingForApproval(colleague, (by) => [approved(by), { review: { by, is: "changes_requested" } }, test]),
  askingForApproval(colleague, (by) => [approved(by), { permission: { of: by, is: "read" } }, test]),
  askingForApproval(colleague, (by) => [approved(by), { dismiss: { of: by } }, test]),
  askingForApproval(nobody, (by) => [test, { approve: { by } }]),
  askingForApproval(nobody, (by) => [test, approved(by)]),
  askingForApproval(maintainer, (by) => [test, { override: { by, gate: "approval" } }]),
  tooLarge(maintainer, (by) => [test, { override: { by, gate: "size" } }, push, test]),
  tooLarge(maintainer, (by) => [test, { override: { by, gate: "paths" } }]),
  tooLarge(maintainer, (by) => [test, { press: { by, button: "override" } }]),
  tooLarge(maintainer, (by) => [
    { check: { name: "test", is: "failure" } },
    { override: { by, gate: "size" } },
  ]),
  tooLarge(fc.constantFrom("robin", "carol", "helper[bot]", "alice"), (by) => [
    test,
    { override: { by, gate: "size" } },
  ]),
  once({ owners: true }, [{ open: { by: "bob", ...small } }, test, { approve: { by: "nina" } }]),
  once({ owners: true }, [
    { open: { by: "bob", ...small } },
    { push: { by: "bob", write: { CODEOWNERS: "* @robin\n" } } },
    test,
    approved("robin"),
    ...setAside,
  ]),
  once({ owners: true }, [
    { open: { by: "robin", into: "release", ...small } },
    { main: { write: { CODEOWNERS: "* @bob\n" } } },
    test,
    { approve: { by: "alice" } },
    { retarget: { to: "main", by: "robin" } },
  ]),
  once({}, [
    { open: { by: "mallory", fork: true, ...small } },
    test,
    { head: "gone" },
    { rerequest: { by: "mallory" } },
  ]),
  once({}, [opened(), test, { unreadable: true }, { rerequest: { by: "alice" } }]),
  once({ linkedIssue: true }, [
    opened(),
    test,
    { pull: "twin", open: { headOf: "change", into: "release", by: "alice", closes: [42] } },
  ]),
  once({}, [
    opened(),
    { check: { name: "test", is: "failure" } },
    { enqueue: {} },
    { check: { name: "test", on: "group" } },
  ]),
);

/** Somebody tries to have it let through. */
export const tempting: fc.Arbitrary<History> = fc
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

/** What a task left when it was given up or cancelled is a person's to deal with. */
export const leftBehind: fc.Arbitrary<History> = fc
  .record({
    end: fc.constantFrom<readonly Written[]>(
      [{ check: { name: "test", is: "failure" } }, { wait: 10 }],
      [{ check: "test" }, { close: {} }, { reopen: {} }, { wait: 6 }],
      [
        { check: "test" },
        { comment: { by: "bob", body: "/orchestrate cancel" } },
        { wait: 1 },
        { reopen: {} },
      ],
    ),
    words: fc.array(
      reviewer.chain((by) =>
        fc.constantFrom<Written>(
          { approve: { by, on: "pull" } },
          { review: { by, is: "approved" } },
          { push: { by: "robin", write: { "src/b.js": "export const b = 1;\n" } } },
        ),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    faults: faultsOrNone,
  })
  .map(({ end, words, faults: planned }) => ({
    base: BASE,
    rules: { attempts: 1 },
    steps: [{ work: small }, ...end, test, ...words, test].map((written) => step(written)),
    faults: planned,
    goal: null,
  }));
