import { describe, expect, it, vi } from "vitest";
import { SMALL_CONFIG } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const OFF = "roadmapIssues: { open: 0 }\nroadmapUpdates: { pullRequest: false }\n";
const ON = "roadmapUpdates: { context: docs/context.md }\n";

/** The configuration with a roadmap that lives. */
function livingConfig(autonomy = "merge"): string {
  return SMALL_CONFIG.replace(OFF, ON).replace("autonomy: merge", `autonomy: ${autonomy}`);
}

const ROADMAP = `# What we do this quarter
version: 1
milestones:
  - { id: M1, title: The data is used }
tasks:
  - id: R-1 # first of all
    title: Gather the data
    kind: data
    milestone: M1
  - { id: R-2, title: Use the data, kind: data, milestone: M1, dependsOn: [R-1] } # then this
`;

const RUN_URL = /https?:\/\/[^"]+\/acme\/small\/actions\/runs\/\d+/gu;

/** Does everything well, whatever it is asked. */
const GOOD_WORKER = `import { mkdirSync, writeFileSync } from "node:fs";
const { TASK, ATTEMPT, CORRELATION, BASE_SHA } = process.env;
mkdirSync("orchestrator-result");
writeFileSync("orchestrator-result/result.json", JSON.stringify({
  schema: "orchestrator-result/1",
  task: TASK, attempt: Number(ATTEMPT), correlation: CORRELATION, baseSha: BASE_SHA,
  outcome: "completed", summary: "The data is good.", metrics: [{ name: "r2", value: 0.9 }],
}));
`;

function filesWith(config: string) {
  return {
    ".github/orchestrator.yml": config,
    ".github/roadmap.yml": ROADMAP,
    "docs/context.md": "# Context\n",
    "tools/worker.mjs": GOOD_WORKER,
  };
}

function issuesOf(story: Story): readonly string[] {
  const issues = [...story.repo.issues.values()].filter(({ number }) => !story.repo.pulls.has(number));
  return issues.map(({ number, title, state }) => `#${number} ${title} ${state}`);
}

function openPulls(story: Story) {
  return story.pulls().filter(({ number }) => story.issue(number)?.state === "open");
}

async function read(story: Story, path: string, ref = "main"): Promise<string> {
  const { data } = await story.as("ada").rest.repos.getContent({ owner: "acme", repo: "small", path, ref });
  if (Array.isArray(data) || !("content" in data)) throw new Error(`${path} is no file`);
  return Buffer.from(data.content, "base64").toString();
}

describe("a roadmap that lives", () => {
  it("is worked off by itself, task by task, and written back in one pull request that people merge", async () => {
    await runStory(
      async (story) => {
        expect(issuesOf(story)).toEqual(["#1 R-1: Gather the data closed", "#2 R-2: Use the data closed"]);
        expect(story.status(1)).toContain("✅ **done**");
        expect(story.dispatched()).toEqual([
          "generate success",
          "verify success",
          "generate success",
          "verify success",
        ]);

        const [pull, ...others] = openPulls(story);
        expect(others).toEqual([]);
        expect(pull?.headRef).toBe("orchestrator/roadmap");
        expect(story.issue(pull?.number ?? 0)?.title).toBe("Roadmap: R-1, R-2 done");
        expect(await read(story, ".github/roadmap.yml")).toBe(ROADMAP);
        await story.mergeByHand(pull?.number ?? 0, "mia");
        await story.settled();

        const written = (await read(story, ".github/roadmap.yml")).replaceAll(RUN_URL, "<run>");
        expect(written).toBe(
          ROADMAP.replace(
            "  - id: R-1 # first of all\n",
            '  - id: R-1 # first of all\n    status: done\n    evidence: ["<run>"]\n',
          ).replace("{ id: R-2,", '{ id: R-2, status: done, evidence: ["<run>"],'),
        );
        expect(await read(story, "docs/context.md")).toContain(
          "## Milestone `M1` is reached: The data is used",
        );
        expect(await story.audit("milestone.reached")).toMatchObject([{ milestone: "M1" }]);

        await story.sweep("repositories");
        expect(openPulls(story)).toEqual([]);
        expect(issuesOf(story)).toHaveLength(2);
      },
      { files: filesWith(livingConfig()) },
    );
  });

  it("is only suggested where the autonomy ends there, until a person hands an issue over", async () => {
    await runStory(
      async (story) => {
        expect(issuesOf(story)).toEqual(["#1 R-1: Gather the data open"]);
        expect(story.labels(1)).toEqual([]);
        expect(story.runs()).toEqual([]);

        story.push({ ".github/orchestrator.yml": livingConfig("draft-pr") });
        await story.settled();
        expect(story.runs()).toEqual([]);

        await story.label(1, "mia");
        await story.settled();
        expect(story.status(1)).toContain("✅ **done**");
        expect(issuesOf(story)).toContain("#2 R-2: Use the data closed");
      },
      { files: filesWith(livingConfig("suggest")) },
    );
  });

  it("does not open an issue again that a person closed as not planned, and says so", async () => {
    await runStory(
      async (story) => {
        await story.change(1, "mia", { state: "closed", state_reason: "not_planned" });
        await story.settled();
        await story.sweep("repositories");
        const asked = await story.open({ title: "What next?" });
        await story.comment(asked, "rob", "/orchestrate roadmap");
        await story.settled();

        expect(issuesOf(story)).toEqual(["#1 R-1: Gather the data closed", "#2 What next? open"]);
        const [reply = ""] = story.replies(asked);
        expect(reply).toContain("**0 of 2** tasks of the roadmap are done");
        expect(reply).toContain("| `R-1` | Gather the data | closed by a person, #1 |");
        expect(reply).toContain("`dependency.open` Roadmap task R-1 is not done yet.");
      },
      { files: filesWith(livingConfig("suggest")) },
    );
  });

  it("finds its issue again after the database went back to a time before it", async () => {
    await runStory(
      async (story) => {
        await story.stop();
        story.saveData();
        await story.start();
        story.push({ ".github/orchestrator.yml": livingConfig("suggest") });
        await story.settled();
        expect(issuesOf(story)).toEqual(["#1 R-1: Gather the data open"]);

        await story.stop();
        story.restoreData();
        await story.start();
        await story.sweep("repositories");
        await story.sweep("repositories");

        expect(issuesOf(story)).toEqual(["#1 R-1: Gather the data open"]);
        expect(story.writes(/POST .*\/issues$/u)).toHaveLength(1);
      },
      { files: filesWith(SMALL_CONFIG), unprovable: ["I1", "I5"] },
    );
  });
});
