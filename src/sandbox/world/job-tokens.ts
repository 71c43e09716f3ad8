import { randomBytes } from "node:crypto";
import type { JobToken } from "./access-tokens.ts";
import type { World } from "./world.ts";

/** Makes the `GITHUB_TOKEN` of a workflow job; `revokeJobToken` ends it with the job. */
export function registerJobToken(world: World, token: JobToken): string {
  const text = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  world.jobTokens.set(text, token);
  return text;
}

export function revokeJobToken(world: World, token: string): void {
  world.jobTokens.delete(token);
}
