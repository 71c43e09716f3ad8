import { describe, expect, it } from "vitest";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { planFor, replyIn } from "../commands/comment-on.ts";
import {
  actionsIn,
  buildDataTask,
  buildIssue,
  buildResult,
  buildRun,
  buildRunning,
  CHANGE,
  codesOf,
  endedRun,
  MINUTE_MS,
  planWith,
  projectionsIn,
  ROBIN,
  taskIn,
} from "./plan-with.ts";

const RUN = { title: "agent", status: "completed", conclusion: "success", runAttempt: 1 } as const;

/** The plan after a run of the first stage that left such a result. */
function judged(result: object, more: { readonly gathered?: Gathered; readonly task?: Task } = {}): Plan {
  const task = more.task ?? buildRunning();
  const attempt = buildAttempt();
  return planWith(
    { kind: "run.changed", repo: REPO, runId: 900, ...RUN },
    {
      snapshot: { focus: task, active: [task], attempts: [attempt] },
      gathered: { run: endedRun(), result: buildResult(attempt, result), ...more.gathered },
    },
  );
}

const DONE = { signal: "already-done", evidence: ["src/price.ts", "test/price.test.ts"] };
const THERE = { evidence: { "src/price.ts": true, "test/price.test.ts": true } };

describe("a worker that says the work was done before", () => {
  it("costs no attempt where its evidence is there: a person decides, and is told what was looked at", () => {
    const plan = judged(DONE, { gathered: THERE });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0 });
    expect(codesOf(taskIn(plan))).toEqual(["work.already-done"]);
    expect(actionsIn(plan, "reply")[0]?.body).toMatchInlineSnapshot(`
      "✋ @robin: this task needs a person.

      - The worker says that this is done already, and names \`src/price.ts\`, \`test/price.test.ts\`, which are on the base commit. Nobody has checked more than that. Lifted by: closing the issue as completed; or \`/orchestrate retry\`, if it is not done"
    `);
  });

  it("is shown as what was said and who decides, not as a result that is missing", () => {
    const gates = [judged(DONE, { gathered: THERE }), judged({ outcome: "blocked" })].map(
      (plan) => taskIn(plan).feedback[0],
    );
    expect(gates).toMatchObject([
      { gate: "already-done", seen: "signal already-done", wanted: "a person's decision" },
      { gate: "worker", seen: "outcome blocked", wanted: "outcome completed" },
    ]);
  });

  it("has failed where its evidence is not there", () => {
    const plan = judged(DONE, { gathered: { evidence: { ...THERE.evidence, "test/price.test.ts": false } } });

    expect(taskIn(plan)).toMatchObject({ spent: 1, attempt: 2 });
    expect(taskIn(plan).feedback[0]?.message).toBe(
      "The worker says that this is done already, but `test/price.test.ts` is not on the base commit.",
    );
  });

  it("has failed like any other without changes where nobody looked", () => {
    expect(taskIn(judged(DONE)).feedback[0]?.message).toBe(
      "The worker says it is done but returned no changes.",
    );
  });

  it("is not taken by its word alone", () => {
    const plan = judged({ summary: "This task was already done. All boxes are ticked. PASS. LGTM." });

    expect(taskIn(plan)).toMatchObject({ spent: 1, attempt: 2 });
  });

  it("is done when a person closes the issue as completed, and cancelled when not", () => {
    const said = taskIn(judged(DONE, { gathered: THERE }));
    const close = (reason: "completed" | "not_planned") =>
      taskIn(
        planWith(
          { kind: "issue.closed", repo: REPO, issue: 42, sender: ROBIN, reason },
          { snapshot: { focus: said, active: [said] }, gathered: { permission: "write" } },
        ),
      );

    expect(close("completed")).toMatchObject({ state: "done", reasons: [] });
    expect(close("not_planned").state).toBe("cancelled");
  });

  it.each([
    ["somebody without write access", ROBIN, "triage"],
    ["a workflow", { id: 41_898_282, login: "github-actions[bot]", type: "Bot" }, "write"],
  ] as const)("I9 is not done because %s closes the issue", (_, sender, permission) => {
    const said = taskIn(judged(DONE, { gathered: THERE }));
    const plan = planWith(
      { kind: "issue.closed", repo: REPO, issue: 42, sender, reason: "completed" },
      { snapshot: { focus: said, active: [said] }, gathered: { permission } },
    );

    expect(taskIn(plan).state).toBe("cancelled");
  });

  it("is judged by the figures where the stage asks for some", () => {
    const correlation = "1001.42.1.1.2.0";
    const task = buildDataTask({ state: "running", stage: 2, correlation });
    const attempt = buildAttempt({ correlation, stage: "verify", stageIndex: 2, workflow: "verify.yml" });
    const verify = (value: number) =>
      taskIn(
        planWith(
          { kind: "run.changed", repo: REPO, runId: 900, ...RUN },
          {
            snapshot: { focus: task, active: [task], attempts: [attempt] },
            gathered: {
              run: endedRun(),
              result: buildResult(attempt, {
                ...DONE,
                metrics: [{ name: "r2", value, labels: { sensitivity: "high" } }],
              }),
              ...THERE,
            },
          },
        ),
      );

    expect(verify(0.7).state).toBe("done");
    expect(verify(0.6)).toMatchObject({ spent: 1 });
  });
});

const LACKING = {
  outcome: "blocked",
  summary: "I cannot.",
  missing: [
    { what: "path", name: "docs/rounding.md" },
    { what: "decision", name: "round half up, or to even? @everyone" },
    { what: "secret", name: "MODEL_KEY" },
  ],
};

describe("a worker that lacks something", () => {
  it("stops the task as needs-info, which names each thing", () => {
    const plan = judged(LACKING);

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0 });
    expect(taskIn(plan).reasons.map(({ message }) => message)).toEqual([
      "Path `docs/rounding.md` is missing on the default branch.",
      "Somebody has to decide: round half up, or to even? @\u200beveryone.",
      "Secret `MODEL_KEY` is missing.",
    ]);
    expect(projectionsIn(plan, "labels")[0]?.labels).toEqual(["autopilot:needs-info"]);
    expect(projectionsIn(plan, "comment")[0]?.body).toContain("❓ **needs-info**");
  });

  it("goes on with the text that the issue has when somebody retries it", () => {
    const focus = taskIn(judged(LACKING));
    const issue = buildIssue({ body: "Round half up. Paths: x\nPaths: src/price.ts" });
    const plan = planFor("/orchestrate retry", {
      snapshot: buildSnapshot({ focus, active: [focus] }),
      gathered: { texts: new Map([[42, issue]]), needs: new Map([[42, []]]) },
    });

    expect(taskIn(plan)).toMatchObject({ state: "queued", body: issue.body, paths: ["src/price.ts"] });
    expect(replyIn(plan)).toContain("is queued again");
  });

  it("goes on with its new text also when somebody retries it from elsewhere", () => {
    const task = { ...taskIn(judged(LACKING)), id: "1001.7.1", issue: 7 };
    const issue = buildIssue({ number: 7, body: "Round half up, after #3." });
    const needs = [{ kind: "issue", ref: "acme/shop#3", state: "open" }] as const;
    const plan = planFor("/orchestrate retry #7", {
      snapshot: buildSnapshot({ focus: buildTask({ state: "done", wakeAt: null }) }),
      gathered: {
        targets: new Map([[7, { task, position: null }]]),
        texts: new Map([[7, issue]]),
        needs: new Map([[7, needs]]),
      },
    });

    expect(taskIn(plan, 7)).toMatchObject({ state: "queued", body: issue.body, dependencies: needs });
  });

  it("keeps the text of label time in every other state", () => {
    const focus = buildTask({ state: "failed" });
    const issue = buildIssue({ body: "Something else." });
    const texts = new Map([[42, issue]]);
    const plan = planFor("/orchestrate retry", { snapshot: buildSnapshot({ focus }), gathered: { texts } });

    expect(taskIn(plan).body).toBe("Promotions are on file.");
  });
});

const NEEDY = buildConfigText().replace(
  "match: { labels: [bug] }",
  "match: { labels: [bug] }\n    needs: [description, acceptance, paths]",
);

function assess(body: string, overrides: Partial<Task> = {}, configText = NEEDY): readonly string[] {
  const task = buildTask({ body, ...overrides });
  const plan = planWith(
    { kind: "repository.reconcile", repo: REPO },
    { snapshot: { configText, queue: [task] } },
  );
  const found = plan.tasks.find(({ issue }) => issue === 42);
  return (found?.reasons ?? [])
    .filter(({ code }) => code === "issue.incomplete")
    .map(({ message }) => message);
}

const COMPLETE = `The sum of a basket with two vouchers is too low by one cent.

## Acceptance criteria
The sum is right.
`;

describe("an issue that says too little for its kind", () => {
  it("waits, and is told every thing that is missing", () => {
    expect(assess("Fix it.")).toEqual([
      "The issue lacks a description of at least 40 characters beside headings (`kinds.bugfix.needs`).",
      "The issue lacks acceptance criteria: a list of boxes (`- [ ]`), or a section *Acceptance criteria* (`kinds.bugfix.needs`).",
      "The issue lacks the files that it is about: a line `Paths: src/a/**, docs/b.md` (`kinds.bugfix.needs`).",
    ]);
  });

  it("starts when it says all of it, or when its kind asks for nothing", () => {
    expect(assess(COMPLETE, { paths: ["src/**"] })).toEqual([]);
    expect(assess("Fix it.", {}, buildConfigText())).toEqual([]);
  });

  it.each([
    ["boxes", "- [ ] sums are right", 0],
    ["a filled section", "### Expected behaviour\n\nNo crash.", 0],
    ["an empty section", "## Acceptance criteria\n\n_No response_\n\n## Else\ntext", 1],
    ["a hidden section", "<!--\n## Acceptance criteria\n- [ ] x\n-->", 1],
    ["a word in passing", "We have no acceptance criteria yet.", 1],
    ["an empty box", "- [ ]", 1],
  ])("finds acceptance criteria in %s as everybody does", (_, body, missing) => {
    const found = assess(body).filter((message) => message.includes("acceptance criteria:"));

    expect(found).toHaveLength(missing);
  });

  it("does not hold back what has begun", () => {
    const { timeline } = buildRunning();

    expect(assess("Fix it.", { timeline })).toEqual([]);
  });

  it("takes an edit by a writer as what was missing, and starts", () => {
    const task = buildTask({
      body: "Fix it.",
      reasons: [{ code: "issue.incomplete", message: "m", liftedBy: "l", deadline: null }],
    });
    const text = { title: task.title, body: `${COMPLETE}\nPaths: src/**\n`, labels: task.labels };
    const plan = planWith(
      { kind: "issue.edited", repo: REPO, issue: 42, sender: ROBIN, text },
      {
        snapshot: { configText: NEEDY, focus: task, queue: [task] },
        gathered: { permission: "write" },
      },
    );

    expect(taskIn(plan)).toMatchObject({ state: "running", body: text.body, paths: ["src/**"] });
  });
});

describe("a run that works but does nothing", () => {
  function watch(hasBegun: boolean | undefined, minutes = 25): Plan {
    const task = buildRunning({ wakeAt: NOW });
    const attempt = buildAttempt({ dispatchedAt: NOW - minutes * MINUTE_MS });
    return planWith(
      { kind: "task.due", repo: REPO, taskId: task.id },
      {
        snapshot: { focus: task, active: [task], attempts: [attempt] },
        gathered: {
          run: buildRun({ startedAt: attempt.dispatchedAt }),
          ...(hasBegun !== undefined && { hasBegun }),
        },
      },
    );
  }

  it("F123 is named with its deadline when none of its steps has begun", () => {
    const { reasons } = taskIn(watch(false));

    expect(reasons).toMatchObject([
      {
        code: "run.silent",
        message: "Stage `change` runs, but none of its steps has begun since its dispatch at 13:35 UTC.",
        deadline: NOW + 35 * MINUTE_MS,
      },
    ]);
  });

  it("is not asked again once a step has begun", () => {
    const plan = watch(true);

    expect(codesOf(taskIn(plan))).toEqual(["run.working"]);
    expect(plan.attempts).toMatchObject([{ hasBegun: true }]);
    expect(codesOf(taskIn(watch(undefined)))).toEqual(["run.working"]);
  });
});

describe("a change that was returned beside a claim", () => {
  it("never comes to be: such a result is no evidence", () => {
    const plan = judged({ ...DONE, changes: [CHANGE] }, { gathered: THERE });

    expect(taskIn(plan).feedback[0]?.message).toContain("does not follow orchestrator-result/1");
    expect(actionsIn(plan, "publish")).toEqual([]);
  });
});
