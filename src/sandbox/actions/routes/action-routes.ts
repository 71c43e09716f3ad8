import type { Route } from "../../http/route.ts";
import { artifactRoutes } from "./artifact-routes.ts";
import { dispatchRoutes } from "./dispatch-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { runRoutes } from "./run-routes.ts";
import { workflowRoutes } from "./workflow-routes.ts";

/** Workflows, dispatches, runs, jobs, logs and artifacts. */
export const actionRoutes: readonly Route[] = [
  ...workflowRoutes,
  ...dispatchRoutes,
  ...runRoutes,
  ...jobRoutes,
  ...artifactRoutes,
];
