import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/core/effects.ts";
import type { OutboxJob } from "../../../src/ports/outbox.ts";
import { actionJob, projectionJob, startGitHub, type TestGitHub } from "./start-github.ts";

let gh: TestGitHub;
let count = 0;

beforeAll(async () => {
  gh = await startGitHub();
});
afterAll(() => gh.stop());

/** Does a job like the outbox: again after every failure, then knowing that it may have happened. */
async function performUntilSettled(first: OutboxJob): Promise<{ outcome: Outcome; tries: number }> {
  let job = first;
  for (let tries = 1; tries <= 20; tries += 1) {
    const firstTriedAt = job.firstTriedAt ?? gh.clock.now();
    try {
      const { outcome, remoteId } = await gh.effector.perform(job);
      if (outcome.kind !== "later") return { outcome, tries };
      gh.clock.moveTo(outcome.at);
      job = { ...job, remoteId };
    } catch {
      gh.clock.pass(1_000);
    }
    job = { ...job, mayHaveHappened: true, firstTriedAt, tries };
  }
  throw new Error("The job never settled");
}

async function openIssue(): Promise<number> {
  return (await gh.ask("POST", "/issues", { title: "Task", body: "Text" })).data.number;
}

async function headOfMain(): Promise<string> {
  return (await gh.ask("GET", "/branches/main")).data.commit.sha;
}

interface Scene {
  readonly job: OutboxJob;
  /** How often the effect is there. */
  readonly seen: () => number | Promise<number>;
}

interface Case {
  readonly kind: string;
  /** The request that fails. */
  readonly fails: { readonly method: string; readonly pathPattern: string };
  readonly arrange: () => Promise<Scene>;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

async function publishJob(): Promise<{ job: OutboxJob; branch: string }> {
  count += 1;
  const branch = `fix/once-${count}`;
  const change = {
    path: `src/new-${count}.mjs`,
    mode: "100644" as const,
    contentBase64: base64("export {};\n"),
  };
  const job = actionJob(gh.repo, {
    kind: "publish",
    correlation: `T-${count}.1.0.0`,
    branch,
    baseRef: "main",
    baseSha: await headOfMain(),
    message: "Add a file",
    changes: [change],
    title: "Add a file",
    body: "Because.",
    draft: false,
  });
  return { job, branch };
}

async function openPull(): Promise<{ pull: number; headSha: string; branch: string }> {
  const { job, branch } = await publishJob();
  const { outcome } = await gh.effector.perform(job);
  if (outcome.kind !== "done") throw new Error("not published");
  return { pull: Number(outcome.facts.pull), headSha: String(outcome.facts.headSha), branch };
}

async function publishScene(): Promise<Scene> {
  const { job, branch } = await publishJob();
  return {
    job,
    seen: async () => {
      const pulls = [...gh.record.pulls.values()].filter((pull) => pull.headRef === branch);
      const commits = await gh.ask("GET", `/commits?sha=${branch}&per_page=100`);
      const ours = commits.data.filter((one: { commit: { message: string } }) =>
        one.commit.message.includes("Orchestrator-Attempt"),
      );
      return pulls.length === 1 && ours.length === (await countOursOnMain()) + 1 ? 1 : pulls.length + 100;
    },
  };
}

async function countOursOnMain(): Promise<number> {
  const commits = await gh.ask("GET", "/commits?sha=main&per_page=100");
  return commits.data.filter((one: { commit: { message: string } }) =>
    one.commit.message.includes("Orchestrator-Attempt"),
  ).length;
}

const commentsOn = (issue: number) =>
  [...gh.record.comments.values()].filter((comment) => comment.issueNumber === issue).length;

const CASES: readonly Case[] = [
  {
    kind: "comment",
    fails: { method: "POST", pathPattern: "/comments$" },
    async arrange() {
      const issue = await openIssue();
      const job = projectionJob(
        gh.repo,
        { kind: "comment", issue, body: "Queued" },
        { key: `comment:${issue}` },
      );
      return { job, seen: () => commentsOn(issue) };
    },
  },
  {
    kind: "reply",
    fails: { method: "POST", pathPattern: "/comments$" },
    async arrange() {
      const issue = await openIssue();
      const job = actionJob(gh.repo, { kind: "reply", issue, body: "Pong" }, { key: `reply:${issue} -->` });
      return { job, seen: () => commentsOn(issue) };
    },
  },
  {
    kind: "labels",
    fails: { method: "POST", pathPattern: "/issues/\\d+/labels$" },
    async arrange() {
      const issue = await openIssue();
      const labels = ["autopilot:queued"];
      const job = projectionJob(gh.repo, { kind: "labels", issue, prefix: "autopilot:", labels });
      return { job, seen: () => gh.record.issues.get(issue)?.labels.size ?? 0 };
    },
  },
  {
    kind: "check",
    fails: { method: "POST", pathPattern: "/check-runs$" },
    async arrange() {
      count += 1;
      const key = `check:${count}`;
      const job = projectionJob(
        gh.repo,
        {
          kind: "check",
          sha: await headOfMain(),
          name: "orchestrator / verify",
          status: "completed",
          conclusion: "failure",
          output: { title: "FAIL", summary: "No." },
          annotations: Array.from({ length: 51 }, (_, line) => ({
            path: "README.md",
            startLine: line + 1,
            endLine: line + 1,
            level: "failure" as const,
            message: "Wrong",
          })),
        },
        { key },
      );
      return {
        job,
        seen: () => {
          const runs = [...gh.record.checkRuns.values()].filter((run) => run.externalId === key);
          return runs[0]?.annotations.length === 51 ? runs.length : 100;
        },
      };
    },
  },
  {
    kind: "issue",
    fails: { method: "POST", pathPattern: "/issues$" },
    async arrange() {
      count += 1;
      const title = `Correct the configuration ${count}`;
      const job = projectionJob(
        gh.repo,
        { kind: "issue", title, body: "Line 3.", state: "open" },
        { key: `issue:${count}` },
      );
      return {
        job,
        seen: () => [...gh.record.issues.values()].filter((issue) => issue.title === title).length,
      };
    },
  },
  {
    kind: "dispatch",
    fails: { method: "POST", pathPattern: "/dispatches$" },
    async arrange() {
      count += 1;
      const correlation = `T-${count}.1.0.0`;
      const job = actionJob(gh.repo, {
        kind: "dispatch",
        correlation,
        workflow: "generate.yml",
        ref: "main",
        inputs: { correlation },
      });
      return {
        job,
        seen: () =>
          [...gh.record.runs.values()].filter((run) => run.displayTitle === `generate (${correlation})`)
            .length,
      };
    },
  },
  {
    kind: "cancel-run",
    fails: { method: "POST", pathPattern: "/cancel$" },
    async arrange() {
      const inputs = { correlation: "to-be-cancelled" };
      const dispatch = {
        kind: "dispatch",
        correlation: "c",
        workflow: "generate.yml",
        ref: "main",
        inputs,
      } as const;
      const { outcome } = await gh.effector.perform(actionJob(gh.repo, dispatch));
      const runId = outcome.kind === "done" ? Number(outcome.facts.runId) : 0;
      return {
        job: actionJob(gh.repo, { kind: "cancel-run", runId }),
        seen: async () => {
          await gh.control.idle();
          return gh.record.runs.get(runId)?.status === "completed" ? 1 : 0;
        },
      };
    },
  },
  {
    kind: "publish (commit)",
    fails: { method: "POST", pathPattern: "/git/commits$" },
    arrange: publishScene,
  },
  { kind: "publish (branch)", fails: { method: "POST", pathPattern: "/git/refs$" }, arrange: publishScene },
  {
    kind: "publish (pull request)",
    fails: { method: "POST", pathPattern: "/pulls$" },
    arrange: publishScene,
  },
  {
    kind: "merge",
    fails: { method: "PUT", pathPattern: "/merge$" },
    async arrange() {
      const { pull, headSha: sha } = await openPull();
      const before = await headOfMain();
      return {
        job: actionJob(gh.repo, { kind: "merge", pull, sha, title: "Merged" }),
        seen: async () => {
          const { data } = await gh.ask("GET", `/compare/${before}...main`);
          return data.total_commits;
        },
      };
    },
  },
  {
    kind: "close-issue",
    fails: { method: "PATCH", pathPattern: "/issues/\\d+$" },
    async arrange() {
      const issue = await openIssue();
      const job = actionJob(gh.repo, { kind: "close-issue", issue, reason: "not_planned" });
      return { job, seen: () => (gh.record.issues.get(issue)?.stateReason === "not_planned" ? 1 : 0) };
    },
  },
  {
    kind: "close-pull",
    fails: { method: "DELETE", pathPattern: "/git/refs/" },
    async arrange() {
      const { pull, branch } = await openPull();
      return {
        job: actionJob(gh.repo, { kind: "close-pull", pull, branch }),
        seen: async () => {
          const { status } = await gh.ask("GET", `/branches/${encodeURIComponent(branch)}`);
          return status === 404 && gh.record.issues.get(pull)?.state === "closed" ? 1 : 0;
        },
      };
    },
  },
  {
    kind: "react",
    fails: { method: "POST", pathPattern: "/reactions$" },
    async arrange() {
      const id = await openIssue();
      const job = actionJob(gh.repo, { kind: "react", target: { kind: "issue", id }, content: "eyes" });
      return { job, seen: () => gh.record.issues.get(id)?.reactions.length ?? 0 };
    },
  },
];

describe.each(CASES)("$kind", ({ fails, arrange }) => {
  it.each([
    ["F064 happens once when the answer was a 502 and it was done", { status: 502, applied: true }],
    ["F064 happens once when the connection broke and it was done", { dropConnection: true, applied: true }],
    ["F065 happens once when the answer was a 502 and it was not done", { status: 502, applied: false }],
    [
      "F065 happens once when two answers were 503 and it was not done",
      { status: 503, applied: false, times: 2 },
    ],
  ])("%s", async (_name, fault) => {
    const { job, seen } = await arrange();
    gh.control.failNext({ ...fails, ...fault });

    const { outcome, tries } = await performUntilSettled(job);

    expect(outcome.kind).toBe("done");
    expect(tries).toBeGreaterThan(1);
    expect(await seen()).toBe(1);
  });
});

it("F117 looks for a dispatch without an answer only when lists have it, also when it was tried long before", async () => {
  const scene = CASES.find(({ kind }) => kind === "dispatch");
  const { job } = (await scene?.arrange()) ?? { job: undefined };
  if (scene === undefined || job === undefined) throw new Error("there is no dispatch");
  gh.control.failNext({ ...scene.fails, status: 502, applied: true });
  const firstTriedAt = gh.clock.now() - 60_000;

  const { outcome } = await gh.effector.perform({ ...job, mayHaveHappened: true, firstTriedAt });

  expect(outcome).toMatchObject({ kind: "later", at: gh.clock.now() + 15_000 });
});

it("F190 publishes nothing more from the request on before which everything was stopped, and goes on from there", async () => {
  const { job, branch } = await publishJob();
  let asked = 0;
  const stopped: Outcome = { kind: "later", at: gh.clock.now() + 1, why: "stopped" };
  const stopAfter = (writes: number) => async () => {
    asked += 1;
    return asked > writes ? stopped : undefined;
  };
  const pulls = () => [...gh.record.pulls.values()].filter((pull) => pull.headRef === branch).length;

  const none = await gh.effector.perform(job, stopAfter(0));
  expect([none.outcome, asked, pulls()]).toEqual([stopped, 1, 0]);
  const again = { ...job, mayHaveHappened: true, firstTriedAt: gh.clock.now() };
  for (let writes = 1; pulls() === 0; writes += 1) {
    asked = 0;
    const { outcome } = await gh.effector.perform(again, stopAfter(writes));
    expect(outcome.kind === "done" || asked === writes + 1).toBe(true);
  }
  expect(pulls()).toBe(1);
});

it("asked for nothing that GitHub's contract does not know", () => {
  expect(gh.problems).toEqual([]);
});
