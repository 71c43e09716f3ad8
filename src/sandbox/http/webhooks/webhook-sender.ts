import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { DeliveryConditions } from "../../control/delivery-conditions.ts";
import { assemblePayload } from "../../present/webhook-payload.ts";
import { findInstallation } from "../../world/find-records.ts";
import type { Delivery, Installation } from "../../world/records.ts";
import type { Emission, World } from "../../world/world.ts";
import { createGate } from "./gate.ts";
import type { Parcel } from "./parcel.ts";
import { postWebhook } from "./post-webhook.ts";

export interface SenderOptions {
  readonly world: World;
  readonly conditions: DeliveryConditions;
  readonly closing: AbortSignal;
  readonly onDelivery?: ((delivery: Delivery) => void) | undefined;
}

export type WebhookSender = ReturnType<typeof createWebhookSender>;

const LARGEST_PAYLOAD_BYTES = 25 * 1024 * 1024;
const KEPT_DELIVERIES = 10_000;

/** Sends webhooks to the app: in order for each repository unless told to shuffle, once, without any retry. */
export function createWebhookSender({ world, conditions, closing, onDelivery }: SenderOptions) {
  const lanes = new Map<string, Promise<void>>();
  const gate = createGate();
  let pending = 0;

  async function deliver(parcel: Parcel, notBefore: number): Promise<void> {
    try {
      await wait(Math.max(0, notBefore - Date.now()), undefined, { signal: closing });
      await gate.pass();
      if (!closing.aborted) keep(await attempt(parcel));
    } catch (error) {
      // An observer that throws, or the wait cut short by closing, must not stop the lane.
      if (!closing.aborted) world.record("delivery", { guid: parcel.guid, error: String(error) });
    } finally {
      pending -= 1;
    }
  }

  async function attempt(parcel: Parcel): Promise<Delivery> {
    const id = world.nextId();
    const deliveredAt = world.now();
    const started = performance.now();
    const outcome = conditions.isDropped()
      ? { statusCode: 502, status: "failed to connect to host" }
      : await postWebhook(world, { parcel, closing });
    return { ...parcel, id, deliveredAt, durationMs: performance.now() - started, ...outcome };
  }

  function keep(delivery: Delivery): void {
    if (closing.aborted) return;
    world.deliveries.push(delivery);
    if (world.deliveries.length > KEPT_DELIVERIES) world.deliveries.shift();
    const { id, guid, event, action, repositoryId, installationId, redelivery, statusCode, status } =
      delivery;
    const facts = { id, guid, event, action, repositoryId, installationId, redelivery, statusCode, status };
    world.record("delivery", facts);
    onDelivery?.(delivery);
  }

  function enqueue(parcel: Parcel): void {
    const notBefore = Date.now() + conditions.delayMs();
    pending += 1;
    const key = conditions.isShuffled() ? parcel.guid : `repository ${parcel.repositoryId}`;
    const before = lanes.get(key) ?? Promise.resolve();
    const done = before.then(() => deliver(parcel, notBefore));
    lanes.set(key, done);
    void done.finally(() => {
      if (lanes.get(key) === done) lanes.delete(key);
    });
  }

  return {
    queue: (emission: Emission): void => {
      const parcel = pack(world, emission);
      if (!parcel) return;
      enqueue(parcel);
      if (conditions.isDoubled()) enqueue(parcel);
    },
    redeliver: (delivery: Delivery): void => {
      const { guid, event, action, installationId, repositoryId, payload } = delivery;
      enqueue({ guid, event, action, installationId, repositoryId, payload, redelivery: true });
    },
    pause: gate.close,
    resume: gate.open,
    /** Deliveries that are still to be made; those held back by a pause do not count. */
    pendingCount: (): number => (gate.isClosed() ? 0 : pending),
  };
}

/** The webhook for an emission, if the app is to get one. */
function pack(world: World, emission: Emission): Parcel | null {
  const { app } = world;
  const { event, action, repo } = emission;
  const isLifecycle = event.startsWith("installation");
  if (!app || !(isLifecycle || app.events.includes(event))) return null;
  const installation = repo ? findInstallation(world, repo) : undefined;
  if (!isLifecycle && (!installation || installation.suspendedAt)) return null;
  const payload = JSON.stringify(assemblePayload(world, emission, installation));
  if (Buffer.byteLength(payload) > LARGEST_PAYLOAD_BYTES) return null;
  const installationId = installation?.id ?? installationIdOf(emission);
  return {
    guid: randomUUID(),
    event,
    action,
    installationId,
    repositoryId: repo?.id ?? null,
    payload,
    redelivery: false,
  };
}

function installationIdOf({ payload }: Emission): number | null {
  const installation = payload.installation as Pick<Installation, "id"> | undefined;
  return installation?.id ?? null;
}
