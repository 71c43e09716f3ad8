import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Effect } from "../../../src/core/effects.ts";
import type { OutboxJob } from "../../../src/ports/outbox.ts";
import { makeComment, makeReply, makeRepo, START } from "../../support/store.ts";
import { createDoor, done, eventually, quietlyDone, type StoreSuite } from "./store-suite.ts";

function bodyOf(job: OutboxJob): string {
  if (job.effect.sort === "projection" && job.effect.projection.kind === "comment")
    return job.effect.projection.body;
  if (job.effect.sort === "action" && job.effect.action.kind === "reply") return job.effect.action.body;
  return job.effect.sort;
}

export function describeOutbox(suite: StoreSuite): void {
  const performAll = async () => {
    const jobs: OutboxJob[] = [];
    await suite.perform(async (job) => {
      jobs.push(job);
      return quietlyDone();
    });
    return jobs;
  };
  const isEmpty = async () => (await suite.store().ready()).outboxWaiting === 0;

  describe("outbox", () => {
    it("does an action once, tells its repository, and notes intent and outcome", async () => {
      const repo = makeRepo();
      const reply = makeReply(repo, "hello", { taskId: "t" });
      await suite.settle(repo, { effects: [reply] });
      const jobs: OutboxJob[] = [];
      await suite.perform(async (job) => {
        jobs.push(job);
        return done(job.effect, { commentId: "9" });
      });
      const events = await suite.handleAll();

      await eventually(() => events.length === 1);

      expect(jobs).toMatchObject([
        { effect: reply, mayHaveHappened: false, firstTriedAt: null, tries: 1, remoteId: null },
      ]);
      expect(events).toMatchObject([
        {
          kind: "effect.settled",
          key: reply.key,
          taskId: "t",
          outcome: { kind: "done", facts: { commentId: "9" } },
        },
      ]);
      const rows = await suite.store().audit.read(repo.id, { limit: 9 });
      expect(rows.map((row) => row.entry)).toMatchObject([
        {
          kind: "effect.done",
          taskId: "t",
          data: { key: reply.key, effect: "reply", facts: { commentId: "9" } },
        },
        { kind: "effect.intended", taskId: "t", data: { key: reply.key, effect: "reply", version: 1 } },
      ]);
      expect(await suite.effectRow(reply.key)).toMatchObject({ state: "done", desired: null });
    });

    it("never does an action again that is planned again under its key", async () => {
      const repo = makeRepo();
      const reply = makeReply(repo, "hello");
      await suite.settle(repo, { effects: [reply, reply] });
      const jobs = await performAll();
      await eventually(async () => jobs.length === 1 && (await isEmpty()));

      await suite.settle(repo, { effects: [reply] });

      expect((await suite.store().ready()).outboxWaiting).toBe(0);
      expect(jobs).toHaveLength(1);
    });

    it("does the effects of a subject in their order, and subjects at the same time", async () => {
      const repo = makeRepo();
      const names = Array.from({ length: 12 }, (_, index) => `reply-${index}`);
      const door = createDoor();
      const slow = makeReply(repo, "slow");
      await suite.settle(repo, {
        effects: [slow, ...names.map((name) => makeReply(repo, name, { subject: "one" }))],
      });
      const bodies: string[] = [];
      await suite.perform(async (job) => {
        if (job.effect.key === slow.key) await door.opened;
        else bodies.push(bodyOf(job));
        return quietlyDone();
      });

      await eventually(() => bodies.length === names.length);
      door.open();

      expect(bodies).toEqual(names);
      await eventually(isEmpty);
    });

    it("writes only the newest of several unwritten states", async () => {
      const repo = makeRepo();
      for (const body of ["one", "two", "three"])
        await suite.settle(repo, { effects: [makeComment(repo, body)] });
      expect((await suite.store().ready()).outboxWaiting).toBe(1);

      const jobs = await performAll();
      await eventually(isEmpty);

      expect(jobs.map(bodyOf)).toEqual(["three"]);
      expect(await suite.effectRow(`${repo.id}/comment`)).toMatchObject({
        state: "done",
        version: 3,
        applied_version: 3,
      });
    });

    it("takes the last of two states of one object in a plan", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { effects: [makeComment(repo, "one"), makeComment(repo, "two")] });

      const jobs = await performAll();
      await eventually(isEmpty);

      expect(jobs.map(bodyOf)).toEqual(["two"]);
    });

    it("queues nothing for a state that is wanted already", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { effects: [makeComment(repo, "same")] });
      const jobs = await performAll();
      await eventually(isEmpty);

      await suite.settle(repo, { effects: [makeComment(repo, "same")] });

      expect(await suite.effectRow(`${repo.id}/comment`)).toMatchObject({ version: 1 });
      expect(await isEmpty()).toBe(true);
      expect(jobs).toHaveLength(1);
    });

    it("ends a job without doing anything when its state was written meanwhile", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { effects: [makeComment(repo, "one")] });
      await suite.harness().query(sql`update effects set applied_version = version`);

      const jobs = await performAll();
      await eventually(isEmpty);

      expect(jobs).toEqual([]);
    });

    it("writes a state again that changed while it was written, with the id that GitHub gave", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { effects: [makeComment(repo, "one")] });
      const door = createDoor();
      const jobs: OutboxJob[] = [];
      await suite.perform(async (job) => {
        jobs.push(job);
        if (jobs.length === 1) await door.opened;
        return quietlyDone("comment-9");
      });

      await eventually(() => jobs.length === 1);
      await suite.settle(repo, { effects: [makeComment(repo, "two")] });
      door.open();
      await eventually(isEmpty);

      expect(jobs.map((job) => [bodyOf(job), job.remoteId])).toEqual([
        ["one", null],
        ["two", "comment-9"],
      ]);
      expect(await suite.effectRow(`${repo.id}/comment`)).toMatchObject({
        state: "done",
        applied_version: 2,
      });
    });

    it("obeys `later` to the millisecond, keeps its subject waiting, and lets others go on", async () => {
      const repo = makeRepo();
      const { clock } = suite.harness();
      const limited = makeReply(repo, "limited", { subject: "one" });
      const behind = makeReply(repo, "behind", { subject: "one" });
      const other = makeReply(repo, "other");
      await suite.settle(repo, { effects: [limited, behind, other] });
      const log: string[] = [];
      await suite.perform(async (job) => {
        log.push(`${bodyOf(job)} ${clock.now - START}`);
        if (job.effect.key === limited.key && clock.now === START) {
          return { ...quietlyDone(), outcome: { kind: "later", at: START + 60_000, why: "secondary limit" } };
        }
        return quietlyDone();
      });

      await eventually(
        async () => log.length === 2 && (await suite.effectRow(limited.key))?.state === "waiting",
      );
      clock.now = START + 59_999;
      const late = makeReply(repo, "late");
      await suite.settle(repo, { effects: [late] });
      await eventually(() => log.length === 3);
      expect(await suite.effectRow(limited.key)).toMatchObject({ state: "waiting", tries: 0 });
      clock.now = START + 60_000;
      await eventually(isEmpty);

      expect(new Set(log.slice(0, 2))).toEqual(new Set(["limited 0", "other 0"]));
      expect(log.slice(2)).toEqual(["late 59999", "limited 60000", "behind 60000"]);
      expect(await suite.effectRow(limited.key)).toMatchObject({ tries: 1 });
    });

    it("says that nothing may have happened after tries that sent nothing", async () => {
      const repo = makeRepo();
      const { clock } = suite.harness();
      await suite.settle(repo, { effects: [makeReply(repo, "waiting")] });
      const jobs: OutboxJob[] = [];
      await suite.perform(async (job) => {
        jobs.push(job);
        const later = { kind: "later", at: clock.now + 30_000, why: "paused" } as const;
        const waiting = { ...quietlyDone(), outcome: later };
        if (jobs.length === 1) return { ...waiting, sentNothing: true };
        return jobs.length === 2 ? waiting : quietlyDone();
      });

      for (const tries of [1, 2]) {
        await eventually(async () => jobs.length === tries);
        clock.now += 30_000;
      }
      await eventually(isEmpty);

      expect(jobs.map(({ mayHaveHappened }) => mayHaveHappened)).toEqual([false, false, true]);
    });

    it("tries again for ever, slower and slower, and says that it may have happened", async () => {
      const repo = makeRepo();
      const { clock } = suite.harness();
      await suite.settle(repo, { effects: [makeReply(repo, "flaky")] });
      const jobs: OutboxJob[] = [];
      const at: number[] = [];
      await suite.perform(async (job) => {
        jobs.push(job);
        at.push(clock.now - START);
        if (jobs.length < 12) throw new Error("502");
        return quietlyDone();
      });
      const readyAt = async () =>
        (await suite.harness().query(sql<{ at: number }>`select ready_at as at from lanes`))[0]?.at ?? 0;

      for (let tried = 1; tried < 12; tried += 1) {
        await eventually(async () => jobs.length === tried && (await readyAt()) > clock.now);
        clock.now = await readyAt();
      }
      await eventually(isEmpty);

      const waits = at.slice(1).map((moment, index) => moment - (at[index] ?? 0));
      expect(waits).toEqual([500, 1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 64e3, 128e3, 150e3, 150e3]);
      expect(jobs.map((job) => job.mayHaveHappened)).toEqual([false, ...Array(11).fill(true)]);
      expect(jobs[11]).toMatchObject({ firstTriedAt: START, tries: 12 });
    });

    it("F040 completes only what is missing after a part of the effects failed", async () => {
      const repo = makeRepo();
      const calls: string[] = [];
      await suite.settle(repo, { effects: ["a", "b", "c"].map((name) => makeReply(repo, name)) });
      await suite.perform(async (job) => {
        calls.push(bodyOf(job));
        if (calls.filter((call) => call === "c").length === 1 && bodyOf(job) === "c")
          throw new Error("reset");
        return quietlyDone();
      });

      await eventually(async () => (await suite.store().ready()).outboxWaiting === 1 && calls.length === 3);
      await eventually(() => suite.harness().problems.length === 1);
      suite.harness().clock.now += 1_000;
      await eventually(isEmpty);

      expect(new Set(calls)).toEqual(new Set(["a", "b", "c"]));
      expect(calls.slice(3)).toEqual(["c"]);
    });

    it("notes a refusal, tells the repository, and goes on with the subject", async () => {
      const repo = makeRepo();
      const refused = makeReply(repo, "refused", { subject: "one" });
      await suite.settle(repo, { effects: [refused, makeReply(repo, "next", { subject: "one" })] });
      const events = await suite.handleAll();
      await suite.perform(async (job) => {
        const settlement = done(job.effect);
        const outcome = { kind: "refused", status: 403, message: "locked" } as const;
        if (job.effect.key !== refused.key || settlement.event?.kind !== "effect.settled")
          return quietlyDone();
        return { ...settlement, outcome, event: { ...settlement.event, outcome } };
      });

      await eventually(isEmpty);
      await eventually(() => events.length === 1);

      expect(events).toMatchObject([{ outcome: { kind: "refused", status: 403 } }]);
      expect(await suite.effectRow(refused.key)).toMatchObject({ state: "refused" });
      const rows = await suite.store().audit.read(repo.id, { limit: 9 });
      expect(rows.map((row) => row.entry.kind)).toContain("effect.refused");
    });

    it("F058 refuses a stored effect that cannot be read, and goes on with the subject", async () => {
      const repo = makeRepo();
      const old = makeReply(repo, "old", { subject: "one" });
      await suite.settle(repo, { effects: [old, makeReply(repo, "next", { subject: "one" })] });
      await suite
        .harness()
        .query(sql`update effects set desired = '{"kind": "telegram"}' where key = ${old.key}`);
      const events = await suite.handleAll();

      const jobs = await performAll();
      await eventually(() => jobs.length === 1 && events.length === 1);

      expect(jobs.map(bodyOf)).toEqual(["next"]);
      expect(events).toMatchObject([{ kind: "effect.settled", key: old.key, outcome: { kind: "refused" } }]);
      expect(suite.harness().problems).toHaveLength(1);
    });

    it("gives an effect its repository's newest names", async () => {
      const repo = makeRepo({ name: "before" });
      await suite.settle(repo, { effects: [makeReply(repo, "hello")] });
      const renamed = { ...repo, name: "after" };
      await suite.store().ledger.snapshot(renamed, { by: "nothing" }, 0);

      const jobs = await performAll();
      await eventually(() => jobs.length === 1);

      expect(jobs[0]?.effect.repo).toEqual(renamed);
    });

    it("does an effect in a repository that was not known before", async () => {
      const elsewhere = makeRepo();
      await suite.settle(makeRepo(), { effects: [makeReply(elsewhere, "hello")] });

      const jobs = await performAll();
      await eventually(() => jobs.length === 1);

      expect(jobs[0]?.effect.repo).toEqual(elsewhere);
    });

    it("F057 has an effect read back that has waited for long, as after the restore of a backup", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { effects: [makeReply(repo, "dispatch")] });
      suite.harness().clock.now += 3_600_000;

      const jobs = await performAll();
      await eventually(() => jobs.length === 1);

      expect(jobs[0]).toMatchObject({ mayHaveHappened: true, firstTriedAt: START });
    });

    it("stores every kind of effect so that it can be read again", async () => {
      const repo = makeRepo();
      const common = { repo, taskId: null };
      const effects: Effect[] = [
        ...PROJECTIONS.map((projection, n) => ({
          sort: "projection" as const,
          key: `${repo.id}/p${n}`,
          subject: `p${n}`,
          ...common,
          projection,
        })),
        ...ACTIONS.map((action, n) => ({
          sort: "action" as const,
          key: `${repo.id}/a${n}`,
          subject: `a${n}`,
          ...common,
          action,
        })),
      ];
      await suite.settle(repo, { effects });

      const jobs = await performAll();
      await eventually(isEmpty);

      const byKey = new Map(jobs.map((job) => [job.effect.key, job.effect]));
      expect(effects.map((effect) => byKey.get(effect.key))).toEqual(effects);
    });
  });
}

type ProjectionEffect = Extract<Effect, { sort: "projection" }>["projection"];
type ActionEffect = Extract<Effect, { sort: "action" }>["action"];

const PROJECTIONS: readonly ProjectionEffect[] = [
  { kind: "comment", issue: 1, body: "b" },
  { kind: "labels", issue: 1, prefix: "autopilot:", labels: ["autopilot:queued"] },
  {
    kind: "check",
    sha: "a",
    name: "orchestrator / verify",
    status: "completed",
    conclusion: "failure",
    output: { title: "t", summary: "s", text: "x" },
    annotations: [{ path: "a.ts", startLine: 1, endLine: 2, level: "failure", message: "m" }],
  },
  { kind: "issue", title: "t", body: "b", state: "absent" },
  {
    kind: "file-pull",
    branch: "b",
    baseRef: "main",
    title: "t",
    body: "b",
    files: [{ path: "a", before: null, after: "x" }],
    state: "open",
  },
];

const ACTIONS: readonly ActionEffect[] = [
  { kind: "dispatch", correlation: "c", workflow: "agent.yml", ref: "main", inputs: { a: "1" } },
  { kind: "cancel-run", runId: 1 },
  {
    kind: "publish",
    correlation: "c",
    branch: "fix/1",
    baseRef: "main",
    baseSha: "a",
    message: "m",
    changes: [{ path: "a", mode: "100644", contentBase64: null }],
    title: "t",
    body: "b",
    draft: true,
  },
  { kind: "merge", pull: 1, sha: "a", title: "t" },
  { kind: "open-issue", about: "roadmap:A", title: "t", body: "b", label: null },
  { kind: "open-issue", about: "roadmap:A", title: "t", body: "b", label: "l", role: "bugfix" },
  { kind: "close-issue", issue: 1, reason: "completed" },
  { kind: "close-pull", pull: 1, branch: "b" },
  { kind: "reply", issue: 1, body: "b" },
  { kind: "react", target: { kind: "comment", id: 1 }, content: "eyes" },
];
