import { z } from "zod";
import type { GitHub } from "./client/client.ts";
import { isFailure } from "./client/github-problem.ts";
import { isKnownEvent } from "./register.ts";

const Deliveries = z.array(
  z.object({
    id: z.number(),
    guid: z.string(),
    delivered_at: z.string(),
    status: z.string(),
    event: z.string(),
  }),
);

interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly deliveredAt: number;
  readonly isOk: boolean;
  readonly event: string;
}

const MAX_PAGES = 500;

/**
 * Asks GitHub to send again what no attempt brought here, oldest first. When asking fails half way, the cursor stays before
 * the first delivery that was not asked for.
 */
export async function redeliverFailed(
  github: GitHub,
  since: number,
): Promise<{ readonly redelivered: number; readonly newest: number }> {
  const attempts = await listSince(github, since);
  const failed = findUndelivered(attempts);
  let redelivered = 0;
  for (const delivery of failed) {
    try {
      await github.send(
        { kind: "app" },
        {
          route: "POST /app/hook/deliveries/{delivery_id}/attempts",
          parameters: { delivery_id: delivery.id },
        },
      );
      redelivered += 1;
    } catch (error) {
      // Too old or already gone: asking again would not help, and the reconciliation finds what it was about.
      if (isFailure(error, "gone", "refused")) continue;
      if (redelivered === 0) throw error;
      return { redelivered, newest: delivery.missedAt };
    }
  }
  return { redelivered, newest: Math.max(since, ...attempts.map((attempt) => attempt.deliveredAt)) };
}

/** GitHub lists the newest first. */
async function listSince(github: GitHub, since: number): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data, headers } = await github.send(
      { kind: "app" },
      { route: "GET /app/hook/deliveries", parameters: { per_page: 100, ...(cursor && { cursor }) } },
    );
    const deliveries = Deliveries.parse(data).map(toDelivery);
    const recent = deliveries.filter((delivery) => delivery.deliveredAt >= since);
    found.push(...recent);
    cursor = findNextCursor(headers.link);
    if (recent.length < deliveries.length || cursor === undefined) break;
  }
  return found;
}

function toDelivery({ id, guid, delivered_at, status, event }: z.infer<typeof Deliveries>[number]): Delivery {
  return { id, guid, deliveredAt: Date.parse(delivered_at), isOk: status === "OK", event };
}

/** What no attempt brought here, by when it was first missed, with the last attempt's id. */
function findUndelivered(
  attempts: readonly Delivery[],
): readonly { readonly id: number; readonly missedAt: number }[] {
  const arrived = new Set(attempts.filter((attempt) => attempt.isOk).map((attempt) => attempt.guid));
  const missing = attempts.filter((attempt) => !arrived.has(attempt.guid) && isKnownEvent(attempt.event));
  const oldestFirst = missing.toSorted((a, b) => a.deliveredAt - b.deliveredAt || a.id - b.id);
  const missedByGuid = Map.groupBy(oldestFirst, (attempt) => attempt.guid);
  return [...missedByGuid.values()].map((missed) => ({
    id: missed.at(-1)?.id ?? 0,
    missedAt: missed[0]?.deliveredAt ?? 0,
  }));
}

function findNextCursor(link: string | number | undefined): string | undefined {
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(String(link ?? "")) ?? [];
  return (address && URL.parse(address)?.searchParams.get("cursor")) || undefined;
}
