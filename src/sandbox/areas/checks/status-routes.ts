import { isAncestor } from "../../git/history.ts";
import { readCommit } from "../../git/objects.ts";
import { listBranches } from "../../git/refs.ts";
import { nullableText, optionalChoice, optionalText, validationFailed } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { presentCommit } from "../../present/code/commit.ts";
import { presentCombinedStatus, presentSimpleStatus, presentStatus } from "../../present/code/status.ts";
import { repositoryUrl } from "../../present/repository.ts";
import type { CommitStatus } from "../../world/records.ts";
import { actingUser } from "../acting-user.ts";
import { commitOfPath } from "../code/find-commit.ts";

const READ = { permission: "statuses", level: "read" } as const;
const WRITE = { permission: "statuses", level: "write" } as const;
const REPO = "/repos/{owner}/{repo}";
const RESOURCE = "Status";
const MAX_DESCRIPTION = 140;
const MAX_PER_CONTEXT = 1000;

export const statusRoutes: readonly Route[] = [
  { method: "POST", path: `${REPO}/statuses/{sha}`, access: WRITE, handle: postStatus },
  { method: "GET", path: `${REPO}/commits/{ref}/status`, access: READ, handle: getCombined },
  { method: "GET", path: `${REPO}/commits/{ref}/statuses`, access: READ, handle: listAll },
];

function postStatus(call: Call): Answer {
  const { world, repo } = call;
  const status = readStatus(call, commitOfPath(call));
  const known = repo.statuses.filter((one) => one.sha === status.sha && one.context === status.context);
  if (known.length >= MAX_PER_CONTEXT) {
    const message = "This SHA and context has reached the maximum number of statuses.";
    throw validationFailed({ resource: RESOURCE, code: "custom", message });
  }
  repo.statuses.push(status);
  emitStatus(call, status);
  return { status: 201, body: presentStatus(world, repo, status) };
}

function readStatus(call: Call, sha: string): CommitStatus {
  const { world, body } = call;
  const state = optionalChoice(body, "state", ["error", "failure", "pending", "success"]);
  const description = nullableText(body, "description") ?? null;
  if (state === undefined)
    throw validationFailed({ resource: RESOURCE, code: "missing_field", field: "state" });
  if (description !== null && description.length > MAX_DESCRIPTION) {
    const message = `description is too long (maximum is ${MAX_DESCRIPTION} characters)`;
    throw validationFailed({ resource: RESOURCE, code: "custom", field: "description", message });
  }
  return {
    id: world.nextId(),
    sha,
    context: optionalText(body, "context") ?? "default",
    state,
    description,
    targetUrl: nullableText(body, "target_url") ?? null,
    creator: actingUser(call),
    createdAt: world.now(),
  };
}

function emitStatus({ world, repo }: Call, status: CommitStatus): void {
  const { id, state, description, target_url, context, created_at, updated_at, avatar_url } =
    presentSimpleStatus(world, repo, status);
  const branches = listBranches(repo.gitDir).filter((branch) =>
    isAncestor(repo.gitDir, status.sha, branch.sha),
  );
  world.emit({
    event: "status",
    action: null,
    repo,
    sender: status.creator,
    payload: {
      id,
      sha: status.sha,
      name: `${repo.owner.login}/${repo.name}`,
      state,
      description,
      target_url,
      context,
      created_at,
      updated_at,
      avatar_url,
      commit: presentCommit(world, repo, readCommit(repo.gitDir, status.sha)),
      branches: branches.slice(0, 10).map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${repositoryUrl(world, repo)}/commits/${sha}` },
        protected: false,
      })),
    },
  });
}

function getCombined(call: Call): Answer {
  const sha = commitOfPath(call);
  const newest = new Map(ofCommit(call, sha).map((status) => [status.context, status]));
  return {
    status: 200,
    body: presentCombinedStatus(call.world, call.repo, { sha, statuses: [...newest.values()] }),
  };
}

function listAll(call: Call): Answer {
  const { world, repo } = call;
  const { items, headers } = paginate(call, ofCommit(call, commitOfPath(call)).toReversed());
  return { status: 200, headers, body: items.map((status) => presentStatus(world, repo, status)) };
}

function ofCommit({ repo }: Call, sha: string): readonly CommitStatus[] {
  return repo.statuses.filter((status) => status.sha === sha);
}
