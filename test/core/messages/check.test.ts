import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluatePull } from "../../../src/core/gate/evaluate-pull.ts";
import { decideVerdict, type GateResult } from "../../../src/core/gate/verdict.ts";
import {
  gateTable,
  pendingCheckOutput,
  supersededCheckOutput,
  verdictCheckOutput,
} from "../../../src/core/messages/check.ts";
import { code } from "../../../src/core/messages/text.ts";
import { buildCheck, buildFile, buildSubject, HEAD, patchOf } from "../gate/build-subject.ts";
import { HOSTILE, nodesOf, readMarkdown, sortsOf } from "./read-markdown.ts";

function outputOf(overrides: Parameters<typeof buildSubject>[0] = {}) {
  const evaluation = evaluatePull(buildSubject(overrides));
  if (evaluation.kind === "pending") return pendingCheckOutput(evaluation.waitingFor, evaluation.gates);
  return verdictCheckOutput({ verdict: evaluation.verdict, sha: HEAD, issue: 42, attempt: 3 });
}

const gate = (overrides: Partial<GateResult> = {}): GateResult => ({
  gate: "checks",
  verdict: "FAIL",
  message: "A check failed: `test`.",
  seen: "`test` failure",
  wanted: "every check successful",
  ...overrides,
});

const titleOf = (...gates: readonly GateResult[]) =>
  verdictCheckOutput({ verdict: decideVerdict(gates), sha: HEAD, issue: 42, attempt: 1 }).title;

describe("verdictCheckOutput", () => {
  it("reads as this when everything passes", () => {
    const { title, summary } = outputOf({ approvals: 0 });
    expect(title).toBe("PASS – all 7 gates");
    expect(summary).toMatchInlineSnapshot(`
      "**PASS** for \`c0ffee123456\`, attempt 3 of #42.

      ### Gates

      | Gate | Verdict | Seen | Wanted | Evidence |
      | --- | --- | --- | --- | --- |
      | head | ✅ PASS | c0ffee1 | c0ffee1 |  |
      | checks | ✅ PASS | 1 successful | every check successful |  |
      | assertions | ✅ PASS | 0 tests changed | no test weaker than before |  |
      | paths | ✅ PASS | 1 path | no protected path |  |
      | size | ✅ PASS | 1 file, 1 line | at most 100 files and 2000 lines |  |
      | branch | ✅ PASS | \`fix/42-forecast-demand-of-small-shops\` | \`fix/*\` |  |
      | approval | ✅ PASS | none needed | none |  |

      Decided by \`.github/orchestrator.yml\` of the default branch. Asked again on every push and every check."
    `);
  });

  it("reads as this when a check and a test fail, how to fix it first", () => {
    const files = [
      buildFile(),
      buildFile({ path: "test/price.test.ts", patch: patchOf("-  expect(a).toBe(1);") }),
    ];
    const { title, summary } = outputOf({
      approvals: 1,
      pull: { files, checks: [buildCheck({ conclusion: "failure" })] },
    });
    expect(title).toBe("FAIL – 3 of 7 gates: checks test failure, assertions 1 weaker, approval 0 of 1");
    expect(summary).toMatchInlineSnapshot(`
      "**FAIL** for \`c0ffee123456\`, attempt 3 of #42.

      ### How to fix

      - **checks**: A check failed: \`test\`. Read its log, correct the change, and let the check run again.
      - **assertions**: The change makes tests weaker in 1 place: \`test/price.test.ts\`: assertion removed or changed: \`expect(a).toBe(1);\`. Keep every existing assertion and correct the code instead.
      - **approval**: 1 more approval of this commit needed, not from @robin. Comment \`/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12\` on the issue or the pull request.

      ### Gates

      | Gate | Verdict | Seen | Wanted | Evidence |
      | --- | --- | --- | --- | --- |
      | head | ✅ PASS | c0ffee1 | c0ffee1 |  |
      | checks | ❌ FAIL | \`test\` failure | every check successful | [evidence](https://github.test/acme/shop/runs/1) |
      | assertions | ❌ FAIL | 1 weaker | no test weaker than before |  |
      | paths | ✅ PASS | 2 paths | no protected path |  |
      | size | ✅ PASS | 2 files, 2 lines | at most 100 files and 2000 lines |  |
      | branch | ✅ PASS | \`fix/42-forecast-demand-of-small-shops\` | \`fix/*\` |  |
      | approval | ✋ BLOCKED | 0 of 1 | 1 for c0ffee1 |  |

      <details><summary>assertions: what was found</summary>

      - \`test/price.test.ts\`: assertion removed or changed: \`expect(a).toBe(1);\`

      </details>

      Decided by \`.github/orchestrator.yml\` of the default branch. Asked again on every push and every check."
    `);
  });

  it("reads as this when only an approval is missing", () => {
    const { title, summary } = outputOf({ approvals: 1 });
    expect(title).toBe("BLOCKED – 1 of 7 gates: approval 0 of 1");
    expect(summary).toMatchInlineSnapshot(`
      "**BLOCKED** for \`c0ffee123456\`, attempt 3 of #42.

      ### How to fix

      - **approval**: 1 more approval of this commit needed, not from @robin. Comment \`/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12\` on the issue or the pull request.

      ### Gates

      | Gate | Verdict | Seen | Wanted | Evidence |
      | --- | --- | --- | --- | --- |
      | head | ✅ PASS | c0ffee1 | c0ffee1 |  |
      | checks | ✅ PASS | 1 successful | every check successful |  |
      | assertions | ✅ PASS | 0 tests changed | no test weaker than before |  |
      | paths | ✅ PASS | 1 path | no protected path |  |
      | size | ✅ PASS | 1 file, 1 line | at most 100 files and 2000 lines |  |
      | branch | ✅ PASS | \`fix/42-forecast-demand-of-small-shops\` | \`fix/*\` |  |
      | approval | ✋ BLOCKED | 0 of 1 | 1 for c0ffee1 |  |

      Decided by \`.github/orchestrator.yml\` of the default branch. Asked again on every push and every check."
    `);
  });

  it("says in its title what decided before what is merely blocked", () => {
    const blocked = gate({ gate: "paths", verdict: "BLOCKED", seen: "`.github/a.yml`" });
    expect(titleOf(blocked, gate())).toBe("FAIL – 2 of 2 gates: checks test failure, paths .github/a.yml");
  });

  it("speaks of one gate in the singular, and of none as what it is", () => {
    expect(titleOf(gate({ verdict: "PASS" }))).toBe("PASS – the only gate");
    expect(titleOf()).toBe("BLOCKED – no gate was asked, so nothing is verified");
  });

  it("keeps its title within a line of eighty characters, without Markdown", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 9 }), (texts) => {
        const title = titleOf(...texts.map((one) => gate({ seen: code(one) })));
        expect(title.length).toBeLessThanOrEqual(80);
        expect(title).toMatch(/^FAIL – \d of \d gates: [^`*\\\n]+$/u);
        expect(title.isWellFormed()).toBe(true);
      }),
    );
  });

  it("S17 keeps what gates quote of others inside of its table and its lists", () => {
    for (const text of HOSTILE) {
      const quoted = gate({ seen: code(text), message: `Failed: ${code(text)}.`, details: [code(text)] });
      const verdict = decideVerdict([quoted, gate()]);
      const { summary } = verdictCheckOutput({ verdict, sha: HEAD, issue: 42, attempt: 1 });
      const nodes = nodesOf(readMarkdown(summary));
      const tables = nodes.filter((node) => node.type === "table");
      expect(
        tables.flatMap((table) => table.children.map((row) => row.children.length)),
        text,
      ).toEqual([5, 5, 5]);
      expect(
        nodes.filter((node) => node.type === "html").map((node) => node.value.replace(/:.*/su, "")),
      ).toEqual(["<details><summary>checks", "</details>"]);
      expect(sortsOf(summary).has("link"), text).toBe(false);
    }
  });
});

describe("pendingCheckOutput", () => {
  it("says what it waits for, and what is decided", () => {
    const { title, summary } = outputOf({
      pull: { checks: [buildCheck({ status: "queued", conclusion: null })] },
    });
    expect(title).toBe("Waiting for test");
    expect(summary.split("\n").slice(0, 5)).toEqual([
      "No verdict yet: waiting for `test`.",
      "",
      "### Decided so far",
      "",
      "| Gate | Verdict | Seen | Wanted | Evidence |",
    ]);
  });

  it("names several things, and keeps its title short", () => {
    expect(pendingCheckOutput(["waiting for `a`", "GitHub computes whether it can merge"], [])).toEqual({
      title: "Waiting for a; GitHub computes whether it can merge",
      summary: "No verdict yet: waiting for `a`; GitHub computes whether it can merge.",
    });
    expect(pendingCheckOutput(["waiting for ".repeat(20)], []).title).toHaveLength(80);
  });
});

describe("supersededCheckOutput", () => {
  it("says where the verdict is", () => {
    expect(supersededCheckOutput()).toEqual({
      title: "Superseded by a newer commit",
      summary: "This commit is not the head any more; its successor has a verdict of its own.",
    });
  });
});

describe("gateTable", () => {
  it("links evidence that has a web address, and leaves the cell empty otherwise", () => {
    const text = gateTable([
      gate({ evidenceUrl: "https://github.test/runs/1" }),
      gate({ verdict: "PASS", evidenceUrl: "javascript:alert(1)" }),
      gate({ verdict: "BLOCKED" }),
    ]);
    expect(text.split("\n").slice(2)).toEqual([
      "| checks | ❌ FAIL | `test` failure | every check successful | [evidence](https://github.test/runs/1) |",
      "| checks | ✅ PASS | `test` failure | every check successful |  |",
      "| checks | ✋ BLOCKED | `test` failure | every check successful |  |",
    ]);
  });
});
