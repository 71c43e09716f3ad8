import { describe, expect, it, vi } from "vitest";
import { BREAKING_PATH, configWith } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

describe("the main job", () => {
  it("carries a labelled data task through its stages until its figures are good enough", async () => {
    await runStory(async (story) => {
      const issue = await story.open({
        labels: ["data"],
        answers: {
          verify: [{ metrics: [{ name: "r2", value: 0.2 }] }, { metrics: [{ name: "r2", value: 0.8 }] }],
        },
      });
      await story.label(issue, "mia");
      await story.settled();

      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.dispatched()).toEqual([
        "generate success",
        "verify success",
        "generate success",
        "verify success",
      ]);
      expect(story.runs().map((run) => run.inputs.days)).toEqual(["30", undefined, "365", undefined]);
      expect(story.issue(issue)?.stateReason).toBe("completed");
      expect(story.labels(issue)).toEqual(["data", "autopilot", "autopilot:done"]);
    });
  });

  it("carries a bug from the label to the merged pull request, with what failed told to the next attempt", async () => {
    await runStory(async (story) => {
      const issue = await story.open({
        title: "The price is wrong",
        labels: ["bug"],
        answers: {
          agent: [
            { changes: { [BREAKING_PATH]: "oops\n" } },
            { changes: { [BREAKING_PATH]: null, "src/price.mjs": "export const price = 2;\n" } },
          ],
        },
      });
      await story.label(issue, "mia");
      await story.settled();

      const [pull, ...others] = story.pulls();
      expect(others).toEqual([]);
      expect(pull?.merged).toBe(true);
      expect(story.checks("orchestrator / verify").map((check) => check.conclusion)).toEqual([
        "failure",
        "success",
      ]);
      expect(story.dispatched()).toEqual(["agent success", "agent success"]);
      const [, second] = story.runs().filter((run) => run.name === "agent");
      const brief = JSON.parse(Buffer.from(second?.inputs.brief ?? "", "base64url").toString());
      expect(brief).toMatchObject({
        attempt: 2,
        title: "The price is wrong",
        feedback: [{ gate: "checks" }],
      });
      expect(story.issue(issue)?.state).toBe("closed");
      expect(story.writes(/merge$/)).toHaveLength(1);
    });
  });

  it("keeps an approved repository's merge for somebody other than who asked", async () => {
    const files = {
      ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: merge-with-approval"),
    };
    await runStory(
      async (story) => {
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] },
        });
        await story.label(issue, "mia");
        await story.settled();
        const [pull] = story.pulls();
        expect(story.status(issue)).toContain("👀 **needs-review**");
        expect(story.status(issue)).toContain("`approval.missing`");

        await story.comment(issue, "mia", `/orchestrate approve ${pull?.headSha}`);
        await story.settled();
        expect(story.replies(issue).at(-1)).toContain("somebody else has to approve");
        expect(pull?.merged).toBe(false);

        await story.comment(issue, "max", `/orchestrate approve ${pull?.headSha}`);
        await story.settled();
        expect(pull?.merged).toBe(true);
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files },
    );
  });

  it("leaves the merge to people where the autonomy ends at a draft", async () => {
    const files = { ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: draft-pr") };
    await runStory(
      async (story) => {
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] },
        });
        await story.label(issue, "mia");
        await story.settled();
        const [pull] = story.pulls();
        expect(pull).toMatchObject({ draft: true, merged: false });
        expect(story.status(issue)).toContain("`merge.by-hand`");

        await story.mergeByHand(pull?.number ?? 0, "max");
        await story.settled();
        expect(story.status(issue)).toContain("✅ **done**");
        expect(story.issue(issue)?.state).toBe("closed");
      },
      { files },
    );
  });

  it("decides and shows in shadow mode, and does nothing", async () => {
    const files = { ".github/orchestrator.yml": configWith("mode: active", "mode: shadow") };
    await runStory(
      async (story) => {
        const issue = await story.open({ labels: ["bug"] });
        await story.label(issue, "mia");
        await story.settled();

        expect(story.status(issue)).toContain("`mode.shadow`");
        expect(story.runs()).toEqual([]);
      },
      { files },
    );
  });
});
