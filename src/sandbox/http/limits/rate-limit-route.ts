import type { Route } from "../route.ts";
import type { LimitKeeper } from "./limits.ts";

/** Asking for the limits is the one request that does not count against them. */
export function createRateLimitRoute(keeper: LimitKeeper): Route {
  return {
    method: "GET",
    path: "/rate_limit",
    access: "any",
    handle: ({ actor }) => {
      const { limit, used, reset } = keeper.usage(actor);
      const core = { limit, used, remaining: Math.max(0, limit - used), reset };
      const search = { limit: 30, used: 0, remaining: 30, reset };
      return { status: 200, body: { resources: { core, search }, rate: core } };
    },
  };
}
