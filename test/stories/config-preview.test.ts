import { describe, expect, it } from "vitest";
import { configWith, SMALL_ROADMAP } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

const CONFIG = ".github/orchestrator.yml";
const ROADMAP = ".github/roadmap.yml";
const PROPOSAL = configWith("autonomy: merge", "autonomy: deploy").replace("min: 0.65", "min: 0.2");

function checkOf(story: Story, sha: string) {
  return story.checks("orchestrator / config").find((check) => check.headSha === sha);
}

describe("a branch that changes the configuration", () => {
  it("F165 S12 gets a preview, while the default branch's configuration goes on to decide", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] },
        });
        await story.label(issue, "mia");
        await story.settled();
        expect(story.status(issue)).toContain("`autonomy.too-low`");

        const sha = story.push({ [CONFIG]: PROPOSAL }, "max", "topic");
        await story.settled();

        const check = checkOf(story, sha);
        expect(check?.conclusion).toBe("action_required");
        expect(check?.output.title).toBe("Needs a maintainer: autonomy-raised, threshold-loosened");
        expect(check?.output.summary).toContain("| `autonomy` | `suggest` | `deploy` |");
        expect(check?.output.summary).toContain(`| #${issue} | queued (autonomy.too-low) | starts |`);
        expect(story.status(issue)).toContain("`autonomy.too-low`");
        expect(story.dispatched()).toEqual([]);

        story.push({ [CONFIG]: PROPOSAL });
        await story.settled();
        expect(story.dispatched()).toEqual(["agent success"]);
      },
      { files: { [CONFIG]: configWith("autonomy: merge", "autonomy: suggest") } },
    );
  });

  it("gets the errors of its roadmap too, at their lines", async () => {
    await runStory(async (story) => {
      const files = {
        [CONFIG]: configWith("running: 4", "running: 3"),
        [ROADMAP]: SMALL_ROADMAP.replace("dependsOn: [R-1]", "dependsOn: [R-7]"),
      };
      const sha = story.push(files, "max", "topic");
      await story.settled();

      const check = checkOf(story, sha);
      expect(check?.conclusion).toBe("failure");
      expect(check?.output.summary).toContain('there is no task "R-7"');
      expect(check?.annotations).toMatchObject([{ path: ROADMAP, start_line: 4 }]);
      expect([...story.repo.issues.values()]).toEqual([]);
    });
  });

  it("gets a green check when it only tightens", async () => {
    await runStory(async (story) => {
      const sha = story.push({ [CONFIG]: configWith("attempts: 5", "attempts: 4") }, "max", "topic");
      await story.settled();

      expect(checkOf(story, sha)).toMatchObject({
        conclusion: "success",
        output: { title: "Valid, changes 1 key" },
      });
    });
  });
});
