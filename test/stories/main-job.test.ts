import { describe, expect, it } from "vitest";
import { runStory } from "../support/story.ts";

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

      expect(story.status(issue)).toContain("**done**");
      expect(story.dispatched()).toEqual([
        "generate success",
        "verify success",
        "generate success",
        "verify success",
      ]);
      expect(story.issue(issue)?.state).toBe("closed");
    });
  });
});
