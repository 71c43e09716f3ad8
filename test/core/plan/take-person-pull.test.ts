import { describe, expect, it } from "vitest";
import type { PullNow } from "../../../src/core/facts.ts";
import { JUDGED_POLL_MS, MERGEABLE_POLL_MS, PULL_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { Pull } from "../../../src/core/pull/pull.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { buildConfigText, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildCheck, buildPull, HEAD, OTHER_SHA } from "../gate/build-subject.ts";
import { type MALLORY, planWith, projectionsIn, ROBIN } from "./plan-with.ts";

const ADA = { id: 8, login: "ada", type: "User" } as const;
const CONFIG = buildConfigText();
const UNVERIFIED = buildConfigText({ lines: ["gates: { people: { verify: false } }"] });
const passed = { value: "PASS", gates: [] } as const;

interface Given {
  readonly known?: readonly Pull[];
  readonly focus?: Task | null;
  readonly active?: readonly Task[];
  readonly queuedPulls?: readonly Task[];
  readonly configText?: string | null;
  readonly action?: string;
  readonly gathered?: Gathered;
}

/** Pull request #90 of @ada as GitHub shows it; all gates pass. */
function shown(overrides: Partial<PullNow> = {}): PullNow {
  return buildPull({ number: 90, author: ADA, headRef: "topic", ...overrides });
}

function planPull(pull: PullNow | null | undefined, given: Given = {}): Plan {
  const { known = [], focus = null, active = [], queuedPulls = [] } = given;
  const { configText = CONFIG, action = "synchronize" } = given;
  return planWith(
    { kind: "pull.changed", repo: REPO, pull: 90, action, sender: ADA, head: { sha: HEAD, ref: "topic" } },
    {
      snapshot: { configText, focus, active, queuedPulls, pulls: known },
      gathered: given.gathered ?? (pull === undefined ? {} : { pull }),
    },
  );
}

function checksIn(plan: Plan): readonly string[] {
  return projectionsIn(plan, "check").map(
    ({ sha, status, conclusion }) => `${sha.slice(0, 7)} ${status} ${conclusion ?? "-"}`,
  );
}

const SHOWN = HEAD.slice(0, 7);
const OLD = OTHER_SHA.slice(0, 7);

describe("a person's pull request", () => {
  it.each([
    ["whoever pushed its head", "synchronize", undefined, ADA],
    ["nobody, where somebody else opened it again", "reopened", undefined, undefined],
    ["whoever pushed its head before", "due", { headSha: HEAD, pusher: ROBIN }, ROBIN],
    ["nobody of a head that was replaced", "due", { headSha: OTHER_SHA, pusher: ROBIN }, undefined],
  ] as const)("keeps %s", (_, action, before, pusher) => {
    const known = [buildPullRecord({ headSince: NOW, ...before })];

    const plan = planPull(shown(), { known, action });

    expect(plan.pulls[0]?.pusher).toEqual(pusher);
  });

  it.each([
    ["the moment at which another base is seen", { baseRef: "release" }, NOW],
    ["that moment, later on", { elsewhereUntil: NOW - 5 }, NOW - 5],
    ["nothing where the base was always this one", {}, undefined],
  ] as const)("F144 keeps %s", (_, before, expected) => {
    const known = [buildPullRecord({ headSince: NOW - 9, ...before })];

    expect(planPull(shown(), { known, action: "edited" }).pulls[0]?.elsewhereUntil).toBe(expected);
  });

  it("F144 counts no review that is there when another base is seen, however the clocks differ", () => {
    const reviews = [{ sha: HEAD, by: ROBIN, at: NOW + 90_000 }];
    const known = [buildPullRecord({ baseRef: "release" })];

    expect(planPull(shown({ reviews }), { known }).pulls[0]?.elsewhereUntil).toBe(NOW + 90_000);
  });

  it.each([
    ["every ten seconds", 0, 10_000],
    ["every five minutes once that has taken ten", 10 * 60_000, PULL_POLL_MS],
  ])("F162 is looked at %s while GitHub does not say whether it merges", (_, ageMs, pauseMs) => {
    const known = [buildPullRecord({ headSince: NOW - ageMs })];
    const checks = [buildCheck({ status: "in_progress", conclusion: null })];
    const plan = planPull(shown({ mergeable: null, checks }), { known });

    expect(plan.pulls[0]?.wakeAt).toBe(NOW + pauseMs);
  });

  it("is judged by the same gates as a task's, and nothing but its check is written", () => {
    const plan = planPull(shown(), { known: [buildPullRecord({ headSince: NOW })] });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed success`]);
    expect(plan.effects).toHaveLength(1);
    expect(plan.pulls).toMatchObject([
      {
        id: "1001.90",
        state: "open",
        requester: ADA,
        headSha: HEAD,
        headSince: NOW,
        verdict: { value: "PASS" },
      },
    ]);
    expect(plan.pulls[0]?.wakeAt).toBe(NOW + JUDGED_POLL_MS);
    expect(plan.tasks).toEqual([]);
    expect(plan.audit.map(({ kind }) => kind)).toContain("verdict.reached");
  });

  it.each([
    ["an hour when its head is new", 0, 1],
    ["an eighth of its head's age", 80, 10],
    ["a day at most", 24 * 60, 24],
  ])("is looked at again after %s", (_, ageHours, pauseHours) => {
    const known = buildPullRecord({ verdict: passed, headSince: NOW - ageHours * HOUR_MS });
    const plan = planPull(shown(), { known: [known] });

    expect(plan.pulls[0]?.wakeAt).toBe(NOW + pauseHours * HOUR_MS);
  });

  it.each([
    ["a failing check fails it", { checks: [buildCheck({ conclusion: "failure" })] }, "completed failure"],
    ["F147 a deleted fork blocks it", { headRepoId: null }, "completed action_required"],
    ["F149 a list of files that is cut off blocks it", { files: null }, "completed action_required"],
    ["F148 a head in a fork is judged like any other", { headRepoId: 555 }, "completed success"],
    ["a conflict fails it", { mergeable: false }, "completed failure"],
    [
      "a check that runs is waited for",
      { checks: [buildCheck({ status: "in_progress", conclusion: null })] },
      "in_progress -",
    ],
  ] as const)("%s", (_, pull, check) => {
    expect(checksIn(planPull(shown(pull), { known: [buildPullRecord()] }))).toEqual([`${SHOWN} ${check}`]);
  });

  it("F146 passes at a new head only when it was looked for what else has that head", () => {
    const plan = planPull(shown());

    expect(checksIn(plan)).toEqual([]);
    expect(plan.pulls).toMatchObject([{ headSha: HEAD, headSince: NOW, verdict: null }]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 90 }]);
  });

  it("says when it is looked at next while something is awaited", () => {
    const waiting = planPull(shown({ checks: [buildCheck({ status: "queued", conclusion: null })] }));
    const computing = planPull(shown({ mergeable: null }));

    expect(waiting.pulls).toMatchObject([
      { verdict: null, waitingFor: [expect.stringContaining("`test`")], wakeAt: NOW + PULL_POLL_MS },
    ]);
    expect(computing.pulls).toMatchObject([{ wakeAt: NOW + MERGEABLE_POLL_MS }]);
  });

  it("F141 is judged anew at a new head, and the old head's waiting check is ended", () => {
    const known = buildPullRecord({ headSha: OTHER_SHA });
    const plan = planPull(shown(), { known: [known] });

    expect(checksIn(plan)).toEqual([`${OLD} completed cancelled`]);
    expect(plan.pulls).toMatchObject([{ headSha: HEAD, headSince: NOW, verdict: null }]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", pull: 90 }]);
  });

  it("F143 forgets nothing that was approved when a push goes back, and judges it again all the same", () => {
    const approval = { sha: HEAD, by: ROBIN, at: NOW };
    const known = buildPullRecord({ headSha: OTHER_SHA, verdict: passed, approvals: [approval] });
    const plan = planPull(shown({ checks: [buildCheck({ conclusion: "failure" })] }), { known: [known] });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed failure`]);
    expect(plan.pulls).toMatchObject([{ approvals: [approval] }]);
  });

  it.each([
    ["closed", shown({ state: "closed" })],
    ["merged", shown({ state: "closed", merged: true })],
    ["gone", null],
  ])("F159 ends with its waiting check when it is %s", (_, pull) => {
    const plan = planPull(pull, { known: [buildPullRecord()] });

    expect(plan.pulls).toMatchObject([{ state: "closed", wakeAt: null }]);
    expect(checksIn(plan)).toEqual([`${SHOWN} completed cancelled`]);
  });

  it("keeps what was said of its head when it is closed", () => {
    const plan = planPull(shown({ state: "closed" }), { known: [buildPullRecord({ verdict: passed })] });

    expect(checksIn(plan)).toEqual([]);
  });

  it("F160 has its check again when it is reopened at the same head", () => {
    const plan = planPull(shown(), { known: [buildPullRecord({ state: "closed", wakeAt: null })] });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed success`]);
    expect(plan.pulls).toMatchObject([{ state: "open" }]);
  });

  it("needs as many approvals of its head as the configuration says, not the author's own", () => {
    const configText = buildConfigText({ lines: ["gates: { people: { approvals: 1 } }"] });
    const by = (who: typeof ADA | typeof ROBIN | typeof MALLORY, sha = HEAD) =>
      buildPullRecord({ approvals: [{ sha, by: who, at: NOW }] });

    expect(checksIn(planPull(shown(), { configText, known: [by(ADA)] }))).toEqual([
      `${SHOWN} completed action_required`,
    ]);
    expect(checksIn(planPull(shown(), { configText, known: [by(ROBIN, OTHER_SHA)] }))).toEqual([
      `${SHOWN} completed action_required`,
    ]);
    expect(checksIn(planPull(shown(), { configText, known: [by(ROBIN)] }))).toEqual([
      `${SHOWN} completed success`,
    ]);
  });

  it("that an ended task left behind still needs the approvals of a task's, and not its requester's", () => {
    const focus = buildTask({ state: "failed", wakeAt: null, pull: buildTaskPull({ number: 90 }) });
    const author = { id: 5, login: "orchestrator[bot]", type: "Bot" } as const;
    const plan = (by: typeof ROBIN | typeof ADA) =>
      planPull(shown({ author }), {
        focus,
        action: "due",
        known: [buildPullRecord({ approvals: [{ sha: HEAD, by, at: NOW }] })],
      });

    expect(checksIn(plan(ROBIN))).toEqual([`${SHOWN} completed action_required`]);
    expect(checksIn(plan(ADA))).toEqual([`${SHOWN} completed success`]);
  });

  it("cannot be judged when GitHub does not let it be read, and says so instead of what it said before", () => {
    const known = buildPullRecord({ verdict: passed });
    const plan = planPull(undefined, { known: [known], gathered: { pullTrouble: "GET pulls: 500" } });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed action_required`]);
    expect(plan.pulls).toMatchObject([{ verdict: { value: "BLOCKED" }, wakeAt: NOW + PULL_POLL_MS }]);
  });

  it("loses its verdict when no configuration is in force any more", () => {
    const plan = planPull(undefined, { known: [buildPullRecord({ verdict: passed })], configText: null });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed cancelled`]);
    expect(plan.pulls).toMatchObject([{ verdict: null }]);
  });
});

describe("a pull request that is nobody's to judge", () => {
  it("gets a neutral check where people's are not verified, so that requiring it holds nothing back", () => {
    const plan = planPull(undefined, { configText: UNVERIFIED, action: "opened" });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed neutral`]);
    expect(plan.pulls).toEqual([]);
  });

  it("is given up when people's are not verified any more", () => {
    const plan = planPull(undefined, {
      configText: UNVERIFIED,
      known: [buildPullRecord({ verdict: passed })],
    });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed neutral`]);
    expect(plan.pulls).toMatchObject([{ state: "closed", wakeAt: null }]);
  });

  it.each([
    ["with what was said of it", passed, []],
    ["F153 and its check does not wait for ever", null, [`${SHOWN} completed cancelled`]],
  ])("is left to the task that is publishing on its branch, %s", (_, verdict, checks) => {
    const reasons = [reason("publish.pending", "It is being written.")];
    const writing = buildTask({ state: "verifying", reasons, pull: buildTaskPull({ branch: "topic" }) });
    const plan = planPull(shown(), { active: [writing], known: [buildPullRecord({ verdict })] });

    expect(checksIn(plan)).toEqual(checks);
    expect(plan.pulls).toMatchObject([{ state: "closed" }]);
  });
});

describe("a head that comes where no configuration is in force", () => {
  it.each([
    ["ends the check that the commit has", true, [`${SHOWN} completed cancelled`]],
    ["gets no check where it has none", false, []],
  ])("%s", (_, isShown, checks) => {
    expect(checksIn(planPull(undefined, { configText: null, gathered: { isShown } }))).toEqual(checks);
  });
});

describe("one commit that is the head of several pull requests", () => {
  const other = buildPullRecord({ number: 91, baseRef: "release", headRef: "backport" });

  it.each([
    [
      "F146 fails when one of them fails",
      { ...other, verdict: { value: "FAIL", gates: [] } },
      "completed failure",
    ],
    ["F146 waits when one of them waits", { ...other, waitingFor: ["waiting for `test`"] }, "in_progress -"],
    ["F146 passes when all of them pass", { ...other, verdict: passed }, "completed success"],
  ] as const)("%s, since it has one check", (_, known, check) => {
    const plan = planPull(shown(), { known: [buildPullRecord(), known] });

    expect(checksIn(plan)).toEqual([`${SHOWN} ${check}`]);
  });

  it("F146 shows how the others stand when it is closed", () => {
    const known = [buildPullRecord({ verdict: { value: "FAIL", gates: [] } }), { ...other, verdict: passed }];

    expect(checksIn(planPull(shown({ state: "closed" }), { known }))).toEqual([`${SHOWN} completed success`]);
  });

  it.each([
    ["verifying", UNVERIFIED],
    ["verifying", CONFIG],
    ["queued", UNVERIFIED],
    ["queued", CONFIG],
  ] as const)("F146 fails with a task's commit for its head, while the task is %s", (state, configText) => {
    const verdict = { value: "FAIL", gates: [] } as const;
    const task = buildTask({ state, pull: buildTaskPull({ number: 7, verdict, verdictSha: HEAD }) });
    const isQueued = state === "queued";
    const beyond = { active: isQueued ? [] : [task], queuedPulls: isQueued ? [task] : [] };
    const known = [buildPullRecord({ headSince: NOW })];

    expect(checksIn(planPull(shown(), { configText, known, ...beyond }))).toEqual([
      `${SHOWN} completed failure`,
    ]);
  });

  it("F146 is judged for its own base although a task has the branch", () => {
    const task = buildTask({ state: "verifying", pull: buildTaskPull({ number: 7, branch: "topic" }) });
    const plan = planPull(shown({ mergeable: false }), { active: [task] });

    expect(checksIn(plan)).toEqual([`${SHOWN} completed failure`]);
  });

  it("F146 names the others in its check", () => {
    const plan = planPull(shown(), { known: [buildPullRecord(), { ...other, verdict: passed }] });

    expect(projectionsIn(plan, "check")[0]?.output.summary).toMatch(/#91.*release|release.*#91/su);
  });

  it("F145 has each of them asked again when a check of it changes", () => {
    const known = [buildPullRecord(), other, buildPullRecord({ number: 92, headSha: OTHER_SHA })];
    const plan = planWith(
      { kind: "check.changed", repo: REPO, sha: HEAD, name: "test" },
      { snapshot: { pulls: known } },
    );

    expect(plan.events).toMatchObject([
      { kind: "pull.changed", pull: 90 },
      { kind: "pull.changed", pull: 91 },
    ]);
  });
});

describe("the reconciliation of pull requests", () => {
  const facts = {
    branch: "main",
    sha: "ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11",
    configText: CONFIG,
    roadmapText: null,
    paths: {},
    workflows: {},
  };
  const listed = (number: number, headSha = HEAD, baseRef = "main") => ({
    number,
    headSha,
    headRef: "topic",
    baseRef,
    author: ADA,
  });
  const reconcile = (gathered: Gathered, active: readonly Task[] = []) =>
    planWith(
      { kind: "repository.reconcile", repo: REPO },
      {
        snapshot: { configText: CONFIG, active },
        gathered: { facts, labeled: [], strayed: [], ...gathered },
      },
    ).events.flatMap((event) => (event.kind === "pull.changed" ? [event.pull] : []));

  it("I14 looks at what was never heard of, what moved, and what is not open any more", () => {
    const openPulls = [1, 2, 3, 4].map((number) => buildPullRecord({ number }));
    const listedPulls = [listed(1), listed(2, OTHER_SHA), listed(3, HEAD, "release"), listed(5)];

    expect(reconcile({ openPulls, listedPulls })).toEqual([2, 3, 5, 4]);
  });

  it("leaves the pull requests of tasks to their tasks", () => {
    const active = [buildTask({ state: "verifying", updatedAt: NOW, pull: buildTaskPull({ number: 7 }) })];

    expect(reconcile({ openPulls: [], listedPulls: [listed(7)] }, active)).toEqual([]);
  });

  it("says nothing about pull requests when they could not all be listed", () => {
    expect(reconcile({ openPulls: [buildPullRecord()] })).toEqual([]);
  });

  it("F198 has every open pull request judged again under another configuration, spread over time", () => {
    const openPulls = [1, 2, 3].map((number) =>
      buildPullRecord({ number, verdict: passed, wakeAt: NOW + 9e9 }),
    );
    const plan = planWith(
      { kind: "branch.pushed", repo: REPO, branch: "main", sha: facts.sha, sender: ADA },
      {
        snapshot: { configText: CONFIG },
        gathered: { facts: { ...facts, configText: UNVERIFIED }, openPulls },
      },
    );

    const times = plan.pulls.map(({ wakeAt }) => (wakeAt ?? 0) - NOW);
    expect(times).toHaveLength(3);
    expect(times[0]).toBe(0);
    expect(new Set(times).size).toBe(3);
  });
});
