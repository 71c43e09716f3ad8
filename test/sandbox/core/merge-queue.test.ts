import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveRef } from "../../../src/sandbox/git/git.ts";
import type { Repo } from "../../../src/sandbox/world/records.ts";
import { type Json, type Reply, startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const REPO = "/repos/acme/demo";
const repository = "acme/demo";
const NOW = new Date();

let tour: Tour;
let token = "";
let repo: Repo;

beforeEach(async () => {
  tour = await startTour({ now: () => NOW });
  token = await tour.installed();
  repo = [...tour.sandbox.world.repos.values()][0]!;
  tour.control.setBranchRules({ repository, branch: "main", requiredChecks: ["verify"], mergeQueue: true });
});

afterEach(async () => {
  const { problems } = tour;
  await tour.close();
  expect(problems).toEqual([]);
});

function ask(method: string, path: string, body?: unknown): Promise<Reply> {
  return tour.ask(method, REPO + path, { token, body });
}

/** Opens a pull request whose own checks are done. */
async function openPull(branch: string, files: Readonly<Record<string, string>>): Promise<number> {
  const head_sha = tour.control.commitFiles({ repository, branch, from: "main", files, message: branch });
  const { json } = await ask("POST", "/pulls", { title: branch, head: branch, base: "main" });
  await ask("POST", "/check-runs", { name: "verify", head_sha, conclusion: "success" });
  return json.number;
}

function groupOf(number: number) {
  const group = repo.queue.find((entry) => entry.pullNumber === number)?.group;
  if (!group) throw new Error(`#${number} has no merge group`);
  return group;
}

function judge(number: number, conclusion: string): Promise<Reply> {
  return ask("POST", "/check-runs", { name: "verify", head_sha: groupOf(number).headSha, conclusion });
}

/** Webhooks of the queue since the start, the last part told apart by what it names. */
async function queueHooks(): Promise<string[]> {
  await tour.control.idle();
  return tour.hooks.flatMap(({ headers, payload }) => {
    const event = headers["x-github-event"];
    const isPull = event === "pull_request" && ["enqueued", "dequeued", "closed"].includes(payload.action);
    if (event !== "merge_group" && !isPull) return [];
    return [[event, payload.action, ...(payload.reason ? [payload.reason] : [])].join(" ")];
  });
}

function lastGroupHook(): Json {
  return tour.hooks.findLast(({ headers }) => headers["x-github-event"] === "merge_group")?.payload;
}

describe("the merge queue", () => {
  it("F163 makes a commit of its own, asks for its checks and merges when they succeed", async () => {
    const base = resolveRef(repo.gitDir, "main");
    const number = await openPull("topic", { "a.txt": "1" });

    tour.control.enqueue({ repository, number, login: "admin" });

    const { ref, headSha, baseSha } = groupOf(number);
    expect(baseSha).toBe(base);
    expect(ref).toBe(`refs/heads/gh-readonly-queue/main/pr-${number}-${base}`);
    expect((await ask("GET", `/git/commits/${headSha}`)).json.parents).toHaveLength(2);
    expect((await ask("GET", `/contents/a.txt?ref=${headSha}`)).status).toBe(200);
    await tour.control.idle();
    expect(lastGroupHook()).toMatchObject({
      action: "checks_requested",
      merge_group: { head_sha: headSha, head_ref: ref, base_sha: base, base_ref: "refs/heads/main" },
      sender: { login: "github-merge-queue[bot]" },
    });

    await judge(number, "success");

    expect(await queueHooks()).toEqual([
      "pull_request enqueued",
      "merge_group checks_requested",
      "pull_request closed",
      "pull_request dequeued MERGE",
      "merge_group destroyed merged",
    ]);
    expect(resolveRef(repo.gitDir, "main")).toBe(headSha);
    expect(resolveRef(repo.gitDir, ref)).toBeUndefined();
    expect((await ask("GET", `/pulls/${number}`)).json).toMatchObject({
      merged: true,
      merge_commit_sha: headSha,
      merged_by: { login: "github-merge-queue[bot]" },
    });
    const pushes = tour.hooks.filter(({ headers }) => headers["x-github-event"] === "push");
    expect(pushes.map(({ payload }) => payload.ref)).toEqual([
      "refs/heads/topic",
      ref,
      "refs/heads/main",
      ref,
    ]);
  });

  it("builds each entry on the one before and merges in order", async () => {
    const first = await openPull("one", { "a.txt": "1" });
    const second = await openPull("two", { "b.txt": "1" });
    tour.control.enqueue({ repository, number: first });
    tour.control.enqueue({ repository, number: second });
    const { headSha } = groupOf(second);
    expect(groupOf(second).baseSha).toBe(groupOf(first).headSha);

    await judge(second, "success");
    expect(repo.queue).toHaveLength(2);
    await judge(first, "neutral");

    expect(repo.queue).toEqual([]);
    expect(resolveRef(repo.gitDir, "main")).toBe(headSha);
    expect((await queueHooks()).filter((line) => line.startsWith("merge_group"))).toEqual([
      "merge_group checks_requested",
      "merge_group checks_requested",
      "merge_group destroyed merged",
      "merge_group destroyed merged",
    ]);
  });

  it("takes out what fails and builds what stood on it again", async () => {
    const first = await openPull("one", { "a.txt": "1" });
    const second = await openPull("two", { "b.txt": "1" });
    tour.control.enqueue({ repository, number: first });
    tour.control.enqueue({ repository, number: second });

    await judge(first, "failure");

    expect(repo.queue.map(({ pullNumber }) => pullNumber)).toEqual([second]);
    expect(groupOf(second).baseSha).toBe(resolveRef(repo.gitDir, "main"));
    expect((await ask("GET", `/contents/a.txt?ref=${groupOf(second).headSha}`)).status).toBe(404);
    expect((await queueHooks()).slice(4)).toEqual([
      "merge_group destroyed dequeued",
      "pull_request dequeued CI_FAILURE",
      "merge_group destroyed invalidated",
      "merge_group checks_requested",
    ]);
    expect((await ask("GET", `/pulls/${first}`)).json.state).toBe("open");
  });

  it("judges afresh what is queued again", async () => {
    const number = await openPull("one", { "a.txt": "1" });
    tour.control.enqueue({ repository, number });
    const { headSha } = groupOf(number);
    await judge(number, "failure");

    tour.control.enqueue({ repository, number });

    expect(groupOf(number).headSha).not.toBe(headSha);
  });

  it("takes out what conflicts with an entry before it", async () => {
    const first = await openPull("one", { "a.txt": "1" });
    const second = await openPull("two", { "a.txt": "2" });
    tour.control.enqueue({ repository, number: first });

    tour.control.enqueue({ repository, number: second });

    expect((await queueHooks()).at(-1)).toBe("pull_request dequeued MERGE_CONFLICT");
    expect(repo.queue).toHaveLength(1);
  });

  it("builds again when the base moves, and lets go what moves itself, closes or is taken out", async () => {
    const number = await openPull("one", { "a.txt": "1" });
    tour.control.enqueue({ repository, number });
    const before = groupOf(number).headSha;

    tour.control.commitFiles({ repository, branch: "main", files: { "m.txt": "1" }, message: "Direct" });
    await Promise.resolve();
    expect(groupOf(number).headSha).not.toBe(before);
    expect(groupOf(number).baseSha).toBe(resolveRef(repo.gitDir, "main"));

    tour.control.commitFiles({ repository, branch: "one", files: { "a.txt": "2" }, message: "More" });
    await Promise.resolve();
    expect(repo.queue).toEqual([]);
    expect((await queueHooks()).at(-1)).toBe("pull_request dequeued MANUAL");

    const second = await openPull("two", { "b.txt": "1" });
    tour.control.enqueue({ repository, number: second });
    tour.control.dequeue({ repository, number: second, login: "admin" });
    expect((await queueHooks()).slice(-2)).toEqual([
      "merge_group destroyed dequeued",
      "pull_request dequeued MANUAL",
    ]);
    tour.control.enqueue({ repository, number: second });
    await ask("PATCH", `/pulls/${second}`, { state: "closed" });
    expect(repo.queue).toEqual([]);
  });

  it("takes commit statuses for checks too, and waits while one is pending", async () => {
    const number = await openPull("one", { "a.txt": "1" });
    tour.control.enqueue({ repository, number });
    const { headSha } = groupOf(number);
    const post = (state: string) =>
      tour.ask("POST", `${REPO}/statuses/${headSha}`, {
        token: tour.admin,
        body: { state, context: "verify" },
      });

    await post("pending");
    await judge(number, "success");
    expect(repo.queue).toHaveLength(1);
    await post("success");

    expect(repo.queue).toEqual([]);
  });

  it("refuses what is not ready to be merged", async () => {
    const number = await openPull("one", { "a.txt": "1" });
    const enqueue = () => tour.control.enqueue({ repository, number });
    const { sha } = (await ask("GET", `/pulls/${number}`)).json.head;

    await ask("POST", "/check-runs", { name: "verify", head_sha: sha, status: "in_progress" });
    expect(enqueue).toThrow('#1 cannot be queued: the required check "verify" is expected');
    await ask("POST", "/check-runs", { name: "verify", head_sha: sha, conclusion: "timed_out" });
    expect(enqueue).toThrow('the required check "verify" is failing');
    tour.control.setDraft({ repository, number, draft: true });
    expect(enqueue).toThrow("it is a draft");
    await ask("PATCH", `/pulls/${number}`, { state: "closed" });
    expect(enqueue).toThrow("it is not open");
    expect(() => tour.control.dequeue({ repository, number })).toThrow("#1 is not in the queue");
    expect(() => tour.control.enqueue({ repository, number: 99 })).toThrow("there is no pull request #99");
  });

  it("lets a workflow on merge_group decide", async () => {
    const workflow = [
      "on: { merge_group: { branches: [main] } }",
      "jobs:",
      "  verify:",
      "    runs-on: ubuntu-latest",
      "    steps:",
      "      - uses: actions/checkout@v4",
      '      - run: test -f a.txt && test "$GITHUB_EVENT_NAME $GITHUB_REF" = "merge_group $WANTED"',
      `        env: { WANTED: "\${{ github.event.merge_group.head_ref }}" }`,
    ].join("\n");
    const files = { ".github/workflows/ci.yml": workflow };
    tour.control.commitFiles({ repository, branch: "main", files, message: "CI" });
    const number = await openPull("one", { "a.txt": "1" });

    tour.control.enqueue({ repository, number });
    await tour.control.idle();

    expect([...repo.runs.values()]).toMatchObject([{ event: "merge_group", conclusion: "success" }]);
    expect((await ask("GET", `/pulls/${number}`)).json.merged).toBe(true);
  });
});

describe("the rules of a branch", () => {
  it("are told, and keep everybody from merging past them", async () => {
    const number = await openPull("one", { "a.txt": "1" });
    const merge = () => ask("PUT", `/pulls/${number}/merge`, {});
    const { json: rules } = await ask("GET", "/rules/branches/main");
    const byQueue = await merge();
    tour.control.setBranchRules({ repository, branch: "main", requiredChecks: ["other"], mergeQueue: false });
    const unchecked = await merge();

    expect(rules.map(({ type }: Json) => type)).toEqual(["required_status_checks", "merge_queue"]);
    expect(rules[0].parameters.required_status_checks).toEqual([{ context: "verify" }]);
    expect([byQueue.status, byQueue.json.message]).toEqual([
      405,
      "Repository rule violations found\n\nChanges must be made through the merge queue\n\n",
    ]);
    expect(unchecked.json.message).toContain('Required status check "other" is expected.');
    expect((await ask("GET", `/pulls/${number}`)).json.mergeable_state).toBe("blocked");
    expect((await ask("GET", "/rules/branches/one")).json).toEqual([]);

    tour.control.setBranchRules({
      repository,
      branch: "main",
      requiredChecks: ["verify"],
      mergeQueue: false,
    });
    expect((await merge()).json.merged).toBe(true);
  });
});
