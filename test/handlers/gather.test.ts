import { describe, expect, it } from "vitest";
import type { Event, EventOf } from "../../src/core/events.ts";
import { reason } from "../../src/core/reasons.ts";
import { type Dependency, isTerminal, type Task } from "../../src/core/task/task.ts";
import { gather } from "../../src/handlers/gather.ts";
import { buildPull, HEAD } from "../core/gate/build-subject.ts";
import {
  buildIssue,
  buildLabeled,
  buildResult,
  buildRun,
  buildRunning,
  endedRun,
  ROBIN,
} from "../core/plan/plan-with.ts";
import { buildPullRecord } from "../support/build-pull-record.ts";
import {
  buildAttempt,
  buildConfigText,
  buildRepository,
  buildSnapshot,
  REPO,
} from "../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../support/build-task.ts";
import { type Answers, fakeReaders } from "./fake-readers.ts";

async function gatherWith(event: Event, answers: Answers = {}, now = NOW) {
  const readers = fakeReaders(answers);
  const { gathered } = await gather(event, readers, now);
  return { gathered, asked: readers.asked, focus: readers.focuses[0] };
}

/** A snapshot whose focus is this task. */
function about(task: Task | null, more: Parameters<typeof buildSnapshot>[0] = {}) {
  const isActive = task !== null && !isTerminal(task) && task.state !== "queued";
  return buildSnapshot({ focus: task, active: isActive ? [task] : [], ...more });
}

/** A dependency on another issue. */
function on(ref: string, state: Dependency["state"] = "open"): Dependency {
  return { kind: "issue", ref, state };
}

const onIssue = { repo: REPO, issue: 42, sender: ROBIN };
const text = { title: "T", body: "B", labels: ["autopilot"] };
const ended = buildTask({ state: "done", wakeAt: null });
const verifying = buildRunning({ state: "verifying", pull: buildTaskPull() });

describe("what is read for a label", () => {
  const labeled = (overrides: Partial<EventOf<"issue.labeled">> = {}) =>
    buildLabeled({ label: "Autopilot", text, ...overrides });

  it("is issue, permission and dependencies, when it is the trigger", async () => {
    const { gathered, asked, focus } = await gatherWith(labeled(), {
      issues: [buildIssue()],
      permission: "write",
    });

    expect(asked).toEqual(["issue 42", "permissionOf robin", "blockedBy 42"]);
    expect(gathered).toEqual({ issue: buildIssue(), permission: "write", dependencies: [] });
    expect(focus).toEqual({ by: "issue", issue: 42 });
  });

  it("is native dependencies and written ones, each once, and not the issue itself", async () => {
    const body = "Depends-On: #7, ACME/shop#8\nBlocked by acme/shop#42\nDepends on x/y#9";
    const { gathered, asked } = await gatherWith(labeled({ text: { ...text, body } }), {
      issues: [buildIssue()],
      blockedBy: [{ ref: "acme/shop#8", state: "done" }],
      states: { "acme/shop#7": "open" },
    });

    expect(gathered.dependencies).toEqual([
      { kind: "issue", ref: "acme/shop#8", state: "done" },
      { kind: "issue", ref: "acme/shop#7", state: "open" },
      { kind: "issue", ref: "x/y#9", state: "unknown" },
    ]);
    expect(asked.filter((call) => call.startsWith("stateOf"))).toEqual([
      "stateOf acme/shop#7",
      "stateOf x/y#9",
    ]);
  });

  it("is nothing more when the issue is gone", async () => {
    const { gathered, asked } = await gatherWith(labeled());

    expect(asked).toEqual(["issue 42"]);
    expect(gathered).toEqual({ issue: null });
  });

  it.each<[string, Event, Answers]>([
    ["another label", labeled({ label: "bug" }), {}],
    ["a label on a pull request", labeled({ isPull: true }), {}],
    ["an issue whose task lives", labeled(), { snapshot: about(buildTask()) }],
  ])("is nothing for %s", async (_, event, answers) => {
    expect((await gatherWith(event, answers)).asked).toEqual([]);
  });

  it("is everything again when the task waits for just this label, or has ended", async () => {
    const waits = buildTask({ state: "blocked", reasons: [reason("issue.text-changed", "m")] });
    for (const task of [waits, ended]) {
      const { asked } = await gatherWith(labeled(), { snapshot: about(task), issues: [buildIssue()] });
      expect(asked).toHaveLength(3);
    }
  });
});

describe("what is read for a change of an issue", () => {
  it.each<[string, Event, Task | null, readonly string[]]>([
    [
      "its trigger label was removed",
      { kind: "issue.unlabeled", ...onIssue, label: "autopilot", isPull: false },
      buildTask(),
      ["issue 42"],
    ],
    [
      "another label was removed",
      { kind: "issue.unlabeled", ...onIssue, label: "bug", isPull: false },
      buildTask(),
      [],
    ],
    [
      "it has no live task",
      { kind: "issue.unlabeled", ...onIssue, label: "autopilot", isPull: false },
      ended,
      [],
    ],
    ["its text was changed", { kind: "issue.edited", ...onIssue, text }, buildTask(), ["permissionOf robin"]],
    [
      "its text is the same",
      {
        kind: "issue.edited",
        ...onIssue,
        text: { ...text, title: buildTask().title, body: buildTask().body },
      },
      buildTask(),
      [],
    ],
    ["its text was changed without a task", { kind: "issue.edited", ...onIssue, text }, null, []],
    ["it was closed", { kind: "issue.closed", ...onIssue, reason: "completed" }, buildTask(), []],
    [
      "it was closed after its worker had said that it was done",
      { kind: "issue.closed", ...onIssue, reason: "completed" },
      buildTask({ state: "blocked", reasons: [reason("work.already-done", "m")] }),
      ["permissionOf robin"],
    ],
    ["it was opened again", { kind: "issue.reopened", ...onIssue }, buildTask(), []],
    ["it was unlocked", { kind: "issue.unlocked", ...onIssue }, buildTask(), []],
    ["it is gone", { kind: "issue.gone", ...onIssue }, buildTask(), []],
  ])("when %s", async (_, event, task, calls) => {
    const { asked, focus } = await gatherWith(event, { snapshot: about(task), issues: [buildIssue()] });

    expect(asked).toEqual(calls);
    expect(focus).toEqual({ by: "issue", issue: 42 });
  });

  it("says of an issue that is gone that it is", async () => {
    expect((await gatherWith({ kind: "issue.gone", ...onIssue })).gathered).toEqual({ issue: null });
  });
});

describe("what is read for a comment", () => {
  const comment = (body: string, isPull = false): Event => ({
    kind: "comment.created",
    ...onIssue,
    commentId: 1,
    body,
    isPull,
    createdAt: NOW,
  });

  it.each<[string, Event, readonly string[]]>([
    ["no command", comment("Looks good."), []],
    ["a command", comment("/orchestrate status"), ["permissionOf robin"]],
    ["a command in other letters", comment("/Orchestrate PING"), ["permissionOf robin"]],
    ["a command on a pull request", comment("/orchestrate run", true), ["permissionOf robin"]],
    [
      "one that may start a task",
      comment("/orchestrate run"),
      ["permissionOf robin", "issue 42", "blockedBy 42"],
    ],
  ])("with %s", async (_, event, calls) => {
    expect((await gatherWith(event, { issues: [buildIssue({ body: "" })] })).asked).toEqual(calls);
  });

  it("does not read the issue when its task lives", async () => {
    const { asked } = await gatherWith(comment("/orchestrate run"), { snapshot: about(buildTask()) });
    expect(asked).toEqual(["permissionOf robin"]);
  });

  it("is the text of each task that it wants to let start, where the repository is governed", async () => {
    const configText = buildConfigText({ lines: ["governed: true"] });
    const body = "/orchestrate allow\n/orchestrate allow #7";
    const answers = { tasks: [buildTask({ issue: 7 })], issues: [buildIssue()] };
    const governed = { ...answers, snapshot: about(buildTask(), { configText }) };
    const { gathered, asked } = await gatherWith(comment(body), governed);

    expect(asked).toEqual(["permissionOf robin", "issue 42", "issue 7"]);
    expect(gathered.texts).toEqual(
      new Map([
        [42, buildIssue()],
        [7, null],
      ]),
    );
    const free = await gatherWith(comment(body), { ...answers, snapshot: about(buildTask()) });
    expect(free.asked).toEqual(["permissionOf robin"]);
  });

  it("is the issue of each task that it wants tried again, wherever it is written", async () => {
    const failed = buildTask({ state: "failed", wakeAt: null });
    const body = "/orchestrate retry\n/orchestrate rerun #7 --reset-budget\n/orchestrate retry ACME/shop#8";
    const tasks = [7, 8, 9].map((issue) => buildTask({ ...failed, id: `1001.${issue}.1`, issue }));
    const { gathered, asked } = await gatherWith(comment(`${body}\n/orchestrate why #9`), {
      tasks,
      issues: [buildIssue({ state: "closed" }), buildIssue({ number: 8 })],
      snapshot: about(failed),
    });

    expect(asked).toEqual(["permissionOf robin", "issue 42", "issue 7", "issue 8"]);
    expect(gathered.texts).toEqual(
      new Map([
        [42, buildIssue({ state: "closed" })],
        [7, null],
        [8, buildIssue({ number: 8 })],
      ]),
    );
    expect(gathered).not.toHaveProperty("issue");
  });

  it.each([
    ["is done", comment("/orchestrate retry"), ended],
    ["is not there", comment("/orchestrate retry #12"), verifying],
    ["is in another repository", comment("/orchestrate retry acme/other#42"), verifying],
  ])("reads no issue for a retry of what %s", async (_, event, task) => {
    const { asked } = await gatherWith(event, { snapshot: about(task), issues: [buildIssue()] });

    expect(asked).toEqual(["permissionOf robin"]);
  });

  it("is the issue of the task whose pull request is to be tried again, read once", async () => {
    const body = "/orchestrate retry\n/orchestrate retry #42\n/orchestrate retry #77";
    const event = { ...comment(body, true), issue: 77 };
    const { asked } = await gatherWith(event, { snapshot: about(verifying), issues: [buildIssue()] });

    expect(asked).toEqual(["permissionOf robin", "issue 42"]);
  });

  it("is also what the new text depends on, of a task that waits for that text, and there only", async () => {
    const lacking = [reason("worker.needs-info", "It lacks a decision.")];
    const needy = buildTask({ id: "1001.7.1", issue: 7, state: "blocked", reasons: lacking });
    const failed = buildTask({ id: "1001.8.1", issue: 8, state: "failed", wakeAt: null });
    const issues = [7, 8].map((number) => buildIssue({ number, body: "Depends-On: #3" }));
    const { gathered, asked } = await gatherWith(comment("/orchestrate retry #7\n/orchestrate retry #8"), {
      tasks: [needy, failed],
      issues,
      snapshot: about(null),
      states: { "acme/shop#3": "open" },
    });

    expect(asked).toEqual(["permissionOf robin", "issue 7", "issue 8", "blockedBy 7", "stateOf acme/shop#3"]);
    expect(gathered.needs).toEqual(new Map([[7, [{ kind: "issue", ref: "acme/shop#3", state: "open" }]]]));
  });

  it("looks for the tasks that it names in the store, ten at most", async () => {
    const numbers = Array.from({ length: 15 }, (_, index) => index + 1);
    const body = numbers.map((number) => `/orchestrate status #${number}`).join("\n");
    const tasks = numbers.map((issue) => buildTask({ issue }));
    const { gathered, asked } = await gatherWith(comment(body), { tasks });

    expect([...(gathered.targets?.keys() ?? [])]).toEqual(numbers.slice(0, 10));
    expect(asked).toEqual(["permissionOf robin"]);
  });

  it("is about a pull request by that number, and an issue by the other", async () => {
    expect((await gatherWith(comment("x", true))).focus).toEqual({ by: "pull", pull: 42 });
    expect((await gatherWith(comment("x"))).focus).toEqual({ by: "issue", issue: 42 });
  });

  it.each<Event>([
    { kind: "comment.edited", ...onIssue, commentId: 1, body: "/orchestrate run", before: "" },
    { kind: "comment.deleted", ...onIssue, commentId: 1 },
  ])("is nothing for $kind", async (event) => {
    expect((await gatherWith(event)).asked).toEqual([]);
  });
});

describe("what is read for a pull request", () => {
  const events: readonly Event[] = [
    { kind: "pull.changed", repo: REPO, pull: 77, action: "synchronize", sender: ROBIN },
    { kind: "check.changed", repo: REPO, sha: HEAD, name: "test" },
    { kind: "check.rerequested", repo: REPO, sha: HEAD, sender: ROBIN },
  ];

  it.each(events)("is it, for $kind, in one reading", async (event) => {
    const { gathered, asked } = await gatherWith(event, { snapshot: about(verifying), pull: buildPull() });

    expect(asked).toEqual(["pull 77"]);
    expect(gathered).toEqual({ pull: buildPull() });
  });

  it.each(events)("is it for $kind without a live task only when the event names it", async (event) => {
    const expected = event.kind === "pull.changed" ? ["pull 77"] : [];
    for (const task of [null, buildTask(), { ...verifying, state: "cancelled" as const }])
      expect((await gatherWith(event, { snapshot: about(task) })).asked).toEqual(expected);
  });

  it.each([
    ["without a configuration", null, "opened"],
    ["where people's are not verified", "version: 1\ngates: { people: { verify: false } }\n", "opened"],
    ["of which only a label changed", buildConfigText(), "labeled"],
  ])("is nothing for a person's pull request %s", async (_, configText, action) => {
    const event: Event = { kind: "pull.changed", repo: REPO, pull: 77, action, sender: ROBIN };

    expect((await gatherWith(event, { snapshot: buildSnapshot({ configText }) })).asked).toEqual([]);
  });

  it("is asked of the store alone whether a new head has a check, where no configuration is in force", async () => {
    const head = { sha: HEAD, ref: "topic" };
    const event: Event = {
      kind: "pull.changed",
      repo: REPO,
      pull: 77,
      action: "opened",
      sender: ROBIN,
      head,
    };
    const snapshot = buildSnapshot({ configText: null });
    const shown = [`verify:${HEAD}`];
    const known = await gatherWith(event, { snapshot, shown });

    expect(known.asked).toEqual([`isShown verify:${HEAD}`]);
    expect(known.gathered).toEqual({ isShown: true });
    expect((await gatherWith(event, { snapshot })).gathered).toEqual({ isShown: false });
  });

  it("is a merge queue's commit for its group, with the pull request it was made of in focus", async () => {
    const sha = "d".repeat(40);
    const headRef = `gh-readonly-queue/main/pr-90-${"e".repeat(40)}`;
    const base = { repo: REPO, sha, headRef, baseRef: "main", baseSha: "e".repeat(40), sender: ROBIN };
    const requested = await gatherWith({ kind: "group.requested", ...base }, { pull: buildPull() });
    const known = buildPullRecord({ kind: "group", headSha: sha, baseSha: "e".repeat(40) });
    const changed = await gatherWith(
      { kind: "group.changed", repo: REPO, sha },
      { snapshot: buildSnapshot({ pulls: [known] }), pull: buildPull() },
    );
    const unknown = await gatherWith({ kind: "group.changed", repo: REPO, sha });

    expect(requested).toMatchObject({ asked: [`group ${sha}`], focus: { by: "pull", pull: 90 } });
    expect(changed).toMatchObject({ asked: [`group ${sha}`], focus: { by: "sha", sha } });
    expect(unknown.asked).toEqual([]);
  });

  it("is who pressed a button of its check", async () => {
    const event: Event = { kind: "check.action", repo: REPO, sha: HEAD, action: "rerun", sender: ROBIN };

    expect((await gatherWith(event)).asked).toEqual(["permissionOf robin"]);
  });

  it("says that it is gone", async () => {
    const [event] = events;
    if (event === undefined) throw new Error("there are events");
    expect((await gatherWith(event, { snapshot: about(verifying) })).gathered).toEqual({ pull: null });
  });
});

describe("what is read for a run", () => {
  const changed = (status: string, title = "agent 1001.42.1.1.0.0"): Event => ({
    kind: "run.changed",
    repo: REPO,
    runId: 900,
    title,
    status,
    conclusion: status === "completed" ? "success" : null,
    runAttempt: 1,
  });
  const snapshot = about(buildRunning(), { attempts: [buildAttempt()] });

  it("is the run and its result, when it has ended", async () => {
    const run = endedRun();
    const result = buildResult();
    const { gathered, asked } = await gatherWith(changed("completed"), { snapshot, runs: [run], result });

    expect(asked).toEqual(["run 900", "resultFile 900"]);
    expect(gathered).toEqual({ run, result });
  });

  it("is no result, when GitHub shows that it still works", async () => {
    const { asked, gathered } = await gatherWith(changed("completed"), { snapshot, runs: [buildRun()] });

    expect(asked).toEqual(["run 900"]);
    expect(gathered).toEqual({ run: buildRun() });
  });

  it("is nothing, when it is no news of a known run", async () => {
    for (const status of ["queued", "requested", "in_progress"])
      expect((await gatherWith(changed(status), { snapshot })).asked).toEqual([]);
  });

  it("is nothing, when it is nobody's", async () => {
    for (const status of ["queued", "in_progress", "completed"])
      expect((await gatherWith(changed(status, "CI"), {})).asked).toEqual([]);
  });

  it("is the run, when it is one that nobody has heard of", async () => {
    const attempts = [buildAttempt({ runId: null, runUrl: null })];
    const { asked } = await gatherWith(changed("in_progress"), {
      snapshot: about(buildRunning(), { attempts }),
      runs: [buildRun()],
    });
    expect(asked).toEqual(["run 900"]);
  });

  it("says that it is gone", async () => {
    expect((await gatherWith(changed("completed"), { snapshot })).gathered).toEqual({ run: null });
  });

  it("is looked for by the correlation id in its name, else by its number", async () => {
    expect((await gatherWith(changed("queued"))).focus).toEqual({
      by: "correlation",
      correlation: "1001.42.1.1.0.0",
    });
    expect((await gatherWith(changed("queued", "CI"))).focus).toEqual({ by: "run", runId: 900 });
  });
});

describe("what is read for a deadline", () => {
  const due: Event = { kind: "task.due", repo: REPO, taskId: "1001.42.1" };
  const late = { wakeAt: NOW };
  const unsent = buildAttempt({ state: "dispatching", runId: null, dispatchedAt: NOW - 5 });

  it.each<[string, Task | null, Answers, readonly string[]]>([
    ["of a run", buildRunning(late), { runs: [endedRun()] }, ["run 900", "resultFile 900"]],
    ["of a pull request", { ...verifying, ...late }, { pull: buildPull() }, ["pull 77"]],
    [
      "of a blocked pull request",
      { ...verifying, ...late, state: "blocked" },
      { pull: buildPull() },
      ["pull 77"],
    ],
    ["of a blocked task without one", buildTask({ ...late, state: "blocked" }), {}, []],
    ["of a queued task that waits for its turn", buildTask(late), {}, []],
    [
      "F115 of a queued task, however far back, that waits for other issues",
      buildTask({ ...late, dependencies: [on("x/y#1"), on("x/y#2", "done"), on("acme/shop#7", "unknown")] }),
      {},
      ["stateOf x/y#1", "stateOf acme/shop#7"],
    ],
    ["that has moved", buildRunning({ wakeAt: NOW + 1 }), {}, []],
    ["of a task that has ended", ended, {}, []],
    ["of a task that nobody knows", null, {}, []],
  ])("%s", async (_, task, answers, calls) => {
    const snapshot = about(task, { attempts: [buildAttempt()] });
    const { asked, focus } = await gatherWith(due, { snapshot, ...answers });

    expect(asked).toEqual(calls);
    expect(focus).toEqual({ by: "task", taskId: "1001.42.1" });
  });

  it("F115 of a queued task that waits for many is three of them, and the others at other looks", async () => {
    const dependencies = Array.from({ length: 50 }, (_, index) => on(`x/y#${index + 1}`));
    const snapshot = about(buildTask({ ...late, dependencies }));
    const seen = new Set<string>();
    for (let look = 0; look < 100; look += 1) {
      const { gathered } = await gatherWith(due, { snapshot }, NOW + look * 3_600_000);
      expect(gathered.outcomes?.size).toBe(3);
      for (const ref of gathered.outcomes?.keys() ?? []) seen.add(ref);
    }

    expect(seen.size).toBe(50);
  });

  it("F115 of a queued task in a long queue is asked in its turn, and in the front by the reconciliation", async () => {
    const task = buildTask({ ...late, dependencies: [on("x/y#1")] });
    const far = { ...about(task), queueLength: 1000 };
    const looks = await Promise.all(
      Array.from({ length: 24 }, (_, look) => gatherWith(due, { snapshot: far }, NOW + look * 3_600_000)),
    );
    const near = await gatherWith(due, { snapshot: { ...about(task), queue: [task] } });

    expect(looks.filter(({ asked }) => asked.length > 0)).toHaveLength(Math.floor(24 / 5));
    expect(near.asked).toEqual([]);
  });

  it("F117 of a dispatch without a receipt is whether a run carries its correlation id since then", async () => {
    const snapshot = about(buildRunning(late), { attempts: [unsent] });
    const search = `runsOf agent.yml 1001.42.1.1.0.0 ${NOW - 5}`;
    const none = await gatherWith(due, { snapshot });
    const found = await gatherWith(due, { snapshot, runs: [buildRun()] });

    expect(none).toMatchObject({ asked: [search], gathered: {} });
    expect(found).toMatchObject({ asked: [search, "run 900"], gathered: { run: { id: 900 } } });
  });
});

describe("what is read for a repository", () => {
  const facts = buildRepository().stored.facts ?? undefined;

  it.each<Event>([
    { kind: "repository.added", repo: REPO },
    { kind: "repository.changed", repo: REPO },
    { kind: "branch.pushed", repo: REPO, branch: "main", sha: HEAD, sender: ROBIN },
  ])("is its default branch, for $kind", async (event) => {
    const { asked, gathered } = await gatherWith(event, facts === undefined ? {} : { facts });

    expect(asked).toEqual(["branchFacts"]);
    expect(gathered).toEqual({ facts, openPulls: [] });
  });

  it.each<Event>([
    { kind: "repository.removed", repo: REPO },
    { kind: "installation.suspended", repo: REPO },
    { kind: "installation.unsuspended", repo: REPO },
    {
      kind: "effect.settled",
      repo: REPO,
      key: "k",
      effect: "dispatch",
      taskId: "1001.42.1",
      outcome: { kind: "done", facts: {} },
    },
  ])("is nothing, for $kind", async (event) => {
    expect((await gatherWith(event)).asked).toEqual([]);
  });

  it("says that it is gone or empty", async () => {
    expect((await gatherWith({ kind: "repository.changed", repo: REPO })).gathered).toMatchObject({
      facts: null,
    });
  });

  const branch: Event = { kind: "branch.pushed", repo: REPO, branch: "topic", sha: HEAD, sender: ROBIN };

  it("is the configuration of another branch at exactly the commit that was pushed", async () => {
    const config = buildConfigText().replace("running: 2", "running: 3");
    const { asked, gathered } = await gatherWith(branch, { files: { ".github/orchestrator.yml": config } });

    expect(asked).toEqual([`fileAt ${HEAD} .github/orchestrator.yml`]);
    expect(gathered).toEqual({ branchFiles: { config, roadmap: null }, openPulls: [] });
  });

  it("is the roadmap that the branch's own configuration names", async () => {
    const config = `${buildConfigText()}roadmap: plan.yml\n`;
    const files = { ".github/orchestrator.yml": config, "plan.yml": "version: 1\n" };
    const { asked, gathered } = await gatherWith(branch, { files });

    expect(asked).toEqual([`fileAt ${HEAD} .github/orchestrator.yml`, `fileAt ${HEAD} plan.yml`]);
    expect(gathered.branchFiles?.roadmap).toBe("version: 1\n");
  });

  it("is no news of a branch with the same files", async () => {
    const { gathered } = await gatherWith(branch, {
      files: { ".github/orchestrator.yml": buildConfigText() },
    });
    expect(gathered).toEqual({ branchFiles: null });
  });

  it("is the history since a week before and what both weeks took, for a report", async () => {
    const { asked, gathered } = await gatherWith({ kind: "report.due", repo: REPO, week: "2026-W47" });
    const [before, from, to] = [9, 16, 23].map((day) => Date.UTC(2026, 10, day));
    expect(asked).toEqual([
      `tasksSince ${REPO.id} ${before}`,
      `usageBetween ${from} ${to}`,
      `usageBetween ${before} ${from}`,
    ]);
    expect(gathered.used).toEqual({ week: { minutes: 5, usd: 0.5 }, before: { minutes: 5, usd: 0.5 } });
  });
});

describe("what is read for the comparison with GitHub", () => {
  const event: Event = { kind: "repository.reconcile", repo: REPO };
  const labelled = (number: number) => buildIssue({ number });

  it("is the branch, the open labelled issues, and who labelled those without a task", async () => {
    const { asked, gathered } = await gatherWith(event, {
      issues: [labelled(1), labelled(2), buildIssue({ number: 3, isPull: true })],
      tasks: [buildTask({ issue: 2 })],
      labeledBy: ROBIN,
    });

    expect(asked).toEqual(["branchFacts", "openIssuesWithLabel autopilot", "labeledBy 1 autopilot"]);
    expect(gathered.labeled).toEqual([{ issue: labelled(1), labeledBy: ROBIN }]);
  });

  it("leaves out an issue of which GitHub does not say who labelled it", async () => {
    expect((await gatherWith(event, { issues: [labelled(1)] })).gathered.labeled).toEqual([]);
  });

  it("is every live task's issue that is not among them", async () => {
    const queue = Array.from({ length: 5 }, (_, index) => buildTask({ issue: index + 1 }));
    const { gathered } = await gatherWith(event, {
      snapshot: buildSnapshot({ queue }),
      issues: [labelled(1), buildIssue({ number: 2, labels: [] })],
      tasks: queue,
    });

    expect(gathered.strayed?.map(({ number }) => number)).toEqual([2, 3, 4, 5]);
    expect(gathered.strayed?.slice(0, 2)).toEqual([
      { number: 2, issue: buildIssue({ number: 2, labels: [] }) },
      { number: 3, issue: null },
    ]);
  });

  it("F103 is who took the label off, where the repository still has it", async () => {
    const bare = [1, 2, 3].map((number) => buildIssue({ number, labels: [] }));
    const active = [
      buildTask({ issue: 1, state: "running" }),
      buildTask({ issue: 2, state: "running", trigger: "command" }),
      buildTask({ issue: 3, state: "running" }),
    ];
    const given = { snapshot: buildSnapshot({ active }), issues: bare, tasks: active, unlabeledBy: ROBIN };
    const there = await gatherWith(event, given);
    const gone = await gatherWith(event, { ...given, hasLabel: false });

    expect(there.asked.filter((call) => /label/iu.test(call))).toEqual([
      ...["openIssuesWithLabel autopilot", "hasLabel autopilot"],
      ...["unlabeledBy 1 autopilot", "unlabeledBy 3 autopilot"],
    ]);
    expect(there.gathered.hasTrigger).toBe(true);
    expect(there.gathered.strayed?.map(({ unlabeledBy }) => unlabeledBy)).toEqual([ROBIN, undefined, ROBIN]);
    expect(gone.asked.some((call) => call.startsWith("unlabeledBy"))).toBe(false);
    expect(gone.gathered).toMatchObject({ hasTrigger: false, strayed: [{}, {}, {}] });
  });

  it.each([
    ["deleted", "Autopilot", null],
    ["given another name", "robot", "autopilot"],
    ["given this name", "autopilot", "robot"],
  ])("F103 is looked at when the trigger label was %s", async (_, label, former) => {
    const changed: Event = { kind: "label.changed", repo: REPO, label, former };
    const other: Event = { kind: "label.changed", repo: REPO, label: "bug", former: null };

    expect((await gatherWith(changed)).asked).toEqual(["hasLabel autopilot"]);
    expect((await gatherWith(other)).asked).toEqual([]);
  });

  /** What each of the next rounds reads. */
  const rounds = (snapshot: ReturnType<typeof buildSnapshot>) =>
    Promise.all(
      Array.from({ length: 12 }, async (_, round) => {
        const tasks = snapshot.queue;
        return (await gatherWith(event, { snapshot, tasks }, NOW + round * 300_000)).gathered;
      }),
    );

  it("asks for twenty of a long list, and for others in other rounds", async () => {
    const queue = Array.from({ length: 90 }, (_, index) => buildTask({ issue: index + 1 }));
    const strayed = (await rounds(buildSnapshot({ queue }))).map((gathered) => gathered.strayed ?? []);

    expect(new Set(strayed.map(({ length }) => length))).toEqual(new Set([20]));
    expect(new Set(strayed.flat().map(({ number }) => number)).size).toBe(90);
  });

  it("F115 asks how thirty of many dependencies stand, and others in other rounds", async () => {
    const queue = Array.from({ length: 90 }, (_, index) =>
      buildTask({ issue: index + 1, dependencies: [on(`x/y#${index + 1}`)] }),
    );
    const outcomes = (await rounds(buildSnapshot({ queue }))).map((gathered) => gathered.outcomes);

    expect(new Set(outcomes.map((known) => known?.size))).toEqual(new Set([30]));
    expect(new Set(outcomes.flatMap((known) => [...(known?.keys() ?? [])])).size).toBe(90);
  });

  it("is how the dependencies stand that are not done, each once, thirty at most", async () => {
    const many = Array.from({ length: 40 }, (_, index) => on(`x/y#${index + 1}`));
    const queue = [
      buildTask({ issue: 1, dependencies: [on("a/b#1"), on("a/b#2", "done"), ...many] }),
      buildTask({ issue: 2, dependencies: [on("a/b#1")] }),
    ];
    const { asked, gathered } = await gatherWith(event, {
      snapshot: buildSnapshot({ queue }),
      states: { "a/b#1": "done" },
    });

    expect(asked.filter((call) => call.startsWith("stateOf"))).toHaveLength(30);
    expect(asked.filter((call) => call === "stateOf a/b#1")).toHaveLength(1);
    expect(asked).not.toContain("stateOf a/b#2");
    expect(gathered.outcomes?.get("a/b#1")).toBe("done");
  });
});
