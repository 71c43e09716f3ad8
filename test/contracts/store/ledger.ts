import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { queueWindowQuery } from "../../../src/adapters/store/ledger/read-snapshot.ts";
import { FRONT_SIZE, frontOf } from "../../../src/core/queue/front.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import type { Focus } from "../../../src/ports/ledger.ts";
import { buildTaskPull } from "../../support/build-task.ts";
import { makeAttempt, makeComment, makeRepo, makeTask, START } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

const DAY_MS = 86_400_000;
const WEEK_START = Date.UTC(2026, 10, 23);
const NOTHING: Focus = { by: "nothing" };

export function describeLedger(suite: StoreSuite): void {
  const ledger = () => suite.store().ledger;

  describe("ledger", () => {
    it("makes a repository known and keeps its newest names", async () => {
      const repo = makeRepo({ owner: "old" });
      const renamed = { ...repo, owner: "new", installationId: 9 };

      const first = await ledger().snapshot(repo, NOTHING, WEEK_START);
      const second = await ledger().snapshot(renamed, NOTHING, WEEK_START);

      expect(first).toEqual({
        repository: {
          repo,
          status: "active",
          stored: { pausedBy: null, facts: null, goodConfig: null, goodRoadmap: null },
        },
        active: [],
        queue: [],
        queuedPulls: [],
        queueLength: 0,
        focus: null,
        focusPosition: null,
        attempts: [],
        pulls: [],
        doneRoadmapIds: [],
        weekUsage: { minutes: 0, usd: 0 },
      });
      expect(second.repository.repo).toEqual(renamed);
      expect((await ledger().repositories()).map((record) => record.repo)).toEqual([renamed]);
    });

    it("gives back what a plan wrote", async () => {
      const repo = makeRepo();
      const stored = {
        pausedBy: "ada",
        facts: {
          branch: "main",
          sha: "b",
          configText: "version: 1",
          roadmapText: null,
          paths: { a: true },
          workflows: { "x.yml": ["in"], "y.yml": null },
        },
        goodConfig: { text: "version: 1", sha: "b" },
        goodRoadmap: null,
      };
      const running = makeTask(repo, { issue: 1, state: "running" });
      const queued = makeTask(repo, { issue: 2 });
      const attempt = makeAttempt(running, { state: "running", runId: 77 });

      await suite.settle(repo, {
        repository: { repo, status: "suspended", stored },
        tasks: [running, queued],
        attempts: [attempt],
      });

      const snapshot = await ledger().snapshot(repo, { by: "issue", issue: 1 }, WEEK_START);
      expect(snapshot).toMatchObject({
        repository: { repo, status: "suspended", stored },
        active: [running],
        queue: [queued],
        queueLength: 1,
        focus: running,
        focusPosition: null,
        attempts: [attempt],
      });
    });

    it("finds the focus by issue, pull request, commit, correlation, run and id, in its own repository only", async () => {
      const repo = makeRepo();
      const pull = buildTaskPull({ number: 40, headSha: "c0ffee" });
      const old = makeTask(repo, { state: "done", wakeAt: null });
      const task = makeTask(repo, { generation: 2, state: "verifying", pull, updatedAt: START + 1 });
      const ended = makeAttempt(task, { state: "ended", runId: 77 });
      await suite.settle(repo, { tasks: [old, task], attempts: [ended] });
      const ways: Focus[] = [
        { by: "issue", issue: 1 },
        { by: "pull", pull: 40 },
        { by: "sha", sha: "c0ffee" },
        { by: "correlation", correlation: ended.correlation },
        { by: "run", runId: 77 },
        { by: "task", taskId: task.id },
      ];

      const found = await Promise.all(ways.map((way) => ledger().snapshot(repo, way, WEEK_START)));
      const elsewhere = await Promise.all(ways.map((way) => ledger().snapshot(makeRepo(), way, WEEK_START)));

      expect(found.map((snapshot) => snapshot.focus)).toEqual(ways.map(() => task));
      expect(found[0]?.attempts).toEqual([ended]);
      expect(elsewhere.map((snapshot) => snapshot.focus)).toEqual(ways.map(() => null));
    });

    it("F023 allows one live task for an issue, and writes nothing of a plan that wants two", async () => {
      const repo = makeRepo();
      const first = makeTask(repo, { state: "running" });
      await suite.settle(repo, { tasks: [first] });

      const second = suite.settle(repo, {
        tasks: [makeTask(repo, { generation: 2 })],
        effects: [makeComment(repo, "second")],
      });

      await expect(second).rejects.toThrow(/tasks_one_live/);
      expect((await ledger().snapshot(repo, { by: "issue", issue: 1 }, WEEK_START)).focus).toEqual(first);
      expect(await suite.effectRow(`${repo.id}/comment`)).toBeUndefined();
    });

    it("F023 begins the next generation in the plan that ends the one before", async () => {
      const repo = makeRepo();
      const first = makeTask(repo);
      await suite.settle(repo, { tasks: [first] });
      const next = makeTask(repo, { generation: 2 });

      await suite.settle(repo, { tasks: [next, { ...first, state: "cancelled", wakeAt: null }] });

      const snapshot = await ledger().snapshot(repo, { by: "issue", issue: 1 }, WEEK_START);
      expect(snapshot).toMatchObject({ focus: next, queue: [next], queueLength: 1 });
    });

    it("gives the first hundred of a longer queue in rank order, its length, and the focus' place", async () => {
      const repo = makeRepo();
      const tasks = Array.from({ length: 130 }, (_, index) =>
        makeTask(repo, { issue: index, rankAt: START + ((index * 37) % 130) }),
      );
      await suite.settle(repo, { tasks });
      const ordered = tasks.toSorted((a, b) => a.rankAt - b.rankAt);
      const focus = ordered[120] as Task;

      const snapshot = await ledger().snapshot(repo, { by: "issue", issue: focus.issue }, WEEK_START);

      expect(snapshot.queue).toEqual(ordered.slice(0, 100));
      expect(snapshot.queueLength).toBe(130);
      expect(snapshot.focus).toEqual(focus);
      expect(snapshot.focusPosition).toBe(120);
      expect(await ledger().taskOfIssue(repo.id, focus.issue)).toEqual({ task: focus, position: 120 });
      expect(await ledger().taskOfIssue(repo.id, 999)).toBeNull();
    });

    it("gives whoever could be next a place in front, however many wait for something of their own", async () => {
      const repo = makeRepo();
      const held = Array.from({ length: 250 }, (_, index) =>
        makeTask(repo, { issue: index, rankAt: START + index, reasons: [reason("task.held", "On hold.")] }),
      );
      const next = makeTask(repo, {
        issue: 900,
        rankAt: START + 900,
        reasons: [reason("limit.running", "Full.")],
      });
      await suite.settle(repo, { tasks: [...held, next] });

      const before = await ledger().snapshot(repo, { by: "nothing" }, WEEK_START);
      await suite.settle(repo, { tasks: [{ ...next, reasons: [reason("dependency.open", "#1 is open.")] }] });
      const after = await ledger().snapshot(repo, { by: "nothing" }, WEEK_START);

      expect(before.queue.map(({ issue }) => issue)).toEqual([
        ...held.slice(0, 100).map(({ issue }) => issue),
        900,
      ]);
      expect(after.queue).toEqual(held.slice(0, 100));
    });

    it("F115 gives every team its places in front, however many of another wait", async () => {
      const repo = makeRepo();
      const full = [reason("limit.team", "As many run as may.")];
      const dev = Array.from({ length: 250 }, (_, index) =>
        makeTask(repo, { issue: index, rankAt: START + index, team: "dev", reasons: full }),
      );
      const qa = Array.from({ length: 5 }, (_, index) =>
        makeTask(repo, { issue: 900 + index, rankAt: START + 900 + index, reasons: full }),
      );
      const own = makeTask(repo, { issue: 990, rankAt: START + 990, held: true });
      const queue = [...dev, ...qa, { ...own, reasons: [reason("task.held", "On hold.")] }];
      await suite.settle(repo, { tasks: queue });

      const snapshot = await ledger().snapshot(repo, { by: "issue", issue: 904 }, WEEK_START);

      expect(snapshot.queue).toEqual(frontOf(queue));
      expect(snapshot.queue.map(({ issue }) => issue)).toEqual([
        ...dev.slice(0, 100).map(({ issue }) => issue),
        ...[900, 901, 902, 903, 904, 990],
      ]);
      expect(snapshot.focusPosition).toBe(254);
    });

    it("F115 gives fewer of each sort where there are many, and as many in all", async () => {
      const repo = makeRepo();
      const queue = Array.from({ length: 30 * 25 }, (_, index) =>
        makeTask(repo, { issue: index, rankAt: START + index, team: `Team ${index % 30}` }),
      );
      await suite.settle(repo, { tasks: queue });

      const snapshot = await ledger().snapshot(repo, NOTHING, WEEK_START);

      expect(snapshot.queue).toHaveLength(FRONT_SIZE);
      expect(snapshot.queue).toEqual(frontOf(queue));
    });

    it("walks an index to the first queued tasks, however many there are", async () => {
      const repo = makeRepo();
      await suite.harness().query(sql`
        insert into tasks (id, repo_id, issue, generation, state, sort, rank_at, updated_at, data)
        select 'bulk.' || n, ${repo.id}::bigint, n, 1, 'queued', case when n % 2 = 0 then 'free qa' else 'own qa' end, n, 0, '{}'
        from generate_series(1, 20000) as n`);
      await suite.harness().query(sql`analyze tasks`);

      const plan = await suite
        .harness()
        .query(
          sql<
            Record<string, string>
          >`explain (analyze, buffers off) ${queueWindowQuery(repo.id, { sort: "free qa", window: 100 })}`,
        );

      const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
      expect(text).toContain("Index Scan using tasks_front");
      expect(text).toMatch(/Index Scan .*actual .*rows=100/);
      expect(text).not.toContain("Sort");
    });

    it("sums what the tasks of a repository used since the beginning of the week", async () => {
      const repo = makeRepo();
      const task = makeTask(repo, {
        usage: { minutes: 30, tokens: 0, usd: 2 },
        updatedAt: WEEK_START - DAY_MS,
      });
      await suite.settle(repo, { tasks: [task] });
      await suite.settle(repo, {
        tasks: [{ ...task, usage: { minutes: 42, tokens: 0, usd: 2.5 }, updatedAt: WEEK_START }],
      });
      await suite.settle(repo, {
        tasks: [
          makeTask(repo, {
            issue: 2,
            usage: { minutes: 1, tokens: 0, usd: 0.25 },
            updatedAt: WEEK_START + DAY_MS,
          }),
        ],
      });

      const snapshot = await ledger().snapshot(repo, NOTHING, WEEK_START);

      expect(snapshot.weekUsage).toEqual({ minutes: 13, usd: 0.75 });
    });

    it("tells whether something was ever ordered to be shown", async () => {
      const [repo, other] = [makeRepo(), makeRepo()];
      const effect = makeComment(repo, "shown");
      await suite.settle(repo, { effects: [{ ...effect, key: `${repo.id}:verify:head` }] });

      expect(await ledger().isShown(repo.id, "verify:head")).toBe(true);
      expect(await ledger().isShown(repo.id, "verify:other")).toBe(false);
      expect(await ledger().isShown(other.id, "verify:head")).toBe(false);
    });

    it("tells what each week took of a task that failed in one and was tried again in the next", async () => {
      const repo = makeRepo();
      const failed = makeTask(repo, {
        state: "failed",
        wakeAt: null,
        usage: { minutes: 60, tokens: 0, usd: 30 },
        updatedAt: WEEK_START - 1,
      });
      const week = { from: WEEK_START, to: WEEK_START + 7 * DAY_MS };
      const before = { from: WEEK_START - 7 * DAY_MS, to: WEEK_START };
      await suite.settle(repo, { tasks: [failed] });
      expect(await ledger().usageBetween(repo.id, before)).toEqual({ minutes: 60, usd: 30 });

      const done = { state: "done", usage: { minutes: 90, tokens: 0, usd: 45 } } as const;
      await suite.settle(repo, { tasks: [{ ...failed, ...done, updatedAt: week.to - 1 }] });

      expect(await ledger().usageBetween(repo.id, before)).toEqual({ minutes: 60, usd: 30 });
      expect(await ledger().usageBetween(repo.id, week)).toEqual({ minutes: 30, usd: 15 });
      const after = { from: week.to, to: week.to + 7 * DAY_MS };
      expect(await ledger().usageBetween(repo.id, after)).toEqual({ minutes: 0, usd: 0 });
    });

    it("names the roadmap entries that are done", async () => {
      const repo = makeRepo();
      await suite.settle(repo, {
        tasks: [
          makeTask(repo, { issue: 1, roadmapId: "a", state: "done", wakeAt: null }),
          makeTask(repo, { issue: 2, roadmapId: "b", state: "failed", wakeAt: null }),
          makeTask(repo, { issue: 3, roadmapId: "c" }),
        ],
      });

      expect((await ledger().snapshot(repo, NOTHING, WEEK_START)).doneRoadmapIds).toEqual(["a"]);
    });

    it("F059 finds the tasks that are due behind ten thousand that are not", async () => {
      const repo = makeRepo();
      const suspended = makeRepo();
      await suite.settle(repo, {
        tasks: [
          makeTask(repo, { issue: 1, wakeAt: START - 1 }),
          makeTask(repo, { issue: 2, wakeAt: START - 2, state: "running" }),
          makeTask(repo, { issue: 3, wakeAt: null, state: "done" }),
        ],
      });
      const record = (await ledger().snapshot(suspended, NOTHING, WEEK_START)).repository;
      await suite.settle(suspended, {
        repository: { ...record, status: "suspended" },
        tasks: [makeTask(suspended, { wakeAt: START - 9 })],
      });
      await suite.harness().query(sql`
        insert into tasks (id, repo_id, issue, generation, state, rank_at, wake_at, updated_at, data)
        select 'late.' || n, ${repo.id}::bigint, n + 10, 1, 'running', 0, ${START + DAY_MS}, 0, '{}'
        from generate_series(1, 10000) as n`);

      expect(await ledger().dueTasks(START, 10)).toEqual([
        { repo, taskId: `${repo.id}.2.1` },
        { repo, taskId: `${repo.id}.1.1` },
      ]);
      expect(await ledger().dueTasks(START, 1)).toHaveLength(1);
    });

    it("F115 lets no repository's tasks wait behind the many that are due in another", async () => {
      const [large, small] = [makeRepo(), makeRepo()];
      await suite.settle(large, {
        tasks: Array.from({ length: 50 }, (_, at) =>
          makeTask(large, { issue: at + 1, wakeAt: START - 100 + at }),
        ),
      });
      await suite.settle(small, { tasks: [makeTask(small, { issue: 1, wakeAt: START - 1 })] });

      const due = await ledger().dueTasks(START, 3);

      expect(due.map(({ taskId }) => taskId)).toEqual([
        `${large.id}.1.1`,
        `${small.id}.1.1`,
        `${large.id}.2.1`,
      ]);
    });

    it("F058 leaves out a task that cannot be read, and says so", async () => {
      const repo = makeRepo();
      const good = makeTask(repo, { issue: 1 });
      await suite.settle(repo, { tasks: [good, makeTask(repo, { issue: 2 })] });
      await suite.harness().query(sql`
        update tasks set data = data || '{"state": "dreaming"}' where repo_id = ${repo.id} and issue = 2`);

      const snapshot = await ledger().snapshot(repo, NOTHING, WEEK_START);

      expect(snapshot.queue).toEqual([good]);
      expect(suite.harness().problems.map((problem) => problem.where)).toEqual([
        `stored task ${repo.id}.2.1 cannot be read`,
      ]);
    });

    it("F058 reads a repository afresh whose stored facts cannot be read", async () => {
      const repo = makeRepo();
      await ledger().snapshot(repo, NOTHING, WEEK_START);
      await suite.harness().query(sql`update repositories set stored = '[]' where id = ${repo.id}`);

      const { repository } = await ledger().snapshot(repo, NOTHING, WEEK_START);

      expect(repository.stored.facts).toBeNull();
      expect(suite.harness().problems).toHaveLength(1);
    });

    it("F112 stores a task whose text holds NUL, half surrogates and emoji", async () => {
      const repo = makeRepo();
      const task = makeTask(repo, { title: "\0🦑\udc00", labels: ["a\0"], roadmapId: "r\0" });

      await suite.settle(repo, {
        tasks: [task],
        attempts: [makeAttempt(task, { inputs: { "k\0": "v\0" } })],
        effects: [makeComment(repo, "\0 body")],
        audit: [{ kind: "k\0", actor: "\0", taskId: "\0", at: 1, data: { "d\0": "\0" } }],
      });

      const snapshot = await ledger().snapshot(repo, { by: "issue", issue: 1 }, WEEK_START);
      expect(snapshot.focus).toMatchObject({ title: "\uFFFD🦑\uFFFD", labels: ["a\uFFFD"] });
      expect(snapshot.attempts[0]?.inputs).toEqual({ "k\uFFFD": "v\uFFFD" });
      expect(await suite.store().audit.verify(repo.id)).toBeNull();
    });

    it("gives the tasks that changed since a moment, newest first, with their attempts", async () => {
      const repo = makeRepo();
      const tasks = [1, 2, 3].map((issue) => makeTask(repo, { issue, updatedAt: START + issue }));
      await suite.settle(repo, { tasks, attempts: tasks.map((task) => makeAttempt(task)) });

      const changed = await ledger().tasksSince(repo.id, START + 2);

      expect(changed.tasks.map((task) => task.issue)).toEqual([3, 2]);
      expect(changed.attempts.map((attempt) => attempt.taskId).toSorted()).toEqual([
        `${repo.id}.2.1`,
        `${repo.id}.3.1`,
      ]);
    });
  });
}
