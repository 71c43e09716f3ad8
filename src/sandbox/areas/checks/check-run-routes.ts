import { resolveRef } from "../../git/git.ts";
import { listBranches } from "../../git/refs.ts";
import { optionalText, pathNumber, requiredText } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentAnnotation, presentCheckRun } from "../../present/code/check.ts";
import type { AppRegistration, CheckRun } from "../../world/records.ts";
import { actingUser } from "../acting-user.ts";
import { commitOfPath } from "../code/find-commit.ts";
import { readCheckChange } from "./check-body.ts";
import { createCheckRun, latestRuns, rerequestCheckRun, updateCheckRun } from "./check-records.ts";

const READ = { permission: "checks", level: "read" } as const;
/** People are let through to be told that only apps may do this. */
const WRITE = { permission: "checks", level: "write", role: "read" } as const;
const REPO = "/repos/{owner}/{repo}";
const RUN = `${REPO}/check-runs/{check_run_id}`;

export const checkRunRoutes: readonly Route[] = [
  { method: "POST", path: `${REPO}/check-runs`, access: WRITE, handle: postRun },
  { method: "GET", path: RUN, access: READ, handle: getRun },
  { method: "PATCH", path: RUN, access: WRITE, handle: patchRun },
  { method: "GET", path: `${RUN}/annotations`, access: READ, handle: getAnnotations },
  { method: "POST", path: `${RUN}/rerequest`, access: WRITE, handle: postRerequest },
  { method: "GET", path: `${REPO}/commits/{ref}/check-runs`, access: READ, handle: listOfCommit },
  {
    method: "GET",
    path: `${REPO}/check-suites/{check_suite_id}/check-runs`,
    access: READ,
    handle: listOfSuite,
  },
];

/** The app that calls; people get GitHub's refusal. */
export function callingApp({ world, appId }: Call): AppRegistration {
  const app = [world.app, world.actionsApp].find((known) => known !== null && known.id === appId);
  if (!app) throw new Refusal(403, "You must authenticate via a GitHub App.");
  return app;
}

function postRun(call: Call): Answer {
  const { world, repo, body } = call;
  const app = callingApp(call);
  const name = requiredText(body, "name");
  const asked = requiredText(body, "head_sha");
  const headSha = resolveRef(repo.gitDir, asked);
  if (headSha !== asked) throw new Refusal(422, `No commit found for SHA: ${asked}`);
  const change = readCheckChange(body, { isNew: true });
  const headBranch = listBranches(repo.gitDir).find((branch) => branch.sha === headSha)?.name ?? null;
  const status = change.status ?? "queued";
  const sender = actingUser(call);
  const run = createCheckRun(world, repo, { ...change, app, name, headSha, headBranch, status, sender });
  return { status: 201, body: presentCheckRun(world, repo, run) };
}

function getRun(call: Call): Answer {
  return { status: 200, body: presentCheckRun(call.world, call.repo, runOfPath(call)) };
}

function patchRun(call: Call): Answer {
  const { world, repo, body } = call;
  const app = callingApp(call);
  const run = runOfPath(call);
  if (run.appId !== app.id) {
    const rule = "check run can only be modified by the GitHub App that created it.";
    throw new Refusal(403, `Invalid app_id \`${app.id}\` - ${rule}`);
  }
  const change = readCheckChange(body, { isNew: false });
  updateCheckRun(world, repo, run, { ...change, name: optionalText(body, "name"), sender: actingUser(call) });
  return { status: 200, body: presentCheckRun(world, repo, run) };
}

function getAnnotations(call: Call): Answer {
  const { world, repo } = call;
  const run = runOfPath(call);
  const { items, headers } = paginate(call, run.annotations);
  const body = items.map((annotation) => presentAnnotation(world, repo, { run, annotation }));
  return { status: 200, headers, body };
}

function postRerequest(call: Call): Answer {
  const app = callingApp(call);
  const run = runOfPath(call);
  if (run.appId !== app.id) throw new Refusal(403, "This check run is not rerequestable");
  rerequestCheckRun(call.world, call.repo, { run, sender: actingUser(call) });
  return { status: 201, body: {} };
}

function listOfCommit(call: Call): Answer {
  const sha = commitOfPath(call);
  return answerRuns(call, (run) => run.headSha === sha);
}

function listOfSuite(call: Call): Answer {
  const id = pathNumber(call.params, "check_suite_id");
  if (!call.repo.checkSuites.has(id)) throw new Refusal(404, "Not Found");
  return answerRuns(call, (run) => run.suiteId === id);
}

/** The runs of a commit or suite, newest first, filtered as the query says. */
function answerRuns(call: Call, belongs: (run: CheckRun) => boolean): Answer {
  const { world, repo, query } = call;
  const fits = (name: string, value: string) => (query.get(name) ?? value) === value;
  const all = [...repo.checkRuns.values()].filter(belongs);
  const runs = (query.get("filter") === "all" ? all : latestRuns(all))
    .filter((run) => fits("check_name", run.name) && fits("status", run.status))
    .filter((run) => fits("app_id", String(run.appId)))
    .sort((a, b) => b.id - a.id);
  const { items, headers } = paginate(call, runs);
  const check_runs = items.map((run) => presentCheckRun(world, repo, run));
  return { status: 200, headers, body: { total_count: runs.length, check_runs } };
}

function runOfPath({ repo, params }: Call): CheckRun {
  const run = repo.checkRuns.get(pathNumber(params, "check_run_id"));
  if (run === undefined) throw new Refusal(404, "Not Found");
  return run;
}
