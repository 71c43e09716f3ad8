import type { Route } from "../http/route.ts";

/** Workflows, dispatches, runs, jobs, logs and artifacts. */
export const actionRoutes: readonly Route[] = [];
