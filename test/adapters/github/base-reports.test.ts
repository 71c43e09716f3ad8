import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { readBaseReports } from "../../../src/adapters/github/reports/read-base-reports.ts";
import {
  type CommitReports,
  readCommitReports,
} from "../../../src/adapters/github/reports/read-commit-reports.ts";
import { scriptGitHub } from "./script-github.ts";

const PATH = "/repos/acme/demo";
const [BASE, PARENT, GRANDPARENT] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
];
const FOUND: CommitReports = { kind: "found", files: [], url: "u" };
const NONE: CommitReports = { kind: "missing", runs: 0 };

afterEach(() => {
  const pending = nock.pendingMocks().filter((mock) => !mock.includes("access_tokens"));
  nock.cleanAll();
  expect(pending).toEqual([]);
});

/** An artifact that run `id` left, on `main` of the repository itself unless said otherwise. */
const left = (id: number, over: object = {}) => ({
  ...{ id: id + 50, name: "reports", expired: true },
  workflow_run: { id, head_branch: "main", head_repository_id: 7, ...over },
});

interface Scene {
  readonly artifacts?: readonly object[];
  readonly named?: number;
  /** Ids of runs of pushes to the branch; without them, they are not asked for. */
  readonly pushes?: readonly number[];
  readonly pushed?: number;
  readonly commits?: Readonly<
    Record<string, { readonly parent?: string; readonly files: readonly object[] }>
  >;
}

function script({ artifacts = [], named = artifacts.length, pushes, pushed, commits = {} }: Scene) {
  const { api, server } = scriptGitHub();
  server
    .get(`${PATH}/actions/artifacts`)
    .query({ name: "reports", per_page: 100 })
    .reply(200, { total_count: named, artifacts });
  if (pushes !== undefined) {
    server
      .get(`${PATH}/actions/runs`)
      .query({ branch: "main", event: "push", per_page: 100 })
      .reply(200, { total_count: pushed ?? pushes.length, workflow_runs: pushes.map((id) => ({ id })) });
  }
  for (const [sha, { parent, files }] of Object.entries(commits)) {
    const parents = parent === undefined ? [] : [{ sha: parent }];
    server.get(`${PATH}/commits/${sha}`).reply(200, { sha, parents, files });
  }
  const read = (reports: Readonly<Record<string, CommitReports>>) =>
    readBaseReports({
      ...{ api, sha: BASE, branch: "main", artifact: "reports" },
      read: async (sha) => reports[sha] ?? NONE,
    });
  return { read };
}

const CODE = { filename: "src/price.ts" };
const PROSE = { filename: "docs/guide.md" };

describe("the reports of a base", () => {
  const code = { [BASE]: { parent: PARENT, files: [PROSE, CODE] } };

  it.each<[string, Scene]>([
    ["no artifact of that name is anywhere", {}],
    ["only others' branches left one", { artifacts: [left(1, { head_branch: "fix/a" })] }],
    ["only a fork's branch of that name left one", { artifacts: [left(1, { head_repository_id: 8 })] }],
    ["only runs that were no pushes left one", { artifacts: [left(1)], pushes: [2, 3] }],
    ["nothing was ever pushed, whoever else left many", { named: 900, pushes: [] }],
  ])("are missing where its branch never had any: %s", async (_name, scene) => {
    const { read } = script(scene);
    expect(await read({ [BASE]: { kind: "missing", runs: 3, unasked: 1 } })).toEqual({
      kind: "missing",
      runs: 3,
    });
  });

  it.each<[string, Scene]>([
    ["a push left one", { artifacts: [left(9, { head_branch: "fix/a" }), left(2)], pushes: [3, 2] }],
    ["one may be of a push that is further back", { artifacts: [left(2)], pushes: [3], pushed: 101 }],
    ["there are more artifacts than one page", { artifacts: [], named: 101, pushes: [3] }],
  ])("F135 are lost where its branch had some: %s", async (_name, scene) => {
    const { read } = script({ ...scene, commits: code });
    expect(await read({ [PARENT]: FOUND })).toEqual({
      kind: "unreadable",
      why: "no push ran for the base commit aaaaaaa, though pushes to main leave one",
    });
  });

  const had = { artifacts: [left(2)], pushes: [2], commits: code };
  it.each<[CommitReports, string]>([
    [
      { kind: "missing", runs: 2 },
      "no run of the base commit aaaaaaa left it, though pushes to main leave one",
    ],
    [
      { kind: "missing", runs: 12, unasked: 2 },
      "so many runs of the base commit aaaaaaa have ended that not all of them were asked, though pushes to main leave one",
    ],
  ])("F135 are lost with what is known of its runs", async (own, why) => {
    expect(await script(had).read({ [BASE]: own })).toEqual({ kind: "unreadable", why });
  });

  it.each<[string, CommitReports]>([
    ["found", FOUND],
    ["expired", { kind: "unreadable", why: "it has expired" }],
    ["under way", { kind: "running" }],
  ])("are its own where they are %s", async (_name, own) => {
    const { api } = scriptGitHub();
    const read = async () => own;
    expect(await readBaseReports({ api, sha: BASE, branch: "main", artifact: "reports", read })).toBe(own);
  });

  it("are those of the commit before the documents", async () => {
    const commits = {
      [BASE]: { parent: PARENT, files: [PROSE, { filename: "README.md", previous_filename: "READ.md" }] },
      [PARENT]: { parent: GRANDPARENT, files: [] },
    };
    const { read } = script({ ...had, commits });
    expect(await read({ [GRANDPARENT]: FOUND })).toEqual(FOUND);
  });

  it.each([
    ["was code before", [{ filename: "a.md", previous_filename: "a.ts" }]],
    ["stands among documents and is none", [{ filename: "docs/build.ts" }]],
    ["is one of more than GitHub lists", Array.from({ length: 300 }, () => PROSE)],
  ])("F135 are lost where the commit changed what %s", async (_name, files) => {
    const { read } = script({ ...had, commits: { [BASE]: { parent: PARENT, files } } });
    expect(await read({ [PARENT]: FOUND })).toMatchObject({ kind: "unreadable" });
  });
});

describe("the reports of a commit", () => {
  function readRuns(
    runs: readonly object[],
    artifactsOf: Readonly<Record<number, readonly object[]>>,
    more: (server: ReturnType<typeof scriptGitHub>["server"]) => void = () => {},
  ) {
    const { api, server, github } = scriptGitHub();
    const workflow_runs = runs.map((run, index) => ({
      ...{ id: index + 1, event: "push", head_sha: BASE, head_repository: { id: 7 }, workflow_id: 1 },
      ...{ status: "completed", conclusion: "success", html_url: "u" },
      created_at: new Date((100 - index) * 1000).toISOString(),
      ...run,
    }));
    server.get(`${PATH}/actions/runs`).query({ head_sha: BASE, per_page: 100 }).reply(200, { workflow_runs });
    for (const [id, artifacts] of Object.entries(artifactsOf)) {
      server.get(`${PATH}/actions/runs/${id}/artifacts`).query(true).reply(200, { artifacts });
    }
    more(server);
    const wanted = { artifact: "reports", files: [{ format: "junit", path: "junit.xml" }] };
    return readCommitReports({ api, store: github, sha: BASE, wanted });
  }
  const expired = [{ id: 51, name: "reports", expired: true }];

  it("F135 cannot be read where they have expired", async () => {
    expect(await readRuns([{}, {}], { 1: expired, 2: [] })).toEqual({
      kind: "unreadable",
      why: "it has expired",
    });
  });

  it("F135 are waited for where they have expired and the run runs again", async () => {
    expect(await readRuns([{}, { status: "queued", conclusion: null }], { 1: expired })).toEqual({
      kind: "running",
    });
  });

  describe("F126 F127 of a run that was run again", () => {
    const at = (minute: number) => new Date(minute * 60_000).toISOString();
    const job = (name: string, from: number, until: number, conclusion = "success") => ({
      ...{ name, conclusion, started_at: at(from), completed_at: at(until) },
    });
    const again = { run_attempt: 2, run_started_at: at(20) };
    const reports = (id: number, minute: number, over: object = {}) => ({
      ...{ id, name: "reports", expired: false, created_at: at(minute), ...over },
    });

    it("are not those of the attempt before where that job may have run again", async () => {
      const why = "it was made before attempt 2 of its run, by a job that may have run again";
      const both = [job("test", 1, 9, "failure"), job("test", 21, 29)];
      expect(await readAgain([reports(51, 5)], both)).toEqual({ kind: "unreadable", why });
      const beside = [job("lint", 1, 9, "failure"), job("lint", 21, 29), job("test", 1, 9)];
      expect(await readAgain([reports(51, 5)], beside)).toEqual({ kind: "unreadable", why });
      expect(await readAgain([reports(51, 5)], [])).toEqual({ kind: "unreadable", why });
      expect(await readAgain([reports(51, 5)], beside.slice(2), 3)).toEqual({ kind: "unreadable", why });
    });

    it("are those of a job that was kept while others ran again", async () => {
      const jobs = [job("test", 1, 9), job("deploy", 10, 12, "failure"), job("deploy", 21, 29)];
      expect(await readAgain([reports(51, 5)], jobs)).toEqual(GONE);
    });

    it("are those of the newest attempt without a look at its jobs", async () => {
      expect(await readAgain([reports(51, 5), reports(52, 25)])).toEqual(GONE);
    });

    it("F135 are not older ones where the newest have expired", async () => {
      const artifacts = [reports(51, 5), reports(52, 25, { expired: true })];
      expect(await readRuns([again], { 1: artifacts })).toEqual({
        kind: "unreadable",
        why: "it has expired",
      });
    });

    const GONE = { kind: "unreadable", why: "the artifact is gone" };
    /** Reads what a run left that has run again; an archive that is asked for is gone. */
    function readAgain(artifacts: readonly object[], jobs?: readonly object[], total = jobs?.length) {
      return readRuns([again], { 1: artifacts }, (server) => {
        const query = { filter: "all", per_page: 100 };
        const route = `${PATH}/actions/runs/1/jobs`;
        if (jobs !== undefined) server.get(route).query(query).reply(200, { total_count: total, jobs });
        server
          .get(/\/actions\/artifacts\/\d+\/zip$/u)
          .optionally()
          .reply(410, {});
      });
    }
  });

  it("F135 are missing with how many runs were not asked for them", async () => {
    const runs = Array.from({ length: 13 }, (_, index) => (index === 0 ? { conclusion: "cancelled" } : {}));
    const asked = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index + 2, []]));
    expect(await readRuns(runs, asked)).toEqual({ kind: "missing", runs: 13, unasked: 2 });
  });
});
