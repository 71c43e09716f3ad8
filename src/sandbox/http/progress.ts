import type { World } from "../world/world.ts";
import { type Location, locate } from "./locate.ts";
import type { Incoming } from "./request-checks.ts";
import type { Actor } from "./route.ts";
import type { RouteMatch } from "./route-table.ts";

/** What is known of a request so far; filled step by step, so that a refused one can be recorded too. */
export interface Progress {
  readonly incoming: Incoming;
  readonly location: Location;
  readonly query: URLSearchParams;
  actor: Actor | null;
  match: RouteMatch | undefined;
  body: Readonly<Record<string, unknown>>;
  /** The limit that stopped it. */
  limited: "primary" | "secondary" | null;
  /** Sent before the time that an earlier `retry-after` named. */
  early: boolean;
  error: unknown;
}

export function startProgress(world: World, incoming: Incoming): Progress {
  const [path = "/", query = ""] = incoming.target.split("?", 2);
  return {
    incoming,
    location: locate(world, path),
    query: new URLSearchParams(query),
    actor: null,
    match: undefined,
    body: {},
    limited: null,
    early: false,
    error: undefined,
  };
}
