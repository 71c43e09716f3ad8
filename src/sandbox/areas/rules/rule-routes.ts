import type { Answer, Call, Route } from "../../http/route.ts";
import type { BranchRules } from "../../world/branch-rules.ts";
import type { Repo } from "../../world/records.ts";
import { pathText } from "../path-text.ts";

export const ruleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch}",
    access: { permission: "metadata", level: "read" },
    handle: listRules,
  },
];

function listRules(call: Call): Answer {
  const { repo } = call;
  const rules = repo.branchRules.get(pathText(call, "branch"));
  return { status: 200, body: rules ? presentRules(repo, rules) : [] };
}

function presentRules(repo: Repo, { id, requiredChecks, mergeQueue }: BranchRules) {
  const source = {
    ruleset_source_type: "Repository",
    ruleset_source: `${repo.owner.login}/${repo.name}`,
    ruleset_id: id,
  };
  const checks = {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: false,
      required_status_checks: requiredChecks.map((context) => ({ context })),
    },
    ...source,
  };
  return [
    ...(requiredChecks.length > 0 ? [checks] : []),
    ...(mergeQueue ? [{ type: "merge_queue", parameters: QUEUE_PARAMETERS, ...source }] : []),
  ];
}

/** How the sandbox's queue works: one commit for each entry, built on the one before, merged in order. */
const QUEUE_PARAMETERS = {
  check_response_timeout_minutes: 360,
  grouping_strategy: "ALLGREEN",
  max_entries_to_build: 100,
  max_entries_to_merge: 1,
  merge_method: "MERGE",
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 0,
} as const;
