import { describe, expect, it, vi } from "vitest";
import { configWith, SMALL_CONFIG, SMALL_ROADMAP } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const CONFIG = ".github/orchestrator.yml";
const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const BROKEN = configWith("autonomy: merge", "autonomie: merge");

describe("a broken configuration", () => {
  it("gets a check with line and column and one issue, while the last good one stays in force", async () => {
    await runStory(async (story) => {
      story.push({ [CONFIG]: BROKEN });
      await story.settled();
      const broken = story.push({ "README.md": "# Another commit\n" });
      await story.settled();

      const check = story.checks("orchestrator / config").find((one) => one.headSha === broken);
      expect(check?.conclusion).toBe("failure");
      expect(check?.output.summary).toContain("3:1");
      expect(check?.output.summary).toContain("autonomy");
      expect(check?.annotations).toMatchObject([{ start_line: 3, annotation_level: "failure" }]);
      const issues = [...story.repo.issues.values()].filter((issue) =>
        issue.title.includes("orchestrator.yml"),
      );
      expect(issues).toHaveLength(1);
      expect(issues[0]).toMatchObject({ state: "open" });

      const issue = await story.open(BUG);
      const dependent = await story.open({ title: "R-2 Use the data", labels: ["data"] });
      await story.label(issue, "mia");
      await story.label(dependent, "mia");
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.status(dependent)).toContain("Roadmap task R-1 is not done yet");

      story.push({ [CONFIG]: SMALL_CONFIG });
      await story.settled();
      expect(issues[0]?.state).toBe("closed");
      expect(story.checks("orchestrator / config").at(-1)?.conclusion).toBe("success");
    });
  });

  it("keeps tasks waiting where no version was ever valid, and lets them go on when it is corrected", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.label(issue, "mia");
        await story.settled();
        expect(story.status(issue)).toContain("❓ **needs-info**");
        expect(story.status(issue)).toContain("`config.invalid`");

        story.push({ [CONFIG]: SMALL_CONFIG });
        await story.settled();
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files: { [CONFIG]: BROKEN } },
    );
  });

  it("is read from the default branch only; a branch that changes it gets a check that says what it would mean", async () => {
    await runStory(async (story) => {
      const sha = story.push({ [CONFIG]: BROKEN }, "mia", "topic");
      await story.settled();

      const check = story.checks("orchestrator / config").find((one) => one.headSha === sha);
      expect(check?.conclusion).toBe("failure");
      expect([...story.repo.issues.values()]).toEqual([]);
    });
  });

  it("is as good as none when it is deleted", async () => {
    await runStory(async (story) => {
      story.push({ [CONFIG]: null });
      await story.settled();
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.settled();

      expect(story.status(issue)).toContain("`config.absent`");
      expect(story.runs()).toEqual([]);
    });
  });
});

describe("a missing configuration", () => {
  it("is named as the reason, and the task starts by itself when the file comes", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.label(issue, "mia");
        await story.settled();
        expect(story.status(issue)).toContain("`config.absent`");
        expect(story.checks("orchestrator / config")).toEqual([]);

        story.push({ [CONFIG]: SMALL_CONFIG });
        await story.settled();
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files: { [CONFIG]: null } },
    );
  });
});

describe("a broken roadmap", () => {
  it("is named in the check and the issue, and the last good one stays in force", async () => {
    await runStory(async (story) => {
      story.push({ ".github/roadmap.yml": SMALL_ROADMAP.replace("dependsOn: [R-1]", "dependsOn: [R-7]") });
      await story.settled();
      const issue = await story.open({ title: "R-2 Use the data", labels: ["data"] });
      await story.label(issue, "mia");
      await story.settled();

      expect(story.checks("orchestrator / config").at(-1)?.conclusion).toBe("failure");
      const [told] = [...story.repo.issues.values()].filter((one) => one.title.includes("Action required"));
      expect(told?.body).toContain("R-7");
      expect(story.status(issue)).toContain("Roadmap task R-1 is not done yet");

      story.push({ ".github/roadmap.yml": SMALL_ROADMAP });
      await story.settled();
      expect(told?.state).toBe("closed");
    });
  });
});

describe("what a task needs", () => {
  it("is named as missing, and the task starts when it comes", async () => {
    const roadmap = SMALL_ROADMAP.replace("revenue: true", "requires: { paths: [data/schema.json] }");
    await runStory(
      async (story) => {
        const issue = await story.open({ title: "R-1 Gather the data", labels: ["data"] });
        await story.label(issue, "mia");
        await story.settled();
        expect(story.status(issue)).toContain("`requires.path`");
        expect(story.status(issue)).toContain("data/schema.json");

        story.push({ "data/schema.json": "{}\n" });
        await story.settled();
        expect(story.dispatched()).toContain("generate success");
      },
      { files: { ".github/roadmap.yml": roadmap } },
    );
  });

  it("starts with the label of a kind that comes later", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ answers: BUG.answers });
      await story.label(issue, "mia");
      await story.settled();
      expect(story.status(issue)).toContain("`kind.unknown`");

      await story.label(issue, "mia", "bug");
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });
});
