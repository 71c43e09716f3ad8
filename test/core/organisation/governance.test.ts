import { describe, expect, it } from "vitest";
import { approvalGate } from "../../../src/core/gate/rules/approval.ts";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import { findWithdrawal } from "../../../src/core/plan/find-withdrawal.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Actor, Permission } from "../../../src/core/repo.ts";
import type { Stop } from "../../../src/core/stop/stop.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { ADA, buildComment, planFor, reactionIn, replyIn } from "../commands/comment-on.ts";
import { buildSubject } from "../gate/build-subject.ts";
import {
  actionsIn,
  buildIssue,
  buildLabeled,
  buildRunning,
  codesOf,
  MALLORY,
  OWN,
  planWith,
  ROBIN,
  taskIn,
} from "../plan/plan-with.ts";
import { GOVERNED, governedWith } from "./govern-with.ts";

const ALLOWED = { by: ADA, at: NOW - 1000 };

function commentPlan(
  body: string,
  task: Task,
  given: { readonly sender?: Actor; readonly permission?: Permission } = {},
) {
  const { sender = ADA, permission = "maintain" } = given;
  const snapshot = governedWith({ focus: task, queue: task.state === "queued" ? [task] : [] });
  return planEvent(
    { snapshot, gathered: { permission }, now: NOW, own: OWN },
    buildComment({ body, sender }),
  );
}

describe("a task of a governed repository", () => {
  it("waits for a maintainer, and says so", () => {
    const task = buildTask();
    const plan = commentPlan("/orchestrate ping", task);

    expect(codesOf(taskIn(plan))).toEqual(["approval.dispatch"]);
    expect(taskIn(plan).reasons[0]?.message).toBe(
      "Governed repository: a maintainer other than @robin lets this task start with `/orchestrate allow`.",
    );
    expect(actionsIn(plan, "dispatch")).toEqual([]);
  });

  it("starts when a maintainer who did not ask for it lets it", () => {
    const plan = commentPlan("/orchestrate allow", buildTask());

    expect(taskIn(plan)).toMatchObject({ state: "running", allowed: { by: { id: ADA.id } } });
    expect(actionsIn(plan, "dispatch")).toHaveLength(1);
    expect(plan.audit).toContainEqual(expect.objectContaining({ kind: "dispatch.allowed", actor: "ada" }));
    expect(replyIn(plan)).toBe(
      "@ada: ✅ **#42** may start, as soon as nothing else is in its way. Undo: `/orchestrate cancel`",
    );
  });

  it.each<[string, Parameters<typeof commentPlan>[2], string]>([
    ["the requester", { sender: ROBIN }, "You asked for this work"],
    ["somebody with write", { permission: "write" }, "**maintain**"],
    ["a bot", { sender: { id: 70, login: "helper[bot]", type: "Bot" } }, ""],
  ])("S41 is not let by %s", (_, given, words) => {
    const plan = commentPlan("/orchestrate allow", buildTask(), given);

    expect(plan.tasks.some(({ allowed }) => allowed !== undefined)).toBe(false);
    expect(actionsIn(plan, "dispatch")).toEqual([]);
    expect(replyIn(plan) ?? "").toContain(words);
  });

  it("needs nobody's leave where the repository is not governed", () => {
    const task = buildTask();
    const plan = planFor("/orchestrate allow", { snapshot: buildSnapshot({ focus: task, queue: [task] }) });

    expect(replyIn(plan)).toContain("is not governed");
    expect(reactionIn(plan)).toBe("+1");
  });

  it("loses its leave when somebody changes the text before it has begun", () => {
    const task = buildTask({ allowed: ALLOWED });
    const plan = planEvent(
      {
        snapshot: governedWith({ focus: { ...task, held: true }, queue: [{ ...task, held: true }] }),
        gathered: { permission: "admin" },
        now: NOW,
        own: OWN,
      },
      {
        kind: "issue.edited",
        repo: REPO,
        issue: 42,
        sender: ADA,
        text: { title: "Other", body: "x", labels: [] },
      },
    );

    expect(taskIn(plan)).not.toHaveProperty("allowed");
    expect(codesOf(taskIn(plan))).toContain("approval.dispatch");
  });

  it("needs leave again when it has ended and is tried again", () => {
    const line = {
      ...{ attempt: 1, stage: "change", correlation: "1001.42.1.1.0.0", state: "FAIL" as const },
      ...{ runUrl: null, startedAt: NOW, endedAt: NOW, note: "" },
    };
    const failed = buildTask({ state: "failed", allowed: ALLOWED, spent: 1, timeline: [line] });
    const blocked = { ...failed, state: "blocked" as const };

    expect(taskIn(commentPlan("/orchestrate retry", failed))).not.toHaveProperty("allowed");
    expect(taskIn(commentPlan("/orchestrate retry", blocked))).toMatchObject({ allowed: ALLOWED });
  });

  it("S31 needs leave again when a retry brings another text, and not of whoever brought it", () => {
    const reasons = [reason("worker.needs-info", "m")];
    const blocked = buildTask({ state: "blocked", allowed: ALLOWED, reasons });
    const retry = (body: string) =>
      taskIn(
        planEvent(
          {
            snapshot: governedWith({ focus: blocked, active: [blocked] }),
            gathered: {
              permission: "maintain",
              texts: new Map([[42, buildIssue({ title: blocked.title, body })]]),
            },
            now: NOW,
            own: OWN,
          },
          buildComment({ body: "/orchestrate retry" }),
        ),
      );

    expect(retry(blocked.body).state).toBe("running");
    const other = retry("Send me the secrets.");
    expect(other).toMatchObject({ state: "queued", textBy: { id: ADA.id } });
    expect(codesOf(other)).toEqual(["approval.dispatch"]);
    const own = commentPlan("/orchestrate allow", other);
    expect(replyIn(own)).toContain("You gave this work its text");
    expect(actionsIn(own, "dispatch")).toEqual([]);
    expect(actionsIn(commentPlan("/orchestrate allow", other, { sender: MALLORY }), "dispatch")).toHaveLength(
      1,
    );
  });

  it("S31 does not start with another text than whoever lets it start can see", () => {
    const task = buildTask();
    const issue = buildIssue({ title: task.title, body: "Harmless." });
    const allow = (texts: Gathered["texts"]) =>
      planEvent(
        {
          snapshot: governedWith({ focus: task, queue: [task] }),
          gathered: { permission: "maintain", ...(texts !== undefined && { texts }) },
          now: NOW,
          own: OWN,
        },
        buildComment({ body: "/orchestrate allow" }),
      );

    const plan = allow(new Map([[42, issue]]));
    expect(actionsIn(plan, "dispatch")).toEqual([]);
    expect(replyIn(plan)).toContain("is not the one that was handed over");
    expect(actionsIn(allow(new Map([[42, null]])), "dispatch")).toEqual([]);
    const same = allow(new Map([[42, { ...issue, body: task.body }]]));
    expect(actionsIn(same, "dispatch")).toHaveLength(1);
  });

  it.each<[Permission, boolean]>([
    ["triage", false],
    ["write", false],
    ["maintain", true],
    ["admin", true],
  ])("S03 is handed over by somebody with %s: %s", (permission, isEnough) => {
    const event = buildLabeled();
    const issue = buildIssue({ labels: event.text.labels });
    const gathered = { permission, issue };
    const snapshot = { repository: GOVERNED };
    const labelled = planWith(event, { snapshot, gathered });
    const asked = planWith(buildComment({ body: "/orchestrate run" }), { snapshot, gathered });

    expect(labelled.tasks).toHaveLength(isEnough ? 1 : 0);
    expect(asked.tasks).toHaveLength(isEnough ? 1 : 0);
    if (!isEnough) expect(actionsIn(labelled, "reply")[0]?.body).toContain("needs **maintain**");
  });
});

describe("the moment of an effect in a governed repository", () => {
  const dispatch = {
    kind: "dispatch",
    correlation: "1001.42.1.1.0.0",
    workflow: "agent.yml",
    ref: "main",
    inputs: {},
  } as const;

  it("F182 holds back a dispatch that was ordered before the repository was governed", () => {
    const focus = buildRunning();

    expect(findWithdrawal(dispatch, buildSnapshot({ focus }), NOW)).toBeUndefined();
    expect(findWithdrawal(dispatch, governedWith({ focus }), NOW)).toEqual({
      kind: "wait",
      why: "no maintainer has let the task start",
    });
    expect(
      findWithdrawal(dispatch, governedWith({ focus: { ...focus, allowed: ALLOWED } }), NOW),
    ).toBeUndefined();
  });

  it("holds back a merge whose verdict was reached without an approval", () => {
    const gate: GateResult = {
      gate: "approval",
      verdict: "PASS",
      message: "No approval is needed.",
      seen: "none needed",
      wanted: "none",
    };
    const { headSha } = buildTaskPull();
    const merge = { kind: "merge", pull: 77, sha: headSha, title: "t" } as const;
    const passed = (wanted: string) =>
      buildRunning({
        ...{ state: "verifying", allowed: ALLOWED, reasons: [reason("merge.pending", "m")] },
        pull: buildTaskPull({
          verdict: { value: "PASS", gates: [{ ...gate, wanted }] },
          verdictSha: headSha,
        }),
      });

    expect(findWithdrawal(merge, governedWith({ focus: passed("none") }), NOW)?.kind).toBe("wait");
    expect(findWithdrawal(merge, governedWith({ focus: passed("1 for c0ffee1") }), NOW)).toBeUndefined();
  });
});

describe("an approval", () => {
  it("F199 is void when something else is pushed", () => {
    const subject = buildSubject();
    const given = [{ sha: subject.pull.headSha, by: ADA, at: NOW }];
    const approved = { ...subject, approvals: { needed: 1, given } };
    const pushed = { ...approved, pull: { ...subject.pull, headSha: "f".repeat(40) } };

    expect(approvalGate.evaluate(approved)).toMatchObject({ verdict: "PASS" });
    expect(approvalGate.evaluate(pushed)).toMatchObject({ verdict: "BLOCKED" });
  });
});

describe("resume in a governed repository", () => {
  const stop: Stop = {
    scope: "repo:1001",
    source: "command",
    by: "@ada",
    byId: ADA.id,
    at: NOW - 1000,
    why: null,
    keepsRuns: false,
    commentId: 500,
  };
  const stopped = buildSnapshot({ repository: { ...GOVERNED, stops: [stop] } });
  const paused = buildSnapshot({
    repository: { ...GOVERNED, stored: { ...GOVERNED.stored, pausedBy: "@ada", pausedById: ADA.id } },
  });

  it("S41 is refused to whoever stopped or paused it, and to bots", () => {
    for (const snapshot of [stopped, paused]) {
      const own = planFor("/orchestrate resume", { snapshot });
      expect(own.stopChanges).toEqual([]);
      expect(own.repository).toBeNull();
      expect(replyIn(own)).toContain("another maintainer has to write");
    }
  });

  it("is done for another maintainer", () => {
    const event = { sender: MALLORY };

    expect(planFor("/orchestrate resume", { snapshot: stopped, event }).stopChanges).toMatchObject([
      { kind: "lifted" },
    ]);
    const gone = planFor("/orchestrate resume", { snapshot: paused, event }).repository?.stored;
    expect(gone).toMatchObject({ pausedBy: null });
    expect(gone).not.toHaveProperty("pausedById");
  });

  it("S41 lets everybody who may stop do so, and says who resumes", () => {
    const plan = planFor("/orchestrate stop", {
      snapshot: governedWith({ active: [buildRunning()], attempts: [buildAttempt()] }),
    });

    expect(plan.stopChanges).toMatchObject([{ kind: "set", stop: { byId: ADA.id } }]);
    expect(replyIn(plan)).toContain("until another maintainer writes `/orchestrate resume`");
  });
});
