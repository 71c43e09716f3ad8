import { createWriteStream } from "node:fs";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "../../src/adapters/github/receive/http-server.ts";
import { createReceiver } from "../../src/adapters/github/receive/receiver.ts";
import { createCounters } from "../../src/adapters/web/create-counters.ts";
import { createLog } from "../../src/log.ts";
import { type App, createApp } from "../../src/wire.ts";
import { WEBHOOK_PATH } from "../make-bodies.ts";
import { makeEnvironment, type Place } from "../make-environment.ts";
import { answerParent } from "../start-child.ts";

/** The product behind its own HTTP server. */
export type FrontDoorOrder =
  /** `isWorking`: what was acknowledged is worked on at the same time. */
  ({ readonly kind: "start"; readonly isWorking: boolean } & Place) | { readonly kind: "count-waiting" };

let app: App | undefined;

answerParent<FrontDoorOrder>(async (order) => {
  if (order.kind === "count-waiting") return (await app?.store.ready())?.backlog ?? 0;
  const { isWorking, ...place } = order;
  const env = makeEnvironment(place);
  const log = createLog({ level: "info", destination: createWriteStream("/dev/null") });
  app = await createApp({
    env,
    log,
    counters: createCounters().counters,
    now: Date.now,
    sweepsByClock: false,
  });
  const receiver = createReceiver({
    path: WEBHOOK_PATH,
    secrets: env.webhookSecrets,
    appId: env.appId,
    maxBytes: 25 * 1024 * 1024,
    bodyTimeoutMs: 10_000,
    acceptTimeoutMs: 8_000,
    accept: app.accept,
    observe: app.observe,
  });
  const server = createHttpServer([receiver], {
    onError: (error) => process.stderr.write(`a request handler failed: ${String(error)}\n`),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  if (isWorking) await app.start();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
