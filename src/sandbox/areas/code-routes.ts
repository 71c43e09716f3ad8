import type { Route } from "../http/route.ts";

/** Repository contents, git data, branches, commits, pull requests, checks and statuses. */
export const codeRoutes: readonly Route[] = [];
