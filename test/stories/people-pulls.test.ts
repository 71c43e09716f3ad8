import { describe, expect, it } from "vitest";
import { BREAKING_PATH, configWith } from "../support/small-repository.ts";
import { OWNER, REPO, runStory, type Story } from "../support/story.ts";

const about = { owner: OWNER, repo: REPO };
const CONFIG = ".github/orchestrator.yml";
const VERIFY = "orchestrator / verify";

/** A pull request of @max's own. */
async function openPull(
  story: Story,
  files: Readonly<Record<string, string | null>>,
  more: { readonly branch?: string; readonly base?: string; readonly body?: string } = {},
): Promise<{ readonly number: number; readonly sha: string }> {
  const { branch = "topic", base = "main", body = "" } = more;
  const sha = story.push(files, "max", branch);
  const { data } = await story
    .as("max")
    .rest.pulls.create({ ...about, head: branch, base, title: "Mine", body });
  await story.settled();
  return { number: data.number, sha };
}

function verdictsOf(story: Story, sha: string): readonly string[] {
  return story
    .checks(VERIFY)
    .filter((check) => check.headSha === sha)
    .map(({ status, conclusion }) => (status === "completed" ? (conclusion ?? "") : status));
}

describe("a person's pull request", () => {
  it("gets one check with its verdict, and no comment", async () => {
    await runStory(async (story) => {
      const { number, sha } = await openPull(story, { "src/price.mjs": "export const price = 2;\n" });

      expect(verdictsOf(story, sha)).toEqual(["success"]);
      expect(story.comments(number)).toEqual([]);
      expect(story.pulls()[0]).toMatchObject({ merged: false });
    });
  });

  it("fails with its checks, and passes at the head that corrects it", async () => {
    await runStory(async (story) => {
      const bad = await openPull(story, { [BREAKING_PATH]: "x\n" });
      expect(verdictsOf(story, bad.sha)).toEqual(["failure"]);

      const good = story.push({ [BREAKING_PATH]: null, "src/new.mjs": "1\n" }, "max", "topic");
      await story.settled();

      expect(verdictsOf(story, good)).toEqual(["success"]);
      expect(verdictsOf(story, bad.sha)).toEqual(["failure"]);
    });
  });

  it("that changes what proves the work is blocked until a maintainer says why it may, for that commit only", async () => {
    await runStory(async (story) => {
      const files = { ".github/workflows/ci.yml": CI_WITHOUT_TEST };
      const { number, sha } = await openPull(story, files);
      expect(verdictsOf(story, sha)).toEqual(["action_required"]);

      await story.comment(number, "max", "/orchestrate override integrity -- it is fine");
      await story.settled();
      expect(story.replies(number).at(-1)).toContain("maintain");
      expect(verdictsOf(story, sha)).toEqual(["action_required"]);

      for (const gate of ["integrity", "paths"])
        await story.comment(number, "ada", `/orchestrate override ${gate} -- the runner moved`);
      await story.settled();
      expect(verdictsOf(story, sha)).toEqual(["success"]);
      expect((await story.audit("pull.override")).map(({ gate }) => gate)).toEqual(["integrity", "paths"]);

      const next = story.push({ "src/more.mjs": "1\n" }, "max", "topic");
      await story.settled();
      expect(verdictsOf(story, next)).toEqual(["action_required"]);
    });
  });

  it("answers the buttons of its check", async () => {
    await runStory(async (story) => {
      const { number, sha } = await openPull(story, { [BREAKING_PATH]: "x\n" });
      const check = story.checks(VERIFY).find((one) => one.headSha === sha);
      const press = async (identifier: string, login: string) => {
        story.control.requestAction({
          repository: `${OWNER}/${REPO}`,
          login,
          checkRunId: check?.id ?? 0,
          identifier,
        });
        await story.settled();
      };

      await press("explain", "rob");
      await press("explain", "mia");
      expect(story.replies(number)).toHaveLength(1);
      expect(story.replies(number)[0]).toContain("checks");

      await press("override", "mia");
      expect(story.replies(number)).toHaveLength(1);
      expect(story.replies(number)[0]).toContain("/orchestrate override checks -- reason");

      await press("rerun", "mia");
      expect(verdictsOf(story, sha)).toEqual(["failure"]);
      expect(
        (await story.audit("check.action")).map(
          ({ action, allowed }) => `${String(action)} ${String(allowed)}`,
        ),
      ).toEqual(["explain true", "explain true", "override true", "rerun true"]);
    });
  });

  it("needs the approvals that are configured, by command or by review, of exactly the head", async () => {
    await runStory(
      async (story) => {
        const { number, sha } = await openPull(story, { "src/a.mjs": "1\n" });
        expect(verdictsOf(story, sha)).toEqual(["action_required"]);

        await story.comment(number, "max", `/orchestrate approve ${sha}`);
        await story.settled();
        expect(verdictsOf(story, sha)).toEqual(["action_required"]);

        const review = { ...about, pull_number: number, commit_id: sha } as const;
        const body = `/orchestrate approve ${sha}`;
        await story.as("mia").rest.pulls.createReview({ ...review, event: "COMMENT", body });
        await story.settled();
        expect(verdictsOf(story, sha)).toEqual(["action_required"]);
        expect(story.comments(number).at(-1)?.body).toContain("in the text of a review was not done");

        await story.as("mia").rest.pulls.createReview({ ...review, event: "APPROVE" });
        await story.settled();
        expect(verdictsOf(story, sha)).toEqual(["success"]);

        const next = story.push({ "src/b.mjs": "1\n" }, "max", "topic");
        await story.settled();
        expect(verdictsOf(story, next)).toEqual(["action_required"]);

        await story.comment(number, "mia", `/orchestrate approve ${next}`);
        await story.settled();
        expect(verdictsOf(story, next)).toEqual(["success"]);
      },
      { files: { [CONFIG]: configWith("gates:", "gates:\n  people: { approvals: 1 }") } },
    );
  });

  it("F144 is judged again when it is pointed at another base, and F146 has one check for a head of two pull requests", async () => {
    await runStory(async (story) => {
      story.push({ "src/old.mjs": "1\n" }, "ada", "release");
      const first = await openPull(story, { "src/a.mjs": "1\n" });
      expect(verdictsOf(story, first.sha)).toEqual(["success"]);

      const { data } = await story
        .as("mia")
        .rest.pulls.create({ ...about, head: "topic", base: "release", title: "The same elsewhere" });
      await story.settled();

      expect(verdictsOf(story, first.sha)).toHaveLength(1);
      const check = story.checks(VERIFY).find((one) => one.headSha === first.sha);
      expect(check?.output.summary).toContain(`#${data.number}`);
      expect(check?.output.summary).toContain(`#${first.number}`);
    });
  });

  it("that was never heard of is found, and one that was closed meanwhile is let go", async () => {
    await runStory(
      async (story) => {
        const known = await openPull(story, { "src/a.mjs": "1\n" });
        await story.stop();
        const sha = story.push({ "src/b.mjs": "1\n" }, "max", "unheard");
        await story
          .as("max")
          .rest.pulls.create({ ...about, head: "unheard", base: "main", title: "Unheard" });
        await story.as("max").rest.pulls.update({ ...about, pull_number: known.number, state: "closed" });
        await story.settled();
        await story.start();
        await story.sweep("repositories");

        expect(verdictsOf(story, sha)).toEqual(["success"]);
      },
      { isTroubled: true },
    );
  });

  it("is neutral where people's are not verified", async () => {
    await runStory(
      async (story) => {
        const { sha } = await openPull(story, { [BREAKING_PATH]: "x\n" });

        expect(verdictsOf(story, sha)).toEqual(["neutral"]);
      },
      { files: { [CONFIG]: configWith("gates:", "gates:\n  people: { verify: false }") } },
    );
  });

  it("F163 goes through a merge queue with a check on the queue's own commit", async () => {
    await runStory(
      async (story) => {
        const where = { repository: `${OWNER}/${REPO}`, login: "ada" };
        story.control.setBranchRules({
          ...where,
          branch: "main",
          requiredChecks: [VERIFY],
          mergeQueue: true,
        });
        const { number, sha } = await openPull(story, { "src/a.mjs": "1\n" });
        expect(verdictsOf(story, sha)).toEqual(["success"]);

        story.control.enqueue({ ...where, number });
        await story.settled();

        expect(story.pulls()[0]).toMatchObject({ merged: true });
        const queued = story.checks(VERIFY).filter((check) => check.headSha !== sha);
        expect(queued.map(({ conclusion }) => conclusion)).toEqual(["success"]);
      },
      { files: { ".github/workflows/ci.yml": CI_IN_QUEUE } },
    );
  });
});

describe("what else decides about a pull request", () => {
  it("whoever asked for a task answers for what it left, also when its pull request was closed and opened again", async () => {
    await runStory(
      async (story) => {
        const answers = { agent: [{ changes: { "src/b.mjs": "1\n" } }] };
        const issue = await story.open({ labels: ["bug"], answers });
        await story.label(issue, "mia");
        await story.settled();
        const { number, headSha } = story.pulls()[0] ?? { number: 0, headSha: "" };
        for (const state of ["closed", "open"] as const) {
          await story.as("max").rest.pulls.update({ ...about, pull_number: number, state });
          await story.settled();
        }
        expect(verdictsOf(story, headSha)).toEqual(["action_required"]);

        await story.comment(number, "mia", `/orchestrate approve ${headSha}`);
        await story.settled();
        expect(story.replies(number).at(-1)).toContain("your own change");
        expect(verdictsOf(story, headSha)).toEqual(["action_required"]);

        await story.comment(number, "max", `/orchestrate approve ${headSha}`);
        await story.settled();
        expect(verdictsOf(story, headSha)).toEqual(["success"]);
      },
      {
        files: {
          [CONFIG]: `${configWith("autonomy: merge", "autonomy: merge-with-approval").replace("gates:", "gates:\n  approvals: 1")}`,
        },
      },
    );
  });

  it("F148 a head in somebody's fork is judged like any other", async () => {
    await runStory(async (story) => {
      const repository = `${OWNER}/${REPO}`;
      await story.control.forkRepository({ repository, login: "rob" });
      const sha = story.control.commitFiles({
        repository: `rob/${REPO}`,
        login: "rob",
        branch: "topic",
        files: { "src/a.mjs": "1\n" },
        message: "Help",
      });
      await story
        .as("rob")
        .rest.pulls.create({ ...about, head: "rob:topic", base: "main", title: "From a fork" });
      await story.settled();

      expect(verdictsOf(story, sha)).toEqual(["success"]);
    });
  });

  it("the owners that the base names have to agree, also as a team, whatever the head writes into the file", async () => {
    await runStory(
      async (story) => {
        story.control.setTeam({ organization: OWNER, name: "core", members: ["mia", "max"] });
        const files = { "src/a.mjs": "1\n", ".github/CODEOWNERS": "* @max\n" };
        const { number, sha } = await openPull(story, files);
        for (const gate of ["integrity", "paths"])
          await story.comment(number, "ada", `/orchestrate override ${gate} -- wanted`);
        await story.settled();
        expect(verdictsOf(story, sha)).toEqual(["action_required"]);

        await story.comment(number, "ada", `/orchestrate approve ${sha}`);
        await story.settled();
        expect(verdictsOf(story, sha)).toEqual(["action_required"]);

        await story.comment(number, "mia", `/orchestrate approve ${sha}`);
        await story.settled();
        expect(verdictsOf(story, sha)).toEqual(["success"]);
      },
      {
        files: {
          [CONFIG]: configWith("gates:", "gates:\n  owners: true"),
          ".github/CODEOWNERS": `* @${OWNER}/core\n`,
        },
      },
    );
  });

  it("a task's merge waits out a window, and follows by itself when it ends", async () => {
    await runStory(
      async (story) => {
        const tomorrowAtTwo = new Date(story.clock.now() + 24 * HOUR_MS).setUTCHours(2, 0, 0, 0);
        await story.advance(tomorrowAtTwo - story.clock.now());
        const issue = await story.open({
          labels: ["bug"],
          answers: { agent: [{ changes: { "src/b.mjs": "1\n" } }] },
        });
        await story.label(issue, "mia");
        await story.settled();
        expect(story.pulls()[0]).toMatchObject({ merged: false });
        expect(story.status(issue)).toContain("night");

        await story.advance(2 * HOUR_MS);

        expect(story.pulls()[0]).toMatchObject({ merged: true });
        expect(await story.task(issue)).toMatchObject({ state: "done" });
      },
      {
        files: {
          [CONFIG]: `${configWith("gates:", "windows: [{ name: night, starts: 0 1 * * *, lasts: 3h }]\ngates:")}`,
        },
      },
    );
  });
});

const HOUR_MS = 3_600_000;

const CI_WITHOUT_TEST = `name: ci
on: [pull_request]
permissions: { contents: read }
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: "true"
`;

const CI_IN_QUEUE = CI_WITHOUT_TEST.replace("[pull_request]", "[pull_request, merge_group]");
