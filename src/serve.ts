import type { AddressInfo } from "node:net";
import { createHttpServer, type HttpHandler } from "./adapters/github/receive/http-server.ts";
import { createReceiver } from "./adapters/github/receive/receiver.ts";
import { createCounters } from "./adapters/web/create-counters.ts";
import { createPages } from "./adapters/web/create-pages.ts";
import type { Environment } from "./env.ts";
import { listSecrets } from "./env.ts";
import { createLog } from "./log.ts";
import { createApp } from "./wire.ts";

const WEBHOOK_PATH = "/api/github/webhooks";
/** GitHub sends no payload above this. */
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;

/** A running server. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the server; rejects with one clear message when the port or the database is not to be had. */
export async function serve(env: Environment): Promise<Served> {
  const log = createLog({ level: env.logLevel, secrets: listSecrets(env) });
  const { counters, registry } = createCounters();
  const app = await createApp({ env, log, counters, now: Date.now });
  const receiver = createReceiver({
    path: WEBHOOK_PATH,
    secrets: env.webhookSecrets,
    appId: env.appId,
    maxBytes: MAX_PAYLOAD_BYTES,
    bodyTimeoutMs: 10_000,
    acceptTimeoutMs: 8_000,
    accept: app.accept,
    observe: app.observe,
  });
  const pages = createPages({ observation: app.store, registry, metricsToken: env.metricsToken });
  try {
    const server = await listen([receiver, pages], env, (error) =>
      log.error({ err: error }, "a request handler failed"),
    );
    await app.start();
    log.info(
      { url: server.url, store: env.databaseUrl === undefined ? "embedded" : "postgresql" },
      "listening",
    );
    return {
      url: server.url,
      async stop() {
        await server.close();
        await app.stop();
        log.info({}, "stopped");
      },
    };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function listen(handlers: readonly HttpHandler[], env: Environment, onError: (error: unknown) => void) {
  const server = createHttpServer(handlers, { onError });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explainListenError(error, env)));
    server.listen(env.port, env.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  return { url: `http://${env.host.includes(":") ? `[${env.host}]` : env.host}:${port}`, close };
}

/** A start that failed for a reason that the operator can change. */
export class StartProblem extends Error {}

function explainListenError(error: NodeJS.ErrnoException, env: Environment): Error {
  if (error.code === "EADDRINUSE") {
    return new StartProblem(
      `Port ${env.port} on ${env.host} is already in use. Stop the other process, or set PORT to a free one.`,
      { cause: error },
    );
  }
  if (error.code === "EACCES") {
    return new StartProblem(`Port ${env.port} may not be used by this account. Set PORT to one above 1023.`, {
      cause: error,
    });
  }
  return new StartProblem(
    `Cannot listen on ${env.host}:${env.port}: ${error.message}. Correct HOST and PORT.`,
    { cause: error },
  );
}
