import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createCheckRun,
  requestAction,
  rerequestCheckRun,
} from "../../../src/sandbox/areas/checks/check-records.ts";
import { type CodeWorld, names, openCodeWorld } from "./code-world.ts";

let code: CodeWorld;
let sha = "";

beforeEach(async () => {
  code = await openCodeWorld();
  sha = code.push("feature", { "a.txt": "1" });
  code.takeHooks();
});

afterEach(async () => {
  const { problems } = code;
  await code.close();
  expect(problems).toEqual([]);
});

const OUTPUT = { title: "Title", summary: "Summary" };
const annotation = (line: number) => ({
  path: "a.txt",
  start_line: line,
  end_line: line,
  annotation_level: "warning",
  message: "look",
});
const annotations = (count: number) => Array.from({ length: count }, (_, index) => annotation(index + 1));

describe("check runs", () => {
  it("live from queued to completed and carry their suite along", async () => {
    const made = await code.app("POST", "/check-runs", { name: "gate", head_sha: sha, external_id: "t1" });
    const { id } = made.body;
    await code.app("PATCH", `/check-runs/${id}`, { status: "in_progress" });
    const during = await code.app("GET", `/check-suites/${made.body.check_suite.id}`);
    const done = await code.app("PATCH", `/check-runs/${id}`, { conclusion: "failure", output: OUTPUT });
    const after = await code.app("GET", `/check-suites/${made.body.check_suite.id}`);

    expect([made.status, made.body.status, done.body.status, done.body.conclusion]).toEqual([
      201,
      "queued",
      "completed",
      "failure",
    ]);
    expect(done.body.completed_at).not.toBeNull();
    expect([during.body.status, after.body.status, after.body.conclusion]).toEqual([
      "in_progress",
      "completed",
      "failure",
    ]);
    expect(names(code.takeHooks())).toEqual([
      "check_run.created",
      "check_run.completed",
      "check_suite.completed",
    ]);
  });

  it("append annotations, fifty at a time", async () => {
    const run = { name: "gate", head_sha: sha, output: { ...OUTPUT, annotations: annotations(50) } };
    const { id } = (await code.app("POST", "/check-runs", run)).body;

    const more = await code.app("PATCH", `/check-runs/${id}`, {
      output: { summary: "S", annotations: annotations(50) },
    });
    const tooMany = await code.app("PATCH", `/check-runs/${id}`, {
      output: { summary: "S", annotations: annotations(51) },
    });
    const page = await code.app("GET", `/check-runs/${id}/annotations?per_page=60&page=2`);

    expect(more.body.output).toMatchObject({ title: "Title", summary: "S", annotations_count: 100 });
    expect([tooMany.status, tooMany.body.message]).toEqual([
      422,
      "Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.",
    ]);
    expect(page.body).toHaveLength(40);
  });

  it("refuse completion without a conclusion, unknown commits and oversized parts", async () => {
    const post = (more: object) => code.app("POST", "/check-runs", { name: "gate", head_sha: sha, ...more });
    const action = { label: "Fix", description: "Fix it", identifier: "fix" };

    expect((await post({ status: "completed" })).body.message).toBe(
      'Invalid request.\n\nNo subschema in "anyOf" matched.\n"conclusion" wasn\'t supplied.\ncompleted is not a member of ["queued", "in_progress"].',
    );
    expect((await post({ head_sha: "1".repeat(40) })).body.message).toBe(
      `No commit found for SHA: ${"1".repeat(40)}`,
    );
    expect((await post({ name: undefined })).status).toBe(422);
    expect((await post({ output: { title: "t" } })).status).toBe(422);
    expect((await post({ output: { ...OUTPUT, summary: "x".repeat(65_536) } })).status).toBe(422);
    expect((await post({ output: { ...OUTPUT, summary: "x".repeat(65_535) } })).status).toBe(201);
    expect((await post({ actions: [action, action, action, action] })).status).toBe(422);
    expect((await post({ actions: [{ ...action, label: "x".repeat(21) }] })).status).toBe(422);
    expect((await post({ conclusion: "stale" })).status).toBe(422);
    expect((await post({ actions: [action] })).status).toBe(201);
  });

  it("are written by apps and jobs only, each its own", async () => {
    const { id } = (await code.app("POST", "/check-runs", { name: "gate", head_sha: sha })).body;
    const ofJob = await code.job("POST", "/check-runs", {
      name: "lint",
      head_sha: sha,
      conclusion: "success",
    });

    const byPerson = await code.person("POST", "/check-runs", { name: "mine", head_sha: sha });
    const byOther = await code.job("PATCH", `/check-runs/${id}`, { conclusion: "success" });

    expect(ofJob.body.app.slug).toBe("github-actions");
    expect([byPerson.status, byPerson.body.message]).toEqual([
      403,
      "You must authenticate via a GitHub App.",
    ]);
    expect(byOther.status).toBe(403);
  });

  it("show the latest of each name unless all are asked for", async () => {
    await code.app("POST", "/check-runs", { name: "gate", head_sha: sha, conclusion: "failure" });
    await code.app("POST", "/check-runs", { name: "gate", head_sha: sha, conclusion: "success" });
    await code.app("POST", "/check-runs", { name: "other", head_sha: sha });
    const list = async (query: string) =>
      (await code.app("GET", `/commits/feature/check-runs?${query}`)).body;

    expect((await list("")).total_count).toBe(2);
    expect((await list("filter=all")).total_count).toBe(3);
    expect((await list("check_name=gate")).check_runs[0].conclusion).toBe("success");
    expect((await list("status=queued")).check_runs[0].name).toBe("other");
    expect((await list("app_id=1")).total_count).toBe(0);
    const suites = (await code.app("GET", `/commits/${sha}/check-suites`)).body;
    expect(suites.check_suites).toMatchObject([{ app: { id: 77 }, latest_check_runs_count: 2 }]);
  });

  it("start their suite over when somebody asks for another run", async () => {
    const made = await code.app("POST", "/check-runs", {
      name: "gate",
      head_sha: sha,
      conclusion: "failure",
    });
    const run = code.repo.checkRuns.get(made.body.id);
    if (!run) throw new Error("the run was made");
    code.takeHooks();

    rerequestCheckRun(code.world, code.repo, { run, sender: code.ada });
    const suiteAgain = await code.app("POST", `/check-suites/${run.suiteId}/rerequest`);

    const suite = await code.app("GET", `/check-suites/${run.suiteId}`);
    expect(suiteAgain.status).toBe(201);
    expect(suite.body).toMatchObject({ status: "queued", conclusion: null });
    expect((await code.app("GET", `/check-runs/${run.id}`)).body.conclusion).toBe("failure");
    const hooks = code.takeHooks();
    expect(names(hooks)).toEqual(["check_run.rerequested", "check_suite.rerequested"]);
    expect(hooks[0]?.payload.sender.login).toBe("ada");
  });

  it("pass on the button that a person pressed", async () => {
    const actions = [{ label: "Fix", description: "Fix it", identifier: "fix" }];
    const made = await code.app("POST", "/check-runs", { name: "gate", head_sha: sha, actions });
    const run = code.repo.checkRuns.get(made.body.id);
    if (!run) throw new Error("the run was made");
    code.takeHooks();

    requestAction(code.world, code.repo, { run, identifier: "fix", sender: code.ada });

    const [hook] = code.takeHooks();
    expect(hook?.action).toBe("requested_action");
    expect(hook?.payload.requested_action).toEqual({ identifier: "fix" });
    expect(() =>
      requestAction(code.world, code.repo, { run, identifier: "other", sender: code.ada }),
    ).toThrow('offers no action "other"');
  });

  it("F167 drop the oldest of more than a thousand runs of one name", () => {
    const { world, repo } = code;
    const make = () =>
      createCheckRun(world, repo, {
        app: world.actionsApp,
        name: "flood",
        headSha: sha,
        headBranch: "feature",
        status: "queued",
      });
    const first = make();
    for (let count = 0; count < 999; count += 1) make();
    expect(repo.checkRuns.has(first.id)).toBe(true);

    make();

    expect(repo.checkRuns.has(first.id)).toBe(false);
    expect([...repo.checkRuns.values()]).toHaveLength(1000);
  });

  it("name the open pull request of their commit", async () => {
    await code.person("POST", "/pulls", { title: "t", head: "feature", base: "main" });

    const made = await code.app("POST", "/check-runs", { name: "gate", head_sha: sha });

    expect(made.body.pull_requests).toMatchObject([{ number: 1, head: { sha } }]);
  });
});

describe("statuses", () => {
  it("sum up the newest of each context", async () => {
    const post = (state: string, context?: string) =>
      code.person("POST", `/statuses/${sha}`, {
        state,
        context,
        description: "d",
        target_url: "https://example.org",
      });
    expect((await code.app("GET", `/commits/${sha}/status`)).body.state).toBe("pending");

    await post("failure", "ci");
    await post("success", "ci");
    await post("success");

    const combined = await code.app("GET", "/commits/feature/status");
    expect(combined.body).toMatchObject({ state: "success", total_count: 2, sha });
    expect((await code.app("GET", `/commits/${sha}/statuses`)).body).toHaveLength(3);
    const hooks = code.takeHooks();
    expect(names(hooks)).toEqual(["status", "status", "status"]);
    expect(hooks[0]?.payload.branches).toMatchObject([{ name: "feature" }]);
  });

  it("refuse an unknown state, a long description and an unknown commit", async () => {
    const post = (at: string, body: object) => code.app("POST", `/statuses/${at}`, body);

    expect((await post(sha, { state: "great" })).status).toBe(422);
    expect((await post(sha, {})).status).toBe(422);
    expect((await post(sha, { state: "success", description: "x".repeat(141) })).status).toBe(422);
    expect((await post("1".repeat(40), { state: "success" })).status).toBe(422);
    expect((await code.reader("POST", `/statuses/${sha}`, { state: "success" })).status).toBe(403);
  });
});
