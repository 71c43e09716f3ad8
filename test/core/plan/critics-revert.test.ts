import { describe, expect, it } from "vitest";
import type { PullNow } from "../../../src/core/facts.ts";
import { EFFECT_MS, PULL_POLL_MS } from "../../../src/core/plan/deadlines.ts";
import { findWithdrawal } from "../../../src/core/plan/find-withdrawal.ts";
import { Task } from "../../../src/core/task/task.ts";
import { buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { NOW } from "../../support/build-task.ts";
import { buildPull } from "../gate/build-subject.ts";
import { actionsIn, buildResult, codesOf, MINUTE_MS, orderedIn, projectionsIn, ROBIN } from "./plan-with.ts";
import { buildCriticsRepository, buildMerging, MERGE_SHA, playCritics } from "./play-critics.ts";

const ACCEPTING = ["critics: { workflow: critics.yml, accept: [{ metric: errors, max: 0 }] }"];
const REVERT_KEY = "1001:revert:1001.42.1:77";
const OPENED = {
  pull: 81,
  url: "https://github.test/acme/shop/pull/81",
  headSha: "d".repeat(40),
  branch: "revert/77-feedfac",
};

/** A task whose merged change the critics refused with three errors. */
function playRefused(task: Partial<Task> = {}) {
  const play = playCritics(buildCriticsRepository(ACCEPTING), [buildMerging(task)]);
  play.merge();
  play.confirm(950);
  const attempt = play.attempt(play.task().correlation);
  const result = buildResult(attempt, { metrics: [{ name: "errors", value: 3, labels: {} }] });
  const refusal = play.seeRun({ id: 950, status: "completed", conclusion: "success" }, { result });
  return { ...play, refusal };
}

/** The same, with the pull request that takes the change back. */
function playReverted(task: Partial<Task> = {}) {
  const play = playRefused(task);
  const reverted = play.settle("revert", REVERT_KEY, OPENED);
  return { ...play, reverted };
}

const closed = (isMerged: boolean) =>
  buildPull({ number: 81, state: "closed", merged: isMerged, headRef: OPENED.branch });

describe("red critics", () => {
  it.each(["failure"])("are a run that ends as %s, with or without a result", (conclusion) => {
    const play = playCritics();
    play.merge();
    play.confirm(950);
    play.seeRun({ id: 950, status: "completed", conclusion });

    expect(play.reverts()).toHaveLength(1);
  });

  it("order one pull request that takes exactly the merge back, with the evidence", () => {
    const { refusal, task } = playRefused();

    expect(orderedIn(refusal)).toEqual(["revert:1001.42.1:77"]);
    const [revert] = actionsIn(refusal, "revert");
    expect(revert).toMatchObject({
      pull: 77,
      mergeSha: MERGE_SHA,
      branch: "revert/77-feedfac",
      baseRef: "main",
      issue: 42,
      title: "Revert: Forecast demand of small shops (#77)",
    });
    expect(revert?.body).toContain("metrics.errors");
    expect(revert?.body).toContain("❌ FAIL");
    expect(revert?.body).toContain("[the critics' run](https://github.test/runs/950) of exactly that commit");
    expect(revert?.body).toContain("only people merge this");
    expect(task()).toMatchObject({ state: "verifying", wakeAt: NOW + EFFECT_MS, spent: 0, attempt: 1 });
    expect(codesOf(task())).toEqual(["critics.reverting"]);
    expect(task().feedback).toMatchObject([{ gate: "metrics.errors", verdict: "FAIL" }]);
  });

  it("say where the branch had gone on since the merge, since something else may be to blame", () => {
    const play = playCritics();
    play.merge();
    play.confirm(950);
    play.seeRun({ id: 950, status: "completed", conclusion: "failure", headSha: "b".repeat(40) });

    expect(play.reverts()[0]?.body).toContain("the branch had gone on since the merge");
  });

  it("are audited with what they saw", () => {
    const { refusal } = playRefused();
    expect(refusal.audit).toContainEqual(
      expect.objectContaining({
        kind: "critics.refused",
        data: { pull: 77, sha: MERGE_SHA, runId: 950, gates: ["metrics.errors FAIL"] },
      }),
    );
  });

  it("heard of twice take the change back once", () => {
    const play = playRefused();
    play.seeRun({ id: 950, status: "completed", conclusion: "success" });
    play.due();

    expect(play.reverts()).toHaveLength(1);
  });

  it("order what is carried out as long as it is wanted and allowed", () => {
    const { refusal, task, repository } = playRefused();
    const [action] = actionsIn(refusal, "revert");
    if (action === undefined) throw new Error("nothing was ordered");
    const stored = repository();
    const ask = (focus: Task) => findWithdrawal(action, buildSnapshot({ focus, repository: stored }), NOW);

    expect(ask(task())).toBeUndefined();
    expect(ask({ ...task(), held: true })).toMatchObject({ kind: "wait" });
    expect(ask({ ...task(), state: "cancelled" })).toMatchObject({ kind: "withdrawn" });
  });
});

describe("a change that is being taken back", () => {
  it("is the failed attempt of its task, which waits for what people make of the pull request", () => {
    const { reverted, task } = playReverted();

    expect(task()).toMatchObject({
      state: "queued",
      attempt: 2,
      stage: 0,
      spent: 1,
      pull: null,
      aftermath: { phase: "waiting", revert: { number: 81 }, refusals: 1 },
    });
    expect(task().feedback).toMatchObject([{ gate: "metrics.errors", verdict: "FAIL" }]);
    expect(task().reasons).toMatchObject([
      { code: "critics.revert-open", liftedBy: "whoever merges or closes #81" },
    ]);
    expect(task().wakeAt).toBeGreaterThan(NOW);
    expect(actionsIn(reverted, "dispatch")).toEqual([]);
    expect(Task.parse(JSON.parse(JSON.stringify(task())))).toEqual(task());
  });

  it("is told to whoever asked for it, once, and shown with its links", () => {
    const { reverted } = playReverted();

    expect(orderedIn(reverted)).toEqual(["taken-back:1001.42.1:77"]);
    expect(actionsIn(reverted, "reply")[0]?.body).toContain("Pull request #81 takes it back");
    const body = projectionsIn(reverted, "comment")[0]?.body ?? "";
    expect(body).toContain("Pull request #81 takes pull request #77 back");
    expect(body).toContain("https://github.test/acme/shop/pull/81");
    expect(body).toContain("`critics.revert-open`");
  });

  it("has its pull request judged like a person's", () => {
    const { reverted } = playReverted();
    expect(reverted.events).toMatchObject([
      { kind: "pull.changed", pull: 81, head: { sha: OPENED.headSha, ref: OPENED.branch } },
    ]);
  });

  it("ends the task when that was its last attempt, with the pull request open all the same", () => {
    const { task, reverted } = playReverted({ budget: 1 });

    expect(task()).toMatchObject({ state: "failed", spent: 1 });
    expect(orderedIn(reverted)).toEqual(["taken-back:1001.42.1:77", "stopped:1001.42.1:1"]);
  });

  it("is no business of a task that was cancelled meanwhile", () => {
    const play = playRefused();
    play.happen({ kind: "issue.closed", repo: REPO, issue: 42, sender: ROBIN, reason: "not_planned" });
    const plan = play.settle("revert", REVERT_KEY, OPENED);

    expect(play.task().state).toBe("cancelled");
    expect(orderedIn(plan)).toEqual([]);
  });

  it("is looked at as long as it is open", () => {
    const play = playReverted();
    play.pass(10 * MINUTE_MS);
    play.due({ pull: buildPull({ number: 81 }) });

    expect(play.task()).toMatchObject({ state: "queued", wakeAt: play.now() + PULL_POLL_MS });
  });
});

describe("the answer of people to a revert", () => {
  it.each(["closed", "labeled"])("wakes the task at once, heard of by %s", (action) => {
    const play = playReverted();
    const plan = play.happen(
      { kind: "pull.changed", repo: REPO, pull: 81, action, sender: ROBIN },
      { pull: closed(true) },
      null,
    );

    expect(plan.events).toContainEqual({ kind: "task.due", repo: REPO, taskId: "1001.42.1" });
    expect(play.task().wakeAt).toBe(NOW);
  });

  it.each<[string, number, PullNow]>([
    ["it", 81, buildPull({ number: 81, headRef: OPENED.branch })],
    ["another pull request", 82, { ...closed(true), number: 82 }],
  ])("is not there as long as nothing but a word about %s is heard", (_, pull, now) => {
    const play = playReverted();
    const plan = play.happen(
      { kind: "pull.changed", repo: REPO, pull, action: "labeled", sender: ROBIN },
      { pull: now },
      null,
    );

    expect(plan.events.filter(({ kind }) => kind === "task.due")).toEqual([]);
  });

  it.each([
    ["merged", closed(true), true],
    ["closed", closed(false), false],
    ["gone", null, false],
  ])("lets the next attempt begin when it is %s, after the branch was read", (_what, pull, isMerged) => {
    const play = playReverted();
    play.pass(10 * MINUTE_MS);
    const settled = play.due({ pull });
    expect(settled.events).toEqual([
      { kind: "repository.changed", repo: REPO },
      { kind: "task.due", repo: REPO, taskId: "1001.42.1" },
    ]);
    expect(settled.audit).toContainEqual(
      expect.objectContaining({ kind: "critics.revert-ended", data: { pull: 77, revert: 81, isMerged } }),
    );
    expect(play.task().state).toBe("queued");

    const plan = play.due();
    expect(orderedIn(plan)).toEqual(["dispatch:1001.42.1.2.0.0"]);
    expect(play.task()).toMatchObject({ state: "running", attempt: 2, aftermath: { phase: "over" } });
  });

  it("lets the next change go through the critics as well", () => {
    const play = playReverted();
    play.install(play.repository());
    const again = playCritics(buildCriticsRepository(ACCEPTING), [
      buildMerging({ aftermath: { ...aftermathOf(play.task()), phase: "over" }, attempt: 2 }),
    ]);
    again.merge();

    expect(again.task()).toMatchObject({
      correlation: "1001.42.1.2.999.0",
      aftermath: { phase: "looking", refusals: 1, tries: 1, revert: null },
    });
  });
});

function aftermathOf({ aftermath }: Task): NonNullable<Task["aftermath"]> {
  if (aftermath === undefined) throw new Error("nothing was merged");
  return aftermath;
}

describe("a change that cannot be taken back", () => {
  it("is put before a person with what stands against it; the next attempt is theirs to begin", () => {
    const play = playRefused();
    const plan = play.happen({
      kind: "effect.settled",
      repo: REPO,
      key: REVERT_KEY,
      effect: "revert",
      taskId: "1001.42.1",
      outcome: { kind: "refused", status: 409, message: "changed since: src/a.ts @everyone" },
    });

    expect(play.task()).toMatchObject({ state: "blocked", spent: 1, aftermath: { phase: "over" } });
    expect(codesOf(play.task())).toEqual(["critics.revert-refused"]);
    expect(actionsIn(plan, "reply")[0]?.body).toContain("`changed since: src/a.ts @everyone`");
    expect(actionsIn(plan, "revert")).toEqual([]);

    const retried = play.happen(
      {
        kind: "comment.created",
        repo: REPO,
        issue: 42,
        sender: ROBIN,
        commentId: 5,
        body: "/orchestrate retry",
        isPull: false,
        createdAt: NOW,
      },
      { permission: "write" },
    );
    expect(orderedIn(retried)).toContain("dispatch:1001.42.1.2.0.0");
  });

  it("is put before a person where GitHub does not say which commit the merge made", () => {
    const play = playCritics();
    play.settle("merge", `1001:merge:1001.42.1:1:${buildMerging().pull?.headSha}`, { sha: null });
    play.confirm(950);
    play.seeRun({ id: 950, status: "completed", conclusion: "failure" });

    expect(play.reverts()).toEqual([]);
    expect(codesOf(play.task())).toEqual(["critics.revert-refused"]);
  });
});
