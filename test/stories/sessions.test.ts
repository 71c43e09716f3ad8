import { describe, expect, it, vi } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 240_000 });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const bug = (path: string, worksMs = 0) => ({
  labels: ["bug"],
  answers: { agent: [{ changes: { [path]: "1\n" }, worksMs }] },
});
const data = { labels: ["data"], answers: { verify: [{ metrics: [{ name: "r2", value: 0.7 }] }] } };

/** Hands issues over in a repository that is paused, so that they wait for a session. */
async function queue(story: Story, ...issues: Parameters<Story["open"]>[0][]): Promise<readonly number[]> {
  const control = await story.open({ title: "Control" });
  await story.comment(control, "ada", "/orchestrate pause -- nights only");
  await story.settled();
  const opened: number[] = [control];
  for (const issue of issues) {
    const number = await story.open(issue);
    await story.label(number, "mia");
    await story.settled();
    opened.push(number);
  }
  return opened;
}

async function say(story: Story, issue: number, line: string): Promise<string> {
  await story.comment(issue, "ada", `/orchestrate ${line}`);
  await story.settled();
  return answers(story, issue).at(-1) ?? "";
}

/** Answers to commands, without reports. */
function answers(story: Story, issue: number): readonly string[] {
  return story.replies(issue).filter((text) => text.startsWith("@ada:"));
}

const reportsOn = (story: Story, issue: number) =>
  story.replies(issue).filter((text) => text.startsWith("## Orchestrator report, session"));

const statesOf = (story: Story, issues: readonly number[]) =>
  Promise.all(issues.map(async (issue) => (await story.task(issue)).state));

describe("a session", () => {
  it("works on so many tasks of a paused repository, reports once, and the next task waits until somebody says more", async () => {
    await runStory(async (story) => {
      const [control = 0, ...issues] = await queue(
        story,
        bug("src/a.mjs"),
        bug("src/b.mjs"),
        bug("src/c.mjs"),
      );
      expect(await statesOf(story, issues)).toEqual(["queued", "queued", "queued"]);

      const dry = await say(story, control, "start count=2 --dry-run");
      expect(dry).toContain("🧪 Dry run – nothing was changed");
      await say(story, control, "start count=2");
      for (let minute = 0; minute < 4; minute += 1) await story.advance(MINUTE_MS);
      await story.restart();
      await story.sweep("repositories");
      await story.sweep("reports");

      expect(await statesOf(story, issues)).toEqual(["done", "done", "queued"]);
      expect(story.status(issues[2] ?? 0)).toContain(
        "Session 1 takes nothing more: it has taken its 2 tasks.",
      );
      expect(reportsOn(story, control)).toHaveLength(1);
      expect(reportsOn(story, control)[0]).toContain("session 1 – 2 accepted, 0 failed");
      expect(reportsOn(story, control)[0]).toContain("| … of these without a person | 2 |");
      expect(await story.audit("session.ended")).toMatchObject([
        { session: 1, by: "count", taken: 2, rests: true },
      ]);
      expect(story.dispatched()).toEqual(["agent success", "agent success"]);

      const asked = await say(story, control, "report session");
      expect(asked).toContain("## Orchestrator report, session 1 – 2 accepted");
      await say(story, control, "resume");
      for (let minute = 0; minute < 3; minute += 1) await story.advance(MINUTE_MS);
      expect(await statesOf(story, issues)).toEqual(["done", "done", "done"]);
      expect(reportsOn(story, control)).toHaveLength(1);
    });
  });

  it("is for one team, beside another one's, and what nobody covers stays paused", async () => {
    await runStory(async (story) => {
      const [control = 0, fix = 0, figures = 0] = await queue(story, bug("src/a.mjs"), data);
      expect(await say(story, control, "start team=qq")).toContain("Did you mean `qa`?");
      await say(story, control, "start team=qa");
      for (let minute = 0; minute < 3; minute += 1) await story.advance(MINUTE_MS);

      expect(await statesOf(story, [fix, figures])).toEqual(["done", "queued"]);
      expect(story.status(figures)).toContain("`repository.paused`");
      expect(story.status(figures)).not.toContain("`session.over`");
      expect(await say(story, control, "start")).toContain("Session 1 of team `qa` by @ada is not over");
      await say(story, control, "start team=dev count=1");
      await story.advance(MINUTE_MS);
      await story.sweep("reports");
      await story.advance(MINUTE_MS);
      await story.sweep("reports");

      expect(await statesOf(story, [figures])).toEqual(["done"]);
      expect(await story.audit("session.ended")).toMatchObject([
        { session: 1, by: "done", rests: false },
        { session: 2, by: "count" },
      ]);
      expect(reportsOn(story, control)).toHaveLength(2);
    });
  });

  it("starts nothing after its hours, brings what is under way to its end, and notices that by itself", async () => {
    await runStory(
      async (story) => {
        const [control = 0, first = 0, second = 0] = await queue(
          story,
          bug("src/a.mjs", 1_500),
          bug("src/b.mjs"),
        );
        await story.comment(control, "ada", "/orchestrate start hours=0.25");
        await story.until("the run", () =>
          story.runs().some((run) => run.name === "agent" && run.status === "in_progress") ? true : undefined,
        );
        story.clock.skip(HOUR_MS / 4);
        await story.sweep("reports", { whileRunning: true });
        expect(await story.audit("session.closed")).toMatchObject([{ session: 1, by: "hours" }]);
        expect(reportsOn(story, control)).toHaveLength(0);
        await story.settled();
        for (let minute = 0; minute < 3; minute += 1) await story.advance(MINUTE_MS);

        expect(await statesOf(story, [first, second])).toEqual(["done", "queued"]);
        expect(story.status(second)).toContain("Session 1 takes nothing more: its time was over at");
        expect(reportsOn(story, control)).toHaveLength(1);
        expect(story.dispatched()).toEqual(["agent success"]);
      },
      { files: { ".github/orchestrator.yml": configWith("running: 4", "running: 1") } },
    );
  });

  it("whose tasks wait for approval ends; an approval later still merges, although the repository is paused", async () => {
    await runStory(
      async (story) => {
        const [control = 0, issue = 0] = await queue(story, bug("src/a.mjs"));
        await say(story, control, "start count=1");
        await story.advance(MINUTE_MS);

        expect(await statesOf(story, [issue])).toEqual(["verifying"]);
        const [report = ""] = reportsOn(story, control);
        expect(report).toContain("| Waiting for people | 1 |");
        expect(report).toContain(`- [ ] #${issue}: `);
        const { pull } = await story.task(issue);
        await story.comment(pull?.number ?? 0, "max", `/orchestrate approve ${pull?.headSha}`);
        await story.settled();
        await story.advance(MINUTE_MS);

        expect(await statesOf(story, [issue])).toEqual(["done"]);
        expect(await say(story, control, "report session")).toContain("| … of these without a person | 0 |");
      },
      {
        files: { ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: merge-with-approval") },
      },
    );
  });

  it("is held by a stop and ended by a pause, which keeps what it has made from being merged", async () => {
    await runStory(
      async (story) => {
        const [control = 0, first = 0, second = 0] = await queue(
          story,
          bug("src/a.mjs", 1_500),
          bug("src/b.mjs"),
        );
        const working = () =>
          story.runs().some((run) => run.name === "agent" && run.status === "in_progress") ? true : undefined;
        await story.comment(control, "ada", "/orchestrate start");
        await story.until("the run", working);
        await story.comment(control, "ada", "/orchestrate stop");
        await story.settled();
        await story.comment(control, "ada", "/orchestrate start team=qa");
        await story.settled();
        await story.advance(10 * MINUTE_MS);
        expect(await statesOf(story, [first, second])).toEqual(["queued", "queued"]);
        expect(await story.audit("session.closed")).toEqual([]);

        await story.comment(control, "ada", "/orchestrate resume");
        await story.until("the run", working);
        await story.comment(control, "ada", "/orchestrate pause");
        await story.settled();
        await story.advance(MINUTE_MS);

        expect(await story.audit("session.ended")).toMatchObject([
          { session: 1, by: "pause", taken: 1, rests: false },
        ]);
        expect(await statesOf(story, [first, second])).toEqual(["verifying", "queued"]);
        expect(story.pulls().filter((pull) => pull.merged)).toEqual([]);
        expect(reportsOn(story, control)[0]).toContain("| Waiting for people | 1 |");
        expect(story.status(first)).toContain("it goes on when the pause is lifted");
        await say(story, control, "resume");
        for (let minute = 0; minute < 3; minute += 1) await story.advance(MINUTE_MS);
        expect(await statesOf(story, [first, second])).toEqual(["done", "done"]);
        expect(answers(story, control).join()).toContain(
          "Everything here is stopped. `/orchestrate resume` comes first.",
        );
      },
      { files: { ".github/orchestrator.yml": configWith("running: 4", "running: 1") } },
    );
  });

  it("that somebody ends brings what it has begun to its end; its report is not tried again where GitHub takes none", async () => {
    await runStory(
      async (story) => {
        const [control = 0, first = 0, second = 0] = await queue(
          story,
          bug("src/a.mjs", 1_000),
          bug("src/b.mjs"),
        );
        await story.comment(control, "ada", "/orchestrate start");
        await story.until("the run", () => (story.runs().length > 0 ? true : undefined));
        await story.comment(control, "ada", "/orchestrate end");
        await story.settled({ whileRunning: true });
        expect(answers(story, control).at(-1)).toContain(`#${first} is brought to an end`);
        await story.as("ada").rest.issues.lock({ owner: "acme", repo: "small", issue_number: control });
        await story.settled();
        await story.advance(MINUTE_MS);
        const refused = async () =>
          (await story.audit("effect.refused")).filter(({ key }) => `${key}`.endsWith(":session-report:1"));
        const before = await refused();
        for (let minute = 0; minute < 10; minute += 1) await story.advance(MINUTE_MS);
        await story.sweep("repositories");

        expect(await statesOf(story, [first, second])).toEqual(["done", "queued"]);
        expect(await story.audit("session.ended")).toMatchObject([{ session: 1, by: "command" }]);
        expect(reportsOn(story, control)).toEqual([]);
        expect(before.length).toBeGreaterThan(0);
        expect(await refused()).toEqual(before);
        expect(await say(story, first, "report session")).toContain("session 1 – 1 accepted");
      },
      { files: { ".github/orchestrator.yml": configWith("running: 4", "running: 1") } },
    );
  });
});
