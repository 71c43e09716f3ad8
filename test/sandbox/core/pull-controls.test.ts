import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Json, type Reply, startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const REPO = "/repos/acme/demo";
const repository = "acme/demo";
/** GitHub answers null for a fork that is gone; its own description of the API does not know that. */
const GONE_FORK = /\/head\/repo must be object/;

let tour: Tour;
let token = "";
let mia = "";

beforeEach(async () => {
  tour = await startTour();
  token = await tour.installed();
  mia = tour.control.createUser("mia");
});

afterEach(async () => {
  const { problems } = tour;
  await tour.close();
  expect(problems.filter((problem) => !GONE_FORK.test(problem))).toEqual([]);
});

const control = (name: string, body: unknown) => tour.ask("POST", `/_sandbox/${name}`, { body });
const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
  tour.ask(method, REPO + path, { token, body });

async function openPull(): Promise<string> {
  const files = { "a.txt": "1" };
  const sha = tour.control.commitFiles({ repository, branch: "topic", files, message: "Add a" });
  await ask("POST", "/pulls", { title: "Add a", head: "topic", base: "main" });
  return sha;
}

/** Payloads of one event and action, once all have arrived. */
async function hooksOf(event: string, action?: string): Promise<Json[]> {
  await tour.control.idle();
  const hooks = tour.hooks.filter(({ headers }) => headers["x-github-event"] === event);
  return hooks.map(({ payload }) => payload).filter((one) => action === undefined || one.action === action);
}

describe("what people do with a pull request", () => {
  it("is a review of one commit, or taking it back", async () => {
    const sha = await openPull();
    tour.control.commitFiles({ repository, branch: "topic", files: { "b.txt": "1" }, message: "Add b" });

    const { json } = await control("review", {
      ...{ repository, number: 1, login: "mia", event: "APPROVE", commitId: sha },
    });
    const dismissed = await control("dismiss-review", {
      ...{ repository, number: 1, login: "admin", reviewId: json.id },
    });
    const late = await ask("POST", "/pulls/1/reviews", {
      event: "COMMENT",
      body: "x",
      commit_id: "1".repeat(40),
    });

    expect(dismissed.status).toBe(200);
    expect((await ask("GET", "/pulls/1/reviews")).json).toMatchObject([
      { id: json.id, user: { login: "mia" }, state: "DISMISSED", commit_id: sha, author_association: "NONE" },
    ]);
    const [submitted] = await hooksOf("pull_request_review", "submitted");
    expect(submitted).toMatchObject({
      review: { state: "approved", commit_id: sha, author_association: "NONE" },
      sender: { login: "mia" },
    });
    expect(await hooksOf("pull_request_review", "dismissed")).toMatchObject([
      { review: { state: "dismissed" }, sender: { login: "admin" } },
    ]);
    expect(late.status).toBe(422);
  });

  it("is a review that asks for changes, with a reason, and never of the own work", async () => {
    await openPull();
    const where = { repository, number: 1, event: "REQUEST_CHANGES" };

    const wordless = await control("review", { ...where, login: "mia" });
    const asked = await control("review", { ...where, login: "mia", body: "Tests, please." });
    const own = await control("review", { ...where, login: "orchestrator[bot]", body: "Mine." });
    const unknown = await control("dismiss-review", { repository, number: 1, reviewId: 1 });

    expect([wordless.status, asked.status, own.status, unknown.status]).toEqual([422, 200, 422, 422]);
    expect(unknown.json.message).toContain("#1 has no review 1");
  });

  it("is turning it into a draft and back", async () => {
    await openPull();

    await control("set-draft", { repository, number: 1, draft: true, login: "admin" });
    expect((await ask("GET", "/pulls/1")).json.draft).toBe(true);
    await control("set-draft", { repository, number: 1, draft: false, login: "admin" });

    const hooks = await hooksOf("pull_request");
    expect(hooks.map(({ action }) => action)).toEqual(["opened", "converted_to_draft", "ready_for_review"]);
    expect(hooks.at(-1).sender.login).toBe("admin");
  });

  it("is aiming it at another branch", async () => {
    await openPull();
    tour.control.commitFiles({ repository, branch: "release", files: { "r.txt": "1" }, message: "Release" });

    const body = { base: "release" };
    await tour.ask("PATCH", `${REPO}/pulls/1`, { token: tour.admin, body });

    const [edited] = await hooksOf("pull_request", "edited");
    expect(edited.changes.base.ref).toEqual({ from: "main" });
    expect(edited.pull_request.base.ref).toBe("release");
  });

  it("is pushing with force, which replaces its commits", async () => {
    const before = await openPull();

    const { json } = await control("commit-files", {
      ...{ repository, branch: "topic", files: { "c.txt": "1" }, message: "Add c", force: true },
    });

    expect((await ask("GET", "/pulls/1/commits")).json.map(({ sha }: Json) => sha)).toEqual([json.sha]);
    expect((await hooksOf("push")).at(-1)).toMatchObject({ forced: true, before, after: json.sha });
    expect(await hooksOf("pull_request", "synchronize")).toMatchObject([{ before, after: json.sha }]);
  });
});

describe("a fork", () => {
  async function openFromFork(): Promise<string> {
    await control("fork-repository", { repository, login: "mia" });
    const files = { "a.txt": "1" };
    const pushed = { repository: "mia/demo", login: "mia", branch: "topic", files, message: "Add a" };
    const sha = tour.control.commitFiles(pushed);
    const body = { title: "Add a", head: "mia:topic", base: "main" };
    const opened = await tour.ask("POST", `${REPO}/pulls`, { token: mia, body });
    expect(opened.status).toBe(201);
    return sha;
  }

  it("has the branches of what it was made from, and says what that was", async () => {
    const made = await control("fork-repository", { repository, login: "mia" });
    const again = await control("fork-repository", { repository, login: "mia" });

    const fork = await tour.ask("GET", "/repos/mia/demo", { token: mia });
    const tip = async (name: string) =>
      (await tour.ask("GET", `/repos/${name}/branches/main`)).json.commit.sha;
    expect(made.json.full_name).toBe("mia/demo");
    expect(again.json.message).toContain("mia has a repository demo already");
    expect(fork.json).toMatchObject({ fork: true, parent: { full_name: repository } });
    expect(await tip("mia/demo")).toBe(await tip(repository));
    expect(await hooksOf("fork")).toMatchObject([{ forkee: { full_name: "mia/demo", fork: true } }]);
  });

  it("outlives what it was made from", async () => {
    await control("fork-repository", { repository, login: "mia" });

    const deleted = await tour.ask("DELETE", REPO, { token: tour.admin });

    expect(deleted.status).toBe(204);
    expect((await tour.ask("GET", REPO)).status).toBe(404);
    expect((await tour.ask("GET", "/repos/mia/demo")).json).toMatchObject({ fork: true });
    expect(await hooksOf("repository", "deleted")).toMatchObject([
      { installation: {}, sender: { login: "admin" } },
    ]);
  });

  it("brings pull requests that follow its branch, also when it is pushed with force", async () => {
    await openFromFork();
    const files = { "b.txt": "1" };
    const pushed = { repository: "mia/demo", login: "mia", branch: "topic", files, message: "Again" };

    const sha = tour.control.commitFiles({ ...pushed, force: true });

    expect((await ask("GET", "/pulls/1")).json).toMatchObject({
      head: { sha, label: "mia:topic", repo: { full_name: "mia/demo" } },
      author_association: "NONE",
      changed_files: 1,
    });
    expect((await ask("GET", "/pulls?head=mia:topic")).json).toHaveLength(1);
  });

  it("lets nobody offer what is not theirs, and its author change what is", async () => {
    const rob = tour.control.createUser("rob");
    await openFromFork();
    tour.control.commitFiles({ repository, branch: "release", files: { "r.txt": "1" }, message: "Release" });
    const body = { title: "Mine", head: "mia:topic", base: "release" };
    const edit = (by: string) =>
      tour.ask("PATCH", `${REPO}/pulls/1`, { token: by, body: { title: "Better" } });

    const foreign = await tour.ask("POST", `${REPO}/pulls`, { token: rob, body });

    expect([foreign.status, foreign.json.errors?.[0].message]).toEqual([422, "must be a collaborator"]);
    expect((await edit(rob)).status).toBe(403);
    expect((await edit(mia)).json.title).toBe("Better");
  });

  it("F147 leaves open pull requests without a head repository when it is deleted", async () => {
    const sha = await openFromFork();

    await control("delete-repository", { repository: "mia/demo", login: "mia" });

    const { json } = await ask("GET", "/pulls/1");
    expect(json).toMatchObject({ state: "open", head: { sha, repo: null, user: { login: "mia" } } });
    expect((await ask("GET", "/pulls")).json[0].head.repo).toBeNull();
    expect((await ask("GET", "/pulls/1/files")).json).toHaveLength(1);
    expect((await tour.ask("GET", "/repos/mia/demo", { token: mia })).status).toBe(404);
    await control("review", { repository, number: 1, login: "admin", event: "APPROVE" });
    const [review] = await hooksOf("pull_request_review");
    expect(review.pull_request.head.repo).toBeNull();
    expect((await tour.ask("GET", "/ui/acme/demo/pull/1")).status).toBe(200);
  });

  it("F148 runs workflows without secrets and with a token that can only read", async () => {
    const write =
      "const { GITHUB_API_URL, GITHUB_REPOSITORY, TOKEN } = process.env;" +
      "const headers = { authorization: 'Bearer ' + TOKEN };" +
      "fetch(GITHUB_API_URL + '/repos/' + GITHUB_REPOSITORY + '/check-runs', { method: 'POST', headers })" +
      ".then(({ status }) => process.exit(status === 403 ? 0 : 1));";
    const workflow = [
      "on: pull_request",
      "permissions: { checks: write }",
      "jobs:",
      "  a:",
      "    runs-on: ubuntu-latest",
      `    env: { KEY: "\${{ secrets.KEY }}", TOKEN: "\${{ github.token }}" }`,
      "    steps:",
      '      - run: test -z "$KEY"',
      "      - run: |",
      `          node -e "${write}"`,
    ].join("\n");
    const files = { ".github/workflows/ci.yml": workflow };
    tour.control.commitFiles({ repository, branch: "main", files, message: "CI" });
    tour.control.setSecret({ repository, name: "KEY", value: "hidden" });

    const sha = await openFromFork();
    await tour.control.idle();

    const { workflow_runs: runs } = (
      await tour.ask("GET", `${REPO}/actions/runs?head_sha=${sha}`, { token: tour.admin })
    ).json;
    expect(runs).toMatchObject([
      { conclusion: "success", head_repository: { full_name: "mia/demo" }, pull_requests: [] },
    ]);
  });
});

describe("the buttons of a check", () => {
  it("reach the app that owns the check, with the person who pressed them", async () => {
    const head_sha = await openPull();
    const actions = [{ label: "Override", description: "Set the gate aside", identifier: "override" }];
    const check = await ask("POST", "/check-runs", {
      ...{ name: "verdict", head_sha, conclusion: "failure", actions },
    });
    const where = { repository, checkRunId: check.json.id, login: "admin" };

    const pressed = await control("request-action", { ...where, identifier: "override" });
    const again = await control("rerequest-check", where);
    const absent = await control("request-action", { ...where, identifier: "other" });
    await ask("PATCH", `/check-runs/${check.json.id}`, { conclusion: "success", actions: [] });
    const gone = await control("request-action", { ...where, identifier: "override" });

    expect([pressed.status, again.status, absent.status, gone.status]).toEqual([200, 200, 422, 422]);
    expect(await hooksOf("check_run", "requested_action")).toMatchObject([
      {
        requested_action: { identifier: "override" },
        check_run: { id: check.json.id, head_sha },
        sender: { login: "admin" },
      },
    ]);
    expect(await hooksOf("check_run", "rerequested")).toMatchObject([{ sender: { login: "admin" } }]);
  });

  it("are refused beyond what GitHub allows", async () => {
    const head_sha = await openPull();
    const button = { label: "x".repeat(20), description: "x".repeat(40), identifier: "x".repeat(20) };
    const post = async (...actions: object[]) =>
      (await ask("POST", "/check-runs", { name: "verdict", head_sha, actions })).status;

    expect(await post(button, button, button)).toBe(201);
    expect(await post(button, button, button, button)).toBe(422);
    expect(await post({ ...button, label: "x".repeat(21) })).toBe(422);
    expect(await post({ ...button, description: "x".repeat(41) })).toBe(422);
    expect(await post({ ...button, identifier: "x".repeat(21) })).toBe(422);
    expect(await post({ label: "x", description: "x" })).toBe(422);
  });

  it("of a workflow's job are not the app's", async () => {
    const { repos, actionsApp } = tour.sandbox.world;
    const [repo] = [...repos.values()];
    const { createCheckRun } = await import("../../../src/sandbox/areas/checks/check-records.ts");
    const headSha = await openPull();
    const run = createCheckRun(tour.sandbox.world, repo!, {
      ...{ app: actionsApp, name: "job", headSha, headBranch: "topic", status: "queued" },
    });

    const { json } = await control("rerequest-check", { repository, checkRunId: run.id });

    expect(json.message).toContain("belongs to Actions");
    expect((await control("rerequest-check", { repository, checkRunId: 1 })).status).toBe(422);
  });
});
