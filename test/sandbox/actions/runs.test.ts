import { unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stopActions } from "../../../src/sandbox/actions/runs/control-actions.ts";
import { startWorkflows } from "../../../src/sandbox/actions/triggers/start-workflows.ts";
import { type ActionsWorld, openActionsWorld } from "./actions-world.ts";

let open: ActionsWorld;

beforeEach(async () => {
  open = await openActionsWorld();
});

afterEach(async () => {
  await open.close();
  expect(open.problems).toEqual([]);
});

const PIPELINE = `
name: Pipeline
run-name: Pipeline for \${{ inputs.task }}
on:
  workflow_dispatch:
    inputs:
      task: { required: true }
      dry: { type: boolean, default: false }
      level: { type: choice, options: [low, high], default: low }
permissions: { contents: read, actions: read }
jobs:
  generate:
    runs-on: ubuntu-latest
    outputs: { count: "\${{ steps.count.outputs.n }}" }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 26 }
      - id: count
        run: echo "n=$(node -p '20 + 1')" >> "$GITHUB_OUTPUT"
      - run: |
          mkdir -p out/deep
          echo "{\\"task\\": \\"$TASK\\"}" > out/result.json
          cp data.txt out/deep/
        env: { TASK: "\${{ inputs.task }}" }
      - uses: actions/upload-artifact@v4
        with: { name: result, path: out, if-no-files-found: error, retention-days: 2 }
  train:
    needs: generate
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: result, path: in }
      - run: |
          test "$COUNT" = 21
          cat in/result.json in/deep/data.txt
        env: { COUNT: "\${{ needs.generate.outputs.count }}" }
  publish:
    needs: train
    if: \${{ !inputs.dry && github.ref == 'refs/heads/main' && inputs.level == 'high' }}
    runs-on: ubuntu-latest
    steps: [{ run: exit 1 }]
`;

async function dispatch(file: string, body: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const path = `/actions/workflows/${file}/dispatches`;
  const reply = await open.call("POST", path, { ref: "main", return_run_details: true, ...body });
  expect(reply.status).toBe(200);
  return reply.body.workflow_run_id;
}

async function logOf(runId: number, jobName: string, attempt = 1): Promise<string> {
  const { jobs } = (await open.call("GET", `/actions/runs/${runId}/attempts/${attempt}/jobs`)).body;
  const job = jobs.find((one: { name: string }) => one.name === jobName);
  const bytes = open.download(await open.call("GET", `/actions/jobs/${job.id}/logs`));
  return Buffer.from(bytes ?? []).toString();
}

async function seen(text: RegExp): Promise<void> {
  const logs = () => [...open.repo.jobs.values()].map((job) => job.log).join("");
  await expect.poll(logs, { timeout: 10_000, interval: 10 }).toMatch(text);
}

function simple(on: string, run: string, more = ""): string {
  return `on: ${on}\n${more}jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ${JSON.stringify(run)}\n`;
}

describe("a dispatched run", () => {
  it("goes from dispatch to artifacts and logs with every answer and webhook valid", async () => {
    open.push({ ".github/workflows/pipeline.yml": PIPELINE, "data.txt": "rows\n" });

    const started = await open.call("POST", "/actions/workflows/pipeline.yml/dispatches", {
      ref: "main",
      inputs: { task: "t-1" },
      return_run_details: true,
    });
    await open.settle();

    expect(started.status).toBe(200);
    const id = started.body.workflow_run_id;
    const run = (await open.call("GET", `/actions/runs/${id}`)).body;
    expect(run).toMatchObject({
      status: "completed",
      conclusion: "success",
      name: "Pipeline",
      display_title: "Pipeline for t-1",
      event: "workflow_dispatch",
      run_attempt: 1,
      head_branch: "main",
    });
    const { jobs } = (await open.call("GET", `/actions/runs/${id}/jobs`)).body;
    expect(jobs.map((job: { name: string; conclusion: string }) => [job.name, job.conclusion])).toEqual([
      ["generate", "success"],
      ["train", "success"],
      ["publish", "skipped"],
    ]);
    expect(jobs[0].steps.map((step: { name: string }) => step.name)).toEqual([
      "Set up job",
      "Run actions/checkout@v4",
      "Run actions/setup-node@v4",
      'Run echo "n=$(node -p \'20 + 1\')" >> "$GITHUB_OUTPUT"',
      "Run mkdir -p out/deep",
      "Run actions/upload-artifact@v4",
      "Complete job",
    ]);
    const list = (await open.call("GET", `/actions/runs/${id}/artifacts`)).body;
    expect(list.artifacts).toMatchObject([{ name: "result", expired: false, workflow_run: { id } }]);
    const zip = open.download(await open.call("GET", `/actions/artifacts/${list.artifacts[0].id}/zip`));
    const files = unzipSync(zip ?? new Uint8Array());
    expect(new Set(Object.keys(files))).toEqual(new Set(["deep/data.txt", "result.json"]));
    expect(JSON.parse(Buffer.from(files["result.json"] as Uint8Array).toString())).toEqual({ task: "t-1" });
    const log = Buffer.from(open.download(await open.call("GET", `/actions/jobs/${jobs[1].id}/logs`)) ?? []);
    expect(log.toString()).toContain("rows");
    const logs = open.download(await open.call("GET", `/actions/runs/${id}/logs`));
    expect(Object.keys(unzipSync(logs ?? new Uint8Array()))).toHaveLength(3);
    expect(open.hooks.map((hook) => hook.name)).toEqual([
      "create",
      "push",
      "workflow_dispatch",
      "workflow_run.requested",
      "check_run.created",
      "workflow_job.queued",
      "workflow_run.in_progress",
      "workflow_job.in_progress",
      "check_run.completed",
      "workflow_job.completed",
      "check_run.created",
      "workflow_job.queued",
      "workflow_job.in_progress",
      "check_run.completed",
      "workflow_job.completed",
      "check_run.created",
      "check_run.completed",
      "workflow_job.completed",
      "check_suite.completed",
      "workflow_run.completed",
    ]);
  });

  it("F121 is refused with GitHub's words when it cannot start", async () => {
    open.push({
      ".github/workflows/pipeline.yml": PIPELINE,
      ".github/workflows/other.yml": simple("{ push: { branches: [never] } }", "true"),
      ".github/workflows/broken.yml": "on: workflow_dispatch\njobs: 7\n",
    });
    await open.settle();
    const attempts: [string, Record<string, unknown>][] = [
      ["nothing.yml", { ref: "main" }],
      ["pipeline.yml", {}],
      ["pipeline.yml", { ref: "gone", inputs: { task: "t" } }],
      ["pipeline.yml", { ref: "main", inputs: { task: "t", x: "1" } }],
      ["pipeline.yml", { ref: "main" }],
      ["pipeline.yml", { ref: "main", inputs: { task: "t", level: "mid" } }],
      ["pipeline.yml", { ref: "main", inputs: { task: "t", dry: "maybe" } }],
      ["pipeline.yml", { ref: "main", inputs: { task: "x".repeat(65_536) } }],
      [
        "pipeline.yml",
        { ref: "main", inputs: Object.fromEntries(Array.from({ length: 26 }, (_, i) => [i, ""])) },
      ],
      ["other.yml", { ref: "main" }],
      ["broken.yml", { ref: "main" }],
    ];

    const answers: string[] = [];
    for (const [file, body] of attempts) {
      const { status, body: answer } = await open.call("POST", `/actions/workflows/${file}/dispatches`, body);
      answers.push(`${status} ${answer.message}`);
    }
    await open.call("PUT", "/actions/workflows/pipeline.yml/disable");
    const disabled = await open.call("POST", "/actions/workflows/pipeline.yml/dispatches", { ref: "main" });
    await open.call("PUT", "/actions/workflows/pipeline.yml/enable");
    const enabled = await open.call("POST", "/actions/workflows/pipeline.yml/dispatches", {
      ref: "main",
      inputs: { task: "t", dry: true },
    });

    expect([...answers, disabled.body.message, enabled.status]).toMatchInlineSnapshot(`
      [
        "404 Not Found",
        "422 Invalid request.

      "ref" wasn't supplied.",
        "422 No ref found for: gone",
        "422 Unexpected inputs provided: ["x"]",
        "422 Required input 'task' not provided",
        "422 Provided value 'mid' for input 'level' not in the list of allowed values",
        "422 Provided value 'maybe' for input 'dry' is not a boolean",
        "422 inputs are too large.",
        "422 Invalid request.

      No more than 25 properties are allowed; 26 were supplied.",
        "422 Workflow does not have 'workflow_dispatch' trigger",
        "422 failed to parse workflow: (Line: 2, Col: 7): A mapping was expected
      (Line: 2, Col: 7): There must be at least one job",
        "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
        204,
      ]
    `);
  });

  it("F119 can be told from another by its run-name", async () => {
    open.push({ ".github/workflows/pipeline.yml": PIPELINE, "data.txt": "" });

    const ids = await Promise.all(["a", "b"].map((task) => dispatch("pipeline.yml", { inputs: { task } })));
    const { workflow_runs: runs } = (await open.call("GET", "/actions/runs?event=workflow_dispatch")).body;

    expect(runs.map((run: { id: number; display_title: string }) => [run.id, run.display_title])).toEqual([
      [ids[1], "Pipeline for b"],
      [ids[0], "Pipeline for a"],
    ]);
  });

  it("S09 takes hostile input as text", async () => {
    const steps = 'printf "%s\\n" "got=$T"';
    const text = simple(
      "{ workflow_dispatch: { inputs: { t: {} } } }",
      steps,
      `env: { T: "\${{ inputs.t }}" }\n`,
    );
    open.push({ ".github/workflows/x.yml": text });

    const id = await dispatch("x.yml", { inputs: { t: '"; echo $(id) `id` #' } });
    await open.settle();

    expect(await logOf(id, "a")).toContain('got="; echo $(id) `id` #\n');
  });
});

describe("events", () => {
  it("start a run for a push that matches and none for one that does not", async () => {
    open.push({
      ".github/workflows/a.yml": simple(
        "{ push: { branches: [main], paths: ['src/**'] } }",
        "true",
        "name: A\n",
      ),
    });
    const sha = open.push({ "src/x.ts": "1" });
    open.push({ "docs/x.md": "1" });
    open.push({ "src/x.ts": "2" }, "side");
    await open.settle();

    const { workflow_runs: runs } = (await open.call("GET", "/actions/workflows/a.yml/runs")).body;
    expect(runs).toMatchObject([
      { head_sha: sha, name: "A", display_title: "Change things", conclusion: "success" },
    ]);
  });

  it("start a run for a pull request on its head", async () => {
    open.push({ "README.md": "1" });
    const text = simple("pull_request", "echo $GITHUB_HEAD_REF to $GITHUB_BASE_REF at $GITHUB_REF");
    const sha = open.push({ ".github/workflows/pr.yml": text }, "topic");
    await open.settle();
    const base = { ref: "main", sha: open.repo.defaultBranch };
    const head = { ref: "topic", sha, repo: { id: open.repo.id } };

    startWorkflows(open.world, {
      event: "pull_request",
      action: "opened",
      repo: open.repo,
      sender: open.ada,
      payload: { number: 5, pull_request: { number: 5, title: "Topic", head, base } },
    });
    await open.settle();

    const run = [...open.repo.runs.values()].at(-1);
    expect(run).toMatchObject({
      event: "pull_request",
      headSha: sha,
      headBranch: "topic",
      displayTitle: "Topic",
    });
    expect(await logOf(run?.id ?? 0, "a")).toContain("topic to main at refs/pull/5/merge");
  });

  it("start a run for a repository dispatch and then one for the end of that run, but no endless chain", async () => {
    open.push({
      ".github/workflows/one.yml": simple(
        "{ repository_dispatch: { types: [go] } }",
        'test "$N" = 7',
        `name: One\nenv: { N: "\${{ github.event.client_payload.n }}" }\n`,
      ),
      ".github/workflows/two.yml": simple(
        "{ workflow_run: { workflows: [One, Two], types: [completed] } }",
        `echo after \${{ github.event.workflow_run.conclusion }}`,
        "name: Two\n",
      ),
    });

    const answer = await open.call("POST", "/dispatches", { event_type: "go", client_payload: { n: 7 } });
    await open.call("POST", "/dispatches", { event_type: "other" });
    await open.settle();

    expect(answer.status).toBe(204);
    expect([...open.repo.runs.values()].map((run) => run.name)).toEqual(["One", "Two", "Two", "Two"]);
    expect(await logOf([...open.repo.runs.keys()][1] ?? 0, "a")).toContain("after success");
  });

  it("show a broken workflow file as a failed run with the reason in its log", async () => {
    open.push({ ".github/workflows/bad.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n" });
    await open.settle();

    const [run] = [...open.repo.runs.values()];
    expect(run).toMatchObject({ status: "completed", conclusion: "failure" });
    const log = await logOf(run?.id ?? 0, ".github/workflows/bad.yml");
    expect(log).toContain("The workflow is not valid.");
    expect(log).toContain("(Line: 5, Col: 12): Unexpected value 'stepz'");
  });

  it("made by a job's own token start nothing", async () => {
    open.push({ ".github/workflows/i.yml": simple("issues", "true") });

    for (const sender of [open.world.actionsApp.bot, open.ada]) {
      startWorkflows(open.world, { event: "issues", action: "opened", repo: open.repo, sender, payload: {} });
    }
    await open.settle();

    expect([...open.repo.runs.values()].map((run) => run.actor.login)).toEqual(["ada"]);
  });
});

describe("checking out", () => {
  it("copies the commit of the run and writes no credentials and no path of the sandbox", async () => {
    const steps = `
name: C
on: workflow_dispatch
jobs:
  a:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
        with: { fetch-depth: 0, persist-credentials: true }
      - run: git status -sb; git log --oneline | wc -l; cat .git/config; cat f.txt
      - uses: actions/checkout@v4
        with: { ref: side, path: other }
      - run: cat other/f.txt; git -C other rev-list --count HEAD
      - uses: actions/checkout@v4
        with: { ref: nope }
`;
    open.push({ ".github/workflows/c.yml": steps, "f.txt": "first\n" });
    open.push({ "f.txt": "main text\n" });
    open.push({ "f.txt": "side text\n" }, "side");

    const id = await dispatch("c.yml");
    await open.settle();

    const log = await logOf(id, "a");
    expect(log).toMatch(/Z ## main\n.*Z 2\n/);
    expect(log).toContain("main text");
    expect(log).toMatch(/side text\n.*Z 1\n/);
    expect(log).toContain("A branch or tag with the name 'nope' could not be found");
    expect(log).not.toContain(open.repo.gitDir);
    expect(log).not.toMatch(/ghs_|extraheader/);
  });
});

describe("a running run", () => {
  it("is cancelled on request, once", async () => {
    open.push({ ".github/workflows/s.yml": simple("workflow_dispatch", "echo ready; sleep 300") });
    const id = await dispatch("s.yml");
    await seen(/Z ready/);

    const cancelled = await open.call("POST", `/actions/runs/${id}/cancel`);
    await open.settle();
    const again = await open.call("POST", `/actions/runs/${id}/cancel`);

    expect([cancelled.status, again.status]).toEqual([202, 409]);
    expect((await open.call("GET", `/actions/runs/${id}`)).body.conclusion).toBe("cancelled");
    const { jobs } = (await open.call("GET", `/actions/runs/${id}/jobs`)).body;
    expect(jobs[0].steps.map((step: { conclusion: string }) => step.conclusion)).toEqual([
      "success",
      "cancelled",
      "success",
    ]);
    expect(open.world.jobTokens.size).toBe(0);
  });

  it("keeps more jobs than there are runners in the queue", async () => {
    const jobs = ["a", "b", "c"].map(
      (id) => `  ${id}: { runs-on: x, steps: [{ run: "echo ready-${id}; sleep 300" }] }`,
    );
    open.push({ ".github/workflows/s.yml": `on: workflow_dispatch\njobs:\n${jobs.join("\n")}\n` });
    const id = await dispatch("s.yml");
    await seen(/ready-a[\s\S]*ready-b|ready-b[\s\S]*ready-a/);

    const statuses = [...open.repo.jobs.values()].map((job) => job.status);
    await open.call("POST", `/actions/runs/${id}/force-cancel`);
    await open.settle();

    expect(statuses).toEqual(["in_progress", "in_progress", "queued"]);
    expect([...open.repo.jobs.values()].map((job) => job.conclusion)).toEqual(Array(3).fill("cancelled"));
  });

  it("waits for its concurrency group, and a newer one takes the place of the one that waits", async () => {
    open.push({
      ".github/workflows/s.yml": simple(
        "workflow_dispatch",
        "echo ready; sleep 300",
        "concurrency: deploy\n",
      ),
    });
    const first = await dispatch("s.yml");
    await seen(/Z ready/);
    const second = await dispatch("s.yml");
    const third = await dispatch("s.yml");
    await expect.poll(() => open.repo.runs.get(second)?.status).toBe("completed");

    const waiting = open.repo.runs.get(third)?.status;
    await open.call("POST", `/actions/runs/${first}/cancel`);
    await expect.poll(() => open.repo.runs.get(third)?.status, { timeout: 10_000 }).toBe("in_progress");
    await open.call("POST", `/actions/runs/${third}/cancel`);
    await open.settle();

    expect(open.repo.runs.get(second)?.conclusion).toBe("cancelled");
    expect(waiting).toBe("pending");
  });

  it("gives way to a newer one when its group says so", async () => {
    const more = `concurrency: { group: "\${{ github.ref }}", cancel-in-progress: true }\n`;
    open.push({
      ".github/workflows/s.yml": simple(
        "workflow_dispatch",
        'echo ready; test "$GITHUB_RUN_NUMBER" = 2 || sleep 300',
        more,
      ),
    });
    const first = await dispatch("s.yml");
    await seen(/Z ready/);
    const second = await dispatch("s.yml");
    await open.settle();

    expect(open.repo.runs.get(first)?.conclusion).toBe("cancelled");
    expect(open.repo.runs.get(second)?.conclusion).toBe("success");
  });

  it("ends by force when the sandbox stops", async () => {
    open.push({
      ".github/workflows/s.yml": simple("workflow_dispatch", "trap '' TERM; echo ready; sleep 300"),
    });
    const id = await dispatch("s.yml");
    await seen(/Z ready/);

    await stopActions(open.world);

    expect(open.repo.runs.get(id)?.conclusion).toBe("cancelled");
  });
});

describe("running again", () => {
  const TWICE = `
on: workflow_dispatch
jobs:
  good:
    runs-on: x
    outputs: { word: "from-\${{ github.run_attempt }}" }
    steps:
      - run: echo 1 > f
      - uses: actions/upload-artifact@v4
        with: { name: kept, path: f }
  flaky:
    needs: good
    runs-on: x
    steps:
      - run: echo "\${{ needs.good.outputs.word }}"; test "$GITHUB_RUN_ATTEMPT" -gt 1
  behind: { needs: flaky, runs-on: x, steps: [{ run: echo at last }] }
`;

  it("F127 repeats the failed jobs and those behind them, and keeps the rest", async () => {
    open.push({ ".github/workflows/t.yml": TWICE });
    const id = await dispatch("t.yml");
    await open.settle();
    const hooksBefore = open.hooks.length;

    const again = await open.call("POST", `/actions/runs/${id}/rerun-failed-jobs`);
    await open.settle();

    expect(again.status).toBe(201);
    expect((await open.call("GET", `/actions/runs/${id}`)).body).toMatchObject({
      conclusion: "success",
      run_attempt: 2,
      previous_attempt_url: expect.stringContaining(`/actions/runs/${id}/attempts/1`),
    });
    expect((await open.call("GET", `/actions/runs/${id}/attempts/1`)).body.conclusion).toBe("failure");
    const shown = async (path: string) =>
      (await open.call("GET", `/actions/runs/${id}${path}`)).body.jobs.map(
        (job: { name: string; conclusion: string; run_attempt: number }) =>
          `${job.name} ${job.conclusion} ${job.run_attempt}`,
      );
    expect(await shown("/jobs")).toEqual(["good success 1", "flaky success 2", "behind success 2"]);
    expect(await shown("/attempts/1/jobs")).toEqual([
      "good success 1",
      "flaky failure 1",
      "behind skipped 1",
    ]);
    expect(await shown("/jobs?filter=all")).toHaveLength(5);
    expect(await logOf(id, "flaky", 2)).toContain("from-1");
    expect(open.hooks.slice(hooksBefore).map((hook) => hook.name)).not.toContain("workflow_run.requested");
  });

  it("repeats everything, with the same artifact names, but not while it runs", async () => {
    open.push({ ".github/workflows/t.yml": TWICE });
    const id = await dispatch("t.yml");
    await open.settle();

    const first = await open.call("POST", `/actions/runs/${id}/rerun`);
    const second = await open.call("POST", `/actions/runs/${id}/rerun`);
    await open.settle();

    expect([first.status, second.status]).toEqual([201, 403]);
    expect((await open.call("GET", `/actions/runs/${id}`)).body.conclusion).toBe("success");
    expect(await logOf(id, "flaky", 2)).toContain("from-2");
    expect((await open.call("GET", `/actions/runs/${id}/artifacts?name=kept`)).body.total_count).toBe(2);
  });
});

describe("artifacts", () => {
  const UPLOAD = `
on: workflow_dispatch
jobs:
  a:
    runs-on: x
    steps:
      - run: echo 1 > f
      - uses: actions/upload-artifact@v4
        with: { name: same, path: f, retention-days: 1 }
      - uses: actions/upload-artifact@v4
        with: { name: same, path: f }
`;

  it("keep their name to themselves within a run", async () => {
    open.push({ ".github/workflows/u.yml": UPLOAD });

    const id = await dispatch("u.yml");
    await open.settle();

    expect(await logOf(id, "a")).toContain(
      "(409) Conflict: an artifact with this name already exists on the workflow run",
    );
  });

  it("F135 expire, can be deleted, and have addresses that last a minute", async () => {
    open.push({ ".github/workflows/u.yml": UPLOAD });
    await dispatch("u.yml");
    await open.settle();
    const [artifact] = (await open.call("GET", "/actions/artifacts")).body.artifacts;
    const path = `/actions/artifacts/${artifact.id}`;

    const redirect = await open.call("GET", `${path}/zip`);
    open.tick(61);
    const late = open.download(redirect);
    open.tick(86_400);
    const expired = await open.call("GET", `${path}/zip`);
    const shown = await open.call("GET", path);
    const deleted = await open.call("DELETE", path);
    const gone = await open.call("GET", path);

    expect(redirect.status).toBe(302);
    expect(late).toBeUndefined();
    expect(expired.status).toBe(410);
    expect(shown.body.expired).toBe(true);
    expect([deleted.status, gone.status]).toEqual([204, 404]);
  });

  it("of an earlier run can be had with a token that may read actions", async () => {
    const fetch = `
on: { workflow_dispatch: { inputs: { run: {} } } }
permissions: { actions: read, contents: read }
jobs:
  a:
    runs-on: x
    steps:
      - uses: actions/download-artifact@v4
        with: { name: same, run-id: "\${{ inputs.run }}", github-token: "\${{ secrets.GITHUB_TOKEN }}" }
      - run: cat f
`;
    open.push({ ".github/workflows/u.yml": UPLOAD, ".github/workflows/f.yml": fetch });
    const from = await dispatch("u.yml");
    await open.settle();

    const id = await dispatch("f.yml", { inputs: { run: String(from) } });
    await open.settle();

    expect((await open.call("GET", `/actions/runs/${id}`)).body.conclusion).toBe("success");
  });
});

describe("lists", () => {
  it("show workflows and narrow runs down", async () => {
    open.push({ ".github/workflows/p.yml": simple("[push, workflow_dispatch]", "true", "name: P\n") });
    await open.settle();
    const id = await dispatch("p.yml");
    await open.settle();

    const count = async (query: string) =>
      (await open.call("GET", `/actions/runs?${query}`)).body.total_count;
    const { workflows } = (await open.call("GET", "/actions/workflows")).body;
    expect(workflows).toMatchObject([{ name: "P", path: ".github/workflows/p.yml", state: "active" }]);
    expect((await open.call("GET", `/actions/workflows/${workflows[0].id}`)).status).toBe(200);
    expect(await count("")).toBe(2);
    expect(await count("event=push")).toBe(1);
    expect(await count("status=success")).toBe(2);
    expect(await count("status=queued")).toBe(0);
    expect(await count("actor=ADA&branch=main")).toBe(2);
    expect(await count("actor=bob")).toBe(0);
    expect(await count(`check_suite_id=${open.repo.runs.get(id)?.checkSuiteId}`)).toBe(1);
    expect(await count("created=>=2020-01-01")).toBe(2);
    expect(await count("created=2000-01-01..2001-01-01")).toBe(0);
    expect((await open.call("GET", "/actions/runs?per_page=1")).headers.link).toContain('rel="next"');
    expect((await open.call("GET", "/actions/runs/1")).status).toBe(404);
    expect((await open.call("GET", `/actions/runs/${id}/attempts/2`)).status).toBe(404);
    expect((await open.call("DELETE", `/actions/runs/${id}`)).status).toBe(204);
    expect(await count("")).toBe(1);
  });
});
