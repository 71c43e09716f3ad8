import { describe, expect, it, vi } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const LONG = { labels: ["bug"], answers: { agent: [{ worksMs: 30_000 }] } };
const SMALL = { owner: "acme", repo: "small" };
/** What would be refused in a locked conversation. */
const WRITING = /^(?:POST|PATCH) .*\/(?:comments|reactions)/;
const BY_HAND = { ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: draft-pr") };

/** The issues that the app opened by itself, as `state title`. */
function notices(story: Story): readonly string[] {
  return [...story.repo.issues.values()]
    .filter((issue) => issue.user.type === "Bot" && !issue.isPull)
    .map((issue) => `${issue.state} ${issue.title}`);
}

const NOTICE = "Action required: the label that hands issues over is gone";

describe("the label that hands issues over", () => {
  it("F103 is known in another case, also when it is an emoji and several words", async () => {
    await runStory(
      async (story) => {
        await story.as("ada").rest.issues.createLabel({ ...SMALL, name: "🤖 AUTO Pilot" });
        const issue = await story.open(BUG);
        await story.label(issue, "mia", "🤖 auto pilot");
        await story.settled();
        expect(story.status(issue)).toContain("✅ **done**");
        expect(story.labels(issue)).toEqual(["bug", "🤖 AUTO Pilot", "🤖 Auto Pilot:done"]);

        const second = await story.open({ ...LONG, title: "Another" });
        await story.label(second, "mia", "🤖 Auto Pilot");
        await story.settled({ whileRunning: true });
        await story.sweep("repositories", { whileRunning: true });
        expect((await story.task(second)).state).toBe("running");
        await story.unlabel(second, "mia", "🤖 auto pilot");
        await story.settled();
        expect(story.dispatched()).toEqual(["agent success", "agent cancelled"]);
      },
      { files: { ".github/orchestrator.yml": `${configWith("", "")}label: "🤖 Auto Pilot"\n` } },
    );
  });

  it("F103 stops no task when it is deleted in the repository's settings, and people are told once", async () => {
    await runStory(async (story) => {
      const waiting = await story.open({ ...BUG, body: "Depends-On: #2\n" });
      const gate = await story.open({ title: "First this" });
      const working = await story.open({ ...LONG, title: "Long work" });
      await story.label(waiting, "mia");
      await story.label(working, "mia");
      await story.settled({ whileRunning: true });

      await story.as("ada").rest.issues.deleteLabel({ ...SMALL, name: "autopilot" });
      await story.settled({ whileRunning: true });
      for (let round = 0; round < 3; round += 1) await story.sweep("repositories", { whileRunning: true });

      expect(await story.task(waiting)).toMatchObject({ state: "queued", trigger: "command" });
      expect(await story.task(working)).toMatchObject({ state: "running", trigger: "command" });
      expect(notices(story)).toEqual([`open ${NOTICE}`]);
      expect(story.replies(waiting)).toEqual([]);
      expect(story.status(working)).toContain("stop: `/orchestrate cancel`");

      await story.as("ada").rest.issues.createLabel({ ...SMALL, name: "autopilot" });
      await story.settled({ whileRunning: true });
      await story.sweep("repositories", { whileRunning: true });
      expect(notices(story)).toEqual([`closed ${NOTICE}`]);
      expect((await story.task(working)).state).toBe("running");

      await story.change(gate, "mia", { state: "closed", state_reason: "completed" });
      await story.comment(working, "mia", "/orchestrate cancel");
      await story.settled();
      expect(story.status(waiting)).toContain("✅ **done**");
      expect(story.dispatched().toSorted()).toEqual(["agent cancelled", "agent success"]);
    });
  });

  it("F103 stops no task when it is renamed, also when no webhook says so, and hands over under its new name", async () => {
    await runStory(async (story) => {
      const working = await story.open(LONG);
      await story.label(working, "mia");
      await story.settled({ whileRunning: true });
      story.control.setDelivery({ dropRate: 1 });
      await story.as("ada").rest.issues.updateLabel({ ...SMALL, name: "autopilot", new_name: "robot" });
      story.control.setDelivery({});
      await story.sweep("repositories", { whileRunning: true });
      expect((await story.task(working)).state).toBe("running");
      expect(notices(story)).toEqual([`open ${NOTICE}`]);

      story.push({ ".github/orchestrator.yml": `${configWith("", "")}label: robot\n` });
      await story.settled({ whileRunning: true });
      await story.sweep("repositories", { whileRunning: true });
      expect((await story.task(working)).state).toBe("running");
      expect(notices(story)).toEqual([`closed ${NOTICE}`]);

      const next = await story.open({ ...BUG, title: "Under the new name" });
      await story.label(next, "mia", "robot");
      await story.until("the end of the second task", () =>
        story.labels(next).includes("robot:done") ? true : undefined,
      );
      await story.unlabel(working, "mia", "robot");
      await story.settled();
      expect((await story.task(working)).state).toBe("cancelled");
    });
  });

  it("F103 stops no task when another one is configured, but still when somebody took it off unheard", async () => {
    await runStory(async (story) => {
      const first = await story.open(LONG);
      const second = await story.open({ ...LONG, title: "Another" });
      for (const issue of [first, second]) await story.label(issue, "mia");
      await story.settled({ whileRunning: true });

      story.control.setDelivery({ dropRate: 1 });
      await story.unlabel(second, "max");
      story.control.setDelivery({});
      await story.sweep("repositories", { whileRunning: true });
      expect((await story.task(first)).state).toBe("running");
      expect((await story.task(second)).state).toBe("cancelled");
      expect(story.status(second)).toContain("@max removed the label");

      await story.as("ada").rest.issues.createLabel({ ...SMALL, name: "robot" });
      story.push({ ".github/orchestrator.yml": `${configWith("", "")}label: robot\n` });
      await story.settled({ whileRunning: true });
      await story.sweep("repositories", { whileRunning: true });
      expect(await story.task(first)).toMatchObject({ state: "running", trigger: "command" });
      await story.comment(first, "mia", "/orchestrate cancel");
      await story.settled();
    });
  });
});

describe("an issue that is closed, opened again or locked", () => {
  it("F105 cancels when it is closed, at work or waiting, and needs a new trigger when it is opened again", async () => {
    await runStory(async (story) => {
      const issue = await story.open(LONG);
      const waiting = await story.open({ ...BUG, title: "Later", body: `Depends-On: #${issue}\n` });
      await story.label(issue, "mia");
      await story.label(waiting, "mia");
      await story.settled({ whileRunning: true });
      await story.change(waiting, "max", { state: "closed", state_reason: "completed" });
      await story.change(issue, "max", { state: "closed", state_reason: "not_planned" });
      await story.settled();
      expect(story.dispatched()).toEqual(["agent cancelled"]);
      expect(story.status(waiting)).toContain("⏹️ **cancelled**");
      expect(story.status(issue)).toContain("@max closed the issue");

      await story.change(issue, "max", { state: "open" });
      await story.settled();
      expect((await story.task(issue)).state).toBe("cancelled");

      await story.unlabel(issue, "mia");
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      expect(await story.task(issue)).toMatchObject({ state: "running", generation: 2 });
      await story.unlabel(issue, "mia");
      await story.settled();
    });
  });

  it("F105 is worked on while it is locked, without one attempt to write there, and says all of it when it is unlocked", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2\n" });
      const gate = await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      const shown = story.status(issue);
      expect(shown).toContain("`dependency.open`");

      await story.as("ada").rest.issues.lock({ ...SMALL, issue_number: issue });
      const before = story.asked(WRITING).length;
      await story.comment(issue, "max", "/orchestrate priority p0");
      await story.change(gate, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();
      expect(await story.task(issue)).toMatchObject({ state: "done", priority: "p0" });
      expect(story.labels(issue)).toContain("autopilot:done");
      expect(story.checks("orchestrator / verify")).toMatchObject([{ conclusion: "success" }]);
      expect(story.status(issue)).toBe(shown);
      // Whether a command's own comment can be reacted to is not asked first: that is one try for each command.
      expect(story.asked(WRITING).slice(before)).toEqual([
        expect.stringMatching(/comments\/\d+\/reactions$/),
      ]);

      await story.as("ada").rest.issues.unlock({ ...SMALL, issue_number: issue });
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("F105 is handed over where it is locked already, and shows its state by its label", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.as("ada").rest.issues.lock({ ...SMALL, issue_number: issue });
      await story.label(issue, "mia");
      await story.settled();

      expect((await story.task(issue)).state).toBe("done");
      expect(story.labels(issue)).toEqual(["bug", "autopilot", "autopilot:done"]);
      expect(story.comments(issue)).toEqual([]);
      expect(story.asked(WRITING)).toEqual([]);
    });
  });
});

describe("an issue that goes elsewhere", () => {
  it("F106 ends its task here when it is transferred, and begins there only by a label of its own", async () => {
    await runStory(async (story) => {
      await story.addRepository("other");
      const other = { owner: "acme", repo: "other" };
      story.control.setRole({ repository: "acme/other", login: "mia", role: "write" });
      const issue = await story.open(LONG);
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      await story.as("mia").rest.issues.create({ ...other, title: "Has the labels", labels: ["bug"] });
      const target = [...story.world.repos.values()].find((repo) => repo.name === "other");
      if (target === undefined) throw new Error("there is no other repository");
      await story.as("mia").rest.issues.createLabel({ ...other, name: "autopilot" });

      const writes = story.writes(/./).length;
      const number = story.control.transferIssue({
        ...{ repository: "acme/small", number: issue, to: "acme/other", login: "mia" },
      });
      await story.settled();
      expect(await story.task(issue)).toMatchObject({ state: "cancelled", reasons: [] });
      expect(story.dispatched()).toEqual(["agent cancelled"]);
      expect(
        story
          .writes(/./)
          .slice(writes)
          .map(({ path }) => path),
      ).toEqual(["/repos/{owner}/{repo}/actions/runs/{run_id}/cancel"]);

      await story.sweep("repositories");
      expect([...(target.issues.get(number)?.labels ?? [])]).toContain("autopilot");
      expect([...target.runs.values()]).toEqual([]);
      expect(await story.audit("task.created")).toHaveLength(1);

      await story.as("mia").rest.issues.removeLabel({ ...other, issue_number: number, name: "autopilot" });
      await story.labelIn("other", number, "mia");
      await story.settled({ whileRunning: true });
      expect((await story.audit("task.created")).map(({ issue: made }) => made)).toEqual([issue, number]);
      await story.as("mia").rest.issues.removeLabel({ ...other, issue_number: number, name: "autopilot" });
      await story.settled();
      expect([...target.runs.values()].map((run) => run.conclusion)).toEqual(["cancelled"]);
    });
  });

  it("F106 ends its task here also when it goes where the app may not work, and nobody says so", async () => {
    await runStory(async (story) => {
      await story.control.createRepository({ owner: "acme", name: "elsewhere" });
      const issue = await story.open(LONG);
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      story.control.setDelivery({ dropRate: 1 });
      story.control.transferIssue({ repository: "acme/small", number: issue, to: "acme/elsewhere" });
      story.control.setDelivery({});
      await story.sweep("repositories");

      expect((await story.task(issue)).state).toBe("cancelled");
      expect(story.dispatched()).toEqual(["agent cancelled"]);
    });
  });

  it("F108 goes on when it is pinned, and is cancelled when it is closed as a duplicate", async () => {
    await runStory(async (story) => {
      const issue = await story.open(LONG);
      await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      story.control.pinIssue({ repository: "acme/small", number: issue, login: "ada" });
      await story.settled({ whileRunning: true });
      expect((await story.task(issue)).state).toBe("running");

      await story.as("ada").request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
        ...SMALL,
        issue_number: issue,
        state: "closed",
        state_reason: "duplicate",
      });
      await story.settled();
      expect(story.status(issue)).toContain("⏹️ **cancelled**");
      expect(story.dispatched()).toEqual(["agent cancelled"]);
    });
  });

  it("F108 is cancelled when it becomes a discussion, heard of or not, and is not written to", async () => {
    await runStory(async (story) => {
      const [heard, unheard] = [await story.open(LONG), await story.open({ ...LONG, title: "Another" })];
      for (const issue of [heard, unheard]) await story.label(issue, "mia");
      await story.settled({ whileRunning: true });
      const before = story.asked(WRITING).length;
      story.control.convertToDiscussion({ repository: "acme/small", number: heard, login: "ada" });
      await story.settled({ whileRunning: true });
      story.control.setDelivery({ dropRate: 1 });
      story.control.convertToDiscussion({ repository: "acme/small", number: unheard, login: "ada" });
      story.control.setDelivery({});
      await story.sweep("repositories");

      for (const issue of [heard, unheard]) {
        expect((await story.task(issue)).state).toBe("cancelled");
        expect(story.labels(issue)).toContain("autopilot:cancelled");
      }
      expect(story.dispatched()).toEqual(["agent cancelled", "agent cancelled"]);
      expect(story.asked(WRITING).slice(before)).toEqual([]);
    });
  });
});

describe("two issues that ask for the same", () => {
  it("F110 are both tracked; the second names the open pull request of the first and opens none of its own", async () => {
    await runStory(
      async (story) => {
        const first = await story.open({ ...BUG, title: "The same" });
        const second = await story.open({ ...BUG, title: "Again the same" });
        for (const issue of [first, second]) {
          await story.label(issue, "mia");
          await story.settled();
        }

        const [pull, ...more] = story.pulls();
        expect(more).toEqual([]);
        expect(story.status(first)).toContain("`merge.by-hand`");
        expect(story.status(second)).toContain("✋ **blocked**");
        expect(story.status(second)).toContain("`publish.duplicate`");
        expect(story.status(second)).toContain(
          `The same change is in pull request #${pull?.number} for #${first} already`,
        );
        expect(story.replies(second)).toHaveLength(1);

        await story.unlabel(first, "mia");
        await story.settled();
        await story.comment(second, "mia", "/orchestrate retry");
        await story.settled();
        expect(story.pulls()).toHaveLength(2);
        expect(story.status(second)).toContain("`merge.by-hand`");
      },
      { files: BY_HAND },
    );
  });

  it("F110 are both tracked; the second names the first when that is merged before it", async () => {
    await runStory(async (story) => {
      const first = await story.open({ ...BUG, title: "The same" });
      const second = await story.open({ ...BUG, title: "The same" });
      await story.label(first, "mia");
      await story.settled();
      await story.label(second, "mia");
      await story.settled();

      expect(story.status(first)).toContain("✅ **done**");
      expect(story.status(second)).toContain("✋ **blocked**");
      expect(story.status(second)).toContain("`publish.duplicate`");
      expect(story.status(second)).toContain(`was published for #${first} before`);
      expect(story.pulls().filter((pull) => pull.merged)).toHaveLength(1);
    });
  });
});
