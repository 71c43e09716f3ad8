import fc from "fast-check";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, it } from "vitest";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import { renderReport } from "../../../src/core/messages/report/report.ts";
import { reason } from "../../../src/core/reasons.ts";
import { computeReport, type ReportInput } from "../../../src/core/report/compute-report.ts";
import { buildTask, buildTaskPull } from "../../support/build-task.ts";
import { busyMs } from "../../support/busy-ms.ts";
import {
  buildInput,
  DAY,
  endedAttempt,
  endedTask,
  HOUR,
  MONDAY,
  viewOf,
  viewWithRoadmap,
} from "./build-week.ts";

const SECTIONS = [
  "Session Summary",
  "Completed Work",
  "Test Results",
  "Release Status",
  "User Feedback Summary",
  "Knowledge Updates",
  "Commits Made",
  "Remaining Work",
  "Blockers",
  "Recommendations",
];

const MAX_CHARS = 65_000;

const write = (overrides: Partial<ReportInput> = {}) => renderReport(computeReport(buildInput(overrides)));

const sectionsOf = (text: string) => text.split("\n").filter((line) => line.startsWith("### "));

function failing(gate: string): GateResult {
  return { gate, verdict: "FAIL", message: "m", seen: "s", wanted: "w" };
}

function realisticInput(): Partial<ReportInput> {
  const runUrl = (run: number) => `https://github.com/acme/shop/actions/runs/${run}`;
  const line = {
    attempt: 1,
    stage: "change",
    correlation: "c",
    state: "PASS",
    startedAt: 0,
    endedAt: 1,
    note: "",
  } as const;
  const sha = "0123456789abcdef0123456789abcdef01234567";
  return {
    view: viewWithRoadmap(`
version: 1
milestones: [{ id: M1, title: Forecast works, date: 2026-12-01 }]
tasks:
  - { id: T-1, title: Generate data, milestone: M1, phase: build }
  - { id: T-2, title: Train, milestone: M1, dependsOn: [T-1] }
  - { id: T-3, title: Train on partner data, milestone: M1, dependsOn: [T-2] }
`),
    tasks: [
      endedTask(12, {
        title: "T-1 Generate three years of data",
        roadmapId: "T-1",
        role: "data-engineer",
        endedAt: MONDAY + 5 * HOUR,
        usage: { minutes: 42.4, tokens: 9, usd: 1.25 },
        timeline: [{ ...line, runUrl: runUrl(101) }],
      }),
      endedTask(14, {
        title: "Discount is applied twice",
        endedAt: MONDAY + 2 * DAY,
        usage: { minutes: 12, tokens: 9, usd: 0.75 },
        pull: buildTaskPull({
          number: 15,
          headSha: sha,
          verdict: { value: "PASS", gates: [] },
          approvals: [{ sha, by: { id: 1, login: "robin", type: "User" }, at: MONDAY + 2 * DAY }],
        }),
        timeline: [{ ...line, runUrl: runUrl(104) }],
      }),
      endedTask(16, {
        title: "Rounding is off | by one",
        state: "failed",
        endedAt: MONDAY + 3 * DAY,
        spent: 15,
        usage: { minutes: 90, tokens: 9, usd: 4 },
        feedback: [failing("assertions")],
      }),
    ],
    used: { minutes: 144.4, usd: 6 },
    attempts: [
      endedAttempt(12, { stage: "generate", runUrl: runUrl(101), endedAt: MONDAY + HOUR }),
      endedAttempt(14, {
        runUrl: runUrl(103),
        endedAt: MONDAY + DAY,
        outcome: { verdict: "FAIL", failureClass: "task", summary: "" },
      }),
      endedAttempt(14, { number: 2, runUrl: runUrl(104), endedAt: MONDAY + DAY + HOUR }),
    ],
    active: [
      buildTask({
        issue: 17,
        priority: "p1",
        state: "blocked",
        reasons: [reason("gate.blocked", "x")],
        history: [{ at: MONDAY + DAY, text: "Attempt 1, change: BLOCKED", url: null }],
      }),
    ],
    queue: [
      buildTask({ issue: 18, roadmapId: "T-3", reasons: [reason("dependency.open", "x")], held: true }),
    ],
    queueLength: 1,
    previous: {
      accepted: 3,
      failed: 0,
      cancelled: 0,
      attempts: 3,
      minutes: 100,
      usd: 6.5,
      medianLeadMs: 24 * HOUR,
    },
  };
}

describe("renderReport", () => {
  it("reads like this after an ordinary week", () => {
    expect(write(realisticInput())).toMatchInlineSnapshot(`
      "## Orchestrator report 2026-W47 – 2 accepted, 1 failed, $6.00

      As of 2026-11-23 09:00 UTC. Minutes and cost are those of the runs that ended in the week, whatever became of their tasks.

      |  | This week | vs last week | Counted from |
      | --- | --- | --- | --- |
      | Accepted | 2 | −1 | #12, #14 |
      | Failed | 1 | +1 | #16 |
      | Cancelled | 0 | ±0 |  |
      | Attempts | 3 | ±0 | 2 × \`change\`, 1 × \`generate\` |
      | Minutes | 144 | +44 | runs that ended in the week |
      | Cost | $6.00 | −$0.50 | runs that ended in the week |
      | Cost per accepted task | $3.00 | +$0.83 | all cost of the week, by its accepted tasks |
      | Median lead time, label to done | 26 h 30 min | +2 h 30 min | accepted tasks |

      \`\`\`mermaid
      pie showData
          title How tasks ended this week
          "accepted" : 2
          "failed" : 1
      \`\`\`

      ### Session Summary

      - Phase: build
      - Duration: 168 h, from 2026-11-16 00:00 UTC to 2026-11-23 00:00 UTC
      - Tasks completed: 2
      - Roles used: \`bugfix\` (2 tasks), \`data-engineer\` (1 task)

      ### Completed Work

      | Task | Role | Status |
      | --- | --- | --- |
      | #12 T-1 Generate three years of data | \`data-engineer\` | ✅ accepted · [run](https://github.com/acme/shop/actions/runs/101) |
      | #14 Discount is applied twice | \`bugfix\` | ✅ accepted · #15 · [run](https://github.com/acme/shop/actions/runs/104) |
      | #16 Rounding is off \\| by one | \`bugfix\` | ❌ failed |

      ### Test Results

      | Stage | PASS | FAIL | BLOCKED | Stopped | Attempts |
      | --- | --- | --- | --- | --- | --- |
      | \`change\` | 1 | 1 | 0 | 0 | 2 |
      | \`generate\` | 1 | 0 | 0 | 0 | 1 |

      Failed attempts by class: 1 × \`task\`.

      | Verdict | Pull requests |
      | --- | --- |
      | PASS | 1: #15 |

      | Failing gate, as last judged | Tasks |
      | --- | --- |
      | \`assertions\` | 1: #16 |

      <details><summary>Runs, newest first</summary>

      | Run | Task | Stage | Verdict |
      | --- | --- | --- | --- |
      | [attempt 2](https://github.com/acme/shop/actions/runs/104) | #14 | \`change\` | PASS |
      | [attempt 1](https://github.com/acme/shop/actions/runs/103) | #14 | \`change\` | FAIL |
      | [attempt 1](https://github.com/acme/shop/actions/runs/101) | #12 | \`generate\` | PASS |

      </details>

      ### Release Status

      | Milestone | Date | Done | Done this week |
      | --- | --- | --- | --- |
      | M1: Forecast works | 2026-12-01 | 1 of 3 | #12 |

      ### User Feedback Summary

      - 1 approval: #15
      - 1 task on hold now: #18

      ### Knowledge Updates

      Nothing was learned this week.

      ### Commits Made

      | Pull request | Head commit | Task |
      | --- | --- | --- |
      | #15 | 0123456789abcdef0123456789abcdef01234567 | #14 |

      ### Remaining Work

      | Priority | Running | Verifying | Blocked | Queued | Tasks |
      | --- | --- | --- | --- | --- | --- |
      | p1 | 0 | 0 | 1 | 0 | #17 |
      | p2 | 0 | 0 | 0 | 1 | #18 |

      In the queue: 1.

      ### Blockers

      | Reason | Tasks | Lifted by |
      | --- | --- | --- |
      | \`dependency.open\` | 1: #18 | the dependency's completion |
      | \`gate.blocked\` | 1: #17 | the named person |

      ### Recommendations

      - [ ] 1 task used the whole budget without success (#16). Read the failing gates, sharpen the issue, then \`/orchestrate retry --reset-budget\`
      - [ ] Finish \`T-2\` first: 1 open task depends on it (#18).
      - [ ] #17 is blocked, and nothing has happened in it since 2026-11-17. Decide it: \`/orchestrate why\` there says what it needs."
    `);
  });

  it("F192 says in one line for every section that nothing happened", () => {
    const text = write();
    expect(text.split("\n")[0]).toBe("## Orchestrator report 2026-W47 – 0 accepted, 0 failed, $0.00");
    expect(sectionsOf(text)).toEqual(SECTIONS.map((title) => `### ${title}`));
    const contents = text.split(/^### .*$/mu).slice(2);
    for (const content of contents) expect(content.trim()).toMatch(/^[^\n]+\.$/u);
    expect(text).not.toContain("mermaid");
  });

  it("F192 fits into a comment within two seconds for 100,000 tasks, and says how many are left out", () => {
    const issues = Array.from({ length: 100_000 }, (_, index) => index + 1);
    const title = "|`<b>@everyone #1 &commat;x ".repeat(20);
    const state = (issue: number) => (["done", "failed", "cancelled"] as const)[issue % 3] ?? "done";
    const tasks = issues.map((issue) =>
      endedTask(issue, {
        title,
        role: `role-${issue}-${"|".repeat(80)}`,
        state: state(issue),
        endedAt: MONDAY + issue,
        feedback: [failing(`gate-${issue % 1000}`)],
        pull: buildTaskPull({ number: issue, verdict: { value: "FAIL", gates: [] } }),
      }),
    );
    const attempts = issues.map((issue) =>
      endedAttempt(issue, {
        stage: `${issue % 5000}${"|".repeat(99)}`,
        runUrl: `https://x.test/${"a".repeat(150)}`,
      }),
    );
    const active = issues.slice(0, 1000).map((issue) => buildTask({ issue, state: "blocked", held: true }));
    const begin = busyMs();
    const text = write({ tasks, attempts, active, queueLength: 1e6 });
    expect(busyMs() - begin).toBeLessThan(2000);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
    expect(sectionsOf(text)).toEqual(SECTIONS.map((title) => `### ${title}`));
    expect(text).toMatch(/\(and 99\d{3} more\)/u);
    expect(text).toContain("| Accepted | 33333 |");
  });

  it("fits into a comment whatever the texts are", () => {
    const name = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { maxLength: 120 }), (texts) => {
        const tasks = texts.map(([title, role], index) =>
          endedTask(index + 1, { title: title.repeat(3), role, endedAt: MONDAY }),
        );
        const attempts = texts.map(([stage], index) => endedAttempt(index + 1, { stage, runUrl: stage }));
        const text = write({ tasks, attempts });
        expect(text.length).toBeLessThanOrEqual(MAX_CHARS);
        expect(sectionsOf(text)).toEqual(SECTIONS.map((title) => `### ${title}`));
      }),
      { numRuns: 30 },
    );
  });

  it("shows the difference to the week before, and none where nothing is known of it", () => {
    const previous = {
      accepted: 2,
      failed: 1,
      cancelled: 0,
      attempts: 0,
      minutes: 0,
      usd: 0,
      medianLeadMs: null,
    };
    const tasks = [endedTask(1, { endedAt: MONDAY + HOUR })];
    const used = { minutes: 3, usd: 2.5 };
    const rows = (text: string) =>
      text.split("\n").filter((line) => /^\| (Accepted|Cost|Cancelled) \|/u.test(line));
    expect(rows(write({ tasks, used, previous }))).toEqual([
      "| Accepted | 1 | −1 | #1 |",
      "| Cancelled | 0 | ±0 |  |",
      "| Cost | $2.50 | +$2.50 | runs that ended in the week |",
    ]);
    expect(rows(write({ tasks, used }))[0]).toBe("| Accepted | 1 | – | #1 |");
  });

  it("says that a week is not over while it is not", () => {
    const text = write({ now: MONDAY + DAY + HOUR });
    expect(text).toContain("As of 2026-11-17 01:00 UTC; the week is not over.");
    expect(text).toContain("- Duration: 25 h, from 2026-11-16 00:00 UTC to 2026-11-17 01:00 UTC");
  });

  it("draws only numbers and fixed words", () => {
    const hostile = '"]\n%%{init: {}}%%\nclick x "javascript:alert(1)"\n```\n';
    const tasks = [
      endedTask(1, { title: hostile, role: hostile, endedAt: MONDAY }),
      endedTask(2, { title: hostile, state: "failed", endedAt: MONDAY }),
    ];
    const text = write({ tasks, attempts: [endedAttempt(1, { stage: hostile })] });
    const charts = [...text.matchAll(/^```mermaid\n(.*?)\n```$/gmsu)].map(([, chart]) => chart);
    expect(charts).toEqual([
      'pie showData\n    title How tasks ended this week\n    "accepted" : 1\n    "failed" : 1',
    ]);
    expect(text.match(/```/gu)).toHaveLength(2);
  });

  it("S17 keeps hostile titles, roles, stages and gates from doing anything", () => {
    const corpus = [
      "@everyone and @acme/team look",
      "Fixes #1, closes acme/shop#2, resolves GH-3",
      "&commat;robin &num;12 &#64;robin &#x40;robin",
      "<img src=x onerror=alert(1)><script>x</script>",
      "</details><!-- orchestrator -->",
      "[click](https://evil.test) ![x](https://evil.test/p.png) https://evil.test www.evil.test",
      "a | b | c\n| --- | --- |\n### Forged",
      "`` ` ``` unclosed **bold _x_ ~~y~~ \\| \\",
    ];
    const tasks = corpus.map((text, index) =>
      endedTask(index + 500, {
        title: text,
        role: text,
        state: "failed",
        endedAt: MONDAY + index,
        feedback: [failing(text)],
      }),
    );
    const attempts = corpus.map((text, index) =>
      endedAttempt(index + 500, { stage: text, runUrl: `javascript:${text}` }),
    );
    const tree = fromMarkdown(write({ tasks, attempts }), {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    });
    const nodes = [...walk(tree)];
    const headings = nodes.filter((node) => node.type === "heading" && node.depth === 3);
    expect(headings).toHaveLength(SECTIONS.length);
    expect(nodes.filter((node) => node.type === "link" || node.type === "image")).toEqual([]);
    const html = nodes.flatMap((node) => (node.type === "html" ? [node.value] : []));
    expect(html).toEqual(["<details><summary>Runs, newest first</summary>", "</details>"]);
    const prose = nodes.flatMap((node) => (node.type === "text" ? [node.value] : []));
    for (const text of prose) {
      expect(text).not.toMatch(/@[A-Za-z0-9]/u);
      expect(text).not.toMatch(/GH-\d/u);
      for (const [, issue] of text.matchAll(/#(\d+)/gu)) expect(Number(issue)).toBeGreaterThanOrEqual(500);
    }
    const rows = nodes.flatMap((node) => (node.type === "table" ? node.children : []));
    const widths = new Set(rows.map((row) => row.children.length));
    expect([...widths].toSorted()).toEqual([2, 3, 4, 6]);
  });
});

describe("what the week taught", () => {
  const object = { body: "b", paths: [], taskId: "t", runId: 1, firstAt: MONDAY, lastAt: MONDAY + DAY };
  const known = [
    { ...object, id: "aa11", title: "Run the suite with **one** worker @ada", issue: 12, seen: 1 },
    { ...object, id: "bb22", title: "Seeds are in data/", issue: 14, seen: 3 },
    { ...object, id: "cc33", title: "Of last week", issue: 9, seen: 1, lastAt: MONDAY - DAY },
  ];

  it("is listed with where it is from, the surest first, as harmless text", () => {
    const view = viewOf();
    const stored = { ...view.record.stored, knowledge: { objects: known, forgotten: [] } };
    const text = write({ view: { ...view, record: { ...view.record, stored } } });

    expect(
      text.slice(text.indexOf("### Knowledge"), text.indexOf("### Commits")).trim(),
    ).toMatchInlineSnapshot(`
      "### Knowledge Updates

      | Id | Learned | From | Seen |
      | --- | --- | --- | --- |
      | \`bb22\` | Seeds are in data/ | #14 | 3 times |
      | \`aa11\` | Run the suite with \\*\\*one\\*\\* worker @​ada | #12 | for the first time |"
    `);
  });
});

function* walk(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* walk(child);
}
