import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CodeWorld, names, openCodeWorld } from "./code-world.ts";

let code: CodeWorld;

beforeEach(async () => {
  code = await openCodeWorld();
});

afterEach(async () => {
  const { problems } = code;
  await code.close();
  expect(problems).toEqual([]);
});

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("contents", () => {
  it("answers a file, a folder, the root and raw bytes", async () => {
    const file = await code.app("GET", "/contents/src/a.txt");
    const folder = await code.reader("GET", "/contents/docs");
    const raw = await code.app(
      "GET",
      "/contents/src/a.txt?ref=main",
      undefined,
      "application/vnd.github.raw+json",
    );
    const missing = await code.app("GET", "/contents/nope.txt");
    const badRef = await code.app("GET", "/contents/README.md?ref=nope");

    expect(Buffer.from(file.body.content, "base64").toString()).toBe("one\ntwo\nthree\n");
    expect(folder.body).toMatchObject([{ type: "dir", path: "docs/guide", name: "guide" }]);
    expect(raw.text).toBe("one\ntwo\nthree\n");
    expect([missing.status, badRef.status, badRef.body.message]).toEqual([
      404,
      404,
      "No commit found for the ref nope",
    ]);
  });

  it("creates and updates a file, and refuses an update without or with a stale sha", async () => {
    const created = await code.person("PUT", "/contents/new.txt", { message: "add", content: base64("1") });
    const blind = await code.person("PUT", "/contents/new.txt", { message: "x", content: base64("2") });
    const stale = await code.person("PUT", "/contents/new.txt", {
      message: "x",
      content: base64("2"),
      sha: "0".repeat(40),
    });
    const { sha } = created.body.content;
    const updated = await code.app("PUT", "/contents/new.txt", { message: "up", content: base64("2"), sha });

    expect([created.status, blind.status, stale.status, updated.status]).toEqual([201, 422, 409, 200]);
    expect(blind.body.message).toContain(`"sha" wasn't supplied.`);
    expect(stale.body.message).toBe(`new.txt does not match ${"0".repeat(40)}`);
    expect(updated.body.commit.author.name).toBe("orchestrator[bot]");
    const seen = await code.app("GET", "/contents/new.txt");
    expect(Buffer.from(seen.body.content, "base64").toString()).toBe("2");
  });

  it("keeps a file executable when it is updated", async () => {
    const tree = await code.person("POST", "/git/trees", {
      base_tree: await tip("main"),
      tree: [{ path: "run.sh", mode: "100755", type: "blob", content: "true\n" }],
    });
    await commitTree(tree.body.sha);
    const { sha } = (await code.app("GET", "/contents/run.sh")).body;

    await code.person("PUT", "/contents/run.sh", { message: "x", content: base64("false\n"), sha });

    const after = await code.app("GET", "/git/trees/main");
    expect(after.body.tree.find((entry: { path: string }) => entry.path === "run.sh").mode).toBe("100755");
  });

  it("deletes a file with its sha", async () => {
    const { sha } = (await code.app("GET", "/contents/README.md")).body;

    const gone = await code.person("DELETE", "/contents/README.md", { message: "rm", sha });

    expect(gone.body.content).toBeNull();
    expect((await code.app("GET", "/contents/README.md")).status).toBe(404);
  });

  it("refuses paths that leave the tree, unknown branches and broken base64", async () => {
    const put = (path: string, more: object) =>
      code.person("PUT", `/contents/${path}`, { message: "m", content: "YQ==", ...more });

    expect((await put(".git/config", {})).status).toBe(422);
    expect((await put(encodeURIComponent("../x"), {})).status).toBe(422);
    expect((await put("x", { branch: "nope" })).body.message).toBe("Branch nope not found");
    expect((await put("x", { content: "%%" })).body.message).toBe("content is not valid Base64");
    expect((await put("src", {})).status).toBe(422);
  });

  it("lets no reader write", async () => {
    const put = await code.reader("PUT", "/contents/x", { message: "m", content: "YQ==" });

    expect(put.status).toBe(403);
  });
});

async function tip(branch: string): Promise<string> {
  return (await code.app("GET", `/git/ref/heads/${branch}`)).body.object.sha;
}

async function commitTree(tree: string): Promise<string> {
  const parent = await tip("main");
  const commit = await code.person("POST", "/git/commits", { message: "tree", tree, parents: [parent] });
  await code.person("PATCH", "/git/refs/heads/main", { sha: commit.body.sha });
  return commit.body.sha;
}

describe("git data", () => {
  it("builds a commit out of a blob, a tree and a ref", async () => {
    const blob = await code.app("POST", "/git/blobs", { content: base64("\u0000bin"), encoding: "base64" });
    const tree = await code.app("POST", "/git/trees", {
      base_tree: await tip("main"),
      tree: [
        { path: "data.bin", mode: "100644", type: "blob", sha: blob.body.sha },
        { path: "src/a.txt", mode: "100644", type: "blob", sha: null },
        { path: "n.txt", mode: "100644", type: "blob", content: "n" },
      ],
    });
    const commit = await code.app("POST", "/git/commits", {
      message: "made of parts",
      tree: tree.body.sha,
      parents: [await tip("main")],
      author: { name: "Grace", email: "grace@example.org", date: "2026-01-02T03:04:05Z" },
    });
    const ref = await code.app("POST", "/git/refs", { ref: "refs/heads/parts", sha: commit.body.sha });

    const listed = await code.app("GET", `/git/trees/${tree.body.sha}?recursive=1`);
    const paths = listed.body.tree.map((entry: { path: string }) => entry.path);
    expect(paths).toEqual(["README.md", "data.bin", "docs", "docs/guide", "docs/guide/start.md", "n.txt"]);
    expect(ref.body.object.sha).toBe(commit.body.sha);
    expect((await code.app("GET", `/git/commits/${commit.body.sha}`)).body.author).toEqual({
      name: "Grace",
      email: "grace@example.org",
      date: "2026-01-02T03:04:05Z",
    });
    expect((await code.app("GET", `/git/blobs/${blob.body.sha}`)).body).toMatchObject({
      encoding: "base64",
      size: 4,
    });
    expect(names(code.takeHooks())).toEqual(["create", "push", "check_suite.requested"]);
  });

  it("refuses trees and commits of objects that do not exist", async () => {
    const nothing = "1".repeat(40);
    const entry = { path: "a", mode: "100644", type: "blob" };
    const tree = (more: object) => code.app("POST", "/git/trees", { tree: [{ ...entry, ...more }] });
    const { tree: known } = (await code.app("GET", `/git/commits/${await tip("main")}`)).body;

    expect((await tree({ sha: nothing })).status).toBe(422);
    expect((await tree({ sha: nothing, content: "both" })).status).toBe(422);
    expect((await tree({ path: "../a", content: "x" })).status).toBe(422);
    expect((await code.app("POST", "/git/commits", { message: "m", tree: nothing })).status).toBe(422);
    expect(
      (await code.app("POST", "/git/commits", { message: "m", tree: known.sha, parents: [nothing] })).status,
    ).toBe(422);
    expect((await code.app("GET", `/git/commits/${nothing}`)).status).toBe(404);
    expect((await code.app("GET", `/git/trees/${nothing}`)).status).toBe(404);
    expect((await code.app("GET", `/git/blobs/${nothing}`)).status).toBe(404);
  });
});

describe("refs", () => {
  it("refuses a move that loses commits unless it is forced", async () => {
    const before = await tip("main");
    code.push("main", { "a.txt": "1" });
    code.takeHooks();

    const refused = await code.app("PATCH", "/git/refs/heads/main", { sha: before });
    const forced = await code.app("PATCH", "/git/refs/heads/main", { sha: before, force: true });

    expect([refused.status, refused.body.message]).toEqual([422, "Update is not a fast forward"]);
    expect(forced.status).toBe(200);
    const [push] = code.takeHooks();
    expect(push?.payload).toMatchObject({ forced: true, after: before, commits: [] });
  });

  it("creates once, deletes once, and knows what is not there", async () => {
    const sha = await tip("main");
    const make = (ref: string) => code.app("POST", "/git/refs", { ref, sha });

    expect((await make("refs/heads/a/b")).status).toBe(201);
    expect((await make("refs/heads/a/b")).body.message).toBe("Reference already exists");
    expect((await make("refs/heads/a")).status).toBe(422);
    expect((await make("heads/x")).status).toBe(422);
    expect((await make("refs/heads/x..y")).status).toBe(422);
    expect((await code.app("GET", "/git/matching-refs/heads/a")).body).toHaveLength(1);
    expect((await code.app("GET", "/git/ref/heads/a")).status).toBe(404);
    expect((await code.app("DELETE", "/git/refs/heads/a/b")).status).toBe(204);
    expect((await code.app("DELETE", "/git/refs/heads/a/b")).body.message).toBe("Reference does not exist");
    expect((await code.app("DELETE", "/git/refs/heads/main")).status).toBe(422);
    expect(names(code.takeHooks())).toEqual(["create", "push", "check_suite.requested", "delete", "push"]);
  });

  it("announces a tag as a tag", async () => {
    await code.app("POST", "/git/refs", { ref: "refs/tags/v1", sha: await tip("main") });

    const [create] = code.takeHooks();
    expect(create?.payload).toMatchObject({ ref: "v1", ref_type: "tag" });
  });
});

describe("branches and history", () => {
  it("lists branches and answers one with a slash in its name", async () => {
    const sha = code.push("feature/x", { "a.txt": "1" });

    expect((await code.app("GET", "/branches?per_page=1")).headers.link).toContain('rel="next"');
    expect((await code.app("GET", "/branches/feature/x")).body.commit.sha).toBe(sha);
    expect((await code.app("GET", "/branches/nope")).body.message).toBe("Branch not found");
    expect((await code.app("GET", "/rules/branches/main")).body).toEqual([]);
  });

  it("lists commits of a branch and of a path", async () => {
    code.push("main", { "a.txt": "1" }, "first");
    const second = code.push("main", { "b.txt": "1" }, "second");

    const all = await code.app("GET", "/commits?per_page=2");
    const ofPath = await code.app("GET", "/commits?path=a.txt");
    const one = await code.app("GET", "/commits/main");

    expect(all.body.map((item: { commit: { message: string } }) => item.commit.message)).toEqual([
      "second",
      "first",
    ]);
    expect(all.body[0].author.login).toBe("ada");
    expect(ofPath.body).toHaveLength(1);
    expect(one.body).toMatchObject({
      sha: second,
      stats: { total: 1 },
      files: [{ filename: "b.txt", status: "added" }],
    });
    expect((await code.app("GET", "/commits/nope")).body.message).toBe("No commit found for SHA: nope");
    const sha = await code.app("GET", "/commits/main", undefined, "application/vnd.github.sha");
    expect(sha.text).toBe(second);
  });

  it("compares two commits, with the files on the first page only", async () => {
    const from = (await code.app("GET", "/branches/main")).body.commit.sha;
    code.push("feature", { "one.txt": "1" });
    const to = code.push("feature", { "two.txt": "2" });

    const first = await code.app("GET", `/compare/${from}...${to}?per_page=1`);
    const second = await code.app("GET", `/compare/${from}...${to}?per_page=1&page=2`);

    expect(first.body.files.map(({ filename }: { filename: string }) => filename)).toEqual([
      "one.txt",
      "two.txt",
    ]);
    expect(second.body).toMatchObject({ ahead_by: 2, files: [], commits: [{ sha: to }] });
  });

  it("compares from where two branches parted", async () => {
    code.push("feature/x", { "src/a.txt": "one\ntwo\nfour\n" });
    code.push("main", { "other.txt": "1" });

    const compared = await code.app("GET", "/compare/main...feature/x");
    const same = await code.app("GET", "/compare/main...main");
    const diff = await code.app(
      "GET",
      "/compare/main...acme:feature/x",
      undefined,
      "application/vnd.github.diff",
    );

    expect(compared.body).toMatchObject({ status: "diverged", ahead_by: 1, behind_by: 1, total_commits: 1 });
    expect(compared.body.files).toMatchObject([
      { filename: "src/a.txt", patch: expect.stringContaining("+four") },
    ]);
    expect(same.body.status).toBe("identical");
    expect(diff.text).toContain("diff --git a/src/a.txt");
    expect((await code.app("GET", "/compare/main...nope")).status).toBe(404);
  });
});

describe("push", () => {
  it("tells of a new branch, its new commits and their files, and opens the app's check suite", () => {
    const sha = code.push("feature", { "src/a.txt": null, "src/b.txt": "fresh text\n" }, "swap");

    const hooks = code.takeHooks();
    expect(names(hooks)).toEqual(["create", "push", "check_suite.requested"]);
    expect(hooks[1]?.payload).toMatchObject({
      ref: "refs/heads/feature",
      created: true,
      before: "0".repeat(40),
      after: sha,
      commits: [{ id: sha, added: ["src/b.txt"], removed: ["src/a.txt"], modified: [] }],
      sender: { login: "ada" },
    });
    expect(hooks[2]?.payload.check_suite).toMatchObject({
      head_sha: sha,
      head_branch: "feature",
      status: "queued",
    });
  });
});
