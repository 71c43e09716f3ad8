import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayState, stickyBody } from "../../../src/core/messages/sticky.ts";
import { COMMENT_MAX_CHARS, code, inline } from "../../../src/core/messages/text.ts";
import { REASONS, type ReasonCode, reason } from "../../../src/core/reasons.ts";
import { type StageLine, TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { ACTIVE, HOSTILE, nodesOf, readMarkdown, seenText, sortsOf } from "./read-markdown.ts";

const CODES = Object.keys(REASONS).filter((one): one is ReasonCode => one in REASONS);
const LABEL = { label: "autopilot" };

function stageLine(overrides: Partial<StageLine> = {}): StageLine {
  return {
    attempt: 1,
    stage: "train",
    correlation: "c",
    state: "PASS",
    runUrl: "https://github.test/acme/shop/actions/runs/900",
    startedAt: NOW,
    endedAt: NOW + 123_000,
    note: "days 365",
    ...overrides,
  };
}

const body = (overrides: Partial<Task> = {}) => stickyBody(buildTask(overrides), LABEL);

describe("displayState", () => {
  it.each<[Task["state"], readonly ReasonCode[], string]>([
    ["queued", [], "queued"],
    ["queued", ["limit.running"], "queued"],
    ["queued", ["limit.running", "config.absent"], "needs-info"],
    ["queued", ["kind.unknown"], "needs-info"],
    ["queued", ["requires.path"], "needs-info"],
    ["running", ["run.working"], "running"],
    ["verifying", ["checks.pending"], "running"],
    ["verifying", ["approval.missing"], "needs-review"],
    ["verifying", ["merge.by-hand"], "needs-review"],
    ["blocked", ["gate.blocked"], "blocked"],
    ["blocked", ["config.absent"], "blocked"],
    ["done", [], "done"],
    ["failed", [], "failed"],
    ["cancelled", [], "cancelled"],
  ])("calls %s with %j %s", (state, reasons, shown) => {
    expect(displayState({ state, reasons: reasons.map((one) => reason(one, "m")) })).toBe(shown);
  });
});

describe("stickyBody", () => {
  it("shows a task that waits, with what it waits for and when it is looked at", () => {
    const reasons = [
      reason("limit.running", "2 of 2 tasks are running (`limits.running`).", { deadline: NOW + 600_000 }),
      reason("dependency.open", "acme/shop#12 is not done yet.", {
        liftedBy: "the completion of acme/shop#12",
      }),
    ];
    const position = { rank: 3, of: 9, at: NOW };
    expect(body({ reasons, position, updatedAt: NOW })).toMatchInlineSnapshot(`
      "⏳ **queued**, position 3 of 9

      **Next:** it starts by itself when every reason below is lifted. Looked at again within 1 h.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`limit.running\` | 2 of 2 tasks are running (\`limits.running\`). | the end of a running task | 14:10 UTC |
      | \`dependency.open\` | acme/shop#12 is not done yet. | the completion of acme/shop#12 | within 1 h |

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 0 of 15 attempts spent · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("shows a task that failed its verification, with what the next attempt is told", () => {
    const text = body({
      state: "running",
      attempt: 2,
      spent: 1,
      updatedAt: NOW,
      reasons: [reason("run.working", "The run is working.", { deadline: NOW + 300_000 })],
      timeline: [
        stageLine({ state: "FAIL" }),
        stageLine({ attempt: 2, state: "running", endedAt: null, note: "" }),
      ],
      feedback: [
        {
          gate: "metrics.r2",
          verdict: "FAIL",
          message: "m",
          seen: "0.61",
          wanted: "≥ 0.65",
          details: ["✗ 0.61 (`tenant=t07`)"],
        },
      ],
      usage: { minutes: 12.34, tokens: 5, usd: 0.4 },
      history: [
        { at: NOW - 48 * HOUR_MS, text: "Queued\nby a label", url: null },
        { at: NOW, text: "Attempt 1: FAIL.", url: "https://github.test/r/1" },
      ],
    });
    expect(text).toMatchInlineSnapshot(`
      "🔄 **running**, attempt 2

      **Next:** the result of the run is verified. Looked at again within 1 h.

      | Reason | Why | Lifted by | Looked at |
      | --- | --- | --- | --- |
      | \`run.working\` | The run is working. | the run | 14:05 UTC |

      | Attempt | Stage | State | Run | Time |
      | --- | --- | --- | --- | --- |
      | 1 | train (days 365) | ❌ FAIL | [run](https://github.test/acme/shop/actions/runs/900) | 2 min 3 s |
      | 2 | train | 🔄 running | [run](https://github.test/acme/shop/actions/runs/900) |  |

      **Last verdict**, which the next attempt is told:

      | Gate | Verdict | Seen | Wanted | Evidence |
      | --- | --- | --- | --- | --- |
      | metrics.r2 | ❌ FAIL | 0.61 | ≥ 0.65 |  |

      <details><summary>1 finding</summary>

      - metrics.r2: ✗ 0.61 (\`tenant=t07\`)

      </details>

      <details><summary>History</summary>

      - 2026-11-16 14:00 UTC Queued by a label
      - 14:00 UTC Attempt 1: FAIL. ([run](https://github.test/r/1))

      </details>

      <sub>Task \`1001.42.1\` · bugfix · bugfix · p2 · 1 of 15 attempts spent, 12.3 min, $0.40 · why: \`/orchestrate why\` · help: \`/orchestrate help\` · stop: remove \`autopilot\`</sub>"
    `);
  });

  it("shows what is reserved for the run that is under way", () => {
    const line = {
      attempt: 1,
      stage: "change",
      correlation: "1001.42.1.1.0.0",
      state: "running" as const,
      runUrl: null,
      startedAt: NOW,
      endedAt: null,
      note: "",
      reserved: { minutes: 20, usd: 0.5 },
    };
    const usage = { minutes: 12.34, tokens: 0, usd: 0 };
    const shown = { state: "running" as const, correlation: line.correlation, usage };

    expect(body({ ...shown, timeline: [line] })).toContain("spent, 12.3 min, 20.0 min and $0.50 reserved ·");
    expect(body({ ...shown, timeline: [{ ...line, endedAt: NOW }] })).toContain("spent, 12.3 min ·");
  });

  it("shows a task that is done: who asked, how long it took and what was merged", () => {
    const done = body({
      state: "done",
      wakeAt: null,
      pull: buildTaskPull(),
      updatedAt: NOW,
      timeline: [stageLine()],
    });
    expect(done.split("\n\n").slice(0, 2)).toEqual([
      "✅ **done**: finished @robin's task in 1 h",
      "**Next:** nothing; pull request #77 is merged.",
    ]);
    expect(done).not.toContain("stop: remove");
  });

  it.each(TASK_STATES)("says of a task that is %s what happens next", (state) => {
    expect(body({ state })).toMatch(/\*\*Next:\*\* [^\n]+\./u);
  });

  it("mentions nobody but the requester, and only when the task is done", () => {
    for (const state of TASK_STATES) {
      const mentions = body({ state }).match(/@\w+/gu) ?? [];
      expect(mentions).toEqual(state === "done" ? ["@robin"] : []);
    }
  });

  it("keeps the newest when there is more than it shows, and says how much is left out", () => {
    const timeline = Array.from({ length: 40 }, (_, index) => stageLine({ attempt: index + 1 }));
    const reasons = Array.from({ length: 70 }, (_, index) => reason("requires.path", `Path ${index}.`));
    const text = body({ timeline, reasons });
    expect(text).toContain("| 40 | train");
    expect(text).not.toContain("| 10 | train");
    expect(text).toContain("(and 20 more)");
  });
});

describe("stickyBody of any task", () => {
  const foreign = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme", maxLength: 300 }));
  const long = fc.integer({ min: 0, max: 3_000 }).map((count) => "word ".repeat(count));
  const sentence = fc.oneof(
    foreign.map((text) => `It says ${inline(text)}.`),
    long,
  );
  const gate = fc.record({
    gate: fc.constantFrom("checks", "metrics.r2"),
    verdict: fc.constantFrom("PASS", "FAIL", "BLOCKED"),
    message: sentence,
    seen: fc.oneof(
      foreign.map((text) => code(text)),
      long,
    ),
    wanted: fc.constant("every check successful"),
    details: fc.array(
      foreign.map((text) => code(text)),
      { maxLength: 20 },
    ),
  });
  const task = fc
    .record({
      state: fc.constantFrom(...TASK_STATES),
      reasons: fc.array(fc.tuple(fc.constantFrom(...CODES), sentence), { maxLength: 60 }),
      feedback: fc.array(gate, { maxLength: 30 }),
      timeline: fc.array(
        foreign.map((note) => stageLine({ note })),
        { maxLength: 30 },
      ),
      history: fc.array(fc.record({ at: fc.constant(NOW), text: sentence, url: fc.constant(null) }), {
        maxLength: 10,
      }),
    })
    .map(({ reasons, ...own }) =>
      buildTask({ ...own, reasons: reasons.map(([one, message]) => reason(one, message)) }),
    );

  it("fits into a comment, and every table and fold of it is whole", () => {
    fc.assert(
      fc.property(task, (drawn) => {
        const text = stickyBody(drawn, LABEL);
        expect(text.length).toBeLessThanOrEqual(COMMENT_MAX_CHARS);
        expect(text.isWellFormed()).toBe(true);
        const nodes = nodesOf(readMarkdown(text));
        for (const table of nodes.filter((node) => node.type === "table")) {
          const widths = new Set(table.children.map((row) => row.children.length));
          expect([...widths]).toHaveLength(1);
        }
        const tags = nodes.filter((node) => node.type === "html").map(({ value }) => value);
        const count = (tag: string) => tags.join("").split(tag).length - 1;
        expect(count("<details>")).toBe(count("</details>"));
        expect(count("<sub>")).toBe(count("</sub>"));
        expect(text).toMatch(/^[^\n]+ \*\*[a-z-]+\*\*[^\n]*\n\n\*\*Next:\*\*/u);
      }),
      { numRuns: 30 },
    );
  });

  it("fits also when single texts are larger than a comment", () => {
    const huge = "x".repeat(COMMENT_MAX_CHARS);
    const text = body({
      reasons: [reason("gate.blocked", huge)],
      history: [{ at: NOW, text: huge, url: null }],
    });
    expect(text.length).toBeLessThanOrEqual(COMMENT_MAX_CHARS);
    expect(text).toContain("**Next:**");
    expect(text).toContain("`/orchestrate why`");
  });

  it("S17 sets nothing free in its history, however many files a worker names there", () => {
    const files = fc.array(
      foreign.map((name) => code(name)),
      { minLength: 8, maxLength: 40 },
    );
    fc.assert(
      fc.property(files, fc.nat({ max: 120 }), (names, before) => {
        const said = `Failed: ${"x".repeat(before)} ${names.join(", ")} ${code(`a/${"b".repeat(120)}/@octocat #1`)}`;
        const text = body({ history: [{ at: NOW, text: `${said.repeat(12)} ends`, url: null }] });
        const [, history = ""] = text.split("<details><summary>History</summary>");
        const line = history.split("</details>")[0] ?? "";
        expect(seenText(line)).not.toMatch(ACTIVE);
        expect(sortsOf(line).has("html")).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it("is the same text for the same task, so that nothing is edited without a change", () => {
    fc.assert(
      fc.property(task, (drawn) => {
        expect(stickyBody(structuredClone(drawn), LABEL)).toBe(stickyBody(drawn, LABEL));
      }),
      { numRuns: 20 },
    );
  });
});
