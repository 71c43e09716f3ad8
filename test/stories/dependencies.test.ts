import { describe, expect, it, vi } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const GOOD = { verify: [{ metrics: [{ name: "r2", value: 0.9 }] }] };

describe("a task that depends on something", () => {
  it("waits for an issue that its text names, and starts when that is completed", async () => {
    await runStory(async (story) => {
      const first = await story.open({ title: "First this" });
      const second = await story.open({ ...BUG, body: `Depends-On: #${first}` });
      await story.label(second, "mia");
      await story.settled();
      expect(story.status(second)).toContain("`dependency.open`");

      await story.change(first, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();
      expect(story.status(second)).toContain("✅ **done**");
    });
  });

  it("goes on waiting when the other issue is closed without being done", async () => {
    await runStory(async (story) => {
      const first = await story.open({ title: "First this" });
      const second = await story.open({ ...BUG, body: `Blocked by #${first}` });
      await story.label(second, "mia");
      await story.settled();
      await story.change(first, "mia", { state: "closed", state_reason: "not_planned" });
      await story.settled();

      expect(story.status(second)).toContain("`dependency.not-done`");
      expect(story.runs()).toEqual([]);
    });
  });

  it("waits for an issue that blocks it natively", async () => {
    await runStory(async (story) => {
      const first = await story.open({ title: "First this" });
      const second = await story.open(BUG);
      await story
        .as("mia")
        .request("POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", {
          owner: "acme",
          repo: "small",
          issue_number: second,
          issue_id: story.issue(first)?.id ?? 0,
        });
      await story.label(second, "mia");
      await story.settled();
      expect(story.status(second)).toContain("`dependency.open`");

      await story.change(first, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();
      expect(story.status(second)).toContain("✅ **done**");
    });
  });

  it("waits for a task of the roadmap, which the app itself completes", async () => {
    await runStory(async (story) => {
      const second = await story.open({ title: "R-2 Use the data", labels: ["data"], answers: GOOD });
      await story.label(second, "mia");
      await story.settled();
      expect(story.status(second)).toContain("Roadmap task R-1 is not done yet");

      const first = await story.open({ title: "R-1 Gather the data", labels: ["data"], answers: GOOD });
      await story.label(first, "mia");
      await story.settled();
      expect(story.status(first)).toContain("✅ **done**");
      expect(story.status(second)).toContain("✅ **done**");
    });
  });

  it("F113 waits with its reason when two issues wait for each other", async () => {
    await runStory(async (story) => {
      const first = await story.open({ ...BUG, body: "Depends-On: #2" });
      const second = await story.open({ ...BUG, body: "Depends-On: #1" });
      await story.label(first, "mia");
      await story.label(second, "mia");
      await story.settled();
      await story.advance(3_600_000);

      expect(story.status(first)).toContain("`dependency.open`");
      expect(story.status(second)).toContain("`dependency.open`");
      expect(story.runs()).toEqual([]);
    });
  });

  it("F114 says that what it waits for cannot be read", async () => {
    await runStory(async (story) => {
      const first = await story.open({ title: "First this" });
      const second = await story.open({ ...BUG, body: `Depends-On: #${first}` });
      await story.label(second, "mia");
      await story.settled();
      story.control.deleteIssue({ repository: "acme/small", number: first });
      await story.settled();

      expect(story.status(second)).toContain("`dependency.unknown`");
    });
  });
});

describe("the order", () => {
  it("starts the more urgent of two waiting tasks first, one at a time where the limit says so", async () => {
    const work = { labels: ["bug"], answers: { agent: [{ outcome: "blocked" as const, summary: "stop" }] } };
    await runStory(
      async (story) => {
        const gate = await story.open({ title: "First this" });
        const lazy = await story.open({ ...work, labels: ["bug", "p3"], body: `Depends-On: #${gate}` });
        const urgent = await story.open({ ...work, labels: ["bug", "p0"], body: `Depends-On: #${gate}` });
        await story.label(lazy, "mia");
        await story.label(urgent, "mia");
        await story.settled();
        await story.change(gate, "mia", { state: "closed", state_reason: "completed" });
        await story.settled();

        const order = (await story.attempts()).toSorted((a, b) => a.dispatchedAt - b.dispatchedAt);
        expect(order.map((attempt) => attempt.taskId.split(".")[1])).toEqual([String(urgent), String(lazy)]);
      },
      {
        files: {
          ".github/orchestrator.yml": configWith("running: 4", "running: 1"),
        },
      },
    );
  });

  it("F116 takes a new priority for a waiting task, and never starts a task twice for it", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      const gate = await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      await Promise.all([
        story.comment(issue, "ada", "/orchestrate priority p0"),
        story.change(gate, "mia", { state: "closed", state_reason: "completed" }),
        story.comment(issue, "max", "/orchestrate priority p1"),
      ]);
      await story.settled();

      expect(story.dispatched()).toEqual(["agent success"]);
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });
});
