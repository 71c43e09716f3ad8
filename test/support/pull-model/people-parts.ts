import fc from "fast-check";
import { faults, goodWork, weakWork } from "./generate-histories.ts";
import type { Rules } from "./rules.ts";

/** A step as it is written. */
export type Written = Record<string, unknown>;

export const BASE = "js";
export const quick = fc.constantFrom(0, 1, 5, 20);
export const faultsOrNone = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: faults },
);

export const author = fc.constantFrom("alice", "bob", "robin", "mallory");
export const reviewer = fc.constantFrom("alice", "bob", "robin", "nina", "carol", "helper[bot]");
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
export const issues = fc.constantFrom<readonly number[]>([], [42]);

export const someRules = fc.record(
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

export const opening = fc
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
export const twin: fc.Arbitrary<Written> = fc
  .record({ by: author, closes: issues, branch: fc.constantFrom(undefined, "copy") })
  .map(({ by, closes, branch }) => ({
    open: { headOf: "change", into: "release", by, closes, ...(branch !== undefined && { branch }) },
    pull: "twin",
  }));

export const conclusion = fc.constantFrom(
  ...["success", "success", "success", "failure", "cancelled", "skipped", "neutral", "queued", "in_progress"],
);

export const check = fc
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
export const word: fc.Arbitrary<Written> = fc.oneof(
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
export const move: fc.Arbitrary<Written> = fc.constantFrom<Written>(
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
export const surroundings: fc.Arbitrary<Written> = fc.oneof(
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
export const anything: fc.Arbitrary<Written> = fc
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
