import { describe, expect, it, vi } from "vitest";
import { cancelRun } from "../../src/sandbox/actions/runs/control-actions.ts";
import { configWith } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const GOOD = { changes: { "src/a.mjs": "1\n" } };
const CONFIG = ".github/orchestrator.yml";

async function handOver(story: Story, answers: Parameters<Story["open"]>[0]): Promise<number> {
  const issue = await story.open({ labels: ["bug"], ...answers });
  await story.label(issue, "mia");
  await story.settled();
  return issue;
}

describe("an attempt", () => {
  it("fails when a green run leaves no evidence, and the next one is told", async () => {
    await runStory(async (story) => {
      const issue = await handOver(story, { answers: { agent: [{ isSilent: true }, GOOD] } });

      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).spent).toBe(1);
      const [first] = await story.attempts().then((all) => all.filter((attempt) => attempt.number === 1));
      expect(first?.outcome).toMatchObject({ verdict: "FAIL", failureClass: "no_evidence" });
    });
  });

  it.each([
    ["task", { task: "1.2.3" }],
    ["attempt", { attempt: 7 }],
    ["correlation", { correlation: "1.2.3.4.5.6" }],
    ["base", { baseSha: "a".repeat(40) }],
  ])("F136 does not count with a result that names another %s", async (_what, lies) => {
    await runStory(async (story) => {
      const issue = await handOver(story, { answers: { agent: [{ ...GOOD, lies }, GOOD] } });

      const [first] = await story.attempts().then((all) => all.filter((attempt) => attempt.number === 1));
      expect(first?.outcome).toMatchObject({ verdict: "FAIL", failureClass: "no_evidence" });
      expect(first?.outcome?.summary).toContain("not this attempt's");
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("is tried again without burning the budget when the trouble is not the task's own", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [{ ...GOOD, worksMs: 1_500 }] } });
      await story.label(issue, "mia");
      const run = await story.until("the run", () =>
        story.runs().find((one) => one.status === "in_progress"),
      );
      cancelRun(story.world, run, "cancel");
      await story.settled();
      expect(story.status(issue)).toContain("`retry.later`");
      expect((await story.task(issue)).spent).toBe(0);

      await story.advance(31_000);
      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.dispatched()).toEqual(["agent cancelled", "agent success"]);
      expect((await story.task(issue)).spent).toBe(0);
    });
  });

  it("is put before a person when trouble comes again and again", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [{ ...GOOD, worksMs: 5_000 }] } });
      await story.label(issue, "mia");
      for (const pauseMs of [30_000, 120_000, 600_000, 0]) {
        const run = await story.until("the run", () =>
          story.runs().find((one) => one.status === "in_progress"),
        );
        cancelRun(story.world, run, "cancel");
        await story.settled();
        if (pauseMs > 0) await story.advance(pauseMs + 1_000, { whileRunning: true });
      }

      expect(story.status(issue)).toContain("✋ **blocked**");
      expect(story.replies(issue).at(-1)).toContain("4 tries in a row");
      expect((await story.task(issue)).spent).toBe(0);
    });
  });

  it("F131 that never ends is cancelled after its time and counts", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [{ worksMs: 60_000 }, GOOD] } });
      await story.label(issue, "mia");
      await story.until("the run", () => story.runs().find((one) => one.status === "in_progress"));
      await story.settled({ whileRunning: true });
      await story.advance(61 * 60_000);

      expect(story.dispatched()).toEqual(["agent cancelled", "agent success"]);
      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).spent).toBe(1);
    });
  });

  it("F123 is found to have ended when nothing tells so", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ labels: ["bug"], answers: { agent: [GOOD] } });
      await story.label(issue, "mia");
      await story.until("the run", () => story.runs().find((one) => one.status === "in_progress"));
      story.control.setDelivery({ dropRate: 1 });
      await story.settled();
      expect((await story.task(issue)).state).toBe("running");

      await story.advance(6 * 60_000);
      await story.advance(6 * 60_000);
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });
});

describe("the end of the loop", () => {
  it("comes with the budget: the task fails, says how to arm it again, and that works", async () => {
    await runStory(
      async (story) => {
        const fails = (summary: string) => ({ outcome: "failed" as const, summary });
        const issue = await handOver(story, { answers: { agent: [fails("one"), fails("two"), GOOD] } });
        expect(story.status(issue)).toContain("❌ **failed**");
        expect(story.status(issue)).toContain("`/orchestrate retry --reset-budget` arms it again");
        expect(story.replies(issue)).toHaveLength(1);
        expect(story.replies(issue)[0]).toContain("all 2 attempts are used");

        await story.comment(issue, "mia", "/orchestrate retry");
        await story.settled();
        expect(story.replies(issue).at(-1)).toContain("are used");
        expect(story.status(issue)).toContain("❌ **failed**");

        await story.comment(issue, "mia", "/orchestrate retry --reset-budget");
        await story.settled();
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files: { [CONFIG]: configWith("attempts: 5", "attempts: 2") } },
    );
  });

  it("comes early when the same failure comes three times", async () => {
    await runStory(async (story) => {
      const issue = await handOver(story, {
        answers: { agent: [{ outcome: "failed", summary: "the same" }] },
      });

      expect(story.dispatched()).toHaveLength(3);
      expect(story.status(issue)).toContain("❌ **failed**");
      expect(story.replies(issue)[0]).toContain("the same failure 3 times in a row");
    });
  });

  it("is put before a person when the worker says that it is blocked", async () => {
    await runStory(async (story) => {
      const issue = await handOver(story, {
        answers: { agent: [{ outcome: "blocked", summary: "Which of the two prices is right?" }, GOOD] },
      });
      expect(story.status(issue)).toContain("✋ **blocked**");
      expect(story.replies(issue)).toHaveLength(1);
      expect(story.replies(issue)[0]).toContain("Which of the two prices is right?");

      await story.comment(issue, "mia", "/orchestrate retry");
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });
});

describe("a change", () => {
  it("F134 to a protected path is not written, and waits for a person", async () => {
    await runStory(async (story) => {
      const issue = await handOver(story, {
        answers: { agent: [{ changes: { ".github/workflows/ci.yml": "name: nothing\n" } }] },
      });

      expect(story.status(issue)).toContain("✋ **blocked**");
      expect(story.status(issue)).toContain(".github/workflows/ci.yml");
      expect(story.pulls()).toEqual([]);
      expect(story.writes(/git\//)).toEqual([]);
    });
  });

  it("F132 that is none fails the attempt", async () => {
    await runStory(async (story) => {
      const issue = await handOver(story, { answers: { agent: [{}, GOOD] } });

      expect(story.status(issue)).toContain("✅ **done**");
      expect((await story.task(issue)).spent).toBe(1);
    });
  });

  it("F142 is merged only as it was verified: when the base moved into a conflict, nothing is merged", async () => {
    await runStory(async (story) => {
      const issue = await story.open({
        labels: ["bug"],
        answers: { agent: [{ changes: { "src/price.mjs": "export const price = 2;\n" }, worksMs: 700 }] },
      });
      await story.label(issue, "mia");
      await story.until("the run", () => story.runs().find((one) => one.status === "in_progress"));
      story.push({ "src/price.mjs": "export const price = 3;\n" });
      await story.settled();

      const task = await story.task(issue);
      expect(task.attempt).toBeGreaterThan(1);
      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.writes(/merge$/)).toHaveLength(1);
    });
  });

  it("F142 whose merge is refused because the head moved is verified again", async () => {
    await runStory(async (story) => {
      story.control.failNext({
        method: "PUT",
        pathPattern: "/merge$",
        status: 409,
        applied: false,
        body: { message: "Head branch was modified. Review and try the merge again." },
      });
      const issue = await handOver(story, { answers: { agent: [GOOD] } });

      expect((await story.audit("verdict.reached")).length).toBeGreaterThan(0);
      expect(story.status(issue)).toContain("✅ **done**");
      expect(story.pulls()[0]?.merged).toBe(true);
    });
  });

  it("that a person pushes onto is left to people", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, { answers: { agent: [GOOD] } });
        const [pull] = story.pulls();
        story.push({ "src/b.mjs": "2\n" }, "max", pull?.headRef);
        await story.settled();
        // For a minute it may be GitHub that is late.
        await story.advance(61_000);

        expect(story.status(issue)).toContain("✋ **blocked**");
        expect(story.status(issue)).toContain("Somebody else pushed");
        expect(pull?.merged).toBe(false);
        expect(story.checks("orchestrator / verify").at(-1)).toMatchObject({
          headSha: pull?.headSha,
          conclusion: "action_required",
        });
      },
      { files: { [CONFIG]: configWith("autonomy: merge", "autonomy: merge-with-approval") } },
    );
  });

  it("F159 that a person closes ends the task without another word", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, { answers: { agent: [GOOD] } });
        const [pull] = story.pulls();
        await story.as("max").rest.pulls.update({
          owner: "acme",
          repo: "small",
          pull_number: pull?.number ?? 0,
          state: "closed",
        });
        await story.settled();

        expect(story.status(issue)).toContain("⏹️ **cancelled**");
        expect(story.replies(issue)).toEqual([]);
      },
      { files: { [CONFIG]: configWith("autonomy: merge", "autonomy: merge-with-approval") } },
    );
  });
});
