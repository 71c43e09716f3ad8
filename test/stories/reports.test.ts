import { describe, expect, it } from "vitest";
import { configWith } from "../support/small-repository.ts";
import { runStory } from "../support/story.ts";

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
