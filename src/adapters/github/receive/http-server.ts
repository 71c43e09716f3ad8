import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { sendAnswer } from "./send-answer.ts";

/** Resolves to true when it has answered; false hands the request to the next handler. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean> | boolean;

export interface HttpServerOptions {
  /** Told about what a handler threw; the sender sees only a generic 500. */
  readonly onError?: (error: unknown) => void;
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** Silence on an open connection. */
  readonly idleTimeoutMs?: number;
  readonly maxConnections?: number;
}

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_REQUESTS_PER_CONNECTION = 1_000;
const KEEP_ALIVE_MS = 5_000;
const CHECK_INTERVAL_MS = 1_000;

/** A server whose slow, silent and half-open connections end by themselves; handlers are tried in order. */
export function createHttpServer(handlers: readonly HttpHandler[], options: HttpServerOptions = {}): Server {
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 15_000, idleTimeoutMs = 30_000 } = options;
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersTimeoutMs),
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
  });
  server.timeout = idleTimeoutMs;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  server.maxConnections = options.maxConnections ?? 4_000;
  server.on("request", (request, response) => {
    handle(handlers, request, response).catch((error: unknown) => {
      answerFailure(request, response);
      options.onError?.(error);
    });
  });
  return server;
}

async function handle(
  handlers: readonly HttpHandler[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const handler of handlers) {
    if (await handler(request, response)) return;
  }
  sendAnswer(request, response, { status: 404, body: { error: "not found" } });
}

/** An answer that was only begun cannot be repaired; cutting it tells the reader that it is incomplete. */
function answerFailure(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent && !response.writableEnded) response.destroy();
  else sendAnswer(request, response, { status: 500, body: { error: "internal error" } });
}
