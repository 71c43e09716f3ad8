import { resolveRef } from "../../git/git.ts";
import { readBlob, readEntry, readTree, type TreeEntry } from "../../git/objects.ts";
import { validationFailed } from "../../http/body-fields.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentEntry, presentFileContent, presentFolder } from "../../present/code/content.ts";
import { pathText } from "../path-text.ts";
import { deleteContent, putContent } from "./content-writes.ts";

const READ = { permission: "contents", level: "read" } as const;
const WRITE = { permission: "contents", level: "write" } as const;
const PATH = "/repos/{owner}/{repo}/contents/{path}";

/** Reading and writing files one at a time. */
export const contentRoutes: readonly Route[] = [
  { method: "GET", path: "/repos/{owner}/{repo}/contents", access: READ, handle: getContent },
  { method: "GET", path: "/repos/{owner}/{repo}/contents/", access: READ, handle: getContent },
  { method: "GET", path: PATH, access: READ, handle: getContent },
  { method: "PUT", path: PATH, access: WRITE, handle: putContent },
  { method: "DELETE", path: PATH, access: WRITE, handle: deleteContent },
];

function getContent(call: Call): Answer {
  const { repo } = call;
  const ref = call.query.get("ref") ?? repo.defaultBranch;
  const sha = resolveRef(repo.gitDir, ref);
  if (sha === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const path = pathText(call, "path").replace(/^\/+|\/+$/g, "");
  const place = { sha, path, ref };
  if (path === "") return answerFolder(call, place);
  const entry = readEntry(repo.gitDir, sha, path);
  if (entry === undefined) throw new Refusal(404, "Not Found");
  return entry.type === "tree" ? answerFolder(call, place) : answerFile(call, { entry, ref });
}

interface Place {
  readonly sha: string;
  readonly path: string;
  readonly ref: string;
}

function answerFolder(call: Call, { sha, path, ref }: Place): Answer {
  const { world, repo, accept } = call;
  if (accept.includes("raw"))
    throw validationFailed({ resource: "Contents", code: "invalid", field: "path" });
  const folder = path === "" ? { sha } : readEntry(repo.gitDir, sha, path);
  const treeSha = folder?.sha ?? sha;
  const entries = readTree({ gitDir: repo.gitDir, sha: treeSha }).map((entry) => ({
    ...entry,
    path: path === "" ? entry.path : `${path}/${entry.path}`,
  }));
  const body = accept.includes("vnd.github.object")
    ? presentFolder(world, repo, { path, treeSha, entries, ref })
    : entries.map((entry) => presentEntry(world, repo, { entry, ref }));
  return { status: 200, body };
}

function answerFile(call: Call, { entry, ref }: { readonly entry: TreeEntry; readonly ref: string }): Answer {
  const { world, repo } = call;
  if (entry.type === "commit") throw new Refusal(404, "Not Found");
  const bytes = readBlob(repo.gitDir, entry.sha);
  if (call.accept.includes("raw")) {
    return {
      status: 200,
      raw: bytes,
      headers: { "content-type": "application/vnd.github.raw+json; charset=utf-8" },
    };
  }
  return { status: 200, body: presentFileContent(world, repo, { entry, ref, bytes }) };
}
