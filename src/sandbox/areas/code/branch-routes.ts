import { readCommit } from "../../git/objects.ts";
import { listBranches } from "../../git/refs.ts";
import { paginate } from "../../http/paginate.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { encodePath, presentCommit } from "../../present/code/commit.ts";
import { repositoryPage, repositoryUrl } from "../../present/repository.ts";
import { pathText } from "../path-text.ts";
import { tipOfBranch } from "./find-commit.ts";

const READ = { permission: "contents", level: "read" } as const;
const REPO = "/repos/{owner}/{repo}";
const UNPROTECTED = {
  enabled: false,
  required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
};

/** Branches with their tips. */
export const branchRoutes: readonly Route[] = [
  { method: "GET", path: `${REPO}/branches`, access: READ, handle: listAll },
  { method: "GET", path: `${REPO}/branches/{branch}`, access: READ, handle: getBranch },
];

function listAll(call: Call): Answer {
  const { world, repo } = call;
  const { items, headers } = paginate(call, listBranches(repo.gitDir));
  const body = items.map(({ name, sha }) => ({
    name,
    commit: { sha, url: `${repositoryUrl(world, repo)}/commits/${sha}` },
    protected: false,
  }));
  return { status: 200, headers, body };
}

function getBranch(call: Call): Answer {
  const { world, repo } = call;
  const name = pathText(call, "branch");
  const commit = readCommit(repo.gitDir, tipOfBranch(call, name));
  const url = `${repositoryUrl(world, repo)}/branches/${encodePath(name)}`;
  return {
    status: 200,
    body: {
      name,
      commit: presentCommit(world, repo, commit),
      _links: { self: url, html: `${repositoryPage(world, repo)}/tree/${encodePath(name)}` },
      protected: false,
      protection: UNPROTECTED,
      protection_url: `${url}/protection`,
    },
  };
}
