import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { createHttpServer, type HttpHandler } from "./adapters/github/receive/http-server.ts";
import { createReceiver } from "./adapters/github/receive/receiver.ts";
import { sendAnswer } from "./adapters/github/receive/send-answer.ts";
import { createCounters } from "./adapters/web/create-counters.ts";
import { createPages } from "./adapters/web/create-pages.ts";
import type { Environment } from "./env.ts";
import { listSecrets } from "./env.ts";
import { createOperation } from "./handlers/read-operation.ts";
import { createLog } from "./log.ts";
import { type App, createApp } from "./wire.ts";

const WEBHOOK_PATH = "/api/github/webhooks";
/** GitHub sends no payload above this. */
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;

/** A running server. */
export interface Served {
  readonly url: string;
  /** Takes nothing new and ends what is under way. */
  stop(): Promise<void>;
  /** Gives what is under way to other processes, as far as that is quick; the process must end then. */
  abandon(): Promise<void>;
}

/** A database that does not answer must not hold up a process that is to end at once. */
const ABANDON_PATIENCE_MS = 2_000;

/** Starts the server; rejects with one clear message when the port or the database is not to be had. */
export async function serve(env: Environment): Promise<Served> {
  const log = createLog({ level: env.logLevel, secrets: listSecrets(env) });
  const { counters, registry } = createCounters();
  const app = await createApp({ env, log, counters, now: Date.now });
  const pages = createPages({
    ...{ observation: app.store, registry, metricsToken: env.metricsToken },
    ...{ operation: createOperation(app.store.ledger, Date.now), operatorToken: env.operatorToken },
  });
  try {
    const server = await listen([createDoor(env, app, log), pages], env, (error) =>
      log.error({ err: error }, "a request handler failed"),
    );
    await app.start();
    log.info(
      { url: server.url, part: env.part, store: env.databaseUrl === undefined ? "embedded" : "postgresql" },
      "listening",
    );
    return {
      url: server.url,
      async stop() {
        await server.close();
        await app.stop();
        log.info({}, "stopped");
      },
      async abandon() {
        const abandoned = app
          .abandon()
          .catch((error: unknown) => log.warn({ err: error }, "leases are not given back, they lapse"));
        await Promise.race([abandoned, wait(ABANDON_PATIENCE_MS)]);
      },
    };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** Where deliveries come in, and in a worker are turned away. */
function createDoor(env: Environment, app: App, log: Logger): HttpHandler {
  if (env.part === "worker") return createClosedDoor(log);
  return createReceiver({
    path: WEBHOOK_PATH,
    secrets: env.webhookSecrets,
    appId: env.appId,
    maxBytes: MAX_PAYLOAD_BYTES,
    bodyTimeoutMs: 10_000,
    acceptTimeoutMs: 8_000,
    accept: app.accept,
    observe: app.observe,
  });
}

/** GitHub counts these as failed, so they are asked for again when the webhook's address is correct. */
function createClosedDoor(log: Logger): HttpHandler {
  return (request, response) => {
    if (request.method === "GET" || request.method === "HEAD") return false;
    log.warn({}, "a delivery came to a worker and was turned away");
    const error =
      "this process is a worker and takes no deliveries: send them to one with PROCESS=front-door or PROCESS=all";
    sendAnswer(request, response, { status: 503, body: { error } });
    return true;
  };
}

async function listen(handlers: readonly HttpHandler[], env: Environment, onError: (error: unknown) => void) {
  let isClosing = false;
  // A sender that keeps its connection busy would otherwise hold up the end for as long as it likes.
  const hangUp: HttpHandler = (_, response) => {
    if (isClosing) response.setHeader("connection", "close");
    return false;
  };
  const server = createHttpServer([hangUp, ...handlers], { onError });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explainListenError(error, env)));
    server.listen(env.port, env.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      isClosing = true;
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
