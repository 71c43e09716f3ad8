import { describe, expect, it } from "vitest";
import type { PullNow } from "../../../src/core/facts.ts";
import { MERGEABLE_POLL_MS, PULL_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import { reason } from "../../../src/core/reasons.ts";
import { isTerminal, TASK_STATES, Task, type TaskPull } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildCheck, buildPull, HEAD, OTHER_SHA } from "../gate/build-subject.ts";
import {
  actionsIn,
  buildRunning,
  codesOf,
  MERGING,
  orderedIn,
  planWith,
  projectionsIn,
  ROBIN,
  taskIn,
} from "./plan-with.ts";

const ADA = { id: 8, login: "ada", type: "User" } as const;

interface Seen {
  readonly task?: Partial<Task>;
  readonly known?: Partial<TaskPull>;
  readonly configText?: string | null;
  readonly now?: number;
}

/** A task whose pull request waits for its checks. */
function buildVerifying({ task, known }: Pick<Seen, "task" | "known"> = {}): Task {
  return buildRunning({
    state: "verifying",
    reasons: [reason("checks.pending", "Its checks are not there yet.")],
    pull: buildTaskPull(known),
    ...task,
  });
}

/** The plan for a pull request that GitHub shows as `pull`; null when it is gone. */
function planPull(pull: Partial<PullNow> | null = {}, { configText = MERGING, now, ...seen }: Seen = {}) {
  const task = buildVerifying(seen);
  const isActive = !isTerminal(task) && task.state !== "queued";
  return planWith(
    { kind: "pull.changed", repo: REPO, pull: 77, action: "synchronize", sender: ROBIN },
    {
      ...(now === undefined ? {} : { now }),
      snapshot: {
        configText,
        focus: task,
        active: isActive ? [task] : [],
        attempts: [buildAttempt({ state: "ended" })],
      },
      gathered: { pull: pull === null ? null : buildPull(pull) },
    },
  );
}

const open = { checks: [buildCheck({ status: "in_progress", conclusion: null })] };
const red = { checks: [buildCheck({ conclusion: "failure" })] };
/** Nothing verifies it although enough time has passed. */
const unverified = { checks: [] };
const passed = { verdict: { value: "PASS", gates: [] }, verdictSha: HEAD } as const;

describe("a pull request whose checks have not ended", () => {
  it("has a check of ours that waits, and says for what", () => {
    const plan = planPull(open);

    expect(projectionsIn(plan, "check")).toMatchObject([
      {
        key: `1001:verify:${HEAD}`,
        sha: HEAD,
        name: "orchestrator / verify",
        status: "in_progress",
        conclusion: null,
      },
    ]);
    expect(taskIn(plan)).toMatchObject({
      state: "verifying",
      wakeAt: NOW + PULL_POLL_MS,
      pull: { verdict: null },
    });
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "checks.pending", message: expect.stringContaining("waiting for `test`") },
    ]);
    expect(orderedIn(plan)).toEqual([]);
  });

  it("F162 is looked at again sooner while GitHub works out whether it can merge", () => {
    const plan = planPull({ mergeable: null }, { known: { headSince: NOW - 1000 } });

    expect(taskIn(plan).wakeAt).toBe(NOW + MERGEABLE_POLL_MS);
    expect(actionsIn(plan, "merge")).toEqual([]);
  });

  it("F166 loses the verdict that it had when one of its checks runs again", () => {
    const plan = planPull(open, { known: passed, task: { reasons: [reason("merge.pending", "m")] } });

    expect(taskIn(plan).pull).toMatchObject({ verdict: null, verdictSha: null });
    expect(codesOf(taskIn(plan))).toEqual(["checks.pending"]);
    expect(orderedIn(plan)).toEqual([]);
  });
});

describe("a pull request that passed", () => {
  it("is merged as exactly that commit, and audited with the configuration that decided", () => {
    const plan = planPull();

    expect(actionsIn(plan, "merge")).toEqual([
      {
        kind: "merge",
        key: `1001:merge:1001.42.1:1:${HEAD}`,
        pull: 77,
        sha: HEAD,
        title: "Forecast demand of small shops (#77)",
        baseRef: "main",
      },
    ]);
    expect(projectionsIn(plan, "check")).toMatchObject([
      { sha: HEAD, status: "completed", conclusion: "success" },
    ]);
    expect(taskIn(plan)).toMatchObject({
      state: "verifying",
      wakeAt: NOW + PULL_POLL_MS,
      pull: { verdict: { value: "PASS" }, verdictSha: HEAD, mergeOrders: 1 },
    });
    expect(codesOf(taskIn(plan))).toEqual(["merge.pending"]);
    expect(plan.audit).toContainEqual(
      expect.objectContaining({
        kind: "verdict.reached",
        data: expect.objectContaining({ verdict: "PASS", sha: HEAD, configSha: buildAttempt().baseSha }),
      }),
    );
    expect(Task.parse(taskIn(plan))).toEqual(taskIn(plan));
  });

  it("F157 is ordered to be merged once, however often it is looked at", () => {
    const first = planPull();
    const again = planPull({}, { task: taskIn(first) });

    expect(orderedIn(again)).toEqual(orderedIn(first));
    expect(taskIn(again).pull?.mergeOrders).toBe(1);
    expect(again.audit).toEqual([]);
    expect(taskIn(again).history).toEqual(taskIn(first).history);
  });

  it("is ordered anew after GitHub refused", () => {
    const task = { state: "blocked", reasons: [reason("merge.refused", "m")] } as const;
    const plan = planPull({}, { task, known: { ...passed, mergeOrders: 1 } });

    expect(orderedIn(plan)).toEqual([`merge:1001.42.1:2:${HEAD}`]);
  });

  it.each<[string, string, readonly string[]]>([
    ["merge", "active", ["merge.pending"]],
    ["deploy", "active", ["merge.pending"]],
    ["draft-pr", "active", ["merge.by-hand"]],
    ["suggest", "active", ["merge.by-hand"]],
    ["observe", "active", ["merge.by-hand"]],
    ["merge", "shadow", ["merge.by-hand"]],
  ])("under the autonomy %s in %s mode waits for %j", (autonomy, mode, codes) => {
    const configText = MERGING.replace("autonomy: merge", `autonomy: ${autonomy}`).replace("active", mode);
    const plan = planPull({}, { configText });

    expect(codesOf(taskIn(plan))).toEqual(codes);
    expect(actionsIn(plan, "merge")).toHaveLength(codes[0] === "merge.pending" ? 1 : 0);
    expect(projectionsIn(plan, "check")).toMatchObject([{ conclusion: "success" }]);
  });

  it("is left to people by a role whose own autonomy is lower", () => {
    const configText = `${MERGING}roles: { bugfix: { autonomy: draft-pr } }\n`;
    expect(codesOf(taskIn(planPull({}, { configText })))).toEqual(["merge.by-hand"]);
  });

  it("is not merged while it is a draft", () => {
    const plan = planPull({ draft: true });

    expect(actionsIn(plan, "merge")).toEqual([]);
    expect(taskIn(plan)).toMatchObject({
      state: "verifying",
      reasons: [{ code: "merge.draft", liftedBy: "whoever marks it as ready for review" }],
    });
  });

  it("is not merged while the task is on hold", () => {
    const plan = planPull({}, { task: { held: true } });

    expect(orderedIn(plan)).toEqual([]);
    expect(taskIn(plan).state).toBe("verifying");
    expect(codesOf(taskIn(plan))).toEqual(["task.held"]);
  });
});

describe("a pull request that needs approvals", () => {
  const configText = buildConfigText();

  it("waits for them, naming the command, without calling anybody again", () => {
    const plan = planPull({}, { configText });

    expect(taskIn(plan).state).toBe("verifying");
    expect(taskIn(plan).reasons).toMatchObject([
      { code: "approval.missing", liftedBy: `\`/orchestrate approve ${HEAD}\`` },
    ]);
    expect(projectionsIn(plan, "check")).toMatchObject([{ conclusion: "action_required" }]);
    expect(orderedIn(plan)).toEqual([]);
  });

  it.each<[string, TaskPull["approvals"], readonly string[]]>([
    ["somebody else's of this commit", [{ sha: HEAD, by: ADA, at: NOW }], ["merge.pending"]],
    ["the requester's own", [{ sha: HEAD, by: ROBIN, at: NOW }], ["approval.missing"]],
    ["another commit's", [{ sha: OTHER_SHA, by: ADA, at: NOW }], ["approval.missing"]],
  ])("F199 with %s approval waits for %j", (_, approvals, codes) => {
    expect(codesOf(taskIn(planPull({}, { configText, known: { approvals } })))).toEqual(codes);
  });
});

describe("a pull request that failed", () => {
  it("costs an attempt, and the next one is told every gate that did not pass", () => {
    const plan = planPull(red);

    expect(taskIn(plan)).toMatchObject({ state: "running", attempt: 2, spent: 1, stage: 0 });
    expect(taskIn(plan).feedback.filter(({ verdict }) => verdict === "FAIL")).toMatchObject([
      { gate: "checks" },
    ]);
    expect(orderedIn(plan)).toEqual(["dispatch:1001.42.1.2.0.0"]);
    expect(projectionsIn(plan, "check")).toMatchObject([{ sha: HEAD, conclusion: "failure" }]);
  });

  it("ends the task when that was the last attempt", () => {
    const plan = planPull(red, { task: { budget: 1 } });

    expect(taskIn(plan)).toMatchObject({ state: "failed", spent: 1 });
    expect(orderedIn(plan)).toEqual(["stopped:1001.42.1:1"]);
  });

  it("goes back to the queue when the next attempt may not start", () => {
    const plan = planPull(red, { task: { held: true } });

    expect(taskIn(plan)).toMatchObject({ state: "queued", attempt: 2 });
    expect(codesOf(taskIn(plan))).toEqual(["task.held"]);
  });

  it("is not judged again while the next attempt is under way", () => {
    for (const state of ["running", "queued"] as const) {
      const plan = planPull(red, { task: { state, attempt: 2, spent: 1 } });
      expect(plan.outcome.reason).toBe("the next commit is being written");
      expect(projectionsIn(plan, "check")).toEqual([]);
      expect(plan.tasks.filter(({ spent }) => spent !== 1)).toEqual([]);
    }
  });

  it("is not judged while its next commit is being written", () => {
    const plan = planPull(red, { task: { reasons: [reason("publish.pending", "m")] } });

    expect(plan.tasks).toEqual([]);
    expect(plan.effects).toEqual([]);
  });
});

describe("a pull request that needs a person", () => {
  it("stops there and says so once, with every gate", () => {
    const plan = planPull(unverified);

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0 });
    expect(codesOf(taskIn(plan))).toEqual(["gate.blocked"]);
    expect(orderedIn(plan)).toEqual(["needs-person:1001.42.1:1:0:0"]);
  });

  it("does not call the person again when it is looked at again", () => {
    const task = taskIn(planPull(unverified));
    const again = planPull(unverified, { task });

    expect(orderedIn(again)).toEqual([]);
    expect(taskIn(again).state).toBe("blocked");
  });

  it("goes on by itself when what was missing is there", () => {
    const task = taskIn(planPull(unverified));
    expect(orderedIn(planPull({}, { task }))).toEqual([`merge:1001.42.1:1:${HEAD}`]);
  });

  it("F133 is one onto which somebody else pushed: it costs nothing and is never merged", () => {
    const plan = planPull({ headSha: OTHER_SHA });

    expect(taskIn(plan)).toMatchObject({ state: "blocked", spent: 0 });
    expect(orderedIn(plan)).toEqual(["needs-person:1001.42.1:1:0:0"]);
    expect(projectionsIn(plan, "check")).toContainEqual(
      expect.objectContaining({ sha: OTHER_SHA, conclusion: "action_required" }),
    );
  });

  it("F037 is not one whose old head GitHub still shows right after the new one was published", () => {
    const plan = planPull(
      { headSha: OTHER_SHA },
      { known: { headSince: NOW - 1000, replacedSha: OTHER_SHA } },
    );

    expect(codesOf(taskIn(plan))).toEqual(["checks.pending"]);
    expect(projectionsIn(plan, "check")).toEqual([]);
    expect(orderedIn(plan)).toEqual([]);
  });
});

describe("a pull request that people ended", () => {
  it("F159 by merging it makes the task done, and its issue is closed once", () => {
    const plan = planPull({ merged: true, state: "closed" });

    expect(taskIn(plan)).toMatchObject({ state: "done", wakeAt: null });
    expect(orderedIn(plan)).toEqual(["close-issue:1001.42.1"]);
  });

  it("F159 by closing it cancels the task, and is not closed again", () => {
    const plan = planPull({ state: "closed" });

    expect(taskIn(plan)).toMatchObject({ state: "cancelled", wakeAt: null });
    expect(taskIn(plan).history.at(-1)?.text).toBe("Cancelled: pull request #77 was closed");
    expect(orderedIn(plan)).toEqual([]);
  });
  it("by closing it leaves whoever asked for the task to answer for it, should it be opened again", () => {
    const [left] = planPull({ state: "closed" }).pulls;
    expect(left).toMatchObject({ number: 77, state: "closed", requester: ROBIN, wakeAt: null });

    const again = planWith(
      { kind: "pull.changed", repo: REPO, pull: 77, action: "reopened", sender: ROBIN },
      { snapshot: { pulls: left === undefined ? [] : [left] }, gathered: { pull: buildPull() } },
    );
    expect(again.pulls).toMatchObject([{ number: 77, state: "open", requester: ROBIN }]);
  });

  it("by deleting it cancels the task", () => {
    expect(taskIn(planPull(null))).toMatchObject({ state: "cancelled", wakeAt: null });
  });

  it("I7 has no check of ours that waits for ever", () => {
    for (const seen of [null, { state: "closed" as const }, { merged: true }]) {
      const checks = projectionsIn(planPull(seen), "check");
      expect(checks).toMatchObject([{ sha: HEAD, status: "completed", conclusion: "cancelled" }]);
    }
  });

  it("also while the next attempt runs, whose run is then cancelled", () => {
    const attempt = buildAttempt({ correlation: "1001.42.1.2.0.0", number: 2 });
    const task = buildRunning({ attempt: 2, correlation: attempt.correlation, pull: buildTaskPull() });
    for (const pull of [buildPull({ merged: true }), buildPull({ state: "closed" })]) {
      const plan = planWith(
        { kind: "pull.changed", repo: REPO, pull: 77, action: "closed", sender: ROBIN },
        { snapshot: { focus: task, active: [task], attempts: [attempt] }, gathered: { pull } },
      );
      expect(isTerminal(taskIn(plan))).toBe(true);
      expect(orderedIn(plan)).toContain("cancel-run:900");
    }
  });
});

describe("an event about a pull request", () => {
  it.each(TASK_STATES.filter((state) => isTerminal({ state })))(
    "changes nothing of its task when that is %s",
    (state) => {
      const plan = planPull(red, { task: { state, wakeAt: null } });

      expect(plan.tasks).toEqual([]);
      expect(plan.pulls).toMatchObject([{ number: 77, requester: ROBIN, verdict: { value: "FAIL" } }]);
      expect(projectionsIn(plan, "check")).toMatchObject([{ sha: HEAD, conclusion: "failure" }]);
    },
  );

  it.each([
    ["of another commit", OTHER_SHA, "a check of another commit"],
    ["of the head, of which nothing could be read", HEAD, "nothing was read"],
  ])("is ignored when it is a check %s", (_, sha, why) => {
    const task = buildVerifying();
    const plan = planWith(
      { kind: "check.changed", repo: REPO, sha, name: "test" },
      { snapshot: { focus: task, active: [task] } },
    );

    expect(plan.outcome).toEqual({ status: "ignored", reason: why });
    expect(plan.tasks).toEqual([]);
  });

  it("is ignored when no task has it", () => {
    const plan = planWith(
      { kind: "check.rerequested", repo: REPO, sha: HEAD, sender: ROBIN },
      { snapshot: { focus: buildTask() }, gathered: { pull: buildPull() } },
    );

    expect(plan.outcome.status).toBe("ignored");
  });

  it("F158 asks for the verdict again", () => {
    const task = buildVerifying();
    const plan = planWith(
      { kind: "check.rerequested", repo: REPO, sha: HEAD, sender: ROBIN },
      { snapshot: { configText: MERGING, focus: task, active: [task] }, gathered: { pull: buildPull() } },
    );

    expect(orderedIn(plan)).toEqual([`merge:1001.42.1:1:${HEAD}`]);
  });

  it("stops for a person when no configuration is in force, and merges nothing", () => {
    const plan = planPull({}, { configText: null });

    expect(taskIn(plan)).toMatchObject({ state: "blocked" });
    expect(codesOf(taskIn(plan))).toEqual(["config.absent"]);
    expect(orderedIn(plan)).toEqual([]);
  });
});

describe("a verdict", () => {
  it("I6 is reached only for the head that was read, and recorded for that commit", () => {
    for (const pull of [{}, red, unverified, { headSha: OTHER_SHA }]) {
      const plan = planPull(pull, { now: NOW + HOUR_MS });
      for (const check of projectionsIn(plan, "check")) {
        if (check.conclusion === "success") expect(check.sha).toBe(HEAD);
        expect(check.key).toBe(`1001:verify:${check.sha}`);
      }
      expect(taskIn(plan).pull?.verdictSha).toBe(buildPull(pull).headSha);
    }
  });
});
