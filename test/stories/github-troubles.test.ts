import { describe, expect, it, vi } from "vitest";
import { runStory } from "../support/story.ts";

const BUG = { labels: ["bug"], answers: { agent: [{ changes: { "src/a.mjs": "1\n" } }] } };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

vi.setConfig({ testTimeout: 180_000 });

/** Every kind of write that a task needs, by the path it goes to. */
const WRITES = [
  ["the status comment", "POST", "/issues/\\d+/comments$"],
  ["the label", "POST", "/issues/\\d+/labels$"],
  ["the dispatch", "POST", "/dispatches$"],
  ["the commit", "POST", "/git/commits$"],
  ["the branch", "POST", "/git/refs$"],
  ["the pull request", "POST", "/pulls$"],
  ["the check", "POST", "/check-runs$"],
  ["the merge", "PUT", "/merge$"],
] as const;

describe("a write", () => {
  it.each([
    ["F064 is done once when its answer is a 502 although it took effect", { status: 502, applied: true }],
    [
      "F064 is done once when the connection breaks after it took effect",
      { dropConnection: true, applied: true },
    ],
    [
      "F065 is done once later when the answer is a 503 and it did not take effect",
      { status: 503, applied: false },
    ],
  ])("%s, whatever it is", async (_name, trouble) => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.settled();
        for (const [, method, pathPattern] of WRITES)
          story.control.failNext({ method, pathPattern, ...trouble });
        story.labelDirectly(issue, "mia");
        await story.settled();
        for (let look = 0; look < 4; look += 1) await story.advance(2 * MINUTE_MS);

        expect(story.status(issue)).toContain("✅ **done**");
        expect(story.dispatched()).toEqual(["agent success"]);
        expect(story.pulls()).toHaveLength(1);
        const pathsOnce = [/\/dispatches$/, /\/pulls$/, /\/merge$/, /\/git\/refs$/];
        for (const path of pathsOnce) expect(story.writes(path)).toHaveLength(1);
      },
      { isTroubled: true },
    );
  });
});

describe("an answer", () => {
  it("F064 is written once when GitHub does not say that it took effect", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.settled();
        story.control.failNext({ method: "POST", pathPattern: "/comments$", status: 502, applied: true });
        story.labelDirectly(issue, "tom");
        await story.settled();

        expect(story.replies(issue)).toHaveLength(1);
      },
      { isTroubled: true },
    );
  });
});

describe("a limit", () => {
  it.each([
    ["F066", 403],
    ["F067", 429],
  ])("%s with a retry-after is obeyed, and the work goes on after it", async (_name, status) => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        const second = await story.open({ title: "Another" });
        await story.settled();
        story.control.failNext({
          method: "POST",
          pathPattern: "/comments$",
          status,
          headers: { "retry-after": "60" },
          body: { message: "You have exceeded a secondary rate limit. Please wait a few minutes." },
          applied: false,
        });
        story.labelDirectly(issue, "mia");
        await story.settled();
        const before = story.world.history.length;
        story.labelDirectly(second, "mia");
        await story.advance(15_000);
        expect(requestsOfTheApp(story.world.history.slice(before))).toBe(0);

        for (let look = 0; look < 3; look += 1) await story.advance(MINUTE_MS);
        expect(story.status(issue)).toContain("✅ **done**");
        expect((await story.task(issue)).spent).toBe(0);
        expect(story.status(second)).toContain("`kind.unknown`");
      },
      { isTroubled: true },
    );
  });

  it("F068 that names no time is waited for at least a minute, and longer each time", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.settled();
        story.control.failNext({
          method: "POST",
          status: 403,
          body: { message: "You have exceeded a secondary rate limit." },
          applied: false,
          times: 2,
        });
        story.labelDirectly(issue, "mia");
        await story.settled();
        const before = story.world.history.length;
        await story.advance(15_000);
        expect(requestsOfTheApp(story.world.history.slice(before))).toBe(0);

        for (let look = 0; look < 6; look += 1) await story.advance(2 * MINUTE_MS);
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { isTroubled: true },
    );
  });

  it("F069 of the whole hour is slept through, also by an app that starts anew meanwhile", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.label(issue, "mia");
        await story.settled();
        const second = await story.open({ ...BUG, title: "Another" });
        story.control.failNext({
          pathPattern: "/collaborators/",
          status: 403,
          headers: {
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": String(Math.ceil((story.clock.now() + 55 * MINUTE_MS) / 1000)),
          },
          body: { message: "API rate limit exceeded for installation." },
          applied: false,
        });
        await story.label(second, "mia");
        await story.settled();
        await story.restart();
        await story.advance(30 * MINUTE_MS);
        expect(story.comments(second)).toEqual([]);

        await story.advance(30 * MINUTE_MS);
        expect(story.comments(second)).not.toEqual([]);
      },
      { isTroubled: true },
    );
  });

  it("F072 of content writes is never exceeded: many events become few edits, and nothing is lost", async () => {
    await runStory(
      async (story) => {
        const titles = Array.from({ length: 45 }, (_, number) => `Task ${number}`);
        const issues = await Promise.all(titles.map((title) => story.open({ title })));
        for (const issue of issues) story.labelDirectly(issue, "mia");
        for (const issue of issues) await story.comment(issue, "max", "/orchestrate why");
        for (let look = 0; look < 4; look += 1) {
          await story.settled();
          await story.advance(MINUTE_MS);
        }

        for (const issue of issues) {
          expect(story.status(issue)).toContain("`kind.unknown`");
          expect(story.replies(issue)).toHaveLength(1);
        }
      },
      { isTroubled: true },
    );
  });
});

describe("what GitHub answers", () => {
  it("F074 is not trusted when it is a page of HTML or half of a document", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.settled();
        story.control.failNext({
          method: "GET",
          pathPattern: "/collaborators/",
          status: 200,
          headers: { "content-type": "text/html" },
          body: "<html>Unicorn!</html>",
          applied: false,
        });
        story.control.failNext({
          method: "GET",
          pathPattern: "/artifacts",
          status: 200,
          headers: { "content-type": "application/json" },
          body: '{"total_count": 1, "artifacts": [{',
          applied: false,
        });
        await story.label(issue, "mia");
        await story.settled();

        expect(story.status(issue)).toContain("✅ **done**");
        expect((await story.task(issue)).spent).toBe(0);
      },
      { isTroubled: true },
    );
  });

  it("F076 is that the issue is gone: the task ends, and nothing is tried again", async () => {
    await runStory(async (story) => {
      const issue = await story.open({ ...BUG, body: "Depends-On: #2" });
      await story.open({ title: "First this" });
      await story.label(issue, "mia");
      await story.settled();
      story.control.setDelivery({ dropRate: 1 });
      story.control.deleteIssue({ repository: "acme/small", number: issue });
      await story.settled();
      story.control.setDelivery({});
      await story.change(2, "mia", { state: "closed", state_reason: "completed" });
      await story.settled();

      const before = story.world.history.length;
      for (let look = 0; look < 3; look += 1) await story.advance(HOUR_MS);
      expect(requestsOfTheApp(story.world.history.slice(before))).toBe(0);
    });
  });

  it("F077 F181 is that the repository is called otherwise: the work goes on under the new name", async () => {
    await runStory(async (story) => {
      const issue = await story.open(BUG);
      await story.settled();
      story.control.setDelivery({ dropRate: 1 });
      story.control.renameRepository({ repository: "acme/small", name: "tiny" });
      await story.settled();
      story.control.setDelivery({});
      await story.labelIn("tiny", issue, "mia");
      await story.settled();

      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("F078 is a refusal that will not change: it is noted and not tried again", async () => {
    await runStory(async (story) => {
      story.control.failNext({
        method: "POST",
        pathPattern: "/dispatches$",
        status: 422,
        body: { message: 'Unexpected inputs provided: ["brief"]' },
        applied: false,
      });
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.settled();

      expect(story.status(issue)).toContain("✋ **blocked**");
      expect(story.status(issue)).toContain("`dispatch.refused`");
      expect(story.status(issue)).toContain("Unexpected inputs provided");
      expect(story.runs()).toEqual([]);
    });
  });

  it("F085 is nothing for four hours: then everything that happened meanwhile is caught up with", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open(BUG);
        await story.settled();
        story.control.failNext({
          pathPattern: "^/(?:repos/acme/small|app)",
          status: 503,
          applied: false,
          times: 40,
        });
        story.labelDirectly(issue, "mia");
        await story.settled();
        for (let look = 0; look < 16; look += 1) await story.advance(15 * MINUTE_MS);
        story.control.clearFaults();
        await story.sweep("deliveries");
        await story.sweep("repositories");
        for (let look = 0; look < 4; look += 1) await story.advance(15 * MINUTE_MS);

        expect(story.status(issue)).toContain("✅ **done**");
        expect(story.dispatched()).toEqual(["agent success"]);
      },
      { isTroubled: true },
    );
  });
});

function requestsOfTheApp(
  history: readonly { readonly kind: string; readonly [fact: string]: unknown }[],
): number {
  return history.filter((entry) => entry.kind === "request" && entry.actor === "installation").length;
}
