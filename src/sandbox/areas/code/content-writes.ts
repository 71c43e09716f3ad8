import { resolveRef } from "../../git/git.ts";
import { type GitIdentity, type GitSignature, identityOf } from "../../git/identity.ts";
import { type GitCommit, readCommit, readEntry, type TreeEntry } from "../../git/objects.ts";
import { updateRef } from "../../git/push.ts";
import { isTreePath, type TreeChange, writeCommit, writeTree } from "../../git/write.ts";
import { invalidRequest, isRecord, optionalText, requiredText } from "../../http/body-fields.ts";
import { type Answer, type Call, Refusal } from "../../http/route.ts";
import { presentGitCommit } from "../../present/code/commit.ts";
import { presentEntry } from "../../present/code/content.ts";
import { actingUser } from "../acting-user.ts";
import { pathText } from "../path-text.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Creates or replaces one file with a commit of its own. */
export function putContent(call: Call): Answer {
  const message = requiredText(call.body, "message");
  const content = decodeBase64(requiredText(call.body, "content"));
  const place = locate(call);
  checkSha(place, optionalText(call.body, "sha"));
  const mode = place.entry?.mode ?? "100644";
  const commit = commitChange(call, {
    place,
    message,
    change: { kind: "content", path: place.path, mode, content },
  });
  const entry = readEntry(call.repo.gitDir, commit.sha, place.path);
  return {
    status: place.entry === undefined ? 201 : 200,
    body: {
      content: entry === undefined ? null : presentEntry(call.world, call.repo, { entry, ref: place.branch }),
      commit: presentGitCommit(call.world, call.repo, commit),
    },
  };
}

export function deleteContent(call: Call): Answer {
  const message = requiredText(call.body, "message");
  const sha = requiredText(call.body, "sha");
  const place = locate(call);
  if (place.entry === undefined) throw new Refusal(404, "Not Found");
  checkSha(place, sha);
  const commit = commitChange(call, { place, message, change: { kind: "remove", path: place.path } });
  return { status: 200, body: { content: null, commit: presentGitCommit(call.world, call.repo, commit) } };
}

interface Place {
  readonly path: string;
  readonly branch: string;
  readonly parent: string | undefined;
  readonly entry: TreeEntry | undefined;
}

function locate(call: Call): Place {
  const { repo, body } = call;
  const path = pathText(call, "path");
  if (!isTreePath(path)) throw new Refusal(422, "path contains a malformed path component");
  const branch = optionalText(body, "branch") ?? repo.defaultBranch;
  const parent = resolveRef(repo.gitDir, `refs/heads/${branch}`);
  // Only the very first file may make its branch.
  if (parent === undefined && branch !== repo.defaultBranch)
    throw new Refusal(404, `Branch ${branch} not found`);
  const entry = parent === undefined ? undefined : readEntry(repo.gitDir, parent, path);
  if (entry?.type === "tree") throw new Refusal(422, "path exists as a directory");
  return { path, branch, parent, entry };
}

function checkSha({ path, entry }: Place, sha: string | undefined): void {
  if (entry !== undefined && sha === undefined) throw invalidRequest(`"sha" wasn't supplied.`);
  if (sha !== undefined && sha !== entry?.sha) throw new Refusal(409, `${path} does not match ${sha}`);
}

interface Change {
  readonly place: Place;
  readonly message: string;
  readonly change: TreeChange;
}

function commitChange(call: Call, { place, message, change }: Change): GitCommit {
  const { world, repo, body } = call;
  const { gitDir } = repo;
  const user = actingUser(call);
  const { parent } = place;
  const baseTree = parent === undefined ? null : readCommit(gitDir, parent).tree;
  const tree = writeTree({ gitDir, baseTree, changes: [change] });
  const self = { ...identityOf(user), date: world.now() };
  const committer = readSignature(body.committer, self);
  const author = readSignature(body.author, committer);
  const parents = parent === undefined ? [] : [parent];
  const sha = writeCommit({ gitDir, tree, parents, author, committer, message });
  updateRef(world, { repo, ref: `refs/heads/${place.branch}`, sha, user });
  return readCommit(gitDir, sha);
}

/** The author or committer that a body gives, filled up from a signature that is known. */
export function readSignature(value: unknown, otherwise: GitSignature): GitSignature {
  if (!isRecord(value)) return otherwise;
  const identity = readIdentity(value, otherwise);
  const text = optionalText(value, "date");
  const date = text === undefined ? otherwise.date : new Date(text);
  if (Number.isNaN(date.getTime())) throw invalidRequest(`"date" is not a valid date-time.`);
  return { ...identity, date };
}

function readIdentity(value: Readonly<Record<string, unknown>>, otherwise: GitIdentity): GitIdentity {
  const clean = (text: string) => text.replaceAll(/[<>\n]/g, "").trim();
  return {
    name: clean(optionalText(value, "name") ?? "") || otherwise.name,
    email: clean(optionalText(value, "email") ?? "") || otherwise.email,
  };
}

/** Bytes of a base64 text, line breaks allowed. */
export function decodeBase64(text: string): Buffer {
  const joined = text.replaceAll(/\s/g, "");
  if (!BASE64.test(joined)) throw new Refusal(422, "content is not valid Base64");
  return Buffer.from(joined, "base64");
}
