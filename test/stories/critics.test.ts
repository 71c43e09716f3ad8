import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { cancelRun } from "../../src/sandbox/actions/runs/control-actions.ts";
import { addLabels } from "../../src/sandbox/areas/labels/label-records.ts";
import type { Sandbox } from "../../src/sandbox/create-sandbox.ts";
import { findUser } from "../../src/sandbox/world/find-records.ts";
import type { Repo } from "../../src/sandbox/world/records.ts";
import { SMALL_CONFIG, writeAnswers, writeSmallRepository } from "../support/small-repository.ts";
import { runStory, type Story } from "../support/story.ts";
import { type Victim, withVictim } from "./play-kills.ts";

vi.setConfig({ testTimeout: 300_000 });

/** With this file in it, the default branch is refused. */
const BAD = "src/bad.mjs";

const critics = (step: string) => `name: critics
run-name: critics \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
      correlation: { type: string, default: "" }
      base_sha: { type: string, default: "" }
permissions: { contents: read }
jobs:
  look:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: ${step}
`;

const filesWith = (step: string) => ({
  ".github/orchestrator.yml": `${SMALL_CONFIG}critics: { workflow: critics.yml }\n`,
  ".github/workflows/critics.yml": critics(step),
});

const files = filesWith(`test ! -e ${BAD}`);
const bad = { changes: { [BAD]: "1\n" } };
const good = { changes: { "src/good.mjs": "1\n" } };

async function handOver(story: Story, answers: readonly (typeof bad | typeof good)[]): Promise<number> {
  const issue = await story.open({ labels: ["bug"], answers: { agent: answers } });
  await story.label(issue, "mia");
  return issue;
}

const mergedPulls = (story: Story) => story.pulls().filter((pull) => pull.merged);
const revertIn = (story: Story) => story.pulls().find((pull) => pull.headRef.startsWith("revert/"));

describe("a change that is merged", () => {
  it("is done, and its issue closed, when the critics let it stay", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, [good]);
        await story.until("the critics", () => story.runs().find((run) => run.name === "critics"));
        expect(story.issue(issue)?.state).toBe("open");
        await story.settled();

        expect(story.dispatched()).toEqual(["agent success", "critics success"]);
        expect(story.status(issue)).toContain("✅ **done**");
        expect(story.status(issue)).toContain("the critics let it stay");
        expect(story.issue(issue)?.state).toBe("closed");
        expect(revertIn(story)).toBeUndefined();
        const run = story.runs().find(({ name }) => name === "critics");
        expect(run?.inputs?.base_sha).toBe(mergedPulls(story)[0]?.mergeCommitSha);
      },
      { files },
    );
  });

  it("is taken back by people when the critics refuse it, and the next attempt is told and begins then", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, [bad, good]);
        await story.settled();

        const [merged] = mergedPulls(story);
        const revert = revertIn(story);
        expect(story.dispatched()).toEqual(["agent success", "critics failure"]);
        expect(story.issue(issue)?.state).toBe("open");
        expect(story.issue(revert?.number ?? 0)?.title).toBe(`Revert: Something to do (#${merged?.number})`);
        expect(story.status(issue)).toContain("`critics.revert-open`");
        expect(story.status(issue)).toContain(`#${revert?.number} takes it back`);
        expect(story.replies(issue).at(-1)).toContain("the critics refused");
        const verdict = story
          .checks("orchestrator / verify")
          .find(({ headSha }) => headSha === revert?.headSha);
        expect(verdict).toMatchObject({ status: "completed" });
        await story.advance(60 * 60_000);
        expect(revert?.merged).toBe(false);

        await story.mergeByHand(revert?.number ?? 0, "ada");
        await story.settled();
        expect(story.dispatched()).toEqual([
          "agent success",
          "critics failure",
          "agent success",
          "critics success",
        ]);
        expect(story.status(issue)).toContain("✅ **done**");
        expect((await story.task(issue)).spent).toBe(1);
        expect(mergedPulls(story)).toHaveLength(3);
        const { data } = await story
          .as("ada")
          .rest.repos.getContent({ owner: "acme", repo: "small", path: "src" });
        expect(Array.isArray(data) && data.map(({ name }) => name)).toEqual(["good.mjs", "price.mjs"]);
      },
      { files },
    );
  });

  it("stays where the files were changed since, and a person is told which", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, [bad, good]);
        await story.until("the critics", () =>
          story.runs().find((run) => run.name === "critics" && run.status === "in_progress"),
        );
        story.push({ [BAD]: "2\n" });
        await story.settled();

        expect(revertIn(story)).toBeUndefined();
        expect(story.status(issue)).toContain("✋ **blocked**");
        expect(story.status(issue)).toContain("`critics.revert-refused`");
        expect(story.replies(issue).at(-1)).toContain(`changed since: ${BAD}`);

        story.push({ [BAD]: null });
        await story.comment(issue, "mia", "/orchestrate retry");
        await story.settled();
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files: filesWith(`sleep 2; test ! -e ${BAD}`) },
    );
  });

  it("F123 is done although nothing tells that the critics have ended", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, [good]);
        await story.until("the critics", () =>
          story.runs().find((one) => one.name === "critics" && one.status === "in_progress"),
        );
        await story.settled({ whileRunning: true });
        story.control.setDelivery({ dropRate: 1 });
        await story.settled();
        expect((await story.task(issue)).state).toBe("verifying");

        await story.advance(6 * 60_000);
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files: filesWith("sleep 2") },
    );
  });

  it("is judged again after trouble that is not its own", async () => {
    await runStory(
      async (story) => {
        const issue = await handOver(story, [good]);
        const run = await story.until("the critics", () =>
          story.runs().find((one) => one.name === "critics" && one.status === "in_progress"),
        );
        cancelRun(story.world, run, "cancel");
        await story.settled();
        expect(story.status(issue)).toContain("`retry.later`");

        await story.advance(31_000);
        expect(story.dispatched()).toEqual(["agent success", "critics cancelled", "critics success"]);
        expect(story.status(issue)).toContain("✅ **done**");
      },
      { files: filesWith("sleep 1") },
    );
  });
});

const seeds = mkdtempSync(join(tmpdir(), "orchestrator-critics-"));
afterAll(() => rmSync(seeds, { recursive: true, force: true }));

/** What the app writes to take a change back. */
const WRITES: readonly (readonly [RegExp, number])[] = [
  [/^POST \/repos\/[^ ]*\/dispatches$/, 2],
  [/^POST \/repos\/[^ ]*\/git\/commits$/, 2],
  [/^POST \/repos\/[^ ]*\/git\/refs$/, 2],
  [/^POST \/repos\/[^ ]*\/pulls$/, 2],
];
const PATIENCE_MS = 120_000;

describe("an app that is killed while it takes a change back", () => {
  it("F043 has one pull request for it in the end, whatever it was killed at", async () => {
    writeSmallRepository(join(seeds, "acme__small"), files);
    const ahead = WRITES.map(([pattern, nth]) => ({ pattern, left: nth }));
    const makeHooks = (victim: Victim) => ({
      onExchange: ({ method, path, actor, status }: Parameters<typeof isOurs>[0]) => {
        const write = ahead.find(({ pattern }) => pattern.test(`${method} ${path}`));
        if (write === undefined || !isOurs({ method, path, actor, status })) return;
        write.left -= 1;
        if (write.left === 0) victim.killNow();
      },
    });
    await withVictim({ seedDir: seeds, makeHooks }, async ({ sandbox, victim, judge }) => {
      const repo = await handOverTo(sandbox);
      await reviveUntilTold(victim, repo);

      expect(await judge()).toEqual([]);
      const reverts = [...repo.pulls.values()].filter((pull) => pull.headRef.startsWith("revert/"));
      expect(reverts).toHaveLength(1);
      expect(ahead.filter(({ left }) => left > 0)).toEqual([]);
    });
  });
});

/** An issue whose first change the critics refuse. */
async function handOverTo({ control, world }: Sandbox): Promise<Repo> {
  const [repo] = world.repos.values();
  if (repo === undefined) throw new Error("nothing was seeded");
  const token = control.createUser("mia");
  control.setRole({ repository: "acme/small", login: "mia", role: "write" });
  await fetch(`${world.baseUrl()}/repos/acme/small/issues`, {
    method: "POST",
    headers: { authorization: `token ${token}`, "user-agent": "story" },
    body: JSON.stringify({ title: "Add it", labels: ["bug"], body: writeAnswers({ agent: [bad] }) }),
  });
  const issue = [...repo.issues.values()].at(-1);
  const sender = findUser(world, "mia");
  if (issue === undefined || sender === undefined) throw new Error("the issue was not opened");
  addLabels(world, { repo, issue, names: ["autopilot"], sender });
  return repo;
}

/** Starts the app again whenever it is dead, until somebody was told of the revert. */
async function reviveUntilTold(victim: Victim, repo: Repo): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (![...repo.comments.values()].some(({ body }) => body.includes("↩️"))) {
    if (performance.now() > end) throw new Error("nobody was told");
    if (!victim.isAlive()) await victim.start();
    await wait(50);
  }
  if (!victim.isAlive()) await victim.start();
}

interface Written {
  readonly method: string;
  readonly path: string;
  readonly actor: string;
  readonly status: number;
}

function isOurs({ actor, status }: Written): boolean {
  return actor === "installation" && status < 300;
}
