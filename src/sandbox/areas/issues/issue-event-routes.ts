import { paginate } from "../../http/paginate.ts";
import type { Answer, Call, Route } from "../../http/route.ts";
import { presentIssueEvent } from "../../present/issues/issue-event.ts";
import { findIssue, readIssues } from "./issue-access.ts";

/** The history of an issue. */
export const issueEventRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/events",
    access: readIssues,
    handle: listEvents,
  },
];

function listEvents(call: Call): Answer {
  const { items, headers } = paginate(call, findIssue(call).events);
  return {
    status: 200,
    body: items.map((event) => presentIssueEvent(call.world, call.repo, event)),
    headers,
  };
}
