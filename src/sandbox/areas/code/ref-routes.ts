import { isRefName, resolveRef } from "../../git/git.ts";
import { typeOfObject } from "../../git/objects.ts";
import { updateRef } from "../../git/push.ts";
import { type GitRef, listRefs } from "../../git/refs.ts";
import { optionalBoolean, requiredText } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { nodeId } from "../../present/node-id.ts";
import { repositoryUrl } from "../../present/repository.ts";
import { actingUser } from "../acting-user.ts";

import { pathText } from "../path-text.ts";

const READ = { permission: "contents", level: "read" } as const;
const WRITE = { permission: "contents", level: "write" } as const;
const GIT = "/repos/{owner}/{repo}/git";

/** Branches and tags as git refs. */
export const refRoutes: readonly Route[] = [
  { method: "GET", path: `${GIT}/ref/{ref}`, access: READ, handle: getRef },
  { method: "GET", path: `${GIT}/matching-refs/{ref}`, access: READ, handle: listMatching },
  { method: "POST", path: `${GIT}/refs`, access: WRITE, handle: postRef },
  { method: "PATCH", path: `${GIT}/refs/{ref}`, access: WRITE, handle: patchRef },
  { method: "DELETE", path: `${GIT}/refs/{ref}`, access: WRITE, handle: deleteRef },
];

function getRef(call: Call): Answer {
  const name = `refs/${pathText(call, "ref")}`;
  const ref = listRefs(call.repo.gitDir).find((one) => one.name === name);
  if (ref === undefined) throw new Refusal(404, "Not Found");
  return { status: 200, body: presentRef(call, ref) };
}

function listMatching(call: Call): Answer {
  const prefix = `refs/${pathText(call, "ref")}`;
  const refs = listRefs(call.repo.gitDir).filter((ref) => ref.name.startsWith(prefix));
  const { items, headers } = paginate(call, refs);
  return { status: 200, headers, body: items.map((ref) => presentRef(call, ref)) };
}

function postRef(call: Call): Answer {
  const { world, repo, body } = call;
  const name = requiredText(body, "ref");
  const sha = requiredText(body, "sha");
  if (!/^refs\/[^/]+\/./.test(name)) {
    throw new Refusal(422, "Reference name must start with 'refs/' and contain at least two slashes");
  }
  if (!isRefName(name)) throw new Refusal(422, `${name} is not a valid ref name.`);
  const names = listRefs(repo.gitDir).map((ref) => ref.name);
  if (names.includes(name)) throw new Refusal(422, "Reference already exists");
  const isInTheWay = names.some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
  if (isInTheWay) throw new Refusal(422, "Reference update failed");
  checkCommit(call, sha);
  updateRef(world, { repo, ref: name, sha, user: actingUser(call) });
  return { status: 201, body: presentRef(call, { name, sha, type: "commit" }) };
}

function patchRef(call: Call): Answer {
  const { world, repo, body } = call;
  const name = existingRef(call);
  const sha = requiredText(body, "sha");
  const force = optionalBoolean(body, "force") ?? false;
  checkCommit(call, sha);
  updateRef(world, { repo, ref: name, sha, force, user: actingUser(call) });
  return { status: 200, body: presentRef(call, { name, sha, type: "commit" }) };
}

function deleteRef(call: Call): Answer {
  const { world, repo } = call;
  const ref = existingRef(call);
  if (ref === `refs/heads/${repo.defaultBranch}`) throw new Refusal(422, "Cannot delete the default branch");
  updateRef(world, { repo, ref, sha: null, user: actingUser(call) });
  return { status: 204 };
}

function existingRef(call: Call): string {
  const name = `refs/${pathText(call, "ref")}`;
  const isWritable = name.startsWith("refs/heads/") || name.startsWith("refs/tags/");
  if (!isWritable || resolveRef(call.repo.gitDir, name) === undefined) {
    throw new Refusal(422, "Reference does not exist");
  }
  return name;
}

function checkCommit({ repo }: Call, sha: string): void {
  if (typeOfObject(repo.gitDir, sha) !== "commit") throw new Refusal(422, "Object does not exist");
}

function presentRef({ world, repo }: Call, { name, sha, type }: GitRef) {
  const url = repositoryUrl(world, repo);
  return {
    ref: name,
    node_id: nodeId(`REF_${Buffer.from(name).toString("base64url")}`, repo.id),
    url: `${url}/git/${name}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  };
}
