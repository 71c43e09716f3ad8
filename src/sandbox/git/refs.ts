import { readGit } from "./run-git.ts";

export interface GitRef {
  readonly name: string;
  readonly sha: string;
  readonly type: string;
}

/** Everything that a client may see: branches, tags and the heads of pull requests, by name. */
export function listRefs(gitDir: string): readonly GitRef[] {
  const format = "--format=%(refname) %(objectname) %(objecttype)";
  const text = readGit({ gitDir, args: ["for-each-ref", format, "refs/heads", "refs/tags", "refs/pull"] });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", sha = "", type = ""] = line.split(" ");
      return { name, sha, type };
    });
}

export interface Branch {
  readonly name: string;
  readonly sha: string;
}

export function listBranches(gitDir: string): readonly Branch[] {
  return listRefs(gitDir)
    .filter((ref) => ref.name.startsWith("refs/heads/"))
    .map(({ name, sha }) => ({ name: name.slice("refs/heads/".length), sha }));
}
