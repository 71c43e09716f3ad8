import { describe, expect, it } from "vitest";
import { approvalGate } from "../../../src/core/gate/rules/approval.ts";
import { branchGate } from "../../../src/core/gate/rules/branch.ts";
import { headGate } from "../../../src/core/gate/rules/head.ts";
import { pathsGate } from "../../../src/core/gate/rules/paths.ts";
import { queueGate } from "../../../src/core/gate/rules/queue.ts";
import { sizeGate } from "../../../src/core/gate/rules/size.ts";
import type { Approval } from "../../../src/core/pull/review.ts";
import { NOW } from "../../support/build-task.ts";
import {
  buildFile,
  buildGates,
  buildSubject,
  buildWork,
  HEAD,
  MINUTE_MS,
  OTHER_SHA,
  say,
  wordOf,
} from "./build-subject.ts";

type Overrides = Parameters<typeof buildSubject>[0];

describe("headGate", () => {
  it.each<[string, Overrides, string]>([
    ["passes for the published commit", {}, "PASS"],
    ["F141 is blocked after somebody else's push", { pull: { headSha: OTHER_SHA } }, "BLOCKED"],
    ["takes no other case of the commit", { pull: { headSha: HEAD.toUpperCase() } }, "BLOCKED"],
    ["takes no abbreviated commit", { pull: { headSha: HEAD.slice(0, 7) } }, "BLOCKED"],
    ["F147 is blocked when the head's repository is gone", { pull: { headRepoId: null } }, "BLOCKED"],
    ["F148 is blocked when the head is in a fork", { pull: { headRepoId: 2002 } }, "BLOCKED"],
    ["fails on a conflict", { pull: { mergeable: false } }, "FAIL"],
    [
      "F162 waits while GitHub computes",
      { pull: { mergeable: null }, headSince: NOW - 9 * MINUTE_MS },
      "pending",
    ],
    [
      "F162 is blocked when GitHub does not say",
      { pull: { mergeable: null }, headSince: NOW - 10 * MINUTE_MS },
      "BLOCKED",
    ],
  ])("%s", (_name, overrides, word) => {
    expect(wordOf(headGate.evaluate(buildSubject(overrides)))).toBe(word);
  });

  it("tells what to do when the branch was pushed to", () => {
    expect(headGate.evaluate(buildSubject({ pull: { headSha: OTHER_SHA } }))).toMatchObject({
      seen: "deadbee",
      wanted: "c0ffee1",
      howToFix: "Merge it by hand, or run `/orchestrate retry` to publish a new attempt.",
    });
  });
});

describe("branchGate", () => {
  it.each<[string, Overrides, string]>([
    ["passes for its role's prefix", {}, "PASS"],
    ["fails for another prefix", { pull: { headRef: "feature/42-x" } }, "FAIL"],
    ["takes no other case of the prefix", { pull: { headRef: "Fix/42-x" } }, "FAIL"],
    ["takes no prefix inside the name", { pull: { headRef: "a/fix/42-x" } }, "FAIL"],
    ["fails when the head is the base", { pull: { headRef: "fix/a", baseRef: "fix/a" } }, "FAIL"],
    [
      "is blocked when the role is not configured any more",
      { work: buildWork({ branchPrefix: "" }) },
      "BLOCKED",
    ],
    ["F144 is blocked when the base was changed", { pull: { baseRef: "release" } }, "BLOCKED"],
    ["is blocked when nothing says where it should go", { work: buildWork({ baseRef: "" }) }, "BLOCKED"],
  ])("%s", (_name, overrides, word) => {
    expect(wordOf(branchGate.evaluate(buildSubject(overrides)))).toBe(word);
  });

  it("shows a hostile branch name as what it is", () => {
    const headRef = "fix/@octocat#1`<img>";
    expect(branchGate.evaluate(buildSubject({ pull: { headRef } }))).toMatchObject({
      seen: "`fix/@octocat#1'<img>`",
    });
  });
});

describe("branchGate, people's pull requests", () => {
  const { people } = buildGates();
  const named = (...branches: readonly string[]) => ({ gates: { people: { ...people, branches } } });

  it.each<[string, Overrides, string]>([
    ["passes whatever the name, where none is demanded", {}, "PASS"],
    ["passes for a name that is allowed", named("feature/*", "fix/*"), "PASS"],
    ["fails for another name", named("feature/*"), "FAIL"],
    ["takes no other case of the name", named("Fix/*"), "FAIL"],
    ["takes no part of the name", named("42-*"), "FAIL"],
    ["fails when the default branch is the head", { pull: { headRef: "main", baseRef: "release" } }, "FAIL"],
    ["passes for the default branch of a fork", { pull: { headRef: "main", headRepoId: 2002 } }, "PASS"],
  ])("%s", (_name, overrides, word) => {
    expect(wordOf(branchGate.evaluate(buildSubject({ ...overrides, work: null })))).toBe(word);
  });
});

describe("headGate, people's pull requests", () => {
  it.each<[string, Overrides, string]>([
    ["passes for any head that can merge", { pull: { headSha: OTHER_SHA, headRepoId: 2002 } }, "PASS"],
    ["F147 is blocked when the head's repository is gone", { pull: { headRepoId: null } }, "BLOCKED"],
    ["fails on a conflict", { pull: { mergeable: false } }, "FAIL"],
  ])("%s", (_name, overrides, word) => {
    expect(wordOf(headGate.evaluate(buildSubject({ ...overrides, work: null })))).toBe(word);
  });
});

describe("queueGate", () => {
  it.each([
    ["PASS", "PASS: Pull request #77 passed."],
    ["FAIL", "FAIL: Pull request #77 did not pass, so it must not be merged."],
    ["BLOCKED", "BLOCKED: Pull request #77 did not pass, so it must not be merged."],
    [null, "pending: waiting for the verdict about #77"],
  ] as const)("of a pull request with the verdict %s says: %s", (verdict, said) => {
    expect(say(queueGate, { work: null, queued: { pull: 77, verdict } })).toBe(said);
  });
});

describe("sizeGate", () => {
  const files = (count: number, lines = 1) =>
    Array.from({ length: count }, (_, index) => buildFile({ path: `src/${index}.ts`, additions: lines }));

  it.each<[string, Overrides, string]>([
    ["passes for a small change", { pull: { files: files(3) } }, "PASS"],
    ["fails for a change of nothing (F132)", { pull: { files: [], changedFiles: 0 } }, "FAIL"],
    ["passes with as many files as allowed", { pull: { files: files(100) } }, "PASS"],
    ["fails with one file more", { pull: { files: files(101) } }, "FAIL"],
    ["passes with as many lines as allowed", { pull: { files: files(1, 2000) } }, "PASS"],
    ["fails with one line more", { pull: { files: files(1, 2001) } }, "FAIL"],
    ["fails for lines that are no number", { pull: { files: files(1, Number.NaN) } }, "FAIL"],
    ["F149 is blocked without the list", { pull: { files: null, changedFiles: 3001 } }, "BLOCKED"],
    ["F149 is blocked when the list is shorter", { pull: { files: files(2), changedFiles: 3 } }, "BLOCKED"],
    [
      "F149 does not count a file twice",
      { pull: { files: [buildFile(), buildFile()], changedFiles: 2 } },
      "BLOCKED",
    ],
    ["counts removed lines too", { pull: { files: [buildFile({ additions: 0, deletions: 2001 })] } }, "FAIL"],
  ])("%s", (_name, overrides, word) => {
    expect(wordOf(sizeGate.evaluate(buildSubject(overrides)))).toBe(word);
  });

  it("says how much it saw", () => {
    expect(sizeGate.evaluate(buildSubject())).toMatchObject({
      seen: "1 file, 1 line",
      wanted: "at most 100 files and 2000 lines",
    });
    expect(sizeGate.evaluate(buildSubject({ pull: { files: null, changedFiles: 3001 } }))).toMatchObject({
      seen: "0 of 3001 files listed",
    });
  });
});

describe("pathsGate", () => {
  const touching = (path: string, more: Parameters<typeof buildFile>[0] = {}): Overrides => ({
    pull: { files: [buildFile({ path, ...more })] },
  });

  it.each([
    "src/price.ts",
    "docs/.github",
    "github/workflows/ci.yml",
    "src/packages-lock.json",
    "straße/größe.ts",
  ])("passes for %j", (path) => {
    expect(wordOf(pathsGate.evaluate(buildSubject(touching(path))))).toBe("PASS");
  });

  it.each([
    ".github/workflows/ci.yml",
    ".github/.hidden",
    ".GitHub/workflows/ci.yml",
    ".github/a/b/c/d.yml",
    "CODEOWNERS",
    "docs/codeowners",
    "web/package-lock.json",
    ".github/a\nb.yml",
    "src/../.github/ci.yml",
    "./src/a.ts",
    "/etc/passwd",
    "src//a.ts",
    "src\\a.ts",
    "src/a\u0000.ts",
    "src/a\u202ets.exe",
    "src/a\u200b.ts",
    "src/\ud800.ts",
    "",
  ])("F134 F151 is blocked by %j", (path) => {
    expect(wordOf(pathsGate.evaluate(buildSubject(touching(path))))).toBe("BLOCKED");
  });

  it("F151 looks at both ends of a rename and of a copy", () => {
    const from = touching("src/ci.yml", { status: "renamed", previousPath: ".github/workflows/ci.yml" });
    const to = touching(".github/workflows/ci.yml", { status: "renamed", previousPath: "src/ci.yml" });
    const copy = touching("src/ci.yml", { status: "copied", previousPath: ".github/workflows/ci.yml" });
    for (const overrides of [from, to, copy])
      expect(wordOf(pathsGate.evaluate(buildSubject(overrides)))).toBe("BLOCKED");
  });

  it("F151 knows a protected name however its accents are written", () => {
    const gates = { paths: { allow: [], protect: ["größe/**"] } };
    const path = "größe/a.ts".normalize("NFD");
    expect(wordOf(pathsGate.evaluate(buildSubject({ ...touching(path), gates })))).toBe("BLOCKED");
  });

  it.each([
    ["src/a.ts", "PASS"],
    ["src/.env", "PASS"],
    ["docs/a.md", "BLOCKED"],
    ["SRC/a.ts", "BLOCKED"],
    ["a/src/a.ts", "BLOCKED"],
    ["src", "BLOCKED"],
    ["src/secret/a.ts", "BLOCKED"],
  ])("with an allow list and a protected part of it makes of %j: %s", (path, word) => {
    const gates = { paths: { allow: ["src/**/*"], protect: ["src/secret/**"] } };
    expect(wordOf(pathsGate.evaluate(buildSubject({ ...touching(path), gates })))).toBe(word);
  });

  it("F149 is blocked when the list of files is not complete", () => {
    expect(wordOf(pathsGate.evaluate(buildSubject({ pull: { files: null } })))).toBe("BLOCKED");
    expect(wordOf(pathsGate.evaluate(buildSubject({ pull: { changedFiles: 2 } })))).toBe("BLOCKED");
  });

  it("names at most twenty paths, each once", () => {
    const files = Array.from({ length: 30 }, (_, index) => buildFile({ path: `.github/${index}.yml` }));
    const answer = pathsGate.evaluate(buildSubject({ pull: { files } }));
    expect(answer).toMatchObject({
      message: "The change touches 30 paths that a person has to decide on.",
      seen: "`.github/0.yml`, `.github/1.yml`, `.github/2.yml`",
    });
    expect("details" in answer && answer.details).toHaveLength(20);
  });
});

describe("approvalGate", () => {
  const person = (id: number, type: "User" | "Bot" | "Organization" | "Mannequin" = "User") => ({
    id,
    login: `p${id}`,
    type,
  });
  const approved = (...by: readonly { readonly sha?: string; readonly by: ReturnType<typeof person> }[]) =>
    by.map((one) => ({ sha: one.sha ?? HEAD, by: one.by, at: NOW }));

  it.each<[string, Overrides, string]>([
    ["passes where none is needed", {}, "PASS"],
    ["is blocked without one", { approvals: { needed: 1, given: [] } }, "BLOCKED"],
    ["passes with one", { approvals: { needed: 1, given: approved({ by: person(8) }) } }, "PASS"],
    [
      "does not count that of whoever pushed the head",
      { pusher: person(8), approvals: { needed: 1, given: approved({ by: person(8) }) } },
      "BLOCKED",
    ],
    [
      "does not count what was said of a merge into another branch",
      { approvals: { needed: 1, given: [{ sha: HEAD, base: "release", by: person(8), at: NOW }] } },
      "BLOCKED",
    ],
    [
      "counts what was said of a merge into this one",
      { approvals: { needed: 1, given: [{ sha: HEAD, base: "main", by: person(8), at: NOW }] } },
      "PASS",
    ],
    [
      "does not count a review from before the base was changed",
      {
        approvals: { needed: 1, given: [] },
        pull: { reviews: approved({ by: person(8) }) },
        elsewhereUntil: NOW,
      },
      "BLOCKED",
    ],
    [
      "counts a review from after that",
      {
        approvals: { needed: 1, given: [] },
        pull: { reviews: approved({ by: person(8) }) },
        elsewhereUntil: NOW - 1,
      },
      "PASS",
    ],
    [
      "does not count the requester",
      { approvals: { needed: 1, given: approved({ by: person(7) }) } },
      "BLOCKED",
    ],
    [
      "does not count a bot",
      { approvals: { needed: 1, given: approved({ by: person(8, "Bot") }) } },
      "BLOCKED",
    ],
    [
      "does not count a ghost",
      { approvals: { needed: 1, given: approved({ by: person(8, "Mannequin") }) } },
      "BLOCKED",
    ],
    [
      "does not count an organisation",
      { approvals: { needed: 1, given: approved({ by: person(8, "Organization") }) } },
      "BLOCKED",
    ],
    [
      "counts one person once",
      { approvals: { needed: 2, given: approved({ by: person(8) }, { by: person(8) }) } },
      "BLOCKED",
    ],
    [
      "counts two people",
      { approvals: { needed: 2, given: approved({ by: person(8) }, { by: person(9) }) } },
      "PASS",
    ],
    [
      "does not count another commit",
      { approvals: { needed: 1, given: approved({ by: person(8), sha: OTHER_SHA }) } },
      "BLOCKED",
    ],
    [
      "does not count the beginning of the commit",
      { approvals: { needed: 1, given: approved({ by: person(8), sha: HEAD.slice(0, 7) }) } },
      "BLOCKED",
    ],
    [
      "is blocked by a number that is none",
      { approvals: { needed: Number.NaN, given: approved({ by: person(8) }) } },
      "BLOCKED",
    ],
  ])("%s", (_name, overrides, word) => {
    expect(wordOf(approvalGate.evaluate(buildSubject(overrides)))).toBe(word);
  });

  it("counts reviews on GitHub beside commands, each person once", () => {
    const [given] = approved({ by: person(8) });
    const [review] = approved({ by: person(9) });
    if (given === undefined || review === undefined) throw new Error("no approval");
    const judge = (reviews: readonly Approval[], commands: readonly Approval[]) =>
      say(approvalGate, { approvals: { needed: 2, given: commands }, pull: { reviews } }).split(":")[0];
    expect(judge([review], [given])).toBe("PASS");
    expect(judge([given], [given])).toBe("BLOCKED");
    expect(judge([review], [])).toBe("BLOCKED");
  });

  it("counts neither the author nor an approval of another commit, when it is a review", () => {
    const author = person(5);
    const reviews = [...approved({ by: author }), ...approved({ by: person(8), sha: OTHER_SHA })];
    const answer = say(approvalGate, {
      approvals: { needed: 1, given: [] },
      pull: { author, reviews },
      work: null,
    });
    expect(answer).toMatch(/^BLOCKED/u);
  });

  it("says how many are missing and gives the command to copy", () => {
    expect(
      approvalGate.evaluate(buildSubject({ approvals: { needed: 2, given: approved({ by: person(8) }) } })),
    ).toEqual({
      gate: "approval",
      verdict: "BLOCKED",
      message: "1 more approval of this commit needed, not from @robin.",
      seen: "1 of 2",
      wanted: "2 for c0ffee1",
      howToFix: `Comment \`/orchestrate approve ${HEAD}\` on the issue or the pull request.`,
    });
    expect(say(approvalGate, { approvals: { needed: 2, given: [] } })).toMatch(
      /^BLOCKED: 2 more approvals of/,
    );
  });
});
