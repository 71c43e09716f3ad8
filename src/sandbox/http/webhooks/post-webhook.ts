import { createHmac } from "node:crypto";
import type { AppRegistration, Delivery } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import type { Parcel } from "./parcel.ts";

const PATIENCE_MS = 10_000;

/** Sends one webhook and waits up to ten seconds for its answer; never throws. */
export async function postWebhook(
  world: World,
  { parcel, closing }: { parcel: Parcel; closing: AbortSignal },
): Promise<Pick<Delivery, "statusCode" | "status">> {
  const { app } = world;
  if (!app) return { statusCode: 502, status: "failed to connect to host" };
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(app.webhookUrl, {
      method: "POST",
      body: parcel.payload,
      headers: webhookHeaders(app, parcel),
      redirect: "manual",
      signal: AbortSignal.any([timeout, closing]),
    });
    await answer.arrayBuffer();
    return {
      statusCode: answer.status,
      status: answer.ok ? "OK" : `Invalid HTTP Response: ${answer.status}`,
    };
  } catch {
    if (timeout.aborted) return { statusCode: 504, status: "timed out" };
    return { statusCode: 502, status: "failed to connect to host" };
  }
}

/** The headers of a delivery, as sent and as `GET /app/hook/deliveries/{id}` shows them. */
export function webhookHeaders(
  app: AppRegistration,
  { guid, event, payload }: Pick<Parcel, "guid" | "event" | "payload">,
): Record<string, string> {
  const sign = (algorithm: "sha256" | "sha1"): string =>
    `${algorithm}=${createHmac(algorithm, app.webhookSecret).update(payload).digest("hex")}`;
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": `GitHub-Hookshot/${app.id.toString(16).padStart(7, "0")}`,
    "x-github-delivery": guid,
    "x-github-event": event,
    "x-github-hook-id": String(app.id),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": sign("sha1"),
    "x-hub-signature-256": sign("sha256"),
  };
}
