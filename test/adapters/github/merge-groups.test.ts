import { strToU8, zipSync } from "fflate";
import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { createCode } from "../../../src/adapters/github/reading/code.ts";
import type { GroupRef, PullWanted } from "../../../src/ports/github.ts";
import { scriptGitHub } from "./script-github.ts";

const BASE = "a".repeat(40);
const SHA = "b".repeat(40);
const PATH = "/repos/acme/demo";
const GROUP: GroupRef = {
  number: 12,
  sha: SHA,
  headRef: `gh-readonly-queue/main/pr-12-${BASE}`,
  baseRef: "main",
  baseSha: BASE,
};
const NOTHING: PullWanted = { reports: null, reviews: false, closes: false, owners: false };
const REPORTS: PullWanted = {
  ...NOTHING,
  reports: { artifact: "reports", files: [{ format: "junit", path: "junit.xml" }], checks: [] },
};

afterEach(() => {
  const pending = nock.pendingMocks().filter((mock) => !mock.includes("access_tokens"));
  nock.cleanAll();
  expect(pending).toEqual([]);
});

const file = (filename: string) => ({
  ...{ filename, status: "modified", additions: 1, deletions: 0, patch: "+x" },
});
const comparison = (files: readonly object[], base = BASE) => ({
  ...{ status: "ahead", merge_base_commit: { sha: base }, files },
});

function script() {
  const world = scriptGitHub();
  const { server, github, repo } = world;
  const interests = { interestsOf: () => ({ roadmapPath: null, workflows: [] }), pathsOf: () => [] };
  return {
    ...world,
    compare: (status: number, body: object) =>
      server.get(`${PATH}/compare/${BASE}...${SHA}`).query({ per_page: 1, page: 1 }).reply(status, body),
    checks(status = "completed") {
      const run = { id: 1, name: "test", app: { id: 15368 }, status, conclusion: null, html_url: "u" };
      const at = `${PATH}/commits/${SHA}`;
      server
        .get(`${at}/check-runs`)
        .query(true)
        .reply(200, { total_count: 1, check_runs: [run] });
      server.get(`${at}/status`).query(true).reply(200, { statuses: [] });
      server.get(`${at}/check-suites`).query(true).reply(200, { check_suites: [] });
    },
    /** Runs of a commit and, of the newest one, the report. */
    runs({ sha, query = {} }: { sha: string; query?: object }, runs: readonly (readonly [number, string])[]) {
      const workflow_runs = runs.map(([id, event]) => ({
        ...{ id, event, head_sha: sha, head_repository: { id: 7 }, workflow_id: 1, status: "completed" },
        ...{ conclusion: "success", created_at: new Date(id * 1_000).toISOString(), html_url: "u" },
      }));
      server
        .get(`${PATH}/actions/runs`)
        .query({ head_sha: sha, per_page: 100, ...query })
        .reply(200, { workflow_runs });
    },
    report(runId: number, text: string) {
      const artifacts = [{ id: runId + 50, name: "reports", expired: false }];
      server.get(`${PATH}/actions/runs/${runId}/artifacts`).query(true).reply(200, { artifacts });
      const location = `https://store1.blob.core.windows.net/${runId}`;
      server.get(`${PATH}/actions/artifacts/${runId + 50}/zip`).reply(302, "", { location });
      nock("https://store1.blob.core.windows.net")
        .get(`/${runId}`)
        .reply(200, Buffer.from(zipSync({ "junit.xml": strToU8(text) })));
    },
    read: (wanted = NOTHING) => createCode(github, interests).group(repo, GROUP, wanted),
  };
}

describe("the commit of a merge queue", () => {
  it("F163 is read like a pull request that changes what the commit adds to its base", async () => {
    const { compare, checks, read } = script();
    compare(200, comparison([file("a.ts"), file("b.ts")]));
    checks();

    expect(await read()).toEqual({
      number: 12,
      url: "",
      state: "open",
      merged: false,
      draft: false,
      headSha: SHA,
      headRef: GROUP.headRef,
      headRepoId: 7,
      baseRef: "main",
      mergeable: true,
      author: { id: 0, login: "ghost", type: "Mannequin" },
      title: "",
      body: "",
      changedFiles: 2,
      files: ["a.ts", "b.ts"].map((path) => ({
        ...{ path, previousPath: null, status: "modified", additions: 1, deletions: 0, patch: "+x" },
      })),
      checks: [{ name: "test", slug: "", appId: 15368, status: "completed", conclusion: null, url: "u" }],
      pendingSuites: [],
    });
  });

  it("is unknown where it is gone", async () => {
    const { compare, read } = script();
    compare(404, { message: "Not Found" });

    expect(await read()).toBeUndefined();
  });

  it.each([
    ["GitHub lists no more", comparison(Array.from({ length: 300 }, (_, index) => file(`${index}.ts`)))],
    ["it is not made upon its base", comparison([file("a.ts")], SHA)],
    ["GitHub lists none", { ...comparison([]), files: undefined }],
  ])("F149 has no list of files where %s", async (_, body) => {
    const { compare, checks, read } = script();
    compare(200, body);
    checks();

    expect((await read())?.files).toBeNull();
  });

  it("has no list of files where GitHub refuses to compare so much", async () => {
    const { compare, checks, read } = script();
    compare(422, { message: "Server Error: Sorry, this diff is taking too long to generate." });
    checks();

    expect((await read())?.files).toBeNull();
  });
});

describe("reports of a merge queue's commit", () => {
  const found = (text: string) => ({ kind: "found", files: [{ content: { kind: "found", text } }] });

  it("are those of its own runs, and of its base's pushes", async () => {
    const { compare, checks, runs, report, read } = script();
    compare(200, comparison([file("a.ts")]));
    checks();
    runs({ sha: SHA, query: { event: "merge_group" } }, [[1, "merge_group"]]);
    report(1, "of the group");
    runs({ sha: BASE }, [
      [3, "workflow_dispatch"],
      [2, "push"],
    ]);
    report(2, "of the base");

    expect((await read(REPORTS))?.reports).toMatchObject({
      head: found("of the group"),
      base: found("of the base"),
    });
  });

  it("are those of the group before, where it is put upon one", async () => {
    const { compare, checks, runs, report, read } = script();
    compare(200, comparison([file("a.ts")]));
    checks();
    runs({ sha: SHA, query: { event: "merge_group" } }, [[1, "merge_group"]]);
    report(1, "of the group");
    runs({ sha: BASE }, [[2, "merge_group"]]);
    report(2, "of the group before");

    expect((await read(REPORTS))?.reports?.base).toMatchObject(found("of the group before"));
  });

  it("are missing where only others' runs are there", async () => {
    const { compare, checks, runs, read } = script();
    compare(200, comparison([file("a.ts")]));
    checks();
    runs({ sha: SHA, query: { event: "merge_group" } }, [[1, "workflow_dispatch"]]);

    expect((await read(REPORTS))?.reports).toEqual({
      head: { kind: "missing", runs: 0 },
      base: { kind: "missing", runs: 0 },
    });
  });

  it("are not read while a check that counts is under way", async () => {
    const { compare, checks, read } = script();
    compare(200, comparison([file("a.ts")]));
    checks("in_progress");

    expect(await read(REPORTS)).not.toHaveProperty("reports");
  });
});
