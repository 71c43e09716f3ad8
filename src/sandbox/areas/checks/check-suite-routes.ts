import { pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentCheckSuite } from "../../present/code/check.ts";
import type { CheckSuite, Repo } from "../../world/records.ts";
import { actingUser } from "../acting-user.ts";
import { commitOfPath } from "../code/find-commit.ts";
import { rerequestCheckSuite } from "./check-records.ts";
import { callingApp } from "./check-run-routes.ts";

const READ = { permission: "checks", level: "read" } as const;
const WRITE = { permission: "checks", level: "write", role: "read" } as const;
const REPO = "/repos/{owner}/{repo}";
const SUITE = `${REPO}/check-suites/{check_suite_id}`;

export const checkSuiteRoutes: readonly Route[] = [
  { method: "GET", path: `${REPO}/commits/{ref}/check-suites`, access: READ, handle: listOfCommit },
  { method: "GET", path: SUITE, access: READ, handle: getSuite },
  { method: "POST", path: `${SUITE}/rerequest`, access: WRITE, handle: postRerequest },
];

function listOfCommit(call: Call): Answer {
  const { world, repo, query } = call;
  const sha = commitOfPath(call);
  const appId = query.get("app_id");
  const name = query.get("check_name");
  const suites = [...repo.checkSuites.values()]
    .filter((suite) => suite.headSha === sha)
    .filter((suite) => appId === null || String(suite.appId) === appId)
    .filter((suite) => name === null || hasRun(repo, suite, name));
  const { items, headers } = paginate(call, suites);
  const check_suites = items.map((suite) => presentCheckSuite(world, repo, suite));
  return { status: 200, headers, body: { total_count: suites.length, check_suites } };
}

function hasRun(repo: Repo, suite: CheckSuite, name: string): boolean {
  return [...repo.checkRuns.values()].some((run) => run.suiteId === suite.id && run.name === name);
}

function getSuite(call: Call): Answer {
  return { status: 200, body: presentCheckSuite(call.world, call.repo, suiteOfPath(call)) };
}

function postRerequest(call: Call): Answer {
  const app = callingApp(call);
  const suite = suiteOfPath(call);
  if (suite.appId !== app.id) throw new Refusal(403, "This check suite is not rerequestable");
  rerequestCheckSuite(call.world, call.repo, { suite, sender: actingUser(call) });
  return { status: 201, body: {} };
}

function suiteOfPath({ repo, params }: Call): CheckSuite {
  const suite = repo.checkSuites.get(pathNumber(params, "check_suite_id"));
  if (suite === undefined) throw new Refusal(404, "Not Found");
  return suite;
}
