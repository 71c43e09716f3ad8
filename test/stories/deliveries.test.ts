import { describe, expect, it, vi } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const HOUR_MS = 3_600_000;
/** What a restored database knows nothing of cannot be proved by it. */
const FORGETFUL = { unprovable: ["I1", "I6"] };

describe("deliveries", () => {
  it("F021 F022 that all come twice have their effect once", async () => {
    await runStory(async (story) => {
      story.control.setDelivery({ doubleRate: 1 });
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.comment(issue, "mia", "/orchestrate ping");
      await story.settled();

      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.dispatched()).toEqual(["agent success"]);
      expect(story.replies(issue).filter((reply) => reply.includes("pong"))).toHaveLength(1);
      expect(await story.audit("task.created")).toHaveLength(1);
    });
  });

  it("F023 that tell the same under different ids have one effect", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [{ worksMs: 30_000 }] } });
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      await story.sendAnew("issues", "labeled", { whileRunning: true });

      expect(await story.audit("task.created")).toHaveLength(1);
      expect(story.dispatched()).toEqual(["agent in_progress"]);
      await story.unlabel(issue, "mia");
      await story.settled();
      await story.sendAnew("issues", "labeled");
      expect(await story.audit("task.created")).toHaveLength(1);
    });
  });

  it("F024 that are lost for ever are made up for by the next comparison with GitHub", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      story.control.setDelivery({ dropRate: 1 });
      await story.label(issue, "mia");
      await story.settled();
      story.control.setDelivery({});
      expect(story.comments(issue)).toEqual([]);

      await story.sweep("repositories");
      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).requestedBy.login).toBe("mia");
    });
  });

  it("F024 does not start what somebody without write access labelled, also when it is found later", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      story.control.setDelivery({ dropRate: 1 });
      await story.label(issue, "tom");
      await story.settled();
      story.control.setDelivery({});
      await story.sweep("repositories");
      await story.sweep("repositories");

      expect(story.runs()).toEqual([]);
      expect(story.replies(issue)).toHaveLength(1);
    });
  });

  it("F025 F044 that failed while nobody answered are asked for again at the next start, and handled once", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      await story.stop();
      await story.label(issue, "mia");
      await story.comment(issue, "mia", "/orchestrate ping");
      await story.settled();
      await story.start();
      await story.sweep("deliveries");
      await story.sweep("deliveries");

      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.replies(issue).filter((reply) => reply.includes("pong"))).toHaveLength(1);
    });
  });

  it("F026 that GitHub keeps no more are replaced by what it shows", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      await story.stop();
      await story.label(issue, "mia");
      await story.settled();
      story.world.deliveries.splice(0);
      story.clock.skip(4 * 24 * HOUR_MS);
      await story.start();
      await story.sweep("deliveries");
      await story.sweep("repositories");

      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("F028 that overtake each other make one task", async () => {
    for (const seed of [4, 5]) {
      await runStory(async (story) => {
        story.control.setDelivery({ shuffle: true, seed });
        const issue = await story.open({ ...BUG, labels: ["bug", "autopilot", "p1"] });
        await story.settled();
        story.control.setDelivery({});
        await story.advance(11 * 60_000);
        await story.sweep("repositories");

        expect(await story.audit("task.created")).toHaveLength(1);
        expect(story.status(issue)).toContain("✅ **done**");
      });
    }
  });

  it("F030 tell of the removal before the label: GitHub shows no label, so there is no task", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      story.control.pauseDeliveries();
      await story.label(issue, "mia");
      await story.unlabel(issue, "mia");
      story.control.resumeDeliveries();
      await story.settled();

      expect(await story.audit("task.created")).toEqual([]);
      expect(story.comments(issue)).toEqual([]);
    });
  });

  it("F031 F033 about runs and checks may come in any order", async () => {
    for (const seed of [7, 8]) {
      await runStory(async (story) => {
        const issue = await story.open(BUG);
        await story.settled();
        story.control.setDelivery({ shuffle: true, lagMs: 30, seed });
        await story.label(issue, "mia");
        await story.settled();
        story.control.setDelivery({});
        for (let look = 0; look < 3; look += 1) await story.advance(6 * 60_000);

        expect(story.status(issue)).toContain("✅ **done**");
        expect(story.dispatched()).toEqual(["agent success"]);
        expect(story.pulls()).toHaveLength(1);
      });
    }
  });

  it("F032 F037 that lag behind what GitHub shows change nothing of it", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [{ worksMs: 30_000 }] } });
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      story.control.pauseDeliveries();
      await story.change(issue, "mia", { title: "Another title" });
      await story.change(issue, "mia", { state: "closed" });
      await story.unlabel(issue, "mia");
      story.control.resumeDeliveries();
      await story.settled();

      expect(story.status(issue)).toContain("⏹️ **cancelled**");
      expect((await story.audit("task.moved")).filter((row) => row.to === "cancelled")).toHaveLength(1);
      expect(story.dispatched()).toEqual(["agent cancelled"]);
    });
  });

  it("F034 of commands that are older than an hour are answered, not obeyed", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      story.control.pauseDeliveries();
      await story.comment(issue, "mia", "/orchestrate cancel");
      story.clock.skip(2 * HOUR_MS);
      story.control.resumeDeliveries();
      await story.settled();

      expect((await story.task(issue)).state).toBe("queued");
      expect(story.replies(issue)).toHaveLength(1);
    });
  });

  it("F036 and the comparison with GitHub see the same change at the same moment: one effect", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      await Promise.all([
        story.sweep("repositories"),
        story.label(issue, "mia"),
        story.sweep("repositories"),
        story.sweep("deliveries"),
      ]);
      await story.settled();
      await story.sweep("repositories");

      expect(await story.audit("task.created")).toHaveLength(1);
      expect(story.dispatched()).toEqual(["agent success"]);
    });
  });

  it("F038 F185 of comments by the app itself are not answered, whatever stands in them", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, title: "/orchestrate cancel" });
      await story.label(issue, "mia");
      await story.comment(issue, "mia", "/orchestrate help");
      await story.settled();

      expect(story.replies(issue)).toHaveLength(1);
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });
});

describe("a database that was restored from a backup", () => {
  it("F057 makes the app look before it does what it may have done since", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      await story.stop();
      story.saveData();
      await story.start();
      await story.change(2, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");

      await story.stop();
      story.restoreData();
      story.clock.skip(HOUR_MS);
      await story.start();
      await story.sweep("deliveries");
      for (let look = 0; look < 3; look += 1) {
        await story.sweep("repositories");
        await story.advance(11 * 60_000);
      }

      expect(story.dispatched()).toEqual(["agent success"]);
      expect(story.pulls()).toHaveLength(1);
      expect((await story.task(issue)).state).toBe("cancelled");
    }, FORGETFUL);
  });
});

describe("the clock", () => {
  it("F063 leaps a day forward: every schedule fires once, and running work ends", async () => {
    const files = {
      ".github/orchestrator.yml": `${configWith("", "")}reports: { weekly: { issue: 1, cron: "0 9 * * 1" } }\n`,
    };
    await runStory(
      async (story) => {
        const reports = await story.open({ title: "Weekly reports" });
        const issue = await story.open(BUG);
        await story.label(issue, "mia");
        await story.until("the run", () => story.runs().find((run) => run.status === "in_progress"));
        await story.advance(8 * 24 * HOUR_MS);
        for (let look = 0; look < 3; look += 1) {
          await story.sweep("reports");
          await story.advance(HOUR_MS);
        }

        expect(story.replies(reports).filter((text) => text.includes("Orchestrator report"))).toHaveLength(1);
        expect((await story.task(issue)).state).toBe("done");
      },
      { files },
    );
  });

  it("F063 goes back an hour: what was ordered is still done, once", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.until("the run", () => story.runs().find((run) => run.status === "in_progress"));
      story.clock.skip(-HOUR_MS);
      await story.settled();
      await story.advance(2 * HOUR_MS);

      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.dispatched()).toEqual(["agent success"]);
    });
  });
});
