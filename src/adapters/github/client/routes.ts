import type { Endpoints } from "@octokit/types";

/** GitHub's documented routes, such as `GET /repos/{owner}/{repo}`. */
export type Route = keyof Endpoints;
export type Parameters<R extends Route> = Endpoints[R]["parameters"];
export type Data<R extends Route> = Endpoints[R]["response"]["data"];

export type RepositoryRoute = Extract<Route, `${string} /repos/{owner}/{repo}${string}`>;
export type ReadRoute = Extract<RepositoryRoute, `GET ${string}`>;
export type WriteRoute = Exclude<RepositoryRoute, ReadRoute>;
/** Everything a route needs but the repository, which is already known. */
export type About<R extends RepositoryRoute> = Omit<Parameters<R>, "owner" | "repo">;
