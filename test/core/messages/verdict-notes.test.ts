import { describe, expect, it } from "vitest";
import { decideVerdict, type GateResult } from "../../../src/core/gate/verdict.ts";
import type { CheckSubject } from "../../../src/core/messages/check.ts";
import { COMMENT_MAX_CHARS, code } from "../../../src/core/messages/text.ts";
import { CHECK_BUTTONS, explainMessage, overrideHint } from "../../../src/core/messages/verdict-notes.ts";
import { HEAD } from "../gate/build-subject.ts";
import { HOSTILE, nodesOf, readMarkdown } from "./read-markdown.ts";

const PULL: CheckSubject = { kind: "pull", number: 12, baseRef: "main" };

const METRIC: GateResult = {
  gate: "metrics.r2",
  verdict: "FAIL",
  message: "The only sample of r2 is not ≥ 0.65; the worst is 0.61.",
  seen: "0.61",
  wanted: "≥ 0.65",
  base: "0.71",
  delta: "−0.1",
  details: ["✗ 0.61, 0.71 at the base"],
};
const APPROVAL: GateResult = {
  gate: "approval",
  verdict: "BLOCKED",
  message: "1 more approval of this commit needed.",
  seen: "0 of 1",
  wanted: "1 for c0ffee1",
  howToFix: "Comment `/orchestrate approve c0ffee1`.",
};
const WINDOW: GateResult = {
  gate: "window",
  verdict: "BLOCKED",
  message: "Merges are stopped by `weekend freeze`.",
  seen: "open window",
  wanted: "no window",
  until: Date.UTC(2026, 10, 23, 6),
};
const GOOD: GateResult = { gate: "size", verdict: "PASS", message: "1 file.", seen: "1 file", wanted: "few" };
const ASIDE: GateResult = {
  ...GOOD,
  gate: "checks",
  overridden: { verdict: "FAIL", by: "kim", reason: "flaky" },
};

function explain(gates: readonly GateResult[], subject: CheckSubject = PULL): string {
  return explainMessage({ sha: HEAD, subject, verdict: decideVerdict(gates), waitingFor: [] });
}

function hint(gates: readonly GateResult[]): string {
  return overrideHint({ sha: HEAD, login: "kim", verdict: decideVerdict(gates) });
}

describe("CHECK_BUTTONS", () => {
  it("are as short as GitHub takes them, and no more than three", () => {
    expect(CHECK_BUTTONS.map(({ identifier }) => identifier)).toEqual(["rerun", "explain", "override"]);
    for (const { label, identifier, description } of CHECK_BUTTONS) {
      expect(label.length).toBeLessThanOrEqual(20);
      expect(identifier.length).toBeLessThanOrEqual(20);
      expect(description.length).toBeLessThanOrEqual(40);
    }
  });
});

describe("explainMessage", () => {
  it("says of every open gate what it saw, and who lifts it how", () => {
    expect(explain([GOOD, APPROVAL, METRIC, WINDOW, ASIDE])).toMatchInlineSnapshot(`
      "**FAIL** for \`c0ffee123456\`, pull request #12 into \`main\`: 3 of 5 gates are open, and a failed one is enough.

      #### metrics.r2: ❌ FAIL

      The only sample of r2 is not ≥ 0.65; the worst is 0.61.

      Seen: 0.61 · wanted: ≥ 0.65 · base: 0.71 · Δ: −0.1

      - ✗ 0.61, 0.71 at the base

      Lifted by a commit that corrects it.

      Or a maintainer sets it aside, for this commit alone:

      \`\`\`
      /orchestrate override metrics.r2 -- reason
      \`\`\`

      #### approval: ✋ BLOCKED

      1 more approval of this commit needed.

      Seen: 0 of 1 · wanted: 1 for c0ffee1

      Lifted by a person. Comment \`/orchestrate approve c0ffee1\`.

      #### window: ✋ BLOCKED

      Merges are stopped by \`weekend freeze\`.

      Seen: open window · wanted: no window

      Lifted by time, 2026-11-23 06:00 UTC.

      Or a maintainer sets it aside, for this commit alone:

      \`\`\`
      /orchestrate override window -- reason
      \`\`\`

      - **checks**: ⚠️ set aside by @kim"
    `);
  });

  it.each<[string, readonly GateResult[], string]>([
    [
      "one open gate",
      [APPROVAL, GOOD],
      "**BLOCKED** for `c0ffee123456`, pull request #12 into `main`: 1 of 2 gates is open.",
    ],
    [
      "no open gate",
      [GOOD, ASIDE],
      "**PASS** for `c0ffee123456`, pull request #12 into `main`: all 2 gates pass.",
    ],
    [
      "no gate at all",
      [],
      "**BLOCKED** for `c0ffee123456`, pull request #12 into `main`: no gate was asked, so nothing is verified.",
    ],
  ])("begins with a sentence about %s", (_name, gates, sentence) => {
    expect(explain(gates).split("\n")[0]).toBe(sentence);
  });

  it("names who corrects what failed, by what the commit is", () => {
    const task: CheckSubject = { kind: "task", number: 77, baseRef: "main", issue: 42, attempt: 3 };
    const group: CheckSubject = { kind: "group", number: 12, baseRef: "main" };

    expect(explain([METRIC], task)).toContain("Lifted by the next attempt, which is told of it.");
    expect(explain([METRIC], group)).toContain("Lifted by a new commit of the queue,");
  });

  it("says what is awaited while there is no verdict", () => {
    const waitingFor = ["waiting for `test`", "GitHub computes whether it can merge"];

    expect(explainMessage({ sha: HEAD, subject: PULL, verdict: null, waitingFor })).toBe(
      "**No verdict yet** for `c0ffee123456`, pull request #12 into `main`: waiting for `test`; GitHub computes whether it can merge.",
    );
  });

  it("fits into a comment, however much there is to say", () => {
    const details = Array.from({ length: 20 }, () => "x".repeat(300));
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...METRIC,
      gate: `metrics.m${index}`,
      details,
    }));

    const text = explain(many);

    expect(text.length).toBeLessThanOrEqual(COMMENT_MAX_CHARS);
    expect(text).toContain("(and 40 more)");
    expect(explain([{ ...METRIC, details }])).toContain("x".repeat(300));
  });

  it("S17 keeps what gates quote of others inside of its sentences and lists", () => {
    for (const text of HOSTILE) {
      const quoted = {
        ...METRIC,
        seen: code(text),
        message: `Failed: ${code(text)}.`,
        details: [code(text)],
      };
      const headings = nodesOf(readMarkdown(explain([quoted], { ...PULL, baseRef: text }))).filter(
        (node) => node.type === "heading" || node.type === "html" || node.type === "link",
      );
      expect(headings, text).toHaveLength(1);
    }
  });
});

describe("overrideHint", () => {
  it("gives the commands to copy, who may give them, and what cannot be set aside", () => {
    expect(hint([GOOD, APPROVAL, METRIC])).toMatchInlineSnapshot(`
      "@kim: a comment with one of these lines sets that gate aside for \`c0ffee123456\` alone; write your own reason, which is kept.

      \`\`\`
      /orchestrate override metrics.r2 -- reason
      \`\`\`

      It has to come from somebody with the permission *maintain* who did not ask for the work or write it. A push ends it.

      These cannot be set aside, since they say what would be merged and who answers for it:

      - **approval**: 1 more approval of this commit needed. Comment \`/orchestrate approve c0ffee1\`."
    `);
  });

  it("says that nothing can be set aside where only the rest is open", () => {
    expect(hint([GOOD, APPROVAL])).toBe(
      "@kim: no open gate of `c0ffee123456` can be set aside.\n\nThese cannot be set aside, since they say what would be merged and who answers for it:\n\n- **approval**: 1 more approval of this commit needed. Comment `/orchestrate approve c0ffee1`.",
    );
  });

  it("says that there is nothing to set aside", () => {
    expect(hint([GOOD])).toBe("@kim: every gate of `c0ffee123456` passes, so there is nothing to set aside.");
    expect(overrideHint({ sha: HEAD, login: "kim", verdict: null })).toBe(
      "@kim: there is no verdict about `c0ffee123456` yet, so there is nothing to set aside.",
    );
  });

  it("answers no other than whoever pressed the button", () => {
    expect(overrideHint({ sha: HEAD, login: "kim @octocat", verdict: null })).toMatch(
      /^@kim @\u200boctocat: /u,
    );
  });
});
