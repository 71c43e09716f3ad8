import { describe, expect, it, vi } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const LONG = { labels: ["bug"], answers: { agent: [{ worksMs: 30_000 }] } };

describe("handing an issue over", () => {
  it("F099 is refused to somebody with triage, once, with one comment and an audit row", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.label(issue, "tom");
      await story.settled();
      await story.unlabel(issue, "tom");
      await story.label(issue, "tom");
      await story.settled();

      expect(story.runs()).toEqual([]);
      expect(story.replies(issue)).toHaveLength(1);
      expect(story.replies(issue)[0]).toContain("@tom");
      expect(story.replies(issue)[0]).toContain("needs **write**; you have **triage**");
      expect(await story.audit("intake.refused")).toMatchObject([
        { actor: "tom", permission: "triage", needed: "write" },
        { actor: "tom" },
      ]);
    });
  });

  it("F100 is refused when write access is lost before the event is handled", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      story.control.pauseDeliveries();
      await story.label(issue, "max");
      story.control.setRole({ repository: "acme/small", login: "max", role: "read" });
      story.control.resumeDeliveries();
      await story.settled();

      expect(story.runs()).toEqual([]);
      expect(story.replies(issue)[0]).toContain("you have **read**");
    });
  });

  it("is ignored when a bot labels, and counts when the configuration names the bot's id", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      story.addBot("renovate[bot]", "write");
      await story.label(issue, "renovate[bot]");
      await story.settled();

      expect(story.comments(issue)).toEqual([]);
      expect(story.runs()).toEqual([]);
    });
    await runStory(
      async (story) => {
        const id = story.addBot("renovate[bot]", "write");
        story.push({ ".github/orchestrator.yml": `${configWith("", "")}allowedBots: [${id}]\n` });
        const issue = await story.open(BUG);
        await story.label(issue, "renovate[bot]");
        await story.settled();

        expect(story.status(issue)).toContain("✅ **done**");
      },
      { allowedBots: ["renovate[bot]"] },
    );
  });

  it("F029 makes one task of an issue that is opened with six labels", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, labels: ["a", "b", "bug", "c", "autopilot", "d"] });
      await story.settled();

      expect(await story.audit("task.created")).toHaveLength(1);
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("F101 ends as GitHub shows it when the label comes and goes within a second, in whatever order it is told", async () => {
    for (const seed of [1, 2, 3]) {
      await runStory(async (story) => {
        const issue = await story.open(LONG);
        await story.settled();
        story.control.setDelivery({ shuffle: true, seed });
        for (let round = 0; round < 3; round += 1) {
          await story.label(issue, "mia");
          await story.unlabel(issue, "mia");
        }
        await story.settled();
        story.control.setDelivery({});

        expect(await story.audit("task.created").then((rows) => rows.length)).toBeLessThanOrEqual(3);
        expect(story.runs().every((run) => run.status === "completed")).toBe(true);

        await story.label(issue, "mia");
        await story.settled({ whileRunning: true });
        expect((await story.task(issue)).state).toBe("running");
        await story.unlabel(issue, "mia");
        await story.settled();
        expect((await story.task(issue)).state).toBe("cancelled");
      });
    }
  });

  it("F104 gives the work the text of label time, and stops what a stranger changed before it began", async () => {
    await runStory(async (story) => {
      const first = await story.open({ ...LONG, title: "The first" });
      await story.label(first, "mia");
      await story.settled({ whileRunning: true });
      await story.change(first, "mia", { title: "Another title" });
      await story.settled({ whileRunning: true });
      expect((await story.task(first)).title).toBe("The first");

      const second = await story.open({ ...BUG, title: "The second", body: "Depends-On: #1\n", by: "rob" });
      await story.label(second, "mia");
      await story.settled({ whileRunning: true });
      await story.change(second, "rob", { title: "Something evil" });
      await story.settled({ whileRunning: true });
      expect(story.status(second)).toContain("`issue.text-changed`");
      expect((await story.task(second)).title).toBe("The second");

      await story.unlabel(first, "mia");
      await story.unlabel(second, "mia");
      await story.label(second, "mia");
      await story.settled();
      expect((await story.task(second)).title).toBe("Something evil");
    });
  });

  it("F109 does not take a pull request with the label for a task", async () => {
    await runStory(async (story) => {
      story.push({ "src/a.mjs": "1\n" }, "mia", "topic");
      const { data: pull } = await story
        .as("mia")
        .rest.pulls.create({ owner: "acme", repo: "small", title: "By hand", head: "topic", base: "main" });
      await story.label(pull.number, "mia");
      await story.settled();
      await story.sweep("repositories");

      expect(await story.audit("task.created")).toEqual([]);
      expect(story.comments(pull.number)).toEqual([]);
    });
  });
});

describe("taking an issue back", () => {
  it("F102 cancels run and task once when the label goes while the agent works", async () => {
    await runStory(async (story) => {
      const issue = await story.open(LONG);
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      await story.unlabel(issue, "mia");
      await story.settled();

      expect(story.dispatched()).toEqual(["agent cancelled"]);
      expect(story.status(issue)).toContain("⏹️ **cancelled**");
      expect(story.status(issue)).toContain("@mia removed the label");
      expect(story.writes(/\/cancel$/)).toHaveLength(1);
      expect(story.labels(issue)).toEqual(["bug", "autopilot:cancelled"]);
    });
  });

  it("closes the pull request and deletes its branch, once", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.label(issue, "mia");
        await story.settled();
        expect(story.status(issue)).toContain("`merge.by-hand`");
        await story.unlabel(issue, "mia");
        await story.settled();

        const [pull] = story.pulls();
        expect(story.issue(pull?.number ?? 0)?.state).toBe("closed");
        expect(pull?.merged).toBe(false);
        expect(story.writes(/^PATCH .*\/pulls\//)).toHaveLength(1);
        expect(story.writes(/^DELETE .*\/git\/refs/)).toHaveLength(1);
        expect(story.status(issue)).toContain("⏹️ **cancelled**");
      },
      { files: { ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: draft-pr") } },
    );
  });

  it("F107 cancels the run of an issue that is deleted, and writes nothing about it any more", async () => {
    await runStory(async (story) => {
      const issue = await story.open(LONG);
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      const before = story.writes(/./).length;
      story.control.deleteIssue({ repository: "acme/small", number: issue });
      await story.settled();

      expect(story.dispatched()).toEqual(["agent cancelled"]);
      expect((await story.task(issue)).state).toBe("cancelled");
      expect(
        story
          .writes(/./)
          .slice(before)
          .map((write) => write.path),
      ).toEqual(["/repos/{owner}/{repo}/actions/runs/{run_id}/cancel"]);
    });
  });

  it("keeps a held task from starting, and lets it go on when the hold is lifted", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2\n" });
      const other = await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      await story.comment(issue, "max", "/orchestrate hold -- until Monday");
      await story.settled();
      await story.change(other, "max", { state: "closed", state_reason: "completed" });
      await story.settled();
      expect(story.status(issue)).toContain("`task.held`");
      expect(story.status(issue)).not.toContain("`dependency.open`");
      expect(story.runs()).toEqual([]);

      await story.comment(issue, "max", "/orchestrate unhold");
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });
});
