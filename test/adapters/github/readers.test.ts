import { strToU8, zipSync } from "fflate";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isAllowedAddress } from "../../../src/adapters/github/artifacts/download-artifact.ts";
import { createCode } from "../../../src/adapters/github/reading/code.ts";
import { createIssues } from "../../../src/adapters/github/reading/issues.ts";
import type { BranchInterests } from "../../../src/adapters/github/reading/read-branch-facts.ts";
import { createRuns } from "../../../src/adapters/github/reading/runs.ts";
import { scriptGitHub } from "./script-github.ts";
import { actionJob, SEED, startGitHub, type TestGitHub } from "./start-github.ts";

const NOTHING = { reports: null, reviews: false, closes: false, owners: false };
const interests: BranchInterests = {
  interestsOf: () => ({
    roadmapPath: ".github/roadmap.yml",
    workflows: ["generate.yml", "ci.yml", "absent.yml"],
  }),
  pathsOf: () => ["src", "src/price.mjs", "./src/", "data/missing.json"],
  workflowsOf: () => ["generate.yml", "only-roadmap.yml"],
};

let gh: TestGitHub;
beforeAll(async () => {
  gh = await startGitHub();
});
afterAll(() => gh.stop());
afterEach(() => gh.control.clearFaults());

const headOfMain = async () => (await gh.ask("GET", "/branches/main")).data.commit.sha;
const openIssue = async () => (await gh.ask("POST", "/issues", { title: "Task", body: "Text" })).data.number;
const routesSince = (start: number) => gh.requests.slice(start).map((request) => request.route);

describe("the default branch", () => {
  const FACTS = {
    branch: "main",
    configText: "version: 1\n",
    roadmapText: SEED[".github/roadmap.yml"],
    paths: { src: true, "src/price.mjs": true, "./src/": true, "data/missing.json": false },
    workflows: {
      "generate.yml": ["correlation", "result"],
      "ci.yml": null,
      "absent.yml": null,
      "only-roadmap.yml": null,
    },
    organisation: { owner: "acme", text: null },
  };

  it("is read at its head with everything that is asked about it", async () => {
    const facts = await createCode(gh.github, interests).branchFacts(gh.repo);

    expect(facts).toEqual({ ...FACTS, sha: await headOfMain() });
  });

  it("costs one listing whatever is asked about it, and nothing twice", async () => {
    const start = gh.requests.length;
    await createCode(gh.github, interests).branchFacts(gh.repo);

    expect(routesSince(start).filter((route) => route.includes("/git/trees/"))).toHaveLength(1);
    expect(gh.requests.slice(start).filter((request) => request.status === 304).length).toBeGreaterThan(3);
  });

  it("is read path by path where the listing is not complete", async () => {
    const { data } = await gh.ask("GET", `/git/trees/${await headOfMain()}`);
    gh.control.failNext({
      method: "GET",
      pathPattern: "/git/trees/",
      status: 200,
      body: { ...data, tree: [], truncated: true },
      applied: false,
    });

    expect(await createCode(gh.github, interests).branchFacts(gh.repo)).toMatchObject(FACTS);
  });

  it("gives a configuration that is too large as text that is too large", async () => {
    const files = { "big.yml": "#".repeat(70_000) };
    gh.control.commitFiles({ repository: "acme/demo", branch: "main", files, message: "Big" });
    const facts = await createCode(gh.github, {
      ...interests,
      interestsOf: () => ({ roadmapPath: "big.yml", workflows: [] }),
    }).branchFacts(gh.repo);

    expect(facts?.roadmapText).toHaveLength(65_537);
  });

  it("is unknown where the repository is not visible or empty", async () => {
    const empty = await gh.control.createRepository({ owner: "acme", name: "empty", private: true });
    gh.control.install({ repositories: ["acme/empty"] });
    const code = createCode(gh.github, interests);

    expect(await code.branchFacts({ ...gh.repo, name: "nothing" })).toBeUndefined();
    const facts = await code.branchFacts({ ...gh.repo, id: empty.id, name: "empty" });
    expect(facts?.configText ?? null).toBeNull();
  });

  it("gives one file of any commit", async () => {
    const code = createCode(gh.github, interests);
    const sha = await headOfMain();

    expect(await code.fileAt(gh.repo, sha, "src/price.mjs")).toBe("export const price = 1;\n");
    expect(await code.fileAt(gh.repo, sha, "src")).toBeUndefined();
    expect(await code.fileAt(gh.repo, sha, "absent.md")).toBeUndefined();
  });
});

describe("pull requests", () => {
  async function openPull(branch: string) {
    const { outcome } = await gh.effector.perform(
      actionJob(gh.repo, {
        kind: "publish",
        correlation: "T-1.1.0.0",
        branch,
        baseRef: "main",
        baseSha: await headOfMain(),
        message: "Rename",
        changes: [
          { path: "src/price.mjs", mode: "100644", contentBase64: null },
          {
            path: "src/renamed.mjs",
            mode: "100644",
            contentBase64: Buffer.from("export const price = 1;\n").toString("base64"),
          },
        ],
        title: "Rename",
        body: "",
        draft: false,
      }),
    );
    if (outcome.kind !== "done") throw new Error("not done");
    return { pull: Number(outcome.facts.pull), headSha: String(outcome.facts.headSha) };
  }

  it("are read with files, check runs and statuses of the head", async () => {
    const { pull, headSha } = await openPull("fix/read");
    await gh.ask("POST", `/statuses/${headSha}`, { state: "error", context: "ci/legacy" });
    await gh.ask("POST", `/statuses/${headSha}`, { state: "pending", context: "ci/slow" });
    await gh.control.idle();

    const now = await createCode(gh.github, interests).pull(gh.repo, pull, NOTHING);

    expect(now).toMatchObject({
      number: pull,
      state: "open",
      merged: false,
      headSha,
      headRef: "fix/read",
      headRepoId: gh.repo.id,
      baseRef: "main",
      url: expect.stringMatching(/\/acme\/demo\/pull\/\d+$/),
      author: { id: gh.world.app?.bot.id, login: "orchestrator[bot]", type: "Bot" },
      title: "Rename",
      changedFiles: 1,
      files: [{ path: "src/renamed.mjs", previousPath: "src/price.mjs", status: "renamed" }],
    });
    expect(now?.checks).toContainEqual(
      expect.objectContaining({ name: "ci/legacy", appId: null, status: "completed", conclusion: "error" }),
    );
    expect(now?.checks).toContainEqual(
      expect.objectContaining({ name: "ci/slow", appId: null, status: "pending", conclusion: null }),
    );
    expect(now?.checks.filter((check) => check.appId !== null).length).toBeGreaterThan(0);
  });

  it("are unknown where there is none", async () => {
    expect(await createCode(gh.github, interests).pull(gh.repo, 9_999, NOTHING)).toBeUndefined();
  });

  it("F149 have no list of files where GitHub lists fewer than there are", async () => {
    const { pull } = await openPull("fix/many");
    gh.control.failNext({ method: "GET", pathPattern: "/files$", status: 200, body: [], applied: false });

    const now = await createCode(gh.github, interests).pull(gh.repo, pull, NOTHING);
    expect(now).toMatchObject({ changedFiles: 1, files: null });
  });

  it("F037 F141 are read again when the head moved in between", async () => {
    const { pull } = await openPull("fix/moving");
    const { data: before } = await gh.ask("GET", `/pulls/${pull}`);
    const files = { "moved.md": "x\n" };
    const sha = gh.control.commitFiles({
      repository: "acme/demo",
      branch: "fix/moving",
      files,
      message: "Move",
    });
    gh.control.failNext({
      method: "GET",
      pathPattern: `/pulls/${pull}$`,
      status: 200,
      body: { ...before, head: { ...before.head, sha: before.head.sha } },
      applied: false,
    });

    const now = await createCode(gh.github, interests).pull(gh.repo, pull, NOTHING);
    expect(now?.headSha).toBe(sha);
    expect(now?.files).toHaveLength(2);
  });

  it("F144 are read again when they were pointed at another base in between", async () => {
    const { pull } = await openPull("fix/turning");
    const { data: before } = await gh.ask("GET", `/pulls/${pull}`);
    gh.control.failNext({
      method: "GET",
      pathPattern: `/pulls/${pull}$`,
      status: 200,
      body: { ...before, base: { ...before.base, ref: "release" } },
      applied: false,
    });
    const start = gh.requests.length;

    expect(await createCode(gh.github, interests).pull(gh.repo, pull, NOTHING)).toMatchObject({
      baseRef: "main",
    });
    const asked = gh.requests.slice(start).map(({ route }) => route);
    expect(asked.filter((route) => route.endsWith("/files"))).toHaveLength(2);
  });
});

describe("people and issues", () => {
  it.each(["read", "triage", "write", "maintain", "admin"] as const)(
    "sees that somebody has %s",
    async (role) => {
      gh.control.createUser("eve");
      gh.control.setRole({ repository: "acme/demo", login: "eve", role });

      expect(await createIssues(gh.github).permissionOf(gh.repo, "eve")).toBe(role);
    },
  );

  it("S04 takes a custom role for the role that it extends, and nobody for nobody", async () => {
    const { github, repo, server } = scriptGitHub();
    const path = "/repos/acme/demo/collaborators";
    server
      .get(`${path}/ann/permission`)
      .reply(200, { permission: "write", role_name: "release manager", user: null });
    server
      .get(`${path}/bob/permission`)
      .reply(200, { permission: "superuser", role_name: "root", user: null });
    server.get(`${path}/ghost/permission`).reply(404, { message: "Not Found" });
    const issues = createIssues(github);

    expect(await issues.permissionOf(repo, "ann")).toBe("write");
    expect(await issues.permissionOf(repo, "bob")).toBe("none");
    expect(await issues.permissionOf(repo, "ghost")).toBe("none");
  });

  it("finds open issues by their label, and whether one is gone", async () => {
    const number = await openIssue();
    await gh.ask("POST", `/issues/${number}/labels`, { labels: ["autopilot"] });
    const issues = createIssues(gh.github);

    expect((await issues.openIssuesWithLabel(gh.repo, "autopilot")).map((issue) => issue.number)).toEqual([
      number,
    ]);
    gh.control.deleteIssue({ repository: "acme/demo", number });
    expect(await issues.issue(gh.repo, number)).toBeUndefined();
  });

  it("says how dependencies stand", async () => {
    const [open, done, dropped, task] = [
      await openIssue(),
      await openIssue(),
      await openIssue(),
      await openIssue(),
    ];
    await gh.ask("PATCH", `/issues/${done}`, { state: "closed", state_reason: "completed" });
    await gh.ask("PATCH", `/issues/${dropped}`, { state: "closed", state_reason: "not_planned" });
    for (const number of [open, done]) {
      const { data } = await gh.ask("GET", `/issues/${number}`);
      await gh.ask("POST", `/issues/${task}/dependencies/blocked_by`, { issue_id: data.id });
    }
    const issues = createIssues(gh.github);
    const stateOf = (ref: string) => issues.stateOf(gh.repo, ref);

    expect(await issues.blockedBy(gh.repo, task)).toEqual([
      { ref: `acme/demo#${open}`, state: "open" },
      { ref: `acme/demo#${done}`, state: "done" },
    ]);
    expect(await stateOf(`#${open}`)).toBe("open");
    expect(await stateOf(`acme/demo#${done}`)).toBe("done");
    expect(await stateOf(`${dropped}`)).toBe("not-done");
    expect(await stateOf("acme/demo#9999")).toBe("unknown");
    expect(await stateOf("other/private#1")).toBe("unknown");
    expect(await stateOf("../../etc#1")).toBe("unknown");
  });

  it("follows a named issue to where it was moved", async () => {
    const { github, repo, server } = scriptGitHub();
    const location = "https://api.github.test/repositories/9/issues/2";
    server
      .get("/repos/acme/old/issues/1")
      .reply(301, { message: "Moved Permanently", url: location }, { location });
    server.get("/repositories/9/issues/2").reply(200, { state: "closed", state_reason: "completed" });

    expect(await createIssues(github).stateOf(repo, "acme/old#1")).toBe("done");
  });

  it("says who labelled an issue last", async () => {
    const { github, repo, server } = scriptGitHub();
    const event = (id: number, login: string, kind: string, name: string) => ({
      ...{ id, event: kind, label: { name }, actor: { id, login, type: "User" } },
    });
    server
      .get("/repos/acme/demo/issues/3/events")
      .query(true)
      .reply(200, [
        event(1, "ann", "labeled", "autopilot"),
        event(2, "bob", "unlabeled", "autopilot"),
        event(3, "eve", "labeled", "Autopilot"),
        event(4, "joe", "labeled", "bug"),
      ]);
    server.get("/repos/acme/demo/issues/4/events").query(true).reply(200, []);

    expect(await createIssues(github).labeledBy(repo, 3, "autopilot")).toEqual({
      id: 3,
      login: "eve",
      type: "User",
    });
    expect(await createIssues(github).labeledBy(repo, 4, "autopilot")).toBeUndefined();
  });

  it("F103 says who took a label off, when that is the last that is known of it", async () => {
    const { github, repo, server } = scriptGitHub();
    const event = (login: string, kind: string, name = "autopilot") => ({
      ...{ event: kind, label: { name }, actor: { id: login.length, login, type: "User" } },
    });
    const history = {
      5: [event("ann", "labeled"), event("bob", "unlabeled", "Autopilot"), event("joe", "labeled", "bug")],
      6: [event("bob", "unlabeled"), event("ann", "labeled")],
      7: [event("bob", "unlabeled"), { event: "transferred", actor: null }],
    };
    for (const [issue, events] of Object.entries(history))
      server.get(`/repos/acme/demo/issues/${issue}/events`).query(true).reply(200, events);
    const { unlabeledBy } = createIssues(github);

    expect((await unlabeledBy(repo, 5, "autopilot"))?.login).toBe("bob");
    expect(await unlabeledBy(repo, 6, "autopilot")).toBeUndefined();
    expect(await unlabeledBy(repo, 7, "autopilot")).toBeUndefined();
  });

  it("F106 takes nobody for the labeller of an issue that came with its label from elsewhere", async () => {
    const { github, repo, server } = scriptGitHub();
    const labelled = { event: "labeled", label: { name: "autopilot" } };
    const by = (login: string) => ({ ...labelled, actor: { id: 9, login, type: "User" } });
    server
      .get("/repos/acme/demo/issues/8/events")
      .query(true)
      .reply(200, [by("ann"), { event: "transferred", actor: null }]);
    server
      .get("/repos/acme/demo/issues/9/events")
      .query(true)
      .reply(200, [by("ann"), { event: "transferred", actor: null }, by("eve")]);
    const { labeledBy } = createIssues(github);

    expect(await labeledBy(repo, 8, "autopilot")).toBeUndefined();
    expect((await labeledBy(repo, 9, "autopilot"))?.login).toBe("eve");
  });

  it("F103 says whether the repository has a label", async () => {
    const { github, repo, server } = scriptGitHub();
    server.get("/repos/acme/demo/labels/%F0%9F%A4%96%20robot").reply(200, { id: 1, name: "🤖 robot" });
    server.get("/repos/acme/demo/labels/autopilot").reply(404, { message: "Not Found" });

    expect(await createIssues(github).hasLabel(repo, "🤖 robot")).toBe(true);
    expect(await createIssues(github).hasLabel(repo, "autopilot")).toBe(false);
  });
});

describe("workflow runs", () => {
  async function dispatch(correlation: string, result: string) {
    const inputs = { correlation, result };
    const action = { kind: "dispatch", correlation, workflow: "generate.yml", ref: "main", inputs } as const;
    const { outcome } = await gh.effector.perform(actionJob(gh.repo, action));
    if (outcome.kind !== "done") throw new Error("not done");
    await gh.control.idle();
    return Number(outcome.facts.runId);
  }

  it("are found by id and by correlation, and give their result", async () => {
    const runId = await dispatch("T-5.1.0.0", '{"outcome":"completed"}');
    const runs = createRuns(gh.github);
    const run = await runs.run(gh.repo, runId);

    expect(run).toMatchObject({
      id: runId,
      title: "generate (T-5.1.0.0)",
      status: "completed",
      conclusion: "success",
    });
    expect(await runs.runsOf(gh.repo, "generate.yml", "T-5.1.0.0", gh.clock.now())).toEqual([run]);
    expect(await runs.runsOf(gh.repo, "generate.yml", "T-5.1.0", gh.clock.now())).toEqual([]);
    expect(await runs.runsOf(gh.repo, "absent.yml", "T-5.1.0.0", gh.clock.now())).toEqual([]);
    expect(await runs.resultFile(gh.repo, runId)).toEqual({
      kind: "found",
      text: '{"outcome":"completed"}',
      url: `${run?.url}#artifacts`,
      uploaded: ["orchestrator-result"],
    });
  });

  it.each([
    ["no job", [], false],
    ["a job without steps", [{ status: "queued" }], false],
    [
      "steps that wait",
      [{ status: "in_progress", steps: [{ status: "queued" }, { status: "pending" }] }],
      false,
    ],
    ["a step at work", [{ status: "queued" }, { steps: [{ status: "in_progress" }] }], true],
    ["a step that has ended", [{ steps: [{ status: "completed" }] }], true],
  ])("F123 have begun or not, as told by %s", async (_, jobs, hasBegun) => {
    const world = scriptGitHub();
    world.server.get("/repos/acme/demo/actions/runs/9/jobs").query(true).reply(200, { total_count: 1, jobs });

    expect(await createRuns(world.github).hasBegun(world.repo, 9)).toBe(hasBegun);
  });

  it("F123 have begun when a step of the sandbox's runner has, and not when they are gone", async () => {
    const runId = await dispatch("T-7.1.0.0", "{}");
    const runs = createRuns(gh.github);

    expect(await runs.hasBegun(gh.repo, runId)).toBe(true);
    expect(await runs.hasBegun(gh.repo, 1)).toBe(false);
  });

  it("F135 have no result where there is no artifact, no run, or only an expired artifact", async () => {
    const runId = await dispatch("T-6.1.0.0", "{}");
    const runs = createRuns(gh.github);
    const artifact = [...gh.record.artifacts.values()].find((one) => one.runId === runId);
    if (!artifact) throw new Error("no artifact");

    const { data } = await gh.ask("GET", `/actions/runs/${runId}/artifacts`);
    data.artifacts[0].expired = true;
    gh.control.failNext({
      method: "GET",
      pathPattern: "/artifacts$",
      status: 200,
      body: data,
      applied: false,
    });
    expect(await runs.resultFile(gh.repo, runId)).toEqual({
      kind: "unreadable",
      why: "the artifact has expired",
    });
    gh.control.failNext({
      method: "GET",
      pathPattern: "/zip$",
      status: 410,
      body: { message: "Gone" },
      applied: false,
    });
    expect(await runs.resultFile(gh.repo, runId)).toEqual({
      kind: "unreadable",
      why: "the artifact is gone",
    });
    await gh.ask("DELETE", `/actions/artifacts/${artifact.id}`);
    expect(await runs.resultFile(gh.repo, runId)).toEqual({ kind: "missing" });
    expect(await runs.resultFile(gh.repo, 1)).toEqual({ kind: "missing" });
    expect(await runs.run(gh.repo, 1)).toBeUndefined();
  });

  const STORE = "https://store1.blob.core.windows.net";
  function scriptArtifact(location: string) {
    const world = scriptGitHub();
    const artifact = { id: 5, name: "orchestrator-result", expired: false };
    world.server
      .get("/repos/acme/demo/actions/runs/9/artifacts")
      .query(true)
      .reply(200, { total_count: 1, artifacts: [artifact] })
      .get("/repos/acme/demo/actions/artifacts/5/zip")
      .reply(302, "", { location })
      .get("/repos/acme/demo/actions/runs/9")
      .reply(200, { html_url: "https://github.test/run" });
    return createRuns(world.github).resultFile(world.repo, 9);
  }

  it("S22 are fetched from GitHub's stores without our token", async () => {
    const archive = Buffer.from(zipSync({ "result.json": strToU8("{}") }));
    nock(STORE, { badheaders: ["authorization"] })
      .get("/a?sig=1")
      .reply(200, archive);

    expect(await scriptArtifact(`${STORE}/a?sig=1`)).toMatchObject({ kind: "found", text: "{}" });
  });

  it.each([
    ["a size that is announced", { "content-length": String(21 * 1024 * 1024) }, Buffer.alloc(0)],
    ["a size that is not announced", {}, Buffer.alloc(21 * 1024 * 1024)],
  ])("F135 are not fetched beyond the limit, by %s", async (_what, headers, body) => {
    nock(STORE).get("/big").reply(200, body, headers);

    expect(await scriptArtifact(`${STORE}/big`)).toMatchObject({ kind: "unreadable", why: /larger than/ });
  });

  it.each([
    ["403", 403, {}],
    ["another redirect", 302, { location: "http://169.254.169.254/" }],
  ])("F135 S22 are unreadable when the store answers with %s", async (_what, status, headers) => {
    nock(STORE).get("/x").reply(status, "", headers);

    expect(await scriptArtifact(`${STORE}/x`)).toEqual({
      kind: "unreadable",
      why: `the artifact store answered ${status}`,
    });
  });

  it("are asked for again when the store fails", async () => {
    nock(STORE).get("/x").reply(503);

    await expect(scriptArtifact(`${STORE}/x`)).rejects.toThrow(/answered 503/);
  });

  it("S22 are not fetched from any other address", async () => {
    expect(await scriptArtifact("http://169.254.169.254/latest")).toEqual({
      kind: "unreadable",
      why: "GitHub pointed to an address that is no artifact store",
    });
  });

  it.each([
    ["https://results.actions.githubusercontent.com/x", true],
    ["https://store.blob.core.windows.net/x", true],
    ["https://api.github.test/x", true],
    ["http://store.blob.core.windows.net/x", false],
    ["https://store.blob.core.windows.net:8443/x", false],
    ["https://api.github.test:444/x", false],
    ["https://user@api.github.test/x", false],
    ["https://blob.core.windows.net.evil.test/x", false],
    ["https://evilblob.core.windows.net.test/x", false],
    ["http://[::1]/x", false],
    ["http://2852039166/x", false],
    ["file:///etc/passwd", false],
    ["/relative", false],
    ["", false],
  ])("S22 judges %s as %s", (address, allowed) => {
    expect(isAllowedAddress(address, "https://api.github.test")).toBe(allowed);
  });
});

it("asked for nothing that GitHub's contract does not know", () => {
  expect(gh.problems).toEqual([]);
});
