import type { Call } from "../http/route.ts";

/** A parameter of the path; empty when the route has none of that name. */
export function pathText({ params }: Pick<Call, "params">, name: string): string {
  return params[name] ?? "";
}
