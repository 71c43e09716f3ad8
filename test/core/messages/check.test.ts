import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluatePull } from "../../../src/core/gate/evaluate-pull.ts";
import { decideVerdict, type GateResult, type Verdict } from "../../../src/core/gate/verdict.ts";
import {
  abandonedCheckOutput,
  type CheckSubject,
  type ConfigAt,
  gateTable,
  pendingCheckOutput,
  supersededCheckOutput,
  unjudgedCheckOutput,
  type VerdictToShow,
  verdictCheckOutput,
} from "../../../src/core/messages/check.ts";
import { code } from "../../../src/core/messages/text.ts";
import { buildCheck, buildFile, buildSubject, HEAD, patchOf } from "../gate/build-subject.ts";
import { HOSTILE, nodesOf, readMarkdown, sortsOf } from "./read-markdown.ts";

function outputOf(overrides: Parameters<typeof buildSubject>[0] = {}) {
  const evaluation = evaluatePull(buildSubject(overrides));
  if (evaluation.kind === "pending") return pendingCheckOutput(evaluation.waitingFor, evaluation.gates);
  const gates = evaluation.verdict.gates.filter(({ gate }) => SHOWN.has(gate));
  return outputFor(decideVerdict(gates), {
    configAt: CONFIG,
    notEvaluated: [{ gate: "metrics", why: "no metric is configured" }],
  });
}

/** What most pull requests are asked, so that another gate changes no text here. */
const SHOWN: ReadonlySet<string> = new Set([
  "head",
  "checks",
  "assertions",
  "paths",
  "size",
  "branch",
  "approval",
]);

const CONFIG: ConfigAt = {
  text: "version: 1\ngates:\n  size:\n    lines: 900\n  checks: { required: [test] }\n  metrics:\n    - { metric: r2, min: 0.65 }\n    - metric: mape\n      below: 10\n",
  sha: "feed123456789",
  url: "/acme/shop/blob/feed123456789/.github/orchestrator.yml",
};

const TASK: CheckSubject = { kind: "task", number: 77, baseRef: "main", issue: 42, attempt: 3 };

function outputFor(verdict: Verdict, overrides: Partial<VerdictToShow> = {}) {
  return verdictCheckOutput({
    verdict,
    sha: HEAD,
    subject: TASK,
    notEvaluated: [],
    configAt: null,
    shared: [],
    ...overrides,
  });
}

const gate = (overrides: Partial<GateResult> = {}): GateResult => ({
  gate: "checks",
  verdict: "FAIL",
  message: "A check failed: `test`.",
  seen: "`test` failure",
  wanted: "every check successful",
  ...overrides,
});

const titleOf = (...gates: readonly GateResult[]) => outputFor(decideVerdict(gates)).title;

describe("verdictCheckOutput", () => {
  it("reads as this when everything passes", () => {
    const { title, summary } = outputOf({ approvals: { needed: 0, given: [] } });
    expect(title).toBe("PASS – all 7 gates");
    expect(summary).toMatchInlineSnapshot(`
      "**PASS** for \`c0ffee123456\`, attempt 3 of #42, pull request #77 into \`main\`.

      ### Gates

      | Gate | Verdict | Seen | Wanted | Base | Δ | Evidence | Decided by |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | head | ✅ PASS | c0ffee1 | c0ffee1 |  |  |  | built in |
      | checks | ✅ PASS | 1 successful | every check successful |  |  |  | [orchestrator.yml:5](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L5) |
      | assertions | ✅ PASS | 0 tests changed | no test weaker than before |  |  |  | default |
      | paths | ✅ PASS | 1 path | no protected path |  |  |  | default |
      | size | ✅ PASS | 1 file, 1 line | at most 100 files and 2000 lines |  |  |  | [orchestrator.yml:3](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L3) |
      | branch | ✅ PASS | \`fix/42-forecast-demand-of-small-shops\` | \`fix/*\` |  |  |  | default |
      | approval | ✅ PASS | none needed | none |  |  |  | default |

      ### Not evaluated

      - **metrics**: no metric is configured

      Decided by \`.github/orchestrator.yml\` of the default branch at \`feed123\`. Asked again on every push and every check."
    `);
  });

  it("reads as this when a check and a test fail, how to fix it first", () => {
    const files = [
      buildFile(),
      buildFile({ path: "test/price.test.ts", patch: patchOf("-  expect(a).toBe(1);") }),
    ];
    const { title, summary } = outputOf({
      approvals: { needed: 1, given: [] },
      pull: { files, checks: [buildCheck({ conclusion: "failure" })] },
    });
    expect(title).toBe("FAIL – 3 of 7 gates: checks test failure, assertions 1 weaker, approval 0 of 1");
    expect(summary).toMatchInlineSnapshot(`
      "**FAIL** for \`c0ffee123456\`, attempt 3 of #42, pull request #77 into \`main\`.

      ### How to fix

      - **checks**: A check failed: \`test\`. Read its log, correct the change, and let the check run again.
      - **assertions**: The change makes tests weaker in 1 place: \`test/price.test.ts\`: assertion removed or changed: \`expect(a).toBe(1);\`. Keep every existing assertion and correct the code instead.
      - **approval**: 1 more approval of this commit needed, not from @robin. Comment \`/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12\` on the issue or the pull request.

      Or a maintainer sets a gate aside, for this commit alone:

      \`\`\`
      /orchestrate override checks -- reason
      /orchestrate override assertions -- reason
      \`\`\`

      ### Gates

      | Gate | Verdict | Seen | Wanted | Base | Δ | Evidence | Decided by |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | head | ✅ PASS | c0ffee1 | c0ffee1 |  |  |  | built in |
      | checks | ❌ FAIL | \`test\` failure | every check successful |  |  | [evidence](https://github.test/acme/shop/runs/1) | [orchestrator.yml:5](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L5) |
      | assertions | ❌ FAIL | 1 weaker | no test weaker than before |  |  |  | default |
      | paths | ✅ PASS | 2 paths | no protected path |  |  |  | default |
      | size | ✅ PASS | 2 files, 2 lines | at most 100 files and 2000 lines |  |  |  | [orchestrator.yml:3](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L3) |
      | branch | ✅ PASS | \`fix/42-forecast-demand-of-small-shops\` | \`fix/*\` |  |  |  | default |
      | approval | ✋ BLOCKED | 0 of 1 | 1 for c0ffee1 |  |  |  | default |

      <details><summary>assertions: what was found</summary>

      - \`test/price.test.ts\`: assertion removed or changed: \`expect(a).toBe(1);\`

      </details>

      ### Not evaluated

      - **metrics**: no metric is configured

      Decided by \`.github/orchestrator.yml\` of the default branch at \`feed123\`. Asked again on every push and every check."
    `);
  });

  it("reads as this when only an approval is missing", () => {
    const { title, summary } = outputOf({ approvals: { needed: 1, given: [] } });
    expect(title).toBe("BLOCKED – 1 of 7 gates: approval 0 of 1");
    expect(summary).toMatchInlineSnapshot(`
      "**BLOCKED** for \`c0ffee123456\`, attempt 3 of #42, pull request #77 into \`main\`.

      ### How to fix

      - **approval**: 1 more approval of this commit needed, not from @robin. Comment \`/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12\` on the issue or the pull request.

      ### Gates

      | Gate | Verdict | Seen | Wanted | Base | Δ | Evidence | Decided by |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | head | ✅ PASS | c0ffee1 | c0ffee1 |  |  |  | built in |
      | checks | ✅ PASS | 1 successful | every check successful |  |  |  | [orchestrator.yml:5](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L5) |
      | assertions | ✅ PASS | 0 tests changed | no test weaker than before |  |  |  | default |
      | paths | ✅ PASS | 1 path | no protected path |  |  |  | default |
      | size | ✅ PASS | 1 file, 1 line | at most 100 files and 2000 lines |  |  |  | [orchestrator.yml:3](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L3) |
      | branch | ✅ PASS | \`fix/42-forecast-demand-of-small-shops\` | \`fix/*\` |  |  |  | default |
      | approval | ✋ BLOCKED | 0 of 1 | 1 for c0ffee1 |  |  |  | default |

      ### Not evaluated

      - **metrics**: no metric is configured

      Decided by \`.github/orchestrator.yml\` of the default branch at \`feed123\`. Asked again on every push and every check."
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
        expect(title).toMatch(/^FAIL – \d of (?:1 gate|[2-9] gates): [^`*\\\n]+$/u);
        expect(title.isWellFormed()).toBe(true);
      }),
    );
  });

  it("S17 keeps what gates quote of others inside of its table and its lists", () => {
    for (const text of HOSTILE) {
      const quoted = gate({ seen: code(text), message: `Failed: ${code(text)}.`, details: [code(text)] });
      const verdict = decideVerdict([quoted, gate()]);
      const { summary } = outputFor(verdict, { subject: { ...TASK, baseRef: text } });
      const nodes = nodesOf(readMarkdown(summary));
      const tables = nodes.filter((node) => node.type === "table");
      expect(
        tables.flatMap((table) => table.children.map((row) => row.children.length)),
        text,
      ).toEqual([8, 8, 8]);
      expect(
        nodes.filter((node) => node.type === "html").map((node) => node.value.replace(/:.*/su, "")),
      ).toEqual(["<details><summary>checks", "</details>"]);
      expect(sortsOf(summary).has("link"), text).toBe(false);
    }
  });
});

describe("verdictCheckOutput says", () => {
  const metric = gate({
    gate: "metrics.r2",
    message: "The only sample of r2 is not ≥ 0.65; the worst is 0.61 (`tenant=t02`).",
    seen: "0.61 (`tenant=t02`)",
    wanted: "≥ 0.65",
    base: "0.71",
    delta: "−0.1",
    inShort: "0.61 < 0.65",
    configPath: ["gates", "metrics", 0],
    evidenceUrl: "https://github.test/runs/1",
  });
  const lint = gate({
    gate: "findings",
    seen: "3 new errors",
    message: "The change brings 3 new errors.",
    wanted: "no new error",
  });
  const good = gate({ verdict: "PASS", gate: "size", message: "1 file.", seen: "1 file" });
  const rowsOf = (gates: readonly GateResult[], configAt: ConfigAt | null = CONFIG) =>
    outputFor(decideVerdict(gates), { configAt })
      .summary.split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(2);

  it("in its title which gates failed, by which values", () => {
    expect(titleOf(metric, lint, good)).toBe(
      "FAIL – 2 of 3 gates: metrics.r2 0.61 < 0.65, findings 3 new errors",
    );
  });

  it("what was seen, wanted and at the base, and which line decided", () => {
    expect(rowsOf([metric])).toEqual([
      "| metrics.r2 | ❌ FAIL | 0.61 (`tenant=t02`) | ≥ 0.65 | 0.71 | −0.1 | [evidence](https://github.test/runs/1) | [orchestrator.yml:7](/acme/shop/blob/feed123456789/.github/orchestrator.yml#L7) |",
    ]);
  });

  it("whether a line, a default or the program itself decided", () => {
    const deciders = (configAt: ConfigAt | null) =>
      rowsOf(
        [
          gate({ gate: "checks" }),
          gate({ gate: "metrics.mape", configPath: ["gates", "metrics", 1] }),
          gate({ gate: "metrics" }),
          gate({ gate: "paths" }),
          gate({ gate: "head" }),
        ],
        configAt,
      ).map((row) =>
        row
          .split(" | ")
          .at(-1)
          ?.replace(/ ?\|$/u, "")
          .replace(/\(.*\)/u, ""),
      );

    expect(deciders(CONFIG)).toEqual([
      "[orchestrator.yml:5]",
      "[orchestrator.yml:8]",
      "[orchestrator.yml:6]",
      "default",
      "built in",
    ]);
    expect(deciders({ ...CONFIG, url: "javascript:alert(1)" })[0]).toBe("orchestrator.yml:5");
    expect(deciders(null)).toEqual(["", "", "", "", ""]);
  });

  it("how each gate can be set aside, in lines to copy", () => {
    const head = gate({ gate: "head", message: "The branch conflicts with its base." });
    const { summary } = outputFor(decideVerdict([metric, lint, head]));

    expect(summary).toContain(
      "Or a maintainer sets a gate aside, for this commit alone:\n\n```\n/orchestrate override metrics.r2 -- reason\n/orchestrate override findings -- reason\n```",
    );
    expect(outputFor(decideVerdict([head])).summary).not.toContain("override");
  });

  it("that people set gates aside, never as a plain pass", () => {
    const aside = {
      ...metric,
      verdict: "PASS",
      message: "Set aside by @kim for this commit: agreed",
      overridden: { verdict: "FAIL", by: "kim", reason: "agreed" },
    } as const;
    const { title, summary } = outputFor(decideVerdict([aside, good]));

    expect(title).toBe("PASS – all 2 gates, 1 set aside by people");
    expect(summary).toContain("| metrics.r2 | ⚠️ set aside by @kim |");
    expect(summary).toContain(
      "### Set aside\n\n- **metrics.r2**, which said FAIL: Set aside by @kim for this commit: agreed",
    );
    expect(summary).not.toContain("| metrics.r2 | ✅");
  });

  it("what was not evaluated, and why", () => {
    const notEvaluated = [{ gate: "tests", why: "no test report is configured" }];

    expect(outputFor(decideVerdict([good]), { notEvaluated }).summary).toContain(
      "### Not evaluated\n\n- **tests**: no test report is configured",
    );
    expect(outputFor(decideVerdict([good])).summary).not.toContain("Not evaluated");
  });

  it.each<[string, CheckSubject, string]>([
    ["a task", TASK, "**PASS** for `c0ffee123456`, attempt 3 of #42, pull request #77 into `main`."],
    [
      "a person's pull request",
      { kind: "pull", number: 12, baseRef: "release" },
      "**PASS** for `c0ffee123456`, pull request #12 into `release`.",
    ],
    [
      "a merge queue",
      { kind: "group", number: 12, baseRef: "main" },
      "**PASS** for `c0ffee123456`, the merge queue's commit of #12 into `main`.",
    ],
  ])("what the commit of %s is", (_name, subject, sentence) => {
    expect(outputFor(decideVerdict([good]), { subject }).summary.split("\n")[0]).toBe(sentence);
  });

  it("F146 what the same commit is the head of as well", () => {
    const shared = [
      { number: 13, baseRef: "release", word: "PASS" },
      { number: 14, baseRef: "next", word: "pending" },
    ] as const;

    expect(
      outputFor(decideVerdict([lint]), { shared })
        .summary.split("\n")
        .slice(1, 3),
    ).toEqual([
      "This commit is also the head of #13 into `release`: PASS.",
      "This commit is also the head of #14 into `next`: no verdict yet.",
    ]);
  });

  it("no more than a person reads of very many gates", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ ...metric, gate: `metrics.m${index}` }));
    const { summary } = outputFor(decideVerdict(many));

    expect(summary).toContain("- and 30 more\n");
    expect(summary.match(/override metrics/gu)).toHaveLength(20);
    expect(rowsOf(many)).toHaveLength(50);
    expect(summary.length).toBeLessThan(65_535);
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

describe("checks without a verdict", () => {
  it("say that people's pull requests are not verified, and how they would be", () => {
    expect(unjudgedCheckOutput().summary).toContain("set `gates.people.verify: true`");
  });

  it("say why nobody will judge the commit, in a title that fits", () => {
    expect(abandonedCheckOutput("the pull request was closed")).toEqual({
      title: "No verdict: the pull request was closed",
      summary: "There is no verdict about this commit: the pull request was closed.",
    });
    expect(abandonedCheckOutput("x".repeat(200)).title).toHaveLength(80);
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
