import { describe, expect, it, vi } from "vitest";
import { BREAKING_PATH, writeAnswers } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const GOOD = { changes: { "src/a.mjs": "1\n" } };
const LEARNING = { title: "Prices are cents", body: "Never floats. @everyone", paths: ["src/**"] };

async function handOver(story: Story, issue: Parameters<Story["open"]>[0]): Promise<number> {
  const number = await story.open({ labels: ["bug"], ...issue });
  await story.label(number, "mia");
  await story.settled();
  return number;
}

/** What the workers were told, oldest first. */
function briefs(story: Story) {
  return story
    .runs()
    .filter(({ event }) => event === "workflow_dispatch")
    .map(({ inputs }) => JSON.parse(Buffer.from(inputs.brief ?? "", "base64url").toString()));
}

describe("what attempts leave to those after them", () => {
  it("is what was tried and changed, and a learning reaches another task only when the work passed", async () => {
    await runStory(async (story) => {
      const bad = {
        changes: { "src/b.mjs": "1\n2\n", [BREAKING_PATH]: "1\n" },
        learnings: [{ ...LEARNING, title: "Wrong" }],
      };
      const good = { changes: { "src/b.mjs": "2\n", [BREAKING_PATH]: null }, learnings: [LEARNING] };
      await handOver(story, { answers: { agent: [bad, good] } });
      const next = await handOver(story, { body: "Paths: src/**", answers: { agent: [GOOD] } });

      const [first, second, other] = briefs(story);
      expect(first).not.toHaveProperty("focus");
      expect(second).toMatchObject({
        attempt: 2,
        focus: { mend: ["checks"], changeNothingElse: true, sameFailure: 1 },
        tried: [{ attempt: 1, at: "pull request", failureClass: "task", gates: ["checks"] }],
      });
      expect(second.lastChange.files).toContainEqual({
        path: "src/b.mjs",
        change: "added",
        added: 2,
        removed: 0,
      });
      expect(other.knowledge).toMatchObject([{ ...LEARNING, seen: 1 }]);
      expect(story.status(next)).toContain("✅ **done**");

      await story.comment(next, "mia", "/orchestrate knowledge");
      await story.settled();
      expect(story.replies(next).at(-1)).toContain("Prices are cents");
      expect(story.replies(next).at(-1)).not.toContain("Wrong");
      await story.comment(next, "ada", `/orchestrate forget ${other.knowledge[0].id}`);
      await story.settled();
      expect(story.replies(next).at(-1)).toContain("Forgotten for good");
    });
  });
});

describe("a worker that does not change anything", () => {
  it("is stopped by what it lacks, and goes on when the issue says it", async () => {
    await runStory(async (story) => {
      const missing = [{ what: "decision", name: "round up or down?" }];
      const issue = await handOver(story, { answers: { agent: [{ outcome: "blocked", missing }] } });
      expect(story.status(issue)).toContain("❓ **needs-info**");
      expect(story.labels(issue)).toContain("autopilot:needs-info");
      expect(story.replies(issue)).toHaveLength(1);

      await story.change(issue, "mia", { body: `Round up.${writeAnswers({ agent: [GOOD] })}` });
      await story.comment(issue, "mia", "/orchestrate retry");
      await story.settled();
      expect(briefs(story).at(-1).body).toContain("Round up.");
      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).spent).toBe(0);
    });
  });

  it("ends as done when it says that nothing is left, the files are there, and a person agrees", async () => {
    await runStory(async (story) => {
      const said = { signal: "already-done", evidence: ["src/price.mjs"] } as const;
      const issue = await handOver(story, {
        answers: { agent: [{ ...said, evidence: ["src/lost.mjs"] }, said] },
      });
      expect((await story.task(issue)).spent).toBe(1);
      expect(story.status(issue)).toContain("`work.already-done`");

      await story.change(issue, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.pulls()).toEqual([]);
    });
  });
});
