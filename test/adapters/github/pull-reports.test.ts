import { strToU8, zipSync } from "fflate";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readZippedFiles } from "../../../src/adapters/github/artifacts/read-zipped-file.ts";
import { createCode } from "../../../src/adapters/github/reading/code.ts";
import type { BranchInterests } from "../../../src/adapters/github/reading/read-branch-facts.ts";
import { createReports } from "../../../src/adapters/github/reports/create-reports.ts";
import { TextCache } from "../../../src/adapters/github/reports/text-cache.ts";
import type { ReportsWanted } from "../../../src/ports/github.ts";
import { buildPull } from "../../core/gate/build-subject.ts";
import { scriptGitHub } from "./script-github.ts";
import { actionJob, startGitHub, type TestGitHub } from "./start-github.ts";

const interests: BranchInterests = {
  interestsOf: () => ({ roadmapPath: null, workflows: [] }),
  pathsOf: () => [],
  workflowsOf: () => [],
};
const NOTHING = { reports: null, reviews: false, closes: false, owners: false };
const WANTED: ReportsWanted = {
  artifact: "reports",
  files: [{ format: "junit", path: "junit.xml" }],
  checks: [],
};

/** Uploads what the commit has under `said`; a dispatch, such as an agent's, would upload something else. */
const CI = `name: ci
on: { push: {}, pull_request: {}, workflow_dispatch: {} }
jobs:
  test:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - if: github.event_name == 'workflow_dispatch'
        run: echo forged > said/junit.xml
      - uses: actions/upload-artifact@v4
        with: { name: reports, path: said, if-no-files-found: ignore }
`;

let gh: TestGitHub;
beforeAll(async () => {
  gh = await startGitHub();
  commit("main", { ".github/workflows/ci.yml": CI, "said/junit.xml": "of the base" });
  await gh.control.idle();
});
afterAll(() => gh.stop());
afterEach(() => {
  gh.control.clearFaults();
  expect(gh.problems).toEqual([]);
});

function commit(branch: string, files: Readonly<Record<string, string | null>>): string {
  return gh.control.commitFiles({ repository: "acme/demo", branch, files, message: "Change" });
}

async function openPull(branch: string, said: string | null) {
  const content = said === null ? null : Buffer.from(said).toString("base64");
  const action = {
    kind: "publish",
    ...{ correlation: `T-${branch}`, branch, baseRef: "main", message: "Change" },
    baseSha: (await gh.ask("GET", "/branches/main")).data.commit.sha,
    changes: [{ path: "said/junit.xml", mode: "100644", contentBase64: content }],
    ...{ title: "Change", body: "", draft: false },
  } as const;
  const { outcome } = await gh.effector.perform(actionJob(gh.repo, action, { key: branch }));
  if (outcome.kind !== "done") throw new Error("not done");
  await gh.control.idle();
  return Number(outcome.facts.pull);
}

const found = (text: string) => ({
  kind: "found",
  files: [{ format: "junit", path: "junit.xml", content: { kind: "found", text } }],
});
const readReports = async (pull: number, wanted = WANTED, code = createCode(gh.github, interests)) =>
  (await code.pull(gh.repo, pull, { ...NOTHING, reports: wanted }))?.reports;
const routesOf = async (work: () => Promise<unknown>) => {
  const start = gh.requests.length;
  await work();
  return gh.requests.slice(start).map(({ route }) => route);
};

describe("reports of a pull request", () => {
  it("are those of its head and of the commit that it was made from", async () => {
    const pull = await openPull("fix/reports", "of the head");
    commit("main", { "said/junit.xml": "of a later commit" });
    await gh.control.idle();

    expect(await readReports(pull)).toMatchObject({ head: found("of the head"), base: found("of the base") });
  });

  it("are held against the base by its commit, since a tag may have the name of the branch", async () => {
    const { server, github, repo } = scriptGitHub();
    const [head, base, old] = ["a", "b", "c"].map((digit) => digit.repeat(40));
    const at = "/repos/acme/demo";
    const run = { id: 5, event: "push", head_sha: head, head_repository: { id: 7 }, workflow_id: 1 };
    const over = {
      status: "completed",
      conclusion: "success",
      created_at: "2026-01-01T00:00:00Z",
      html_url: "u",
    };
    const artifacts = [{ id: 55, name: "reports", expired: false }];
    const location = "https://store1.blob.core.windows.net/5";
    server
      .get(`${at}/actions/runs`)
      .query({ head_sha: head, per_page: 100 })
      .reply(200, { workflow_runs: [{ ...run, ...over }] });
    server.get(`${at}/actions/runs/5/artifacts`).query(true).reply(200, { artifacts });
    server.get(`${at}/actions/artifacts/55/zip`).reply(302, "", { location });
    nock("https://store1.blob.core.windows.net")
      .get("/5")
      .reply(200, Buffer.from(zipSync({ "junit.xml": strToU8("x") })));
    server.get(`${at}/branches/main`).reply(200, { commit: { sha: base } });
    server
      .get(`${at}/compare/${base}...${head}`)
      .query(true)
      .reply(200, { merge_base_commit: { sha: old } });
    server
      .get(`${at}/actions/runs`)
      .query({ head_sha: old, per_page: 100, event: "push" })
      .reply(200, { workflow_runs: [] });
    server.get(`${at}/actions/artifacts`).query(true).reply(200, { total_count: 0, artifacts: [] });

    const pull = buildPull({ headSha: head ?? "", checks: [] });
    const { reports } = await createReports(github).addToPull(repo, pull, WANTED);
    expect(reports).toMatchObject({ head: found("x"), base: { kind: "missing" } });
    expect(nock.pendingMocks().filter((mock) => mock.includes(at))).toEqual([]);
    nock.cleanAll();
  });

  it("F135 of the base cannot be read where it is not known what it is", async () => {
    const pull = await openPull("fix/baseless", "x");
    const route = { method: "GET", pathPattern: "/compare/", status: 404, body: {}, applied: false };
    gh.control.failNext(route);
    expect(await readReports(pull)).toMatchObject({
      head: found("x"),
      base: { kind: "unreadable", why: "the commit that the change was made from is not known" },
    });
  });

  it("of the base are those before documents that no push ran for, else lost", async () => {
    const ci = (paths: string) => CI.replace("push: {}", `push: { paths-ignore: ["${paths}"] }`);
    commit("main", { ".github/workflows/ci.yml": ci("**/*.md"), "said/junit.xml": "before the documents" });
    await gh.control.idle();
    commit("main", { "docs/guide.md": "A guide" });
    await gh.control.idle();
    const documented = await openPull("fix/documented", "x");
    commit("main", { ".github/workflows/ci.yml": ci("src/**") });
    await gh.control.idle();
    const sha = commit("main", { "src/price.ts": "export const price = 1;" });
    await gh.control.idle();
    const coded = await openPull("fix/coded", "x");

    expect(await readReports(documented)).toMatchObject({ base: found("before the documents") });
    expect(await readReports(coded)).toMatchObject({
      base: {
        kind: "unreadable",
        why: `no push ran for the base commit ${sha.slice(0, 7)}, though pushes to main leave one`,
      },
    });
    commit("main", { ".github/workflows/ci.yml": CI, "said/junit.xml": "of a later commit" });
    await gh.control.idle();
  });

  it("are not read where none are wanted", async () => {
    const pull = await openPull("fix/none", "x");
    const code = createCode(gh.github, interests);

    const routes = await routesOf(async () =>
      expect(await code.pull(gh.repo, pull, NOTHING)).not.toHaveProperty("reports"),
    );
    expect(routes.filter((route) => route.includes("/actions/"))).toEqual([]);
  });

  it("are not read while a check that counts is under way", async () => {
    const pull = await openPull("fix/early", "x");
    const head = (await gh.ask("GET", `/pulls/${pull}`)).data.head.sha;
    await gh.ask("POST", `/statuses/${head}`, { state: "pending", context: "slow" });

    expect(await readReports(pull)).toBeUndefined();
    expect(await readReports(pull, { ...WANTED, checks: ["slow"] })).toBeUndefined();
    expect(await readReports(pull, { ...WANTED, checks: ["test"] })).toMatchObject({ head: found("x") });
  });

  it("are not taken from a run that somebody else started on the base", async () => {
    const main = (await gh.ask("GET", "/branches/main")).data.commit.sha;
    await gh.ask("POST", "/actions/workflows/ci.yml/dispatches", { ref: "main" });
    await gh.control.idle();
    const pull = await openPull("fix/forged", "x");

    const { workflow_runs: runs } = (await gh.ask("GET", `/actions/runs?head_sha=${main}`)).data;
    expect(runs.map(({ event }: { event: string }) => event)).toEqual(["workflow_dispatch", "push"]);
    expect(await readReports(pull)).toMatchObject({ base: found("of a later commit") });
  });

  it("of the base are asked for once in a while", async () => {
    const pull = await openPull("fix/cached", "x");
    const code = createCode(gh.github, interests);
    const downloads = async () => {
      const routes = await routesOf(() => readReports(pull, WANTED, code));
      return routes.filter((route) => route.includes("archive_format")).length;
    };

    expect(await downloads()).toBe(2);
    expect(await downloads()).toBe(1);
    gh.clock.pass(11 * 60_000);
    expect(await downloads()).toBe(2);
  });

  it("F135 are missing where no run left them, and of a file where the artifact has it not", async () => {
    const pull = await openPull("fix/missing", null);
    const other = await openPull("fix/other", "x");
    const wanted = { ...WANTED, files: [...WANTED.files, { format: "tsc", path: "tsc.txt" }] };

    expect(await readReports(pull)).toEqual({
      head: { kind: "missing", runs: 2 },
      base: { kind: "missing", runs: 0 },
    });
    expect(await readReports(other, wanted)).toMatchObject({
      head: { files: [{ content: { text: "x" } }, { format: "tsc", content: { kind: "missing" } }] },
    });
  });

  it("F126 are waited for while their run runs again", async () => {
    const pull = await openPull("fix/again", "x");
    const head = (await gh.ask("GET", `/pulls/${pull}`)).data.head.sha;
    const path = `/actions/runs?head_sha=${head}`;
    const { data } = await gh.ask("GET", path);
    const [newest, ...older] = data.workflow_runs;
    const again = { ...newest, status: "in_progress", conclusion: null };
    const body = { ...data, workflow_runs: [again, ...older] };
    gh.control.failNext({ method: "GET", pathPattern: "/actions/runs", status: 200, body, applied: false });

    expect(await readReports(pull)).toMatchObject({ head: { kind: "running" } });
  });

  it("F135 are unreadable where the artifact is gone between two requests", async () => {
    const pull = await openPull("fix/gone", "x");
    gh.control.failNext({
      method: "GET",
      pathPattern: "/zip$",
      status: 410,
      body: { message: "Gone" },
      applied: false,
    });

    expect(await readReports(pull)).toMatchObject({
      head: { kind: "unreadable", why: "the artifact is gone" },
    });
  });
});

describe("readZippedFiles", () => {
  it("reads the files that are asked for, each with its own trouble", async () => {
    const archive = zipSync({
      "a.xml": strToU8("<a/>"),
      "b/c.xml": new Uint8Array([0xff, 0xfe]),
      "d.xml": strToU8("<d/>"),
    });

    expect(await readZippedFiles(Buffer.from(archive), ["d.xml", "b/c.xml", "e.xml", "a.xml"])).toEqual({
      kind: "opened",
      files: [
        { kind: "found", text: "<d/>" },
        { kind: "unreadable", why: "b/c.xml is not UTF-8 text" },
        { kind: "missing" },
        { kind: "found", text: "<a/>" },
      ],
    });
    expect(await readZippedFiles(Buffer.from("no"), ["a.xml"])).toMatchObject({ kind: "unreadable" });
  });
});

describe("TextCache", () => {
  const setUp = () => {
    let at = 0;
    const cache = new TextCache<string>({
      now: () => at,
      maxAgeMs: 10,
      maxChars: 5,
      charsOf: (text) => text.length,
    });
    const tick = (ms: number) => {
      at += ms;
    };
    return { cache, tick };
  };

  it("forgets what is too old", () => {
    const { cache, tick } = setUp();
    cache.set("a", "aa");
    tick(10);
    expect(cache.get("a")).toBe("aa");
    tick(1);
    expect(cache.get("a")).toBeUndefined();
  });

  it("drops what was not used for longest when there is too much, and never keeps more", () => {
    const { cache } = setUp();
    cache.set("a", "aa");
    cache.set("b", "bb");
    cache.get("a");
    cache.set("c", "cc");
    expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual(["aa", undefined, "cc"]);
    cache.set("d", "dddddd");
    expect(["a", "c", "d"].map((key) => cache.get(key))).toEqual([undefined, undefined, undefined]);
  });
});
