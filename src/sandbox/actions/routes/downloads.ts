import { randomBytes } from "node:crypto";
import type { Answer } from "../../http/route.ts";
import type { World } from "../../world/world.ts";
import { actionsOf } from "../records/actions-state.ts";

const LIFETIME_MS = 60_000;

/** A redirect to the bytes; as on GitHub its address is good for one minute. */
export function redirectToDownload(world: World, bytes: Uint8Array): Answer {
  const { downloads } = actionsOf(world);
  const now = world.now().getTime();
  for (const [token, download] of downloads) if (download.expiresAt <= now) downloads.delete(token);
  const token = randomBytes(24).toString("base64url");
  downloads.set(token, { bytes, expiresAt: now + LIFETIME_MS });
  return { status: 302, headers: { location: `${world.baseUrl()}/_sandbox/download/${token}` } };
}

/** The bytes behind `/_sandbox/download/<token>`, undefined when the address is unknown or too old. */
export function serveDownload(world: World, token: string): Uint8Array | undefined {
  const download = actionsOf(world).downloads.get(token);
  return download !== undefined && download.expiresAt > world.now().getTime() ? download.bytes : undefined;
}
