import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Sandbox } from "../../src/sandbox/create-sandbox.ts";
import { configWith, SMALL_CONFIG, writeSmallRepository } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";
import { type Hooks, type Victim, withVictim } from "./play-kills.ts";

// Some of them start the app several times.
vi.setConfig({ testTimeout: 300_000 });

const CONFIG = configWith(
  "checks: { required: [test] }",
  `checks: { required: [test] }
  reports:
    artifact: reports
    files:
      - { format: junit, path: junit.xml }
      - { format: eslint-json, path: eslint.json }
  findings: { level: error }`,
);

/** Reports whatever the commit says that its tools would report. */
const CI = `name: ci
on: { push: { branches: [main] }, pull_request: {} }
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/upload-artifact@v4
        with: { name: reports, path: said, if-no-files-found: ignore }
`;

const JUNIT = "said/junit.xml";
const ESLINT = "said/eslint.json";

/** A report of tests, each as `name` or, failing, as `!name`. */
function junitOf(...tests: readonly string[]): string {
  const cases = tests.map((test) => {
    const failure = test.startsWith("!") ? "<failure message='no'/>" : "";
    return `<testcase name="${test.replace("!", "")}" classname="shop">${failure}</testcase>`;
  });
  return `<testsuite name="shop">${cases.join("")}</testsuite>\n`;
}

function eslintOf(...rules: readonly string[]): string {
  const messages = rules.map((ruleId, index) => ({
    ruleId,
    severity: 2,
    message: `no ${ruleId}`,
    line: index + 1,
  }));
  return JSON.stringify([{ filePath: "src/price.mjs", messages }]);
}

const files = {
  ".github/orchestrator.yml": CONFIG,
  ".github/workflows/ci.yml": CI,
  [JUNIT]: junitOf("adds", "!rounds"),
  [ESLINT]: eslintOf("eqeqeq"),
};

/** What the seed brought started no run; a push does, and its reports are the baseline. */
const BASELINE = { "README.md": "# A shop with a baseline\n" };

describe("gates from reports", () => {
  it("hold only what is new against a change, and tell the next attempt its name", async () => {
    await runStory(
      async (story) => {
        story.push(BASELINE);
        await story.settled();
        const price = { "src/price.mjs": "export const price = 2;\n" };
        const bad = { ...price, [JUNIT]: junitOf("adds", "!rounds", "!discounts") };
        const good = { ...price, [JUNIT]: junitOf("adds", "!rounds", "discounts") };
        const issue = await story.open({
          labels: ["bug"],
          answers: {
            agent: [{ changes: { ...bad, [ESLINT]: eslintOf("eqeqeq", "no-eval") } }, { changes: good }],
          },
        });
        await story.label(issue, "mia");
        await story.settled();

        const [first, second] = story.checks("orchestrator / verify");
        expect(first?.conclusion).toBe("failure");
        expect(first?.output.title).toMatch(
          /^FAIL – 2 of \d+ gates: tests 1 new failure, findings 1 new error$/u,
        );
        expect(first?.output.summary).toContain("1 test fails newly: `shop › discounts`.");
        expect(first?.annotations).toMatchObject([
          {
            path: "src/price.mjs",
            start_line: 2,
            annotation_level: "failure",
            message: "eslint no-eval: no no-eval",
          },
        ]);
        const [, run] = story.runs().filter((one) => one.name === "agent");
        const brief = JSON.parse(Buffer.from(run?.inputs.brief ?? "", "base64url").toString());
        expect(brief.feedback.map(({ gate }: { gate: string }) => gate)).toEqual(["tests", "findings"]);
        expect(second?.conclusion).toBe("success");
        expect(second?.output.summary).toContain("| tests | ✅ PASS | 2 of 3 passed |");
        expect(story.pulls()[0]?.merged).toBe(true);
      },
      { files },
    );
  });

  it("are blocked by a hostile report, with the reason", async () => {
    await runStory(
      async (story) => {
        story.push(BASELINE);
        await story.settled();
        const hostile = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>`;
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { [JUNIT]: hostile } }] },
        });
        await story.label(issue, "mia");
        await story.settled();

        expect(story.status(issue)).toContain("**blocked**");
        expect(story.status(issue)).toContain("The report `junit.xml` cannot be read: The junit report");
        expect(story.checks("orchestrator / verify").map(({ conclusion }) => conclusion)).toEqual([
          "action_required",
        ]);
        expect(story.pulls()[0]?.merged).toBe(false);
      },
      { files },
    );
  });

  it("are blocked where no run uploads a report, and say what to upload", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { [JUNIT]: null, [ESLINT]: null } }] },
        });
        await story.label(issue, "mia");
        await story.settled();

        expect(story.status(issue)).toContain("No run of this commit left the artifact `reports`");
        expect(story.status(issue)).toContain("Let a workflow of the commit upload `junit.xml`");
      },
      { files },
    );
  });
});

/** A report that is due from the first moment of each week on. */
const WEEKLY = `${SMALL_CONFIG}reports:
  weekly: { issue: 1, cron: "0 0 * * 1" }
`;
const COMMENTS = /^POST \/repos\/[^ ]*\/issues\/1\/comments$/u;
const PATIENCE_MS = 120_000;

describe("the weekly report", () => {
  const seeds = mkdtempSync(join(tmpdir(), "orchestrator-reports-"));
  writeSmallRepository(join(seeds, "acme__small"), { ".github/orchestrator.yml": WEEKLY });
  afterAll(() => rmSync(seeds, { recursive: true, force: true }));

  const moments: readonly { readonly moment: string; readonly takesEffect: boolean }[] = [
    { moment: "after it was written and before that was known", takesEffect: true },
    { moment: "while it was on its way", takesEffect: false },
  ];

  it.each(moments)("is one comment when the app is killed $moment", async ({ takesEffect }) => {
    let isArmed = false;
    let kills = 0;
    const makeHooks = (victim: Victim): Hooks => ({
      onExchange: ({ method, path, isFault }) => {
        if (!isArmed || !COMMENTS.test(`${method} ${path}`) || isFault === takesEffect) return;
        isArmed = false;
        kills += 1;
        victim.killNow();
      },
    });
    await withVictim({ seedDir: seeds, makeHooks }, async ({ sandbox, victim, judge }) => {
      await openIssue(sandbox);
      // At its first start the app knows of no repository, so nothing is due; at its end it knows them all.
      await until(() => victim.said.join("").includes('"event":"repository.reconcile"'));
      await victim.stop();
      if (!takesEffect)
        sandbox.control.failNext({
          method: "POST",
          pathPattern: "/issues/1/comments$",
          status: 502,
          applied: false,
          dropConnection: true,
        });
      isArmed = true;
      await victim.start();
      await until(() => !victim.isAlive());
      await victim.start();
      await until(() => listReports(sandbox).length > 0);

      expect(await judge()).toEqual([]);
      expect(kills).toBe(1);
      expect(listReports(sandbox)).toHaveLength(1);
    });
  });

  it("is the same comment when it is asked for, due, and due again after a restart", async () => {
    await runStory(
      async (story) => {
        const issue = await story.open();
        await story.comment(issue, "mia", "/orchestrate report");
        await story.settled();
        const [week] = listReports(story);
        await story.advance(WEEK_MS);
        await story.sweep("reports");
        await story.restart();
        await story.sweep("reports");
        const afterTheWeek = listReports(story);
        const [report] = story.replies(issue).filter((text) => text.includes("Orchestrator report"));
        await story.comment(issue, "mia", "/orchestrate report");
        await story.settled();

        expect(afterTheWeek).toEqual([week]);
        expect(report).not.toContain("the week is not over");
        expect(listReports(story)).toEqual([week, expect.not.stringMatching(week ?? "")]);
      },
      { files: { ".github/orchestrator.yml": WEEKLY } },
    );
  });
});

const WEEK_MS = 7 * 86_400_000;

async function openIssue({ control, world }: Sandbox): Promise<void> {
  control.setRole({ repository: "acme/small", login: "admin", role: "admin" });
  const response = await fetch(`${world.baseUrl()}/repos/acme/small/issues`, {
    method: "POST",
    headers: { authorization: `token ${control.createUser("admin")}`, "user-agent": "story" },
    body: JSON.stringify({ title: "What happened" }),
  });
  expect(response.status).toBe(201);
}

/** The weeks that comments report on, one entry per comment. */
function listReports({ world }: Pick<Sandbox, "world">): readonly string[] {
  const comments = [...world.repos.values()].flatMap((repo) => [...repo.comments.values()]);
  return comments.flatMap(({ body }) => /orchestrator:comment key=\S*report:(\S+)/u.exec(body)?.[1] ?? []);
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error("waited in vain");
    await wait(50);
  }
}
