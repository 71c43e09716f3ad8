import { describe, expect, it, vi } from "vitest";
import { configWith, SMALL_REPOSITORY } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 240_000 });

const MINUTE_MS = 60_000;
const CONFIG = configWith("autonomy: merge", "autonomy: merge-with-approval").replace(
  "running: 4",
  "running: 1",
);
const bug = (path: string, worksMs = 0) => ({
  labels: ["bug"],
  answers: { agent: [{ changes: { [path]: "1\n" }, worksMs }] },
});

/** Waits until the agent works on an issue. */
async function untilWorking(story: Story, count: number): Promise<void> {
  await story.until(`run ${count}`, () =>
    story.runs().filter((run) => run.name === "agent").length === count &&
    story.runs().some((run) => run.name === "agent" && run.status === "in_progress")
      ? true
      : undefined,
  );
  await story.settled({ whileRunning: true });
}

async function approve(story: Story, issue: number, login: string): Promise<void> {
  const { pull } = await story.task(issue);
  await story.comment(pull?.number ?? 0, login, `/orchestrate approve ${pull?.headSha}`);
}

/** Lets minutes pass one by one. */
async function pass(story: Story, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) await story.advance(MINUTE_MS);
}

const BY_ADA: unknown = expect.objectContaining({
  code: "repository.stopped",
  message: expect.stringMatching(/^Everything in this repository was stopped by @ada on .*wrong files\.$/),
  liftedBy: "`/orchestrate resume` by a maintainer",
});

describe("the kill switch", () => {
  it("F190 ends the runs, writes one answer and nothing else, and lets everything end right afterwards", async () => {
    await runStory(
      async (story) => {
        const verified = await story.open(bug("src/a.mjs"));
        await story.label(verified, "mia");
        await story.settled();
        expect(story.status(verified)).toContain("`approval.missing`");
        const running = await story.open(bug("src/b.mjs", 6_000));
        const queued = await story.open(bug("src/c.mjs"));
        await story.label(running, "mia");
        await untilWorking(story, 2);
        await story.label(queued, "mia");
        await story.settled({ whileRunning: true });
        expect(story.status(queued)).toContain("`limit.running`");

        const before = story.writes(/./).length;
        await story.comment(verified, "ada", "/orchestrate stop -- it edits the wrong files");
        await story.settled();
        const late = await story.open(bug("src/d.mjs"));
        await story.label(late, "mia");
        await approve(story, verified, "max");
        await story.comment(queued, "mia", "/orchestrate status");
        await story.settled();
        await story.advance(10 * MINUTE_MS);
        await story.restart();
        await story.sweep("repositories");
        await story.advance(10 * MINUTE_MS);

        expect(story.dispatched()).toEqual(["agent success", "agent cancelled"]);
        const written = story.writes(/./).slice(before);
        expect(written.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
          "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
          "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
          "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
        ]);
        expect(story.replies(verified).at(-1)).toContain(
          "⛔ Everything here is stopped. Runs being cancelled: 1.",
        );
        const all = [verified, running, queued, late];
        const tasks = await Promise.all(all.map(story.task));
        expect(tasks.map(({ state }) => state)).toEqual(["verifying", "queued", "queued", "queued"]);
        expect(tasks.map(({ reasons }) => reasons[0])).toEqual(all.map(() => BY_ADA));
        expect(await story.audit("repository.stopped")).toMatchObject([
          { actor: "ada", why: "it edits the wrong files", keepsRuns: false },
        ]);

        await story.comment(verified, "ada", "/orchestrate resume");
        await story.settled();
        await pass(story, 3);
        for (const issue of [running, queued, late]) {
          await approve(story, issue, "max");
          await story.settled();
        }
        await pass(story, 1);

        expect(all.map((issue) => story.status(issue).slice(0, 10))).toEqual(all.map(() => "✅ **done**"));
        expect((await Promise.all(all.map(story.task))).map(({ spent }) => spent)).toEqual([0, 0, 0, 0]);
        expect(story.replies(queued).join()).toContain("Task");
        expect(await story.audit("repository.resumed")).toMatchObject([{ actor: "ada" }]);
      },
      { files: { ".github/orchestrator.yml": CONFIG } },
    );
  });

  it("F190 is a maintainer's to use and not a writer's; the operator's stop is not a maintainer's to lift", async () => {
    await runStory(async (story) => {
      const issue = await story.open(bug("src/a.mjs"));
      await story.comment(issue, "mia", "/orchestrate stop");
      await story.settled();
      expect(story.replies(issue)[0]).toContain("needs **maintain**");

      const { stops } = story.store();
      await stops.set({
        scope: "owner:acme",
        source: "operator",
        by: "the operator",
        at: story.clock.now(),
        why: null,
        keepsRuns: false,
        commentId: null,
      });
      await story.label(issue, "mia");
      await story.comment(issue, "ada", "/orchestrate resume");
      await story.settled();
      expect(story.dispatched()).toEqual([]);
      expect(story.replies(issue)).toHaveLength(1);
      expect(await stops.list()).toHaveLength(1);

      await stops.lift("owner:acme");
      await story.settled();
      await pass(story, 2);
      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.replies(issue)[1]).toContain("Nothing changed");
    });
  });

  it("F190 holds for what the environment names, as long as it names it", async () => {
    await runStory(async (story) => {
      const issue = await story.open(bug("src/a.mjs", 5_000));
      await story.label(issue, "mia");
      await untilWorking(story, 1);
      const before = story.writes(/./).length;
      await story.restart(["acme"]);
      await story.sweep("repositories");
      await story.advance(10 * MINUTE_MS);

      expect(story.dispatched()).toEqual(["agent cancelled"]);
      expect(
        story
          .writes(/./)
          .slice(before)
          .map(({ path }) => path),
      ).toEqual(["/repos/{owner}/{repo}/actions/runs/{run_id}/cancel"]);
      expect((await story.task(issue)).reasons[0]).toMatchObject({
        code: "repository.stopped",
        liftedBy: "the operator, who takes `STOP` out of the server's environment",
      });
      expect((await story.store().ready()).stopped).toEqual({ all: false, parts: 1 });

      await story.restart();
      await story.sweep("repositories");
      await pass(story, 2);
      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).spent).toBe(0);
    });
  });
});

describe("a worker that a limit refuses", () => {
  it("lets its role rest until the limit is over, costs nothing, and is told to every task of the role", async () => {
    const worker = String(SMALL_REPOSITORY["tools/worker.mjs"]);
    const refused = worker.replace(
      '  outcome: "completed", summary: "The worker is done.",',
      '  outcome: "failed", summary: "The model is overloaded.", failure: "rate_limit",\n' +
        "  retryAt: new Date(Date.now() + 30 * 60_000).toISOString(),",
    );
    await runStory(
      async (story) => {
        const first = await story.open({ labels: ["bug"], answers: { agent: [{}] } });
        await story.label(first, "mia");
        await story.settled();
        const second = await story.open(bug("src/b.mjs"));
        await story.label(second, "mia");
        await story.settled();
        for (const issue of [first, second]) {
          expect(story.status(issue)).toContain("`role.rate-limited`");
          expect(story.status(issue)).toContain("The model is overloaded.");
        }
        await story.advance(10 * MINUTE_MS);
        expect(story.dispatched()).toEqual(["agent success"]);
        expect(await story.task(first)).toMatchObject({ state: "queued", spent: 0, retries: 0, attempt: 1 });

        story.push({
          "tools/worker.mjs": worker.replace("changes = {}", 'changes = { "src/a.mjs": "1\\n" }'),
        });
        await story.settled();
        expect(story.dispatched()).toEqual(["agent success"]);
        for (let look = 0; look < 3; look += 1) await story.advance(10 * MINUTE_MS);

        for (const issue of [first, second]) expect(story.status(issue)).toContain("✅ **done**");
        expect((await story.attempts()).map(({ number }) => number)).toEqual([1, 1, 1]);
      },
      { files: { "tools/worker.mjs": refused } },
    );
  });
});
