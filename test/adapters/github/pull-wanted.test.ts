import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createCode } from "../../../src/adapters/github/reading/code.ts";
import type { PullWanted } from "../../../src/ports/github.ts";
import { startGitHub, type TestGitHub } from "./start-github.ts";

const NOTHING: PullWanted = { reports: null, reviews: false, closes: false, owners: false };
const PEOPLE: PullWanted = { ...NOTHING, reviews: true, closes: true, owners: true };

const CI = `name: ci
on: { pull_request: {}, merge_group: {} }
jobs:
  test: { runs-on: x, steps: [{ run: "true" }] }
`;

let gh: TestGitHub;
beforeAll(async () => {
  gh = await startGitHub();
  commit("main", { ".github/CODEOWNERS": "/src/ @acme/Core @acme/gone\n", ".github/workflows/ci.yml": CI });
  gh.control.createUser("bob");
  gh.control.createUser("eve");
  gh.control.setRole({ repository: "acme/demo", login: "bob", role: "write" });
  gh.control.setRole({ repository: "acme/demo", login: "eve", role: "read" });
  gh.control.setTeam({ organization: "acme", name: "Core", members: ["ada", "bob"] });
});
afterAll(() => gh.stop());
afterEach(() => expect(gh.problems).toEqual([]));

const code = () =>
  createCode(gh.github, {
    interestsOf: () => ({ roadmapPath: null, workflows: [] }),
    pathsOf: () => [],
  });
const idOf = (login: string) => [...gh.world.users.values()].find((user) => user.login === login)?.id;

function commit(branch: string, files: Readonly<Record<string, string>>): string {
  return gh.control.commitFiles({ repository: "acme/demo", branch, files, message: "Change" });
}

async function openPull(head: string, body = "") {
  await gh.ask("POST", "/git/refs", {
    ref: `refs/heads/${head}`,
    sha: (await gh.ask("GET", "/branches/main")).data.commit.sha,
  });
  const sha = commit(head, { [`src/${head}.mjs`]: "export {};\n" });
  const { data } = await gh.ask("POST", "/pulls", { title: "Change", head, base: "main", body });
  await gh.control.idle();
  return { number: Number(data.number), sha };
}

describe("what people have to do with a pull request", () => {
  it("is read where it is wanted: approvals, issues, owners", async () => {
    const { data: issue } = await gh.ask("POST", "/issues", { title: "Task", body: "Text" });
    const { number, sha } = await openPull("people", `Closes #${issue.number}, closes #9999`);
    for (const login of ["bob", "eve"])
      gh.control.review({ repository: "acme/demo", number, login, event: "APPROVE" });

    const { reviews, closes, owners } = (await code().pull(gh.repo, number, PEOPLE)) ?? {};

    expect(reviews).toEqual([
      { sha, by: { id: idOf("bob"), login: "bob", type: "User" }, at: expect.any(Number) },
    ]);
    expect(closes).toEqual([issue.number]);
    expect(owners).toEqual({
      text: "/src/ @acme/Core @acme/gone\n",
      path: ".github/CODEOWNERS",
      teams: { "@acme/core": [idOf("ada"), idOf("bob")], "@acme/gone": null },
    });
  });

  it("is not read where it is not wanted, nor of a closed pull request", async () => {
    const { number } = await openPull("quiet", "Closes #1");
    const names = ["reviews", "closes", "owners"];
    const keysOf = async (wanted: PullWanted) =>
      Object.keys((await code().pull(gh.repo, number, wanted)) ?? {});

    expect(await keysOf(PEOPLE)).toEqual(expect.arrayContaining(names));
    expect((await keysOf(NOTHING)).filter((key) => names.includes(key))).toEqual([]);
    await gh.ask("PATCH", `/pulls/${number}`, { state: "closed" });
    expect((await keysOf(PEOPLE)).filter((key) => names.includes(key))).toEqual([]);
  });

  it("F143 ends with a review that was dismissed", async () => {
    const { number } = await openPull("dismissed");
    const review = { repository: "acme/demo", number };
    const reviewId = gh.control.review({ ...review, login: "bob", event: "APPROVE" });
    const read = async () => (await code().pull(gh.repo, number, PEOPLE))?.reviews;

    expect(await read()).toHaveLength(1);
    gh.control.dismissReview({ ...review, login: "ada", reviewId });
    expect(await read()).toEqual([]);
  });
});

describe("the list of open pull requests", () => {
  it("has those that are open, with their heads", async () => {
    const { number, sha } = await openPull("listed");

    const pulls = (await code().openPulls(gh.repo)) ?? [];

    expect(pulls.at(-1)).toEqual({
      ...{ number, headSha: sha, headRef: "listed", baseRef: "main" },
      author: { id: idOf("ada"), login: "ada", type: "User" },
    });
    const numbers = pulls.map((pull) => pull.number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
});

describe("a merge queue's commit", () => {
  it("F163 is read with its files and its checks", async () => {
    const { number } = await openPull("queued");
    gh.control.setBranchRules({
      ...{ repository: "acme/demo", login: "ada", branch: "main" },
      ...{ requiredChecks: ["test"], mergeQueue: true },
    });
    const { sha: baseSha } = (await gh.ask("GET", "/branches/main")).data.commit;
    gh.control.enqueue({ repository: "acme/demo", login: "ada", number });
    await gh.control.idle();
    const { sha } = (await gh.ask("GET", "/branches/main")).data.commit;
    const headRef = `gh-readonly-queue/main/pr-${number}-${baseSha}`;

    const group = { number, sha, headRef, baseRef: "main", baseSha };
    const now = await code().group(gh.repo, group, NOTHING);

    expect(now).toMatchObject({
      ...{ number, headSha: sha, baseRef: "main", mergeable: true },
      files: [{ path: "src/queued.mjs", status: "added" }],
    });
    expect(now?.checks).toContainEqual(
      expect.objectContaining({ name: "test", status: "completed", conclusion: "success" }),
    );
  });
});
