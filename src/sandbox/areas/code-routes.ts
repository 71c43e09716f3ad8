import type { Route } from "../http/route.ts";
import { checkRunRoutes } from "./checks/check-run-routes.ts";
import { checkSuiteRoutes } from "./checks/check-suite-routes.ts";
import { statusRoutes } from "./checks/status-routes.ts";
import { branchRoutes } from "./code/branch-routes.ts";
import { commitRoutes } from "./code/commit-routes.ts";
import { contentRoutes } from "./code/content-routes.ts";
import { gitDataRoutes } from "./code/git-data-routes.ts";
import { refRoutes } from "./code/ref-routes.ts";
import { mergeRoutes } from "./pulls/merge-routes.ts";
import { pullRoutes } from "./pulls/pull-routes.ts";
import { pullsOfCommitRoutes } from "./pulls/pulls-of-commit.ts";
import { reviewRoutes } from "./pulls/review-routes.ts";
import { ruleRoutes } from "./rules/rule-routes.ts";

/** Repository contents, git data, branches and their rules, commits, pull requests, checks and statuses. */
export const codeRoutes: readonly Route[] = [
  ...contentRoutes,
  ...gitDataRoutes,
  ...refRoutes,
  ...branchRoutes,
  ...ruleRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...pullsOfCommitRoutes,
  ...mergeRoutes,
  ...reviewRoutes,
  ...checkRunRoutes,
  ...checkSuiteRoutes,
  ...statusRoutes,
];
