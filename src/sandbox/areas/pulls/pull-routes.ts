import { fetchCommit } from "../../git/fetch.ts";
import { resolveRef } from "../../git/git.ts";
import { readCommits } from "../../git/objects.ts";
import { pullCommits, pullFiles } from "../../git/pull-facts.ts";
import { nullableText, optionalChoice, optionalText, validationFailed } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentCommit, presentFile } from "../../present/code/commit.ts";
import { issueOf, presentPullAnswer, presentPullSimple } from "../../present/issues/pull.ts";
import type { Pull, Repo } from "../../world/records.ts";
import { hasRole, roleOf } from "../../world/roles.ts";
import { actingUser } from "../acting-user.ts";
import { mayChange } from "../issues/issue-access.ts";
import { closeIssue, editIssue, reopenIssue } from "../issues/issue-records.ts";
import { pullOfPath } from "./find-pull.ts";
import { listPulls } from "./list-pulls.ts";
import { checkDifference, readBody, readNewPull, readTitle } from "./pull-body.ts";
import { createPull, emitPull } from "./pull-records.ts";

const READ = { permission: "pull_requests", level: "read" } as const;
/** People need no role here to offer what lies in a fork of theirs. */
const WRITE = { permission: "pull_requests", level: "write", role: "read" } as const;
const PULLS = "/repos/{owner}/{repo}/pulls";
const PULL = `${PULLS}/{pull_number}`;
const MAX_FILES = 3000;
const MAX_COMMITS = 250;

/** Pull requests: what they are, what they change, and their life until the merge. */
export const pullRoutes: readonly Route[] = [
  { method: "GET", path: PULLS, access: READ, handle: getPulls },
  { method: "POST", path: PULLS, access: WRITE, content: true, handle: postPull },
  { method: "GET", path: PULL, access: READ, handle: getPull },
  { method: "PATCH", path: PULL, access: WRITE, handle: patchPull },
  { method: "GET", path: `${PULL}/files`, access: READ, handle: getFiles },
  { method: "GET", path: `${PULL}/commits`, access: READ, handle: getCommits },
];

function getPulls(call: Call): Answer {
  const { world, repo, query } = call;
  const { items, headers } = paginate(call, listPulls(repo, query));
  return { status: 200, headers, body: items.map((pull) => presentPullSimple(world, repo, pull)) };
}

function postPull(call: Call): Answer {
  const { world, repo } = call;
  const values = readNewPull(call);
  checkAuthor(call, values.headRepo);
  fetchCommit(repo, values.headRepo, `refs/heads/${values.headRef}`);
  checkDifference(repo, values);
  const pull = createPull(world, repo, { ...values, user: actingUser(call) });
  return { status: 201, body: presentPullAnswer(world, repo, pull) };
}

function checkAuthor({ actor, repo }: Call, headRepo: Repo): void {
  if (actor.kind !== "user") return;
  if ([repo, headRepo].some((one) => hasRole(roleOf(one, actor.user), "write"))) return;
  throw validationFailed({ resource: "PullRequest", code: "custom", message: "must be a collaborator" });
}

function getPull(call: Call): Answer {
  return { status: 200, body: presentPullAnswer(call.world, call.repo, pullOfPath(call)) };
}

function patchPull(call: Call): Answer {
  const { world, repo, body } = call;
  const pull = pullOfPath(call);
  const issue = issueOf(repo, pull);
  if (!mayChange(call, issue.user)) throw new Refusal(403, "Must have push access to repository.");
  const user = actingUser(call);
  const title = optionalText(body, "title");
  const text = nullableText(body, "body");
  const state = optionalChoice(body, "state", ["open", "closed"]);
  if (state === "open" && issue.state === "closed") checkReopen(call, pull);
  const edit = {
    ...(title !== undefined && { title: readTitle(title) }),
    ...(text !== undefined && { body: readBody(text) }),
  };
  changeBase(call, pull);
  editIssue(world, { repo, issue, edit, user });
  if (state === "closed") closeIssue(world, { repo, issue, user });
  if (state === "open") reopenIssue(world, { repo, issue, user });
  return { status: 200, body: presentPullAnswer(world, repo, pull) };
}

function checkReopen({ world }: Call, pull: Pull): void {
  const head = world.repos.get(pull.headRepoId);
  const isThere = head !== undefined && resolveRef(head.gitDir, `refs/heads/${pull.headRef}`) !== undefined;
  if (isThere && !pull.merged) return;
  const message = pull.merged
    ? "state cannot be changed. The pull request has been merged."
    : `state cannot be changed. The ${pull.headRef} branch has been deleted.`;
  throw validationFailed({ resource: "PullRequest", field: "state", code: "invalid", message });
}

function changeBase(call: Call, pull: Pull): void {
  const { world, repo, body } = call;
  const base = optionalText(body, "base");
  if (base === undefined || base === pull.baseRef) return;
  const sha = resolveRef(repo.gitDir, `refs/heads/${base}`);
  if (sha === undefined) throw validationFailed({ resource: "PullRequest", field: "base", code: "invalid" });
  const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
  pull.baseRef = base;
  pull.baseSha = sha;
  emitPull(world, { repo, pull, action: "edited", sender: actingUser(call), extra: { changes } });
}

function getFiles(call: Call): Answer {
  const { world, repo } = call;
  const pull = pullOfPath(call);
  const { items, headers } = paginate(call, pullFiles(repo, pull).slice(0, MAX_FILES));
  const body = items.map((file) => presentFile(world, repo, { file, sha: pull.headSha }));
  return { status: 200, headers, body };
}

function getCommits(call: Call): Answer {
  const { world, repo } = call;
  const shas = pullCommits(repo, pullOfPath(call)).slice(0, MAX_COMMITS);
  const { items, headers } = paginate(call, shas);
  const body = readCommits(repo.gitDir, items).map((commit) => presentCommit(world, repo, commit));
  return { status: 200, headers, body };
}
