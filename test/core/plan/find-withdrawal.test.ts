import { describe, expect, it } from "vitest";
import type { Action } from "../../../src/core/effects.ts";
import { findWithdrawal } from "../../../src/core/plan/find-withdrawal.ts";
import { type ReasonCode, reason } from "../../../src/core/reasons.ts";
import type { Session } from "../../../src/core/session/session.ts";
import { TASK_STATES, type Task } from "../../../src/core/task/task.ts";
import { buildEnded } from "../../support/build-session.ts";
import { buildConfigText, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTaskPull, NOW } from "../../support/build-task.ts";
import { repositoryUnder } from "../organisation/govern-with.ts";
import { buildRunning } from "./plan-with.ts";

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
    changes: [],
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
