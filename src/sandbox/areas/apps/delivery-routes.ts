import { pathNumber } from "../../http/body-fields.ts";
import { readPerPage } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { webhookHeaders } from "../../http/webhooks/post-webhook.ts";
import { timestamp } from "../../present/timestamp.ts";
import type { Delivery } from "../../world/records.ts";
import type { World } from "../../world/world.ts";

const BASE = "/app/hook/deliveries";
const RETENTION_MS = 3 * 24 * 3_600_000;

/** The app's own view of its webhooks; `redeliver` queues one once more. */
export function createDeliveryRoutes(redeliver: (delivery: Delivery) => void): readonly Route[] {
  return [
    { method: "GET", path: BASE, access: "app", handle: list },
    { method: "GET", path: `${BASE}/{delivery_id}`, access: "app", handle: get },
    {
      method: "POST",
      path: `${BASE}/{delivery_id}/attempts`,
      access: "app",
      handle: (call) => {
        redeliver(requireDelivery(call));
        return { status: 202, body: {} };
      },
    },
  ];
}

/** Newest first. The cursor is the id of the last delivery already shown, so new deliveries move nothing. */
function list(call: Call): Answer {
  const { world, query, path } = call;
  const perPage = readPerPage(query);
  const cursor = query.get("cursor");
  const before = cursor === null ? Number.POSITIVE_INFINITY : readCursor(cursor);
  const wanted = keptDeliveries(world)
    .filter((one) => one.id < before && hasStatus(one, query.get("status")))
    .sort((a, b) => b.id - a.id);
  const items = wanted.slice(0, perPage);
  const last = items.at(-1);
  const headers =
    last && wanted.length > items.length
      ? { link: nextLink({ world, path, query, cursor: `v1_${last.id}` }) }
      : {};
  return { status: 200, body: items.map(presentDelivery), headers };
}

function nextLink({
  world,
  path,
  query,
  cursor,
}: Pick<Call, "world" | "path" | "query"> & { readonly cursor: string }): string {
  const next = new URLSearchParams(query);
  next.set("cursor", cursor);
  return `<${world.baseUrl()}${path}?${next}>; rel="next"`;
}

function get(call: Call): Answer {
  const { world } = call;
  const delivery = requireDelivery(call);
  const headers = world.app ? webhookHeaders(world.app, delivery) : null;
  const body = {
    ...presentDelivery(delivery),
    url: world.app?.webhookUrl ?? "",
    request: { headers, payload: JSON.parse(delivery.payload) },
    response: { headers: null, payload: null },
  };
  return { status: 200, body };
}

function presentDelivery(delivery: Delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: timestamp(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.durationMs) / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function requireDelivery({ world, params }: Call): Delivery {
  const id = pathNumber(params, "delivery_id");
  const delivery = keptDeliveries(world).find((one) => one.id === id);
  if (!delivery) throw new Refusal(404, "Not Found");
  return delivery;
}

/** GitHub forgets deliveries after three days. */
function keptDeliveries({ deliveries, now }: World): Delivery[] {
  const oldest = now().getTime() - RETENTION_MS;
  return deliveries.filter((delivery) => delivery.deliveredAt.getTime() >= oldest);
}

function hasStatus({ statusCode }: Delivery, wanted: string | null): boolean {
  const isSuccess = statusCode >= 200 && statusCode < 400;
  if (wanted === "success") return isSuccess;
  return wanted === "failure" ? !isSuccess : true;
}

function readCursor(cursor: string): number {
  const id = /^v1_(\d{1,15})$/.exec(cursor)?.[1];
  if (id === undefined) throw new Refusal(422, "Invalid cursor");
  return Number(id);
}
