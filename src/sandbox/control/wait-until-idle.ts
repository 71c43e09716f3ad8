import { setTimeout as wait } from "node:timers/promises";
import type { WebhookSender } from "../http/webhooks/webhook-sender.ts";
import type { World } from "../world/world.ts";
import { countActiveRuns } from "./active-runs.ts";

export interface IdleOptions {
  readonly timeoutMs?: number | undefined;
}

interface Watched {
  readonly world: World;
  readonly sender: Pick<WebhookSender, "pendingCount">;
  readonly closing: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const STEP_MS = 15;
/** One quiet look may fall between a delivery and what it causes; this many in a row do not. */
const QUIET_LOOKS = 3;

/** Resolves when no delivery is on its way and no workflow runs; throws after the timeout. */
export async function waitUntilIdle(watched: Watched, { timeoutMs }: IdleOptions): Promise<void> {
  const deadline = Date.now() + (timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let quietLooks = 0;
  while (quietLooks < QUIET_LOOKS) {
    quietLooks = isQuiet(watched) ? quietLooks + 1 : 0;
    if (Date.now() > deadline) throw new Error(`not idle: ${describe(watched)}`);
    await wait(STEP_MS, undefined, { signal: watched.closing });
  }
}

function isQuiet(watched: Watched): boolean {
  return watched.sender.pendingCount() === 0 && activeRuns(watched) === 0;
}

function describe(watched: Watched): string {
  return `${watched.sender.pendingCount()} deliveries pending, ${activeRuns(watched)} runs active`;
}

function activeRuns({ world }: Watched): number {
  return [...world.repos.values()].reduce((sum, repo) => sum + countActiveRuns(repo), 0);
}
