import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCode } from "../../../src/adapters/github/reading/code.ts";
import { readOrganisation } from "../../../src/adapters/github/reading/read-organisation.ts";
import { scriptGitHub } from "./script-github.ts";
import { startGitHub } from "./start-github.ts";

type TestGitHub = Awaited<ReturnType<typeof startGitHub>>;

const PATH = ".github/orchestrator-organisation.yml";
const TEXT = "version: 1\nautonomy: draft-pr\n";
const ROUTE = "/repos/acme/.github/contents/.github%2Forchestrator-organisation.yml";
const FILE = {
  ...{ type: "file", size: 3, name: "x", path: PATH, sha: "a", encoding: "base64" },
  content: Buffer.from("a: 1").toString("base64"),
};

let gh: TestGitHub;
beforeAll(async () => {
  gh = await startGitHub();
});
afterAll(() => gh.stop());

const interests = { interestsOf: () => ({ roadmapPath: null, workflows: [] }), pathsOf: () => [] };
const readFacts = async () => (await createCode(gh.github, interests).branchFacts(gh.repo))?.organisation;

describe("the owner's file", () => {
  it("is none where the owner has no such repository, where it is not visible, and where it has no such file", async () => {
    expect(await readFacts()).toEqual({ owner: "acme", text: null });

    await gh.control.createRepository({ owner: "acme", name: ".github", private: true });
    gh.control.commitFiles({
      ...{ repository: "acme/.github", branch: "main", message: "Begin" },
      files: { "README.md": "# acme\n", [PATH]: TEXT },
    });
    expect(await readFacts()).toEqual({ owner: "acme", text: null });

    gh.control.install({ repositories: ["acme/.github"] });
    gh.control.commitFiles({
      ...{ repository: "acme/.github", branch: "main", message: "Take it out" },
      files: { [PATH]: null },
    });
    expect(await readFacts()).toEqual({ owner: "acme", text: null });
  });

  it("is read with the facts of a repository, and costs nothing while it stays the same", async () => {
    gh.control.commitFiles({
      ...{ repository: "acme/.github", branch: "main", message: "Set a floor" },
      files: { [PATH]: TEXT },
    });
    expect(await readFacts()).toEqual({ owner: "acme", text: TEXT });

    const start = gh.requests.length;
    expect(await readFacts()).toEqual({ owner: "acme", text: TEXT });
    const asked = gh.requests.slice(start).filter(({ route }) => route.includes("/contents/"));
    expect(asked.map(({ status }) => status)).toEqual([304]);
  });

  it.each([
    ["an outage", 502, { message: "Bad Gateway" }],
    ["a refusal", 403, { message: "Resource not accessible by integration" }],
  ])("S12 is never taken to be none because of %s", async (_, status, body) => {
    const { github, repo, server } = scriptGitHub();
    server.get(ROUTE).reply(status, body);

    await expect(readOrganisation(github, repo, "acme")).rejects.toThrow(/no usable answer|refused/u);
  });

  it.each([
    ["a folder", 200, []],
    ["a repository that has another name by now", 301, { message: "Moved Permanently" }],
    ["a file that is gone", 404, { message: "Not Found" }],
  ])("is none where there is %s", async (_, status, body) => {
    const { github, repo, server } = scriptGitHub();
    server.get(ROUTE).reply(status, body);

    expect(await readOrganisation(github, repo, "acme")).toBeNull();
  });

  it("is too large as text that every reader refuses", async () => {
    const { github, repo, server } = scriptGitHub();
    server.get(ROUTE).reply(200, { ...FILE, size: 70_000, content: "" });

    expect(await readOrganisation(github, repo, "acme")).toHaveLength(65_537);
  });
});
