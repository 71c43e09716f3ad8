import { resolveRef } from "../../git/git.ts";
import { nullableText, optionalBoolean, optionalText, validationFailed } from "../../http/body-fields.ts";
import { type Access, type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentFullRepository } from "../../present/repository.ts";
import { findRepo } from "../../world/find-records.ts";
import { roleOf } from "../../world/roles.ts";
import { actingUser } from "../issues/issue-access.ts";
import { deleteRepository, renameRepository, setArchived, setPrivate } from "./repository-records.ts";

const PATH = "/repos/{owner}/{repo}";
const administer: Access = { permission: "administration", level: "write", role: "admin" };

export const repositoryRoutes: readonly Route[] = [
  { method: "GET", path: PATH, access: { permission: "metadata", level: "read" }, handle: get },
  { method: "PATCH", path: PATH, access: administer, handle: change },
  { method: "DELETE", path: PATH, access: administer, handle: remove },
];

function get({ world, repo, actor }: Call): Answer {
  const role = actor.kind === "user" ? roleOf(repo, actor.user) : null;
  return { status: 200, body: presentFullRepository(world, repo, role) };
}

function change(call: Call): Answer {
  const { world, repo, body } = call;
  const sender = actingUser(call);
  const name = optionalText(body, "name");
  const description = nullableText(body, "description");
  const isPrivate = optionalBoolean(body, "private");
  const archived = optionalBoolean(body, "archived");
  const defaultBranch = optionalText(body, "default_branch");
  if (repo.archived && archived !== false) throw new Refusal(403, "Repository was archived so is read-only.");
  if (name !== undefined) checkName(call, name);
  if (defaultBranch !== undefined) checkBranch(call, defaultBranch);

  if (name !== undefined) renameRepository(world, { repo, sender, name });
  if (description !== undefined) repo.description = description;
  if (isPrivate !== undefined) setPrivate(world, { repo, sender, isPrivate });
  if (archived !== undefined) setArchived(world, { repo, sender, archived });
  if (defaultBranch !== undefined) repo.defaultBranch = defaultBranch;
  return get(call);
}

function remove(call: Call): Answer {
  deleteRepository(call.world, { repo: call.repo, sender: actingUser(call) });
  return { status: 204 };
}

function checkName({ world, repo }: Call, name: string): void {
  if (!/^[\w.-]{1,100}$/.test(name)) {
    throw validationFailed({
      resource: "Repository",
      code: "custom",
      field: "name",
      message: "name is invalid",
    });
  }
  const holder = findRepo(world, repo.owner.login, name);
  if (!holder || holder === repo) return;
  const message = "name already exists on this account";
  throw validationFailed({ resource: "Repository", code: "custom", field: "name", message });
}

function checkBranch({ repo }: Call, branch: string): void {
  if (resolveRef(repo.gitDir, `refs/heads/${branch}`) !== undefined) return;
  const message = `The branch ${branch} was not found.`;
  throw validationFailed({ resource: "Repository", code: "invalid", field: "default_branch", message });
}
