import { describe, expect, it, vi } from "vitest";
import { createHttpServer } from "../../src/adapters/github/receive/http-server.ts";
import { createCounters } from "../../src/adapters/web/create-counters.ts";
import { createPages } from "../../src/adapters/web/create-pages.ts";
import { createOperation } from "../../src/handlers/read-operation.ts";
import { configWith } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";

vi.setConfig({ testTimeout: 180_000 });

const ORGANISATION = ".github/orchestrator-organisation.yml";
const WORK = { agent: [{ changes: { "src/a.mjs": "export const a = 1;\n" } }] };
const BUG = { labels: ["bug"], answers: WORK };

/** Writes the owner's file; `null` takes it away. */
async function setFloor(story: Story, text: string | null): Promise<void> {
  const files = { [ORGANISATION]: text, "README.md": `# ${story.clock.now()}\n` };
  story.control.commitFiles({ repository: "acme/.github", branch: "main", files, message: "Set the floor" });
  await story.settled();
}

async function addHome(story: Story, floor: string | null): Promise<void> {
  await story.control.createRepository({ owner: "acme", name: ".github", private: true });
  await setFloor(story, null);
  story.control.install({ repositories: ["acme/.github"] });
  await story.settled();
  if (floor !== null) await setFloor(story, floor);
}

function addMaintainer(story: Story, login: string, repository = "acme/small"): void {
  story.control.createUser(login);
  story.control.setRole({ repository, login, role: "maintain" });
}

describe("the floor of an organisation", () => {
  it("F198 stops a merge that a repository allows, at once, and again when the repository loosens", async () => {
    await runStory(async (story) => {
      await addHome(story, null);
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.until("the pull request", () => story.pulls()[0]);
      await story.comment(issue, "mia", "/orchestrate hold");
      await story.settled();
      expect(story.status(issue)).toContain("passed; the task is on hold");

      await setFloor(story, "version: 1\nautonomy: merge-with-approval\n");
      await story.comment(issue, "mia", "/orchestrate unhold");
      await story.settled();
      expect(story.status(issue)).toContain("`approval.missing`");

      story.push({ ".github/orchestrator.yml": configWith("autonomy: merge", "autonomy: deploy") });
      await story.settled();
      expect(story.pulls()[0]).toMatchObject({ merged: false });
      const [check] = story.checks("orchestrator / config").slice(-1);
      expect(check?.output.summary).toContain(
        "| `autonomy` | `deploy` | `merge-with-approval` | organisation, line 2 |",
      );

      const head = story.pulls()[0]?.headSha ?? "";
      await story.comment(issue, "max", `/orchestrate approve ${head}`);
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("keeps the last valid file while it is broken, lets nothing start while it never was valid, and goes with the file", async () => {
    await runStory(async (story) => {
      await addHome(story, "version: 1\nautonmy: observe\n");
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.settled();
      expect(story.status(issue)).toContain("`organisation.invalid`");
      expect(story.runs()).toEqual([]);

      await setFloor(story, "version: 1\nautonomy: suggest\n");
      expect(story.status(issue)).toContain("`autonomy.too-low`");
      await setFloor(story, "version: 2\n");
      expect(story.status(issue)).toContain("`autonomy.too-low`");

      await setFloor(story, null);
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("is read every five minutes where no push was heard", async () => {
    await runStory(async (story) => {
      await story.control.createRepository({ owner: "acme", name: ".github", private: false });
      await setFloor(story, "version: 1\nmode: shadow\n");
      await story.sweep("repositories");

      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.settled();
      expect(story.status(issue)).toContain("`mode.shadow`");
    });
  });
});

const TOKEN = "m".repeat(32);
const TITLE = "Quetzalcoatl ledger";
const BODY = "Marmalade secrets of the patients.";
const CANARIES = ["quetzalcoatl", "marmalade", "capybara", "wolverine"];

describe("a governed repository", () => {
  it("S41 lets a maintainer start each task, not the requester, and a person approve what is merged", async () => {
    await runStory(async (story) => {
      await addHome(story, "version: 1\ngoverned: [small]\n");
      addMaintainer(story, "liz");
      const issue = await story.open(BUG);
      await story.label(issue, "mia");
      await story.settled();
      expect(story.replies(issue)[0]).toContain("needs **maintain**");

      await story.unlabel(issue, "ada");
      await story.label(issue, "ada");
      await story.settled();
      expect(story.status(issue)).toContain("`approval.dispatch`");
      expect(story.labels(issue)).toContain("autopilot:needs-review");

      await story.comment(issue, "ada", "/orchestrate allow");
      await story.settled();
      expect(story.runs()).toEqual([]);
      expect(story.replies(issue).at(-1)).toContain("another maintainer has to let it start");

      await story.comment(issue, "liz", "/orchestrate allow");
      await story.settled();
      expect(story.dispatched()).toEqual(["agent success"]);
      expect(story.status(issue)).toContain("`approval.missing`");

      await story.comment(issue, "liz", `/orchestrate approve ${story.pulls()[0]?.headSha ?? ""}`);
      await story.settled();
      expect(story.status(issue)).toContain("✅ **done**");
    });
  });

  it("I10 F106 F193 shows none of its texts anywhere else", async () => {
    await runStory(
      async (story) => {
        await addHome(story, "version: 1\ngoverned: [small]\n");
        await story.addRepository("other");
        addMaintainer(story, "capybara");
        addMaintainer(story, "wolverine");
        const issue = await story.open({ ...BUG, title: TITLE, body: BODY });
        fail(story, "GET", "/collaborators/capybara");
        fail(story, "GET", "quetzalcoatl");
        fail(story, "POST", "/git/refs");
        const dependent = await openIn(story, "other", `Depends-On: acme/small#${issue}`);
        await story.label(issue, "capybara");
        await story.comment(issue, "wolverine", "/orchestrate marmalade\n\n/orchestrate allow");
        await story.settled();
        await story.comment(issue, "wolverine", "/orchestrate pause -- marmalade");
        await story.comment(issue, "capybara", "/orchestrate resume");
        await story.sweep("repositories");
        expect(story.status(issue)).toContain("`approval.missing`");

        const elsewhere = [
          ...textsOf(story, "other"),
          ...textsOf(story, ".github"),
          ...story.logLines,
          ...(await crawlPages(story)),
        ].map((text) => text.toLowerCase());
        expect(elsewhere.some((text) => text.includes(`acme/small#${issue} is not done yet`))).toBe(true);
        expect(dependent).toBeGreaterThan(0);
        expect(elsewhere.some((text) => text.includes("governed repository"))).toBe(true);
        for (const canary of CANARIES) {
          expect(elsewhere.filter((text) => text.includes(canary))).toEqual([]);
        }
        expect(textsOf(story, "small").join("\n").toLowerCase()).toContain("quetzalcoatl");
      },
      { isTroubled: true },
    );
  });
});

/** One request fails in a way that is told in the log. */
function fail(story: Story, method: string, pathPattern: string): void {
  story.control.failNext({
    method,
    pathPattern,
    status: 502,
    body: { message: "Bad Gateway" },
    applied: false,
  });
}

async function openIn(story: Story, repo: string, body: string): Promise<number> {
  const labels = ["bug"];
  story.control.setRole({ repository: `acme/${repo}`, login: "mia", role: "write" });
  const { data } = await story
    .as("mia")
    .rest.issues.create({ owner: "acme", repo, title: "Wait", body, labels });
  await story.labelIn(repo, data.number, "mia");
  await story.settled();
  return data.number;
}

/** Everything that the app wrote in a repository. */
function textsOf(story: Story, name: string): readonly string[] {
  const repo = [...story.world.repos.values()].find((one) => one.name === name);
  if (repo === undefined) throw new Error(`there is no repository ${name}`);
  return [
    ...[...repo.comments.values()].filter(({ appId }) => appId !== null).map(({ body }) => body),
    ...[...repo.checkRuns.values()].map(({ output }) => JSON.stringify(output)),
    ...[...repo.issues.values()]
      .filter(({ user }) => user.type === "Bot")
      .map(({ title, body }) => `${title}\n${body}`),
  ];
}

/** Every page and every JSON that can be reached from the operator's first page, and the metrics. */
async function crawlPages(story: Story): Promise<readonly string[]> {
  const { registry } = createCounters();
  const pages = createPages({
    ...{ observation: story.store(), registry, metricsToken: TOKEN },
    ...{ operation: createOperation(story.store().ledger, story.clock.now), operatorToken: TOKEN },
  });
  const server = createHttpServer([pages]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const waiting = new Set([
    ...["/", "/status.json", "/readyz", "/healthz", "/metrics", "/operator", "/operator.json"],
    ...["/operator/acme/other", "/operator/acme/small", "/operator/acme/small.json"],
  ]);
  const found: string[] = [];
  try {
    for (const path of waiting) {
      const answer = await fetch(`${origin}${path}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      const text = await answer.text();
      found.push(text);
      for (const [, link = ""] of text.matchAll(/href="(\/[^"]*)"/gu)) waiting.add(link);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return found;
}
