import { describe, expect, it, vi } from "vitest";
import { runStory } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe("credentials", () => {
  it.each([-HOUR_MS, -5 * MINUTE_MS, -30_000, 30_000, 5 * MINUTE_MS, HOUR_MS])(
    "F087 work with a clock that is off by %i ms",
    async (clockSkewMs) => {
      await runStory(
        async (story) => {
          const issue = await story.open(BUG);
          await story.label(issue, "mia");
          await story.settled();

          expect(story.status(issue)).toContain("✅ **done**");
        },
        { clockSkewMs },
      );
    },
  );

  it("F088 are renewed while a task works for longer than they live", async () => {
    await runStory(async (story) => {
      const issue = await story.open({
        labels: ["bug"],
        answers: { agent: [{ changes: { "src/a.mjs": "1\n" }, worksMs: 1_000 }] },
      });
      await story.label(issue, "mia");
      await story.until("the run", () => story.runs().find((run) => run.status === "in_progress"));
      await story.settled({ whileRunning: true });
      story.clock.skip(59 * MINUTE_MS);
      await story.settled();

      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).spent).toBe(0);
    });
  });
});

describe("an installation", () => {
  it("F091 that is suspended is left alone, and its work goes on when it is not suspended any more", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { "src/a.mjs": "1\n" }, worksMs: 1_500 }] },
        });
        await story.label(issue, "mia");
        await story.until("the run", () => story.runs().find((run) => run.status === "in_progress"));
        await story.settled({ whileRunning: true });
        story.control.suspend({ account: "acme" });
        await story.settled();
        const before = story.world.history.length;
        for (let look = 0; look < 4; look += 1) await story.advance(10 * MINUTE_MS);
        const asked = story.world.history.slice(before).filter((entry) => entry.kind === "request");
        expect(asked.length).toBeLessThan(10);

        story.control.unsuspend({ account: "acme" });
        await story.settled();
        await story.sweep("repositories");
        for (let look = 0; look < 4; look += 1) await story.advance(10 * MINUTE_MS);
        expect(story.status(issue)).toContain("✅ **done**");
        expect((await story.task(issue)).spent).toBe(0);
      },
      { isTroubled: true },
    );
  });

  it("F092 that ends takes its tasks with it; nothing more is written, and the audit stays", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      const before = story.world.history.length;
      story.control.uninstall({ account: "acme" });
      await story.settled();
      for (let look = 0; look < 3; look += 1) await story.advance(HOUR_MS);

      expect((await story.task(issue)).state).toBe("cancelled");
      expect(story.world.history.slice(before).filter((entry) => entry.actor === "installation")).toEqual([]);
      expect(await story.audit("task.created")).toHaveLength(1);
      expect(await story.audit("repository.removed")).toHaveLength(1);
    });
  });

  it("F093 that loses one repository goes on with the others", async () => {
    await runStory(async (story) => {
      await story.addRepository("other");
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      story.control.uninstall({ account: "acme", repositories: ["acme/other"] });
      await story.settled();
      await story.change(2, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();

      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("F094 that is made anew does not take up the tasks of the old one without a new trigger", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      story.control.uninstall({ account: "acme" });
      await story.settled();
      await story.change(2, "mia", { state: "closed", state_reason: "completed" });
      story.control.install({ repositories: ["acme/small"] });
      await story.settled();
      await story.sweep("repositories");
      expect((await story.task(issue)).state).toBe("cancelled");
      expect(story.runs()).toEqual([]);

      await story.unlabel(issue, "mia");
      await story.label(issue, "mia");
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).generation).toBe(2);
    });
  });

  it("F095 that lost a permission is told once what GitHub refuses, without a loop of refusals", async () => {
    await runStory(async (story) => {
      story.control.failNext({
        method: "POST",
        pathPattern: "/dispatches$",
        status: 403,
        body: { message: "Resource not accessible by integration" },
        applied: false,
        times: 50,
      });
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.settled();
      for (let look = 0; look < 4; look += 1) await story.advance(HOUR_MS);

      expect(story.status(issue)).toContain("`dispatch.refused`");
      expect(story.replies(issue)).toHaveLength(1);
      expect(story.replies(issue)[0]).toContain("Resource not accessible by integration");
      const tried = story.world.history.filter(
        (entry) => entry.kind === "request" && String(entry.path).endsWith("/dispatches"),
      );
      expect(tried).toHaveLength(1);
    });
  });
});
