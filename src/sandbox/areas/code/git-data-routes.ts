import { resolveRef } from "../../git/git.ts";
import { identityOf } from "../../git/identity.ts";
import { readBlob, readCommit, readTree, typeOfObject } from "../../git/objects.ts";
import { writeBlob, writeCommit, writeTree } from "../../git/write.ts";
import { optionalChoice, optionalText, requiredText } from "../../http/body-fields.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentGitCommit } from "../../present/code/commit.ts";
import { wrapBase64 } from "../../present/code/content.ts";
import { nodeId } from "../../present/node-id.ts";
import { repositoryUrl } from "../../present/repository.ts";
import { actingUser } from "../acting-user.ts";
import { pathText } from "../path-text.ts";
import { decodeBase64, readSignature } from "./content-writes.ts";
import { readBaseTree, readTreeChanges } from "./tree-body.ts";

const READ = { permission: "contents", level: "read" } as const;
const WRITE = { permission: "contents", level: "write" } as const;
const GIT = "/repos/{owner}/{repo}/git";
/** Longer listings are cut and marked as truncated. */
const MAX_TREE_ENTRIES = 100_000;

/** Trees, blobs and commits as objects, without touching a branch. */
export const gitDataRoutes: readonly Route[] = [
  { method: "GET", path: `${GIT}/trees/{tree_sha}`, access: READ, handle: getTree },
  { method: "POST", path: `${GIT}/trees`, access: WRITE, handle: postTree },
  { method: "GET", path: `${GIT}/blobs/{file_sha}`, access: READ, handle: getBlob },
  { method: "POST", path: `${GIT}/blobs`, access: WRITE, handle: postBlob },
  { method: "GET", path: `${GIT}/commits/{commit_sha}`, access: READ, handle: getCommit },
  { method: "POST", path: `${GIT}/commits`, access: WRITE, handle: postCommit },
];

function getTree(call: Call): Answer {
  const { gitDir } = call.repo;
  const asked = pathText(call, "tree_sha");
  const sha = typeOfObject(gitDir, asked) === "tree" ? asked : resolveRef(gitDir, asked);
  if (sha === undefined) throw new Refusal(404, "Not Found");
  const recursive = (call.query.get("recursive") ?? "") !== "";
  return { status: 200, body: presentTree(call, { sha: treeOf(gitDir, sha), recursive }) };
}

function treeOf(gitDir: string, sha: string): string {
  return typeOfObject(gitDir, sha) === "commit" ? readCommit(gitDir, sha).tree : sha;
}

function presentTree(call: Call, { sha, recursive }: { readonly sha: string; readonly recursive: boolean }) {
  const url = `${repositoryUrl(call.world, call.repo)}/git`;
  const entries = readTree({ gitDir: call.repo.gitDir, sha, recursive });
  const tree = entries.slice(0, MAX_TREE_ENTRIES).map((entry) => ({
    path: entry.path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.size !== null && { size: entry.size }),
    ...(entry.type !== "commit" && { url: `${url}/${entry.type}s/${entry.sha}` }),
  }));
  return { sha, url: `${url}/trees/${sha}`, tree, truncated: entries.length > MAX_TREE_ENTRIES };
}

function postTree(call: Call): Answer {
  const { repo, body } = call;
  const baseTree = readBaseTree(repo, body);
  const changes = readTreeChanges(repo, body);
  const sha = writeTree({ gitDir: repo.gitDir, baseTree, changes });
  return { status: 201, body: presentTree(call, { sha, recursive: false }) };
}

function getBlob(call: Call): Answer {
  const { world, repo } = call;
  const sha = pathText(call, "file_sha");
  if (typeOfObject(repo.gitDir, sha) !== "blob") throw new Refusal(404, "Not Found");
  const bytes = readBlob(repo.gitDir, sha);
  if (call.accept.includes("raw")) return { status: 200, raw: bytes };
  const url = `${repositoryUrl(world, repo)}/git/blobs/${sha}`;
  const content = { content: wrapBase64(bytes), encoding: "base64", size: bytes.length };
  return { status: 200, body: { sha, node_id: nodeId(`B_${sha.slice(0, 8)}`, repo.id), url, ...content } };
}

function postBlob(call: Call): Answer {
  const { world, repo, body } = call;
  const content = optionalText(body, "content") ?? requiredText(body, "content");
  const encoding = optionalChoice(body, "encoding", ["utf-8", "base64"]) ?? "utf-8";
  const sha = writeBlob(repo.gitDir, encoding === "base64" ? decodeBase64(content) : Buffer.from(content));
  return { status: 201, body: { sha, url: `${repositoryUrl(world, repo)}/git/blobs/${sha}` } };
}

function getCommit(call: Call): Answer {
  const { world, repo } = call;
  const sha = pathText(call, "commit_sha");
  if (typeOfObject(repo.gitDir, sha) !== "commit") throw new Refusal(404, "Not Found");
  return { status: 200, body: presentGitCommit(world, repo, readCommit(repo.gitDir, sha)) };
}

function postCommit(call: Call): Answer {
  const { world, repo, body } = call;
  const { gitDir } = repo;
  const message = requiredText(body, "message");
  const tree = requiredText(body, "tree");
  if (typeOfObject(gitDir, tree) !== "tree") throw new Refusal(422, "Tree SHA does not exist");
  const parents = readParents(call);
  const self = { ...identityOf(actingUser(call)), date: world.now() };
  const author = readSignature(body.author, self);
  const committer = readSignature(body.committer, author);
  const sha = writeCommit({ gitDir, tree, parents, author, committer, message });
  return { status: 201, body: presentGitCommit(world, repo, readCommit(gitDir, sha)) };
}

function readParents({ repo, body }: Call): readonly string[] {
  const parents: readonly unknown[] = Array.isArray(body.parents) ? body.parents : [];
  return parents.map((parent) => {
    if (typeof parent !== "string" || typeOfObject(repo.gitDir, parent) !== "commit") {
      throw new Refusal(422, "Parent SHA does not exist or is not a commit object");
    }
    return parent;
  });
}
