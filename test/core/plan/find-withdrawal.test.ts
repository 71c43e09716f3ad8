import { describe, expect, it } from "vitest";
import type { Action, Effect } from "../../../src/core/effects.ts";
import { findWithdrawal, lowerToDraft } from "../../../src/core/plan/find-withdrawal.ts";
import { type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Session } from "../../../src/core/session/session.ts";
import { TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildEnded } from "../../support/build-session.ts";
import { buildConfigText, buildRepository, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTaskPull, NOW } from "../../support/build-task.ts";
import { repositoryUnder } from "../organisation/govern-with.ts";
import { buildRunning, CHANGE, planWith, taskIn } from "./plan-with.ts";

const TAKEN = "1001.42.1";
const CORRELATION = "1001.42.1.1.0.0";
const HEAD = buildTaskPull().headSha;

type Guarded = "dispatch" | "publish" | "merge";

const ACTIONS: { readonly [K in Guarded]: Extract<Action, { kind: K }> } = {
  dispatch: { kind: "dispatch", correlation: CORRELATION, workflow: "agent.yml", ref: "main", inputs: {} },
  publish: {
    kind: "publish",
    correlation: CORRELATION,
    branch: "fix/42",
    baseRef: "main",
    baseSha: HEAD,
    message: "m",
    changes: [CHANGE],
    title: "t",
    body: "b",
    draft: false,
  },
  merge: { kind: "merge", pull: 77, sha: HEAD, title: "t" },
};

const waitsFor = (code: ReasonCode): Partial<Task> => ({ state: "verifying", reasons: [reason(code, "m")] });
const PASSED = buildTaskPull({ verdict: { value: "PASS", gates: [] }, verdictSha: HEAD });

/** How a task looks that wants each of them. */
const WANTING: { readonly [K in Guarded]: Task } = {
  dispatch: buildRunning(),
  publish: buildRunning(waitsFor("publish.pending")),
  merge: buildRunning({ ...waitsFor("merge.pending"), pull: PASSED }),
};

const KINDS: readonly Guarded[] = ["dispatch", "publish", "merge"];

function find(kind: Guarded, snapshot: Parameters<typeof buildSnapshot>[0] = {}) {
  return findWithdrawal(ACTIONS[kind], buildSnapshot({ focus: WANTING[kind], ...snapshot }), NOW);
}

describe.each(KINDS)("a %s whose turn has come", (kind) => {
  it("is done when it is wanted and allowed as when it was ordered", () => {
    expect(find(kind)).toBeUndefined();
  });

  it.each(TASK_STATES.filter((state) => state !== WANTING[kind].state))(
    "is withdrawn when the task is %s by then",
    (state) => {
      expect(find(kind, { focus: { ...WANTING[kind], state } })?.kind).toBe("withdrawn");
    },
  );

  it("is withdrawn when nobody knows the task any more", () => {
    expect(find(kind, { focus: null })?.kind).toBe("withdrawn");
  });

  it.each<[string, Parameters<typeof buildSnapshot>[0], string]>([
    ["the task is on hold", { focus: { ...WANTING[kind], held: true } }, "the task is on hold"],
    ["the repository is paused", { pausedBy: "@ada" }, "the repository is paused"],
    ["the installation is suspended", { status: "suspended" }, "the installation is suspended"],
    [
      "the mode is shadow",
      { configText: buildConfigText().replace("active", "shadow") },
      "the repository is not in active mode",
    ],
    ["there is no configuration", { configText: null }, "the repository is not in active mode"],
    [
      "F198 the autonomy was lowered",
      { configText: buildConfigText().replace("merge-with-approval", "suggest") },
      "the autonomy was lowered",
    ],
    [
      "F198 the role's own autonomy was lowered",
      { configText: buildConfigText({ lines: ["roles: { bugfix: { autonomy: observe } }"] }) },
      "the autonomy was lowered",
    ],
  ])("waits while %s", (_, snapshot, why) => {
    expect(find(kind, snapshot)).toEqual({ kind: "wait", why });
  });

  it.each<[string, Partial<Session>, boolean]>([
    ["has taken the task", { closed: null, endedAt: null }, true],
    ["has taken it and takes nothing more", { endedAt: null }, true],
    ["is over while the task waits for people", { left: [TAKEN] }, true],
    ["is over with the task", {}, false],
    ["was ended by the pause", { closed: { by: "pause", at: 0, who: "@ada" }, endedAt: null }, false],
    ["has taken others", { taken: [], closed: null, endedAt: null }, false],
  ])("in a paused repository: whether it is done when a session %s", (_, session, isDone) => {
    const found = find(kind, { pausedBy: "@ada", sessions: [buildEnded(session)] });

    expect(found).toEqual(isDone ? undefined : { kind: "wait", why: "the repository is paused" });
  });
});

describe("what makes an order unwanted", () => {
  it("is another attempt, for a dispatch and a publication", () => {
    for (const kind of ["dispatch", "publish"] as const) {
      const focus = { ...WANTING[kind], correlation: "1001.42.1.2.0.0" };
      expect(find(kind, { focus })?.kind).toBe("withdrawn");
    }
  });

  it("is any other thing that the task waits for, for a publication and a merge", () => {
    for (const kind of ["publish", "merge"] as const) {
      const focus = { ...WANTING[kind], ...waitsFor("checks.pending") };
      expect(find(kind, { focus })?.kind).toBe("withdrawn");
    }
  });

  it.each<[string, Task["pull"]]>([
    ["another verdict", { ...PASSED, verdict: { value: "BLOCKED", gates: [] } }],
    ["no verdict", { ...PASSED, verdict: null }],
    ["another commit's verdict", { ...PASSED, verdictSha: "0".repeat(40) }],
    ["no pull request", null],
  ])("I6 is %s, for a merge", (_, pull) => {
    expect(find("merge", { focus: { ...WANTING.merge, pull } })?.kind).toBe("withdrawn");
  });

  it("is no lower autonomy than it needs: a draft is dispatched and published, and not merged", () => {
    const configText = buildConfigText().replace("merge-with-approval", "draft-pr");
    expect(KINDS.map((kind) => find(kind, { configText })?.kind)).toEqual([undefined, undefined, "wait"]);
  });
});

const under = (autonomy: string, glob = "src/**") =>
  buildConfigText({ lines: [`ceilings: [{ paths: ["${glob}"], autonomy: ${autonomy} }]`] });

describe("a ceiling that came into force after the order", () => {
  it.each([
    ["suggest", "src/**", { kind: "wait", why: "the autonomy was lowered" }],
    ["draft-pr", "src/**", undefined],
    ["observe", "docs/**", undefined],
  ])("F198 of %s for %s: what becomes of a publication", (autonomy, glob, found) => {
    expect(find("publish", { configText: under(autonomy, glob) })).toEqual(found);
  });

  it("F198 is asked about what the order changes, of however many files", () => {
    const changes = Array.from({ length: 201 }, (_, index) => ({ ...CHANGE, path: `lib/${index}.ts` }));
    const find = (glob: string) =>
      findWithdrawal(
        { ...ACTIONS.publish, changes },
        buildSnapshot({
          focus: { ...WANTING.publish, touched: ["lib/"] },
          configText: under("observe", glob),
        }),
        NOW,
      )?.kind;

    expect([find("lib/200.ts"), find("src/**")]).toEqual(["wait", undefined]);
  });

  it("F198 withdraws a merge, which is verified again in the plan that takes the configuration", () => {
    const configText = under("observe");
    const { facts } = buildRepository().stored;
    if (facts === null) throw new Error("the repository was never read");
    const plan = planWith(
      { kind: "repository.reconcile", repo: REPO },
      { snapshot: { active: [WANTING.merge] }, gathered: { facts: { ...facts, configText }, openPulls: [] } },
    );

    expect(find("merge", { configText, focus: taskIn(plan) })?.kind).toBe("withdrawn");
    expect(plan.events).toMatchObject([{ kind: "pull.changed", action: "configuration" }]);
  });
});

describe("the pull request of a publication, at the moment it is written", () => {
  const lowered = (snapshot: Parameters<typeof buildSnapshot>[0], action: Action = ACTIONS.publish) => {
    const about = { key: "k", subject: "s", repo: REPO, taskId: TAKEN };
    const effect: Effect = { sort: "action", ...about, action };
    return lowerToDraft(effect, buildSnapshot({ focus: WANTING.publish, ...snapshot }));
  };

  it.each([
    ["the autonomy allows no more", buildConfigText().replace("merge-with-approval", "draft-pr"), true],
    [
      "the role allows no more",
      buildConfigText({ lines: ["roles: { bugfix: { autonomy: draft-pr } }"] }),
      true,
    ],
    ["a ceiling allows no more", under("draft-pr"), true],
    ["a ceiling lies elsewhere", under("draft-pr", "docs/**"), false],
    ["there is no configuration", null, true],
  ])("F198 when %s by then: whether it is a draft", (_, configText, draft) => {
    expect(lowered({ configText })).toMatchObject({ action: { draft } });
  });

  it("stays the draft that was ordered, and other effects stay as they are", () => {
    expect(lowered({}, { ...ACTIONS.publish, draft: true })).toMatchObject({ action: { draft: true } });
    expect(lowered({ configText: under("draft-pr") }, ACTIONS.merge)).toMatchObject({
      action: ACTIONS.merge,
    });
  });
});

it("F182 no run is dispatched in a window that began after its order, or that the owner's file brought since", () => {
  const freeze = "windows: [{ name: freeze, starts: '* * * * *', lasts: 1h, stops: [dispatch] }]";
  const own = { configText: buildConfigText({ lines: [freeze] }) };
  const owners = { repository: repositoryUnder(`version: 1\n${freeze}`) };

  expect(find("dispatch", own)).toEqual({ kind: "wait", why: "the window freeze is open" });
  expect(find("dispatch", owners)?.kind).toBe("wait");
  expect(find("publish", own)).toBeUndefined();
});

describe("in shadow mode", () => {
  const configText = buildConfigText().replace("active", "shadow");

  it.each<Action>([
    { kind: "close-pull", pull: 77, branch: "b" },
    { kind: "close-issue", issue: 42, reason: "completed" },
  ])("$kind is not done, and waits for nothing", (action) => {
    for (const focus of [buildRunning({ state: "cancelled" }), null])
      expect(findWithdrawal(action, buildSnapshot({ focus, configText }), NOW)).toEqual({
        kind: "withdrawn",
        why: "shadow mode",
      });
  });

  it("runs are cancelled and people are answered all the same", () => {
    const snapshot = buildSnapshot({ configText });
    expect(findWithdrawal({ kind: "cancel-run", runId: 1 }, snapshot, NOW)).toBeUndefined();
    expect(findWithdrawal({ kind: "reply", issue: 42, body: "b" }, snapshot, NOW)).toBeUndefined();
  });
});

describe("an action that only tidies up or speaks", () => {
  it.each<Action>([
    { kind: "cancel-run", runId: 1 },
    { kind: "close-pull", pull: 77, branch: "b" },
    { kind: "close-issue", issue: 42, reason: "completed" },
    { kind: "reply", issue: 42, body: "b" },
    { kind: "react", target: { kind: "issue", id: 42 }, content: "eyes" },
  ])("$kind is done whatever has happened to the task", (action) => {
    const snapshot = buildSnapshot({ focus: null, pausedBy: "@ada", configText: null });
    expect(findWithdrawal(action, snapshot, NOW)).toBeUndefined();
  });
});
