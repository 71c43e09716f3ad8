import type { Route } from "./route.ts";

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface CompiledRoute {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly literals: number;
  readonly segments: number;
}

/** Parameters that hold a path or a git reference and so may contain slashes. */
const MANY_SEGMENTS = new Set(["path", "ref", "branch", "basehead"]);

/** Finds the route of a request; where several fit, the one with more literal segments wins. */
export function createRouteTable(routes: readonly Route[]) {
  const compiled = routes
    .map(compileRoute)
    .sort((a, b) => b.literals - a.literals || b.segments - a.segments);
  return (method: string, path: string): RouteMatch | undefined => {
    for (const { route, pattern, names } of compiled) {
      if (route.method !== method) continue;
      const values = pattern.exec(path)?.slice(1);
      const params = values && decodeParams(names, values);
      if (params) return { route, params };
    }
    return undefined;
  };
}

function compileRoute(route: Route): CompiledRoute {
  const parts = route.path.split("/");
  const names: string[] = [];
  const source = parts.map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(name);
    return MANY_SEGMENTS.has(name) ? "(.+?)" : "([^/]+)";
  });
  return {
    route,
    pattern: new RegExp(`^${source.join("/")}$`),
    names,
    literals: parts.length - names.length,
    segments: parts.length,
  };
}

function decodeParams(
  names: readonly string[],
  values: readonly string[],
): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] ?? "")]));
  } catch {
    return undefined;
  }
}
