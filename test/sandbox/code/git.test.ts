import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { diffFiles, sumChanges } from "../../../src/sandbox/git/diff.ts";
import {
  createBareRepository,
  isRefName,
  listFiles,
  readFileAt,
  resolveRef,
} from "../../../src/sandbox/git/git.ts";
import {
  countAheadBehind,
  findMergeBase,
  isAncestor,
  listCommits,
} from "../../../src/sandbox/git/history.ts";
import { mergeTrees, rebaseCommits } from "../../../src/sandbox/git/merge.ts";
import { readCommit, readCommits, readEntry, readTree } from "../../../src/sandbox/git/objects.ts";
import { readObject } from "../../../src/sandbox/git/read-object.ts";
import { listBranches } from "../../../src/sandbox/git/refs.ts";
import { runGit } from "../../../src/sandbox/git/run-git.ts";
import {
  isTreePath,
  type TreeChange,
  writeCommit,
  writeRef,
  writeTree,
} from "../../../src/sandbox/git/write.ts";

const AT = new Date("2026-03-01T12:00:00Z");
const AUTHOR = { name: "ada", email: "1+ada@users.noreply.github.com", date: AT };

let folder = "";
let gitDir = "";
let first = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-git-"));
  gitDir = join(folder, "repo.git");
  first = await createSeeded(gitDir);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function createSeeded(target: string): Promise<string> {
  const seedDir = join(folder, "seed");
  const files = {
    "README.md": "# Hello\n",
    "src/a.txt": lines("a", 20),
    "src/deep/b.txt": "b\n",
    "tool.sh": "true\n",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(seedDir, dirname(path)), { recursive: true });
    await writeFile(join(seedDir, path), text);
  }
  await chmod(join(seedDir, "tool.sh"), 0o755);
  await symlink("README.md", join(seedDir, "link"), "file").catch(() => undefined);
  const sha = await createBareRepository({
    gitDir: target,
    seedDir,
    defaultBranch: "main",
    at: AT,
    author: AUTHOR,
  });
  if (sha === null) throw new Error("a seeded repository has a commit");
  return sha;
}

function lines(letter: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${letter} ${index}\n`).join("");
}

function commit(
  parent: string,
  changes: Readonly<Record<string, string | Uint8Array | null>>,
  message = "change",
): string {
  const list = Object.entries(changes).map(([path, content]): TreeChange => {
    if (content === null) return { kind: "remove", path };
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    return { kind: "content", path, mode: "100644", content: bytes };
  });
  const tree = writeTree({ gitDir, baseTree: readCommit(gitDir, parent).tree, changes: list });
  return writeCommit({ gitDir, tree, parents: [parent], author: AUTHOR, committer: AUTHOR, message });
}

describe("createBareRepository", () => {
  it("makes the same first commit from the same seed, whenever and wherever", async () => {
    const again = await createSeeded(join(folder, "again.git"));

    expect(again).toBe(first);
    expect(readCommit(gitDir, first)).toMatchObject({
      parents: [],
      message: "Initial commit",
      author: AUTHOR,
      committer: AUTHOR,
    });
  });

  it("keeps executable files executable", () => {
    expect(readEntry(gitDir, first, "tool.sh")?.mode).toBe("100755");
  });

  it("starts without a commit when there is no seed", async () => {
    const empty = join(folder, "empty.git");
    const sha = await createBareRepository({ gitDir: empty, defaultBranch: "trunk", at: AT, author: AUTHOR });

    expect(sha).toBeNull();
    expect(resolveRef(empty, "trunk")).toBeUndefined();
    expect(resolveRef(empty, "HEAD")).toBeUndefined();
  });
});

describe("objects in a pack", () => {
  it("are read as those that are files of their own", async () => {
    const packed = join(folder, "packed.git");
    const sha = await createSeeded(packed);
    writeRef(packed, "refs/heads/feature/two", sha);
    const before = look(packed, sha);
    const moved = join(folder, "moved.git");
    runGit({ gitDir: packed, args: ["repack", "-a", "-d", "--quiet"] });
    runGit({ gitDir: packed, args: ["pack-refs", "--all"] });
    // What is known of a repository is kept by its folder.
    await rename(packed, moved);

    expect(look(moved, sha)).toEqual(before);
    expect(before.entry).toEqual(readTree({ gitDir, sha: first, recursive: true }).find(isDeep));
    expect(before.files).toEqual(["README.md", "link", "src/a.txt", "src/deep/b.txt", "tool.sh"]);
    expect(before.branches.map(({ name }) => name)).toEqual(["feature/two", "main"]);
  });

  it("are told from what is not there", () => {
    const nothing = "0".repeat(40);

    expect(readObject(gitDir, nothing)).toBeUndefined();
    expect(readObject(gitDir, "../../config")).toBeUndefined();
    expect(readEntry(gitDir, first, "src/a.txt/b")).toBeUndefined();
    expect(readFileAt(gitDir, first, "src")).toBeUndefined();
    expect(listFiles(gitDir, first, "README.md")).toEqual([]);
    expect(() => readCommit(gitDir, nothing)).toThrow("is not in");
  });

  function isDeep({ path }: { readonly path: string }): boolean {
    return path === "src/deep/b.txt";
  }

  function look(target: string, sha: string) {
    return {
      commit: readCommit(target, sha),
      entry: readEntry(target, sha, "src/deep/b.txt"),
      files: listFiles(target, sha, ""),
      below: listFiles(target, sha, "src/"),
      text: Buffer.from(readFileAt(target, sha, "src/deep/b.txt") ?? "").toString("utf8"),
      branches: listBranches(target),
      known: resolveRef(target, sha),
    };
  }
});

describe("resolveRef", () => {
  it("finds a commit by branch, full ref, HEAD, tag, sha and short sha", () => {
    writeRef(gitDir, "refs/heads/feature/one", first);
    writeRef(gitDir, "refs/tags/v1", first);
    const names = [
      "main",
      "heads/main",
      "refs/heads/main",
      "HEAD",
      "feature/one",
      "v1",
      first,
      first.slice(0, 8),
    ];

    expect(names.map((name) => resolveRef(gitDir, name))).toEqual(names.map(() => first));
  });

  it("takes no revision syntax, option or path for a ref", () => {
    const hostile = [
      "main~0",
      "main^{tree}",
      "main:README.md",
      "--all",
      "../HEAD",
      "refs/../config",
      "@{-1}",
      "",
    ];

    expect(hostile.map((name) => resolveRef(gitDir, name))).toEqual(hostile.map(() => undefined));
    expect(hostile.some(isRefName)).toBe(false);
  });
});

describe("reading files", () => {
  it("reads bytes, and nothing where there is no file", () => {
    expect(Buffer.from(readFileAt(gitDir, first, "README.md") ?? []).toString()).toBe("# Hello\n");
    expect(readFileAt(gitDir, first, "src")).toBeUndefined();
    expect(readFileAt(gitDir, first, "missing")).toBeUndefined();
  });

  it("lists the files of a folder and only of that folder", () => {
    expect(listFiles(gitDir, first, "src")).toEqual(["src/a.txt", "src/deep/b.txt"]);
    expect(listFiles(gitDir, first, "sr")).toEqual([]);
    expect(listFiles(gitDir, first, "")).toContain("tool.sh");
  });

  it("names folders too in a recursive tree", () => {
    const paths = readTree({ gitDir, sha: first, recursive: true }).map(
      (entry) => `${entry.type} ${entry.path}`,
    );

    expect(paths).toContain("tree src/deep");
    expect(paths).toContain("blob src/deep/b.txt");
  });
});

describe("writeTree", () => {
  it("adds, replaces and removes files, whole folders and odd names included", () => {
    const odd = 'strange "name"\\with\nlines ü.txt';
    const sha = commit(first, { [odd]: "x", "src/a.txt": "new\n", "src/deep": null });

    expect(listFiles(gitDir, sha, "src")).toEqual(["src/a.txt"]);
    expect(Buffer.from(readFileAt(gitDir, sha, odd) ?? []).toString()).toBe("x");
  });

  it("can empty a tree", () => {
    const empty = commit(first, Object.fromEntries(listFiles(gitDir, first, "").map((path) => [path, null])));

    expect(readTree({ gitDir, sha: empty })).toEqual([]);
  });

  it("knows the paths that git would not check out", () => {
    expect(["a/b", ".github/x", "a b"].every(isTreePath)).toBe(true);
    expect(["", "/a", "a/", "a//b", "../a", "a/./b", ".git/config", "x/.GIT/y"].some(isTreePath)).toBe(false);
  });
});

describe("diffFiles", () => {
  it("tells added, changed, removed, renamed and binary files apart", () => {
    const renamed = { "src/a.txt": null, "src/moved.txt": `${lines("a", 20)}one more\n` };
    const bytes = new Uint8Array([0, 1, 2, 255]);
    const sha = commit(first, {
      ...renamed,
      "README.md": "# Hi\n",
      "src/deep/b.txt": null,
      "new.txt": "n\n",
      "x.bin": bytes,
    });

    const changes = diffFiles(gitDir, first, sha);

    expect(changes.map(({ status, path, previousPath }) => [status, path, previousPath])).toEqual([
      ["modified", "README.md", null],
      ["added", "new.txt", null],
      ["removed", "src/deep/b.txt", null],
      ["renamed", "src/moved.txt", "src/a.txt"],
      ["added", "x.bin", null],
    ]);
    expect(changes.map(({ patch }) => patch)).toEqual([
      "@@ -1 +1 @@\n-# Hello\n+# Hi",
      "@@ -0,0 +1 @@\n+n",
      "@@ -1 +0,0 @@\n-b",
      expect.stringContaining("+one more"),
      null,
    ]);
    expect(sumChanges(changes)).toEqual({ additions: 3, deletions: 2 });
  });

  it("keeps each patch with its file when a file becomes a link and when text looks like a header", () => {
    const tricky = "diff --git a/x b/x\n\u2028diff --git\rdiff --git a b\n";
    const withFile = commit(first, { "a-first": "file\n", "z-last": "z\n" });
    const tree = writeTree({
      gitDir,
      baseTree: readCommit(gitDir, withFile).tree,
      changes: [
        { kind: "content", path: "a-first", mode: "120000", content: Buffer.from("README.md") },
        { kind: "content", path: "b-tricky", mode: "100644", content: Buffer.from(tricky) },
        { kind: "content", path: "z-last", mode: "100644", content: Buffer.from("changed\n") },
      ],
    });

    const changes = diffFiles(gitDir, readCommit(gitDir, withFile).tree, tree);

    expect(changes.map(({ status, path }) => [status, path])).toEqual([
      ["changed", "a-first"],
      ["added", "b-tricky"],
      ["modified", "z-last"],
    ]);
    expect(changes[1]?.patch).toContain("+diff --git a/x b/x");
    expect(changes[2]?.patch).toBe("@@ -1 +1 @@\n-z\n+changed");
  });
});

describe("history", () => {
  it("counts and lists what is on each side", () => {
    const left = commit(commit(first, { l: "1" }, "left one"), { l: "2" }, "left two");
    const right = commit(first, { r: "1" }, "right");

    expect(countAheadBehind(gitDir, left, right)).toEqual({ ahead: 1, behind: 2 });
    expect(findMergeBase(gitDir, left, right)).toBe(first);
    expect(isAncestor(gitDir, first, left)).toBe(true);
    expect(isAncestor(gitDir, left, right)).toBe(false);
    const shas = listCommits({ gitDir, to: left, notFrom: first });
    expect(readCommits(gitDir, shas).map(({ message }) => message)).toEqual(["left two", "left one"]);
  });
});

describe("merging", () => {
  it("merges what does not touch and refuses what does", () => {
    const ours = commit(first, { "README.md": "ours\n" });
    const theirs = commit(first, { "src/deep/b.txt": "theirs\n" });
    const against = commit(first, { "README.md": "against\n" });

    const merged = mergeTrees(gitDir, ours, theirs);

    expect(merged.kind === "clean" && listFiles(gitDir, merged.tree, "").length).toBeGreaterThan(3);
    expect(mergeTrees(gitDir, ours, against)).toEqual({ kind: "conflict" });
  });

  it("replays commits one by one onto another base", () => {
    const base = commit(first, { base: "b\n" }, "base moved");
    const head = commit(commit(first, { one: "1\n" }, "one"), { two: "2\n" }, "two");

    const tip = rebaseCommits({ gitDir, onto: base, head, committer: AUTHOR });

    const shas = listCommits({ gitDir, to: tip ?? "", notFrom: base });
    expect(readCommits(gitDir, shas).map(({ message }) => message)).toEqual(["two", "one"]);
    expect(listFiles(gitDir, tip ?? "", "")).toEqual(expect.arrayContaining(["base", "one", "two"]));
  });

  it("gives up a replay that conflicts", () => {
    const base = commit(first, { "README.md": "x\n" });
    const head = commit(first, { "README.md": "y\n" });

    expect(rebaseCommits({ gitDir, onto: base, head, committer: AUTHOR })).toBeUndefined();
  });
});
