import { describe, expect, it } from "vitest";
import type { GateResult } from "../../../src/core/gate/verdict.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import type { Permission } from "../../../src/core/repo.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { ADA, planFor, reactionIn, replyIn } from "./comment-on.ts";

const HEAD = buildTaskPull().headSha;
const BO = { id: 9, login: "bo", type: "User" } as const;

function result(gate: string, verdict: GateResult["verdict"]): GateResult {
  return { gate, verdict, message: "Because.", seen: "1", wanted: "0" };
}

const verdict = {
  value: "BLOCKED",
  gates: [result("integrity", "BLOCKED"), result("checks", "PASS"), result("approval", "BLOCKED")],
} as const;

/** A comment by @bo on @ada's pull request #90. */
function planOnPull(
  body: string,
  more: {
    readonly pull?: Partial<Pull>;
    readonly permission?: Permission;
    readonly sender?: typeof BO | typeof ADA;
  } = {},
) {
  const { permission = "maintain", sender = BO, pull = {} } = more;
  return planFor(body, {
    snapshot: buildSnapshot({ pulls: [buildPullRecord({ verdict, ...pull })] }),
    gathered: { permission },
    event: { issue: 90, isPull: true, sender },
  });
}

/** The same by @ada on a task's pull request that @robin asked for. */
function planOnTask(body: string, task: Parameters<typeof buildTask>[0] = {}) {
  const focus = buildTask({
    state: "blocked",
    pull: buildTaskPull({ verdict, verdictSha: HEAD }),
    ...task,
  });
  return planFor(body, { snapshot: buildSnapshot({ focus, active: [focus] }) });
}

const ORDER = "/orchestrate override integrity -- agreed on in #12";

describe("override", () => {
  it("sets one gate aside for exactly the head, with its reason, and has the gates asked again", () => {
    const plan = planOnPull(ORDER);

    expect(plan.pulls).toMatchObject([
      { overrides: [{ gate: "integrity", sha: HEAD, by: BO, at: NOW, reason: "agreed on in #12" }] },
    ]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 90 }]);
    expect(plan.audit.map(({ kind }) => kind)).toContain("pull.override");
    expect(replyIn(plan)).toContain("`integrity` is set aside for `c0ffee123456`");
    expect(reactionIn(plan)).toBe("rocket");
  });

  it("works for a task's pull request, from its issue", () => {
    const plan = planOnTask(ORDER);

    expect(plan.tasks[0]?.pull?.overrides).toMatchObject([{ gate: "integrity", sha: HEAD, by: ADA }]);
    expect(plan.tasks[0]?.history.at(-1)?.text).toContain("set the gate integrity aside");
  });

  it.each([
    ["without a reason", "/orchestrate override integrity", {}, "A reason is needed"],
    ["of a gate that cannot be set aside", "/orchestrate override approval -- x", {}, "cannot be set aside"],
    ["of a gate that does not exist", "/orchestrate override integrety -- x", {}, "did you mean `integrity`"],
    ["of a gate that passes", "/orchestrate override checks -- x", {}, "passes for"],
    ["of a gate that was not asked", "/orchestrate override size -- x", {}, "was not asked"],
    [
      "S31 when it was written before the head was there",
      ORDER,
      { pull: { headSince: NOW + 60_000 } },
      "after you wrote this",
    ],
    [
      "when it was written before the base was changed",
      ORDER,
      { pull: { elsewhereUntil: NOW } },
      "was pointed at `main` after you wrote this",
    ],
    ["before there is a verdict", ORDER, { pull: { verdict: null } }, "no verdict"],
    ["of one's own pull request", ORDER, { sender: ADA }, "your own work"],
    ["by somebody who may only write", ORDER, { permission: "write" }, "maintain"],
  ] as const)("is refused %s", (_, body, more, words) => {
    const plan = planOnPull(body, more);

    expect(plan.pulls).toEqual([]);
    expect(plan.events).toEqual([]);
    expect(replyIn(plan)).toContain(words);
  });

  it("is refused to whoever asked for the work, and while the next attempt is under way", () => {
    expect(replyIn(planOnTask(ORDER, { requestedBy: ADA }))).toContain("your own work");
    expect(replyIn(planOnTask(ORDER, { state: "running" }))).toContain("next attempt is under way");
  });

  it("forgets what was said about earlier commits, and a person's earlier word about the same gate", () => {
    const overrides = [
      { gate: "integrity", sha: "d".repeat(40), by: ADA, at: 1, reason: "old" },
      { gate: "integrity", sha: HEAD, by: BO, at: 1, reason: "first" },
    ];
    const plan = planOnPull(ORDER, { pull: { overrides } });

    expect(plan.pulls[0]?.overrides.map(({ reason }) => reason)).toEqual(["agreed on in #12"]);
  });

  it("changes nothing as a dry run", () => {
    const plan = planOnPull("/orchestrate override integrity --dry-run -- agreed");

    expect(plan.pulls).toEqual([]);
    expect(plan.events).toEqual([]);
    expect(replyIn(plan)).toContain("Dry run");
  });
});

describe("override of one figure of several", () => {
  const gates = [result("metrics.R2", "FAIL"), result("metrics.mape", "PASS")];
  const pull = { verdict: { value: "FAIL" as const, gates } };

  it.each([
    ["metrics.r2", "metrics.R2"],
    ["metrics", "metrics"],
  ])("by %s is kept as %s", (written, kept) => {
    const plan = planOnPull(`/orchestrate override ${written} -- measured anew`, { pull });

    expect(plan.pulls[0]?.overrides.map(({ gate }) => gate)).toEqual([kept]);
  });
});

describe("approve on a person's pull request", () => {
  it("counts for exactly the head", () => {
    const plan = planOnPull("/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12", {
      permission: "write",
    });

    expect(plan.pulls).toMatchObject([{ approvals: [{ sha: HEAD, by: BO, at: NOW }] }]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 90 }]);
  });

  it("is not for its author", () => {
    const plan = planOnPull("/orchestrate approve c0ffee1234567890c0ffee1234567890c0ffee12", { sender: ADA });

    expect(plan.pulls).toEqual([]);
    expect(replyIn(plan)).toContain("your own change");
  });

  it("is not for whoever pushed the head, nor is an override", () => {
    const orders = ["approve c0ffee1234567890c0ffee1234567890c0ffee12", "override integrity -- agreed"];
    const plans = orders.map((order) => planOnPull(`/orchestrate ${order}`, { pull: { pusher: BO } }));

    expect(plans.map(({ pulls }) => pulls)).toEqual([[], []]);
    expect(plans.map(replyIn)).toEqual([
      "@bo: You pushed this commit, so somebody else has to approve it.",
      "@bo: It is your own work, so another maintainer has to set a gate aside for it.",
    ]);
  });

  it("can be taken back", () => {
    const approvals = [{ sha: HEAD, by: BO, at: 1 }];
    const plan = planOnPull("/orchestrate unapprove", { pull: { approvals } });

    expect(plan.pulls).toMatchObject([{ approvals: [] }]);
  });
});
