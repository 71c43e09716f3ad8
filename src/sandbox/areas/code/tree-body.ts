import { readCommit, typeOfObject } from "../../git/objects.ts";
import { isTreePath, type TreeChange } from "../../git/write.ts";
import { invalidRequest, isRecord, optionalText } from "../../http/body-fields.ts";
import { Refusal } from "../../http/route.ts";
import type { Repo } from "../../world/records.ts";

type Body = Readonly<Record<string, unknown>>;

/** The type of object that each mode of a tree entry asks for. */
const TYPE_OF_MODE: Readonly<Record<string, "blob" | "tree" | "commit">> = {
  "100644": "blob",
  "100755": "blob",
  "120000": "blob",
  "040000": "tree",
  "160000": "commit",
};

/** The tree that `base_tree` names, which may also be a commit's sha; null when it is left out. */
export function readBaseTree(repo: Repo, body: Body): string | null {
  const sha = optionalText(body, "base_tree");
  if (sha === undefined) return null;
  const type = typeOfObject(repo.gitDir, sha);
  if (type === "commit") return readCommit(repo.gitDir, sha).tree;
  if (type !== "tree") throw new Refusal(422, "base_tree is not a valid tree oid");
  return sha;
}

/** The changes of `POST git/trees`, every entry checked. */
export function readTreeChanges(repo: Repo, body: Body): readonly TreeChange[] {
  if (!Array.isArray(body.tree)) throw invalidRequest(`"tree" wasn't supplied.`);
  return body.tree.map((entry: unknown) => readChange(repo, entry));
}

function readChange(repo: Repo, entry: unknown): TreeChange {
  if (!isRecord(entry)) throw new Refusal(422, "tree entries must be objects");
  const path = optionalText(entry, "path") ?? "";
  if (!isTreePath(path)) throw new Refusal(422, "tree.path contains a malformed path component");
  if (entry.sha === null) return { kind: "remove", path };
  const mode = readMode(entry);
  const content = optionalText(entry, "content");
  const sha = optionalText(entry, "sha");
  if ((content === undefined) === (sha === undefined)) {
    throw new Refusal(422, "Must supply either tree.sha or tree.content");
  }
  if (sha === undefined) return { kind: "content", path, mode, content: Buffer.from(content ?? "") };
  checkObject(repo, { sha, mode });
  return { kind: "object", path, mode, sha };
}

function readMode(entry: Body): string {
  const mode = optionalText(entry, "mode") ?? "";
  if (!Object.hasOwn(TYPE_OF_MODE, mode)) throw new Refusal(422, "Must supply a valid tree.mode");
  return mode;
}

function checkObject(repo: Repo, { sha, mode }: { readonly sha: string; readonly mode: string }): void {
  const type = TYPE_OF_MODE[mode];
  // A submodule's commit lives in another repository.
  if (type === "commit") return;
  if (typeOfObject(repo.gitDir, sha) !== type)
    throw new Refusal(422, `tree.sha ${sha} is not a valid ${type}`);
}
