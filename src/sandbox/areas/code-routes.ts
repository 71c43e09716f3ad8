import type { Route } from "../http/route.ts";
import { branchRoutes } from "./branch-routes.ts";
import { checkRunRoutes } from "./check-run-routes.ts";
import { checkSuiteRoutes } from "./check-suite-routes.ts";
import { commitRoutes } from "./commit-routes.ts";
import { contentRoutes } from "./content-routes.ts";
import { gitDataRoutes } from "./git-data-routes.ts";
import { mergeRoutes } from "./merge-routes.ts";
import { pullRoutes } from "./pull-routes.ts";
import { refRoutes } from "./ref-routes.ts";
import { reviewRoutes } from "./review-routes.ts";
import { statusRoutes } from "./status-routes.ts";

/** Repository contents, git data, branches, commits, pull requests, checks and statuses. */
export const codeRoutes: readonly Route[] = [
  ...contentRoutes,
  ...gitDataRoutes,
  ...refRoutes,
  ...branchRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...mergeRoutes,
  ...reviewRoutes,
  ...checkRunRoutes,
  ...checkSuiteRoutes,
  ...statusRoutes,
];
