import { describe, expect, it } from "vitest";
import type { Action, Effect } from "../../src/core/effects.ts";
import { Event } from "../../src/core/events.ts";
import { reason } from "../../src/core/reasons.ts";
import type { Stop } from "../../src/core/stop/stop.ts";
import type { Task } from "../../src/core/task/task.ts";
import { performEffect } from "../../src/handlers/perform-effect.ts";
import type { Focus } from "../../src/ports/ledger.ts";
import type { OutboxJob, Settlement } from "../../src/ports/outbox.ts";
import { buildRunning } from "../core/plan/plan-with.ts";
import { buildConfigText, buildSnapshot, REPO } from "../support/build-snapshot.ts";
import { buildTaskPull, NOW } from "../support/build-task.ts";

const DONE: Settlement = { outcome: { kind: "done", facts: {} }, remoteId: "9", event: null };
const HEAD = buildTaskPull().headSha;

function jobFor(effect: Effect): OutboxJob {
  return { effect, mayHaveHappened: false, firstTriedAt: null, tries: 0, remoteId: "7", lease: "token" };
}

function actionEffect(action: Action, taskId: string | null = "1001.42.1"): Effect {
  return { sort: "action", key: "1001:key", subject: "1001:s", repo: REPO, taskId, action };
}

const dispatch: Action = {
  kind: "dispatch",
  correlation: "1001.42.1.1.0.0",
  workflow: "agent.yml",
  ref: "main",
  inputs: {},
};

/** Performs an effect while the store shows this task, and these stops in turn whenever it is asked. */
async function perform(
  effect: Effect,
  task: Task | null,
  {
    stops = [],
    job = jobFor(effect),
    ...snapshot
  }: Parameters<typeof buildSnapshot>[0] & { readonly stops?: Stop[][]; readonly job?: OutboxJob } = {},
) {
  const sent: OutboxJob[] = [];
  const asked: Focus[] = [];
  const settlement = await performEffect(job, {
    effector: {
      async perform(job, findObstacle) {
        sent.push(job);
        const outcome = await findObstacle?.();
        return outcome === undefined ? DONE : { outcome, remoteId: null, event: null };
      },
    },
    stops: { of: async () => stops.shift() ?? [] },
    ledger: {
      async snapshot(_repo, focus) {
        asked.push(focus);
        return buildSnapshot({ focus: task, ...snapshot });
      },
    },
    now: () => NOW,
  });
  return { settlement, sent, asked };
}

describe("performEffect", () => {
  it("does what is still wanted, once, with the job as it is", async () => {
    const { settlement, sent, asked } = await perform(actionEffect(dispatch), buildRunning());

    expect(settlement).toBe(DONE);
    expect(sent).toEqual([jobFor(actionEffect(dispatch))]);
    expect(asked).toEqual([{ by: "task", taskId: "1001.42.1" }]);
  });

  it("F198 withdraws what is not wanted any more: nothing is sent, and the task's handler is told", async () => {
    const { settlement, sent } = await perform(actionEffect(dispatch), buildRunning({ state: "cancelled" }));
    const outcome = { kind: "refused", status: 0, message: "not sent: the task does not want it any more" };

    expect(sent).toEqual([]);
    expect(settlement).toEqual({
      outcome,
      remoteId: "7",
      event: {
        kind: "effect.settled",
        repo: REPO,
        key: "1001:key",
        effect: "dispatch",
        taskId: "1001.42.1",
        outcome,
      },
    });
    expect(Event.parse(settlement.event)).toEqual(settlement.event);
  });

  it.each<[string, Task, Parameters<typeof buildSnapshot>[0]]>([
    ["the task is on hold", buildRunning({ held: true }), {}],
    ["the repository is paused", buildRunning(), { pausedBy: "@ada" }],
    ["the installation is suspended", buildRunning(), { status: "suspended" }],
  ])("asks again later while %s, and sends nothing", async (_, task, snapshot) => {
    const { settlement, sent } = await perform(actionEffect(dispatch), task, snapshot);

    expect(sent).toEqual([]);
    expect(settlement).toMatchObject({
      sentNothing: true,
      outcome: { kind: "later", at: NOW + 30_000 },
      remoteId: "7",
      event: null,
    });
  });

  it("I6 does not merge a commit whose verdict is another's by now", async () => {
    const merge: Action = { kind: "merge", pull: 77, sha: HEAD, title: "t" };
    const verdict = { value: "PASS", gates: [] } as const;
    const reasons = [reason("merge.pending", "m")];
    const passed = buildTaskPull({ verdict, verdictSha: HEAD });
    const moved = buildTaskPull({ verdict, verdictSha: "0".repeat(40) });
    const sentFor = async (pull: Task["pull"]) =>
      (await perform(actionEffect(merge), buildRunning({ state: "verifying", pull, reasons }))).sent.length;

    expect(await sentFor(passed)).toBe(1);
    expect(await sentFor(moved)).toBe(0);
  });

  it("F198 opens a draft where the autonomy allows no more than that by now", async () => {
    const publish: Action = {
      ...{
        kind: "publish",
        correlation: "1001.42.1.1.0.0",
        branch: "fix/42",
        baseRef: "main",
        baseSha: HEAD,
      },
      ...{ message: "m", changes: [], title: "t", body: "b", draft: false },
    };
    const task = buildRunning({ state: "verifying", reasons: [reason("publish.pending", "m")] });
    const configText = buildConfigText().replace("merge-with-approval", "draft-pr");
    const draftsFor = async (more: Parameters<typeof perform>[2]) => {
      const { sent } = await perform(actionEffect(publish), task, more);
      return sent.map(
        ({ effect }) => effect.sort === "action" && "draft" in effect.action && effect.action.draft,
      );
    };
    const job = { ...jobFor(actionEffect(publish)), mayHaveHappened: true };

    expect(await draftsFor({})).toEqual([false]);
    expect(await draftsFor({ configText })).toEqual([true]);
    expect(await draftsFor({ configText, job })).toEqual([true]);
  });

  it("does without a look what belongs to no task, and every projection", async () => {
    const labels: Effect = {
      sort: "projection",
      key: "1001:labels:42",
      subject: "1001:labels:42",
      repo: REPO,
      taskId: "1001.42.1",
      projection: { kind: "labels", issue: 42, prefix: "autopilot:", labels: [] },
    };
    for (const effect of [labels, actionEffect({ kind: "reply", issue: 42, body: "b" }, null)]) {
      const { sent, asked } = await perform(effect, null);
      expect(sent).toHaveLength(1);
      expect(asked).toEqual([]);
    }
  });

  it.each<[string | null]>([["1001.42.1"], [null]])(
    "closes nothing in shadow mode, of task %s",
    async (id) => {
      const close: Action = { kind: "close-issue", issue: 42, reason: "completed" };
      const configText = buildConfigText().replace("mode: active", "mode: shadow");
      const { settlement, sent, asked } = await perform(actionEffect(close, id), null, { configText });

      expect(sent).toEqual([]);
      expect(asked).toEqual([id === null ? { by: "nothing" } : { by: "task", taskId: id }]);
      expect(settlement).toMatchObject({
        outcome: { kind: "refused", status: 0, message: "not sent: shadow mode" },
        event: { kind: "effect.settled", effect: "close-issue", taskId: id },
      });
      expect((await perform(actionEffect(close, id), null)).sent).toHaveLength(1);
    },
  );

  describe("while everything is stopped", () => {
    const stop: Stop = {
      scope: "repo:1001",
      source: "command",
      by: "@ada",
      at: NOW,
      why: "wrong edits",
      keepsRuns: false,
      commentId: 700,
    };
    const labels: Effect = {
      sort: "projection",
      key: "1001:labels:42",
      subject: "1001:labels:42",
      repo: REPO,
      taskId: null,
      projection: { kind: "labels", issue: 42, prefix: "autopilot:", labels: [] },
    };
    const replyTo = (comment: number): Effect => ({
      ...actionEffect({ kind: "reply", issue: 42, body: "b" }, null),
      key: `1001:reply:${comment}`,
    });

    it.each<[string, Effect]>([
      ["dispatch", actionEffect(dispatch)],
      ["projection", labels],
      ["answer to another comment", replyTo(701)],
      ["closing of an issue", actionEffect({ kind: "close-issue", issue: 42, reason: "completed" })],
    ])("F190 does no %s, and asks again later", async (_, effect) => {
      const { settlement, sent } = await perform(effect, buildRunning(), { stops: [[stop]] });

      expect(sent).toEqual([]);
      expect(settlement.outcome).toEqual({
        kind: "later",
        at: NOW + 30_000,
        why: "Everything in this repository was stopped by @ada on 2026-11-18 at 14:00 UTC: wrong edits.",
      });
    });

    it.each<[string, Effect]>([
      ["ends runs", actionEffect({ kind: "cancel-run", runId: 900 })],
      ["answers the command that stopped it", replyTo(700)],
    ])("F190 still %s", async (_, effect) => {
      const { settlement } = await perform(effect, null, { stops: [[stop], [stop]] });
      expect(settlement).toBe(DONE);
    });

    it("F190 breaks an effect of many requests off between two of them", async () => {
      const { settlement, sent } = await perform(labels, null, { stops: [[], [stop]] });

      expect(sent).toHaveLength(1);
      expect(settlement.outcome).toMatchObject({ kind: "later", at: NOW + 30_000 });
    });

    it("waits with what a task ordered before it until the task was looked at again", async () => {
      const reasons = [reason("repository.stopped", "s")];
      const { settlement, sent } = await perform(actionEffect(dispatch), buildRunning({ reasons }));

      expect(sent).toEqual([]);
      expect(settlement.outcome).toMatchObject({ kind: "later" });
    });
  });

  describe("a publication that nobody wants any more and that may have begun", () => {
    const publish: Action = {
      kind: "publish",
      correlation: "1001.42.1.1.0.0",
      branch: "fix/42-x",
      baseRef: "main",
      baseSha: HEAD,
      title: "t",
      body: "b",
      draft: true,
      message: "m",
      changes: [],
    };
    const tried = { ...jobFor(actionEffect(publish)), mayHaveHappened: true, firstTriedAt: NOW - 60_000 };

    it("is ended, so that what it left can be closed", async () => {
      const { sent } = await perform(tried.effect, buildRunning({ state: "cancelled" }), { job: tried });
      expect(sent).toHaveLength(1);
    });

    it.each<[string, Parameters<typeof buildSnapshot>[0]]>([
      ["in shadow mode", { configText: "version: 1\nmode: shadow\nautonomy: merge\n" }],
      ["beyond the autonomy", { configText: "version: 1\nmode: active\nautonomy: observe\n" }],
      ["paused", { pausedBy: "@ada" }],
    ])("I10 waits while the repository is %s: it may only have waited before", async (_, snapshot) => {
      const { settlement, sent } = await perform(tried.effect, buildRunning({ state: "cancelled" }), {
        job: tried,
        ...snapshot,
      });

      expect(sent).toEqual([]);
      expect(settlement.outcome).toMatchObject({ kind: "later", at: NOW + 30_000 });
    });
  });

  it("tidies up for a task that has ended", async () => {
    const { sent } = await perform(
      actionEffect({ kind: "cancel-run", runId: 900 }),
      buildRunning({ state: "cancelled" }),
    );
    expect(sent).toHaveLength(1);
  });
});
