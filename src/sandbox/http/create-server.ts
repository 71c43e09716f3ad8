import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Outgoing } from "./outgoing.ts";
import type { Incoming } from "./request-checks.ts";

/** Answers a request wholly by itself, or says false so that the next part may. */
export type Part = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface ServerOptions {
  /** Asked in order before the API. */
  readonly parts: readonly Part[];
  readonly api: (incoming: Incoming) => Promise<Outgoing | "drop">;
}

const LARGEST_BODY_BYTES = 8 * 1024 * 1024;

/** The HTTP side: sockets, bodies and their limit; no client can bring it down. */
export function createServer({ parts, api }: ServerOptions): Server {
  const server = createHttpServer((request, response) => {
    // A client may vanish at any moment; its socket's errors concern nobody else.
    request.on("error", () => {});
    response.on("error", () => {});
    void respond(request, response).catch(() => response.destroy());
  });
  server.on("clientError", (_error, socket) => socket.destroy());

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const part of parts) if (await part(request, response)) return;
    const body = await readBody(request);
    if (body === "too large") {
      await send(response, { status: 413, headers: { connection: "close" }, body: undefined });
      return;
    }
    const { method = "GET", url: target = "/" } = request;
    const outgoing = await api({ method, target, headers: flattenHeaders(request), body });
    if (outgoing === "drop") response.destroy();
    else await send(response, outgoing);
  }
  return server;
}

/** Reads a body up to the limit of 8 MB. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | "too large"> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Uint8Array = chunk;
    size += bytes.length;
    if (size > LARGEST_BODY_BYTES) return "too large";
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function send(response: ServerResponse, { status, headers, body }: Outgoing): Promise<void> {
  if (response.destroyed) return;
  const length = typeof body === "string" ? Buffer.byteLength(body) : (body?.length ?? 0);
  const sized = status === 204 || status === 304 ? {} : { "content-length": String(length) };
  response.writeHead(status, { ...sized, ...headers });
  response.end(body);
}

function flattenHeaders(request: IncomingMessage): Record<string, string | undefined> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, flatten(value)] as const);
  return Object.fromEntries(entries);
}

function flatten(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
