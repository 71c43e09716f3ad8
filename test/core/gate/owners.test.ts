import { describe, expect, it } from "vitest";
import type { OwnersFile } from "../../../src/core/facts.ts";
import { ownersGate } from "../../../src/core/gate/rules/owners.ts";
import type { Approval } from "../../../src/core/pull/review.ts";
import { NOW } from "../../support/build-task.ts";
import { buildFile, buildSubject, HEAD, OTHER_SHA, say } from "./build-subject.ts";

const ADA = { id: 21, login: "Ada", type: "User" } as const;
const BOB = { id: 22, login: "bob", type: "User" } as const;
const ROBIN = { id: 7, login: "robin", type: "User" } as const;
const AUTHOR = { id: 5, login: "eve", type: "User" } as const;

const approved = (by: Approval["by"], sha = HEAD): Approval => ({ sha, by, at: NOW });

interface Scene {
  /** Null is no file, undefined is one that was not read. */
  readonly text?: string | null | undefined;
  readonly teams?: OwnersFile["teams"];
  readonly paths?: readonly string[];
  readonly given?: readonly Approval[];
  readonly reviews?: readonly Approval[];
}

function subjectOf(scene: Scene) {
  const { text, teams = {}, paths = ["src/a.ts"], given = [], reviews = [] } = scene;
  const owners = text === undefined ? {} : { owners: { text, path: ".github/CODEOWNERS", teams } };
  const files = paths.map((path) => buildFile({ path }));
  return {
    gates: { owners: true },
    approvals: { needed: 0, given },
    pull: { author: AUTHOR, files, reviews, ...owners },
  };
}

const tell = (scene: Scene) => say(ownersGate, subjectOf(scene));
const answerOf = (scene: Scene) => ownersGate.evaluate(buildSubject(subjectOf(scene)));

describe("ownersGate passes", () => {
  it.each<[string, Scene, string]>([
    ["without a file", { text: null }, "Nobody owns anything: there is no `CODEOWNERS` on the base branch."],
    ["with an empty file", { text: "# nobody yet" }, "No changed path has an owner."],
    ["where nobody owns what changed", { text: "/docs/ @ada" }, "No changed path has an owner."],
    ["where a later line gives it to nobody", { text: "* @ada\n/src/" }, "No changed path has an owner."],
    [
      "with a review of an owner, however the name is written",
      { text: "* @aDA", reviews: [approved(ADA)] },
      "An owner of every owned part approved.",
    ],
    [
      "with a command of an owner",
      { text: "* @ada", given: [approved(ADA)] },
      "An owner of every owned part approved.",
    ],
    [
      "with one of several owners",
      { text: "* @ada @bob dev@example.com", reviews: [approved(BOB)] },
      "An owner of every owned part approved.",
    ],
    [
      "with a member of a team, however the team is written",
      { text: "* @Acme/Backend", teams: { "@acme/backend": [22] }, reviews: [approved(BOB)] },
      "An owner of every owned part approved.",
    ],
    [
      "with an owner, though GitHub says nothing of the team beside",
      { text: "* @acme/backend @ada", teams: { "@acme/backend": null }, reviews: [approved(ADA)] },
      "An owner of every owned part approved.",
    ],
    [
      "with an owner of each part",
      { text: "* @ada\n/docs/ @bob", paths: ["a", "docs/b"], reviews: [approved(ADA), approved(BOB)] },
      "An owner of every owned part approved.",
    ],
  ])("%s", (_name, scene, message) => {
    expect(tell(scene)).toBe(`PASS: ${message}`);
  });
});

describe("ownersGate is blocked", () => {
  it.each<[string, Scene, string]>([
    ["when the file was not read", {}, "`CODEOWNERS` was not read."],
    ["without an approval", { text: "* @ada" }, "Not agreed to by an owner: `src/a.ts` of `@ada`, line 1."],
    [
      "by an approval of somebody else",
      { text: "* @ada", reviews: [approved(BOB)] },
      "Not agreed to by an owner: `src/a.ts` of `@ada`, line 1.",
    ],
    [
      "F143 by an approval of another commit",
      { text: "* @ada", reviews: [approved(ADA, OTHER_SHA)] },
      "Not agreed to by an owner: `src/a.ts` of `@ada`, line 1.",
    ],
    [
      "by an approval of a bot of that name",
      { text: "* @ada", reviews: [approved({ ...ADA, type: "Bot" })] },
      "Not agreed to by an owner: `src/a.ts` of `@ada`, line 1.",
    ],
    [
      "when the requester is the only owner, and says so",
      { text: "* @robin", given: [approved(ROBIN)] },
      "Not agreed to by an owner: `src/a.ts` of `@robin` (asked for the change or wrote it, so it does not count), line 1.",
    ],
    [
      "when the author is the only member of the team",
      { text: "* @acme/a", teams: { "acme/a": [5] }, reviews: [approved(AUTHOR)] },
      "Not agreed to by an owner: `src/a.ts` of `@acme/a` (asked for the change or wrote it, so it does not count), line 1.",
    ],
    [
      "when GitHub does not tell the members",
      { text: "* @acme/a", teams: { "@acme/a": null }, reviews: [approved(ADA)] },
      "Not agreed to by an owner: `src/a.ts` of `@acme/a` (GitHub does not tell its members), line 1.",
    ],
    [
      "when nobody asked for the members",
      { text: "* @acme/constructor", reviews: [approved(ADA)] },
      "Not agreed to by an owner: `src/a.ts` of `@acme/constructor` (GitHub does not tell its members), line 1.",
    ],
    [
      "when the team is empty",
      { text: "* @acme/a", teams: { "@acme/a": [] } },
      "Not agreed to by an owner: `src/a.ts` of `@acme/a` (has no members), line 1.",
    ],
    [
      "when only an e-mail address is named",
      { text: "* ada@example.com", reviews: [approved(ADA)] },
      "Not agreed to by an owner: `src/a.ts` of `ada@example.com` (an e-mail address does not say who approves), line 1.",
    ],
    [
      "when the line cannot be relied on, even if an owner approved",
      { text: "* @all\nsrc/[ab].ts @ada", reviews: [approved(ADA)] },
      "Not agreed to by an owner: `src/a.ts`, where line 2 (`src/[ab].ts @ada`) cannot be relied on: `[ ]` does not work there.",
    ],
    [
      "when one of several parts lacks its owner",
      { text: "* @ada\n/docs/ @bob\n/x/ @bob", paths: ["a", "docs/b", "x/c"], reviews: [approved(ADA)] },
      "Not agreed to by an owner: `docs/b` of `@bob`, line 2 (and 1 more part).",
    ],
    [
      "by a file that is too large",
      { text: "* @ada\n".repeat(30_000), reviews: [approved(ADA)] },
      "`CODEOWNERS` is too large to find the owners of this change.",
    ],
  ])("%s", (_name, scene, message) => {
    expect(tell(scene)).toBe(`BLOCKED: ${message}`);
  });

  it("F149 when the list of files is not complete", () => {
    const { pull, ...rest } = subjectOf({ text: "* @ada", reviews: [approved(ADA)] });
    expect(say(ownersGate, { ...rest, pull: { ...pull, changedFiles: 9 } })).toMatch(/^BLOCKED: The list/u);
  });

  it("F151 by the owner of where a file was before", () => {
    const files = [buildFile({ path: "b.ts", previousPath: "secret/a.ts", status: "renamed" })];
    const { pull, ...rest } = subjectOf({ text: "/secret/ @ada" });
    expect(say(ownersGate, { ...rest, pull: { ...pull, files } })).toMatch(
      /^BLOCKED: .*`secret\/a.ts` of `@ada`/u,
    );
  });

  it("and says who can approve what, and how", () => {
    const paths = ["src/a.ts", "src/b.ts", "src/c.ts", "src/d.ts", "docs/a.md"];
    expect(
      answerOf({
        text: "/src/ @ada @acme/core\n/docs/ dev@example.com",
        paths,
        teams: { "@acme/core": [22] },
      }),
    ).toEqual({
      gate: "owners",
      verdict: "BLOCKED",
      message:
        "Not agreed to by an owner: `src/a.ts`, `src/b.ts`, `src/c.ts` and 1 more of `@ada`, `@acme/core`, line 1 (and 1 more part).",
      seen: "0 of 2 owned parts approved",
      wanted: "an owner's approval of c0ffee1",
      howToFix: `Let one of them approve this commit, in a review or by \`/orchestrate approve ${HEAD}\`. Name people in \`CODEOWNERS\` by \`@user\`.`,
      details: [
        "`src/a.ts`, `src/b.ts`, `src/c.ts` and 1 more of `@ada`, `@acme/core`, line 1",
        "`docs/a.md` of `dev@example.com` (an e-mail address does not say who approves), line 2",
      ],
    });
  });

  it("and names the next step where the requester is the only owner", () => {
    expect(answerOf({ text: "* @robin" })).toMatchObject({
      howToFix:
        "Name another owner in `CODEOWNERS` on the base branch, or let somebody else comment `/orchestrate override owners -- reason`.",
    });
  });

  it("in twenty lines at most, with hostile names as what they are", () => {
    const text = Array.from({ length: 50 }, (_, index) => `/${index}/ @a`).join("\n");
    const paths = Array.from({ length: 50 }, (_, index) => `${index}/@team\`#1<img>`);
    const answer = answerOf({ text, paths });
    expect("details" in answer && answer.details).toHaveLength(20);
    expect("details" in answer && answer.details?.[0]).toBe("`0/@team'#1<img>` of `@a`, line 1");
  });
});

describe("ownersGate is asked", () => {
  it("only where it is switched on, and not about a merge queue's commit", () => {
    const asked = (overrides: Parameters<typeof buildSubject>[0]) =>
      ownersGate.appliesTo?.(buildSubject(overrides));
    expect(asked({})).toBe(false);
    expect(asked({ gates: { owners: true } })).toBe(true);
    expect(asked({ gates: { owners: true }, work: null, queued: { pull: 1, verdict: "PASS" } })).toBe(false);
  });
});
