import { createHmac } from "node:crypto";
import { type IncomingHttpHeaders, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { duplexPair } from "node:stream";
import {
  createHttpServer,
  type HttpHandler,
  type HttpServerOptions,
} from "../../../../src/adapters/github/receive/http-server.ts";
import {
  createReceiver,
  type ReceiveOptions,
  type ReceiveOutcome,
  type WebhookRequest,
} from "../../../../src/adapters/github/receive/receiver.ts";

export const PATH = "/api/github/webhooks";
export const APP_ID = 4711;
export const SECRET = "3c9e1f0a7b52d84e6f1c0b9a8d7e6f5041b2c3d4e5f60718293a4b5c6d7e8f90";
export const OLD_SECRET = "b1946ac92492d2347c6235b4d2611184f0e1d2c3b4a5968778695a4b3c2d1e0f";
export const GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

export interface DoorOptions {
  readonly receive?: Partial<ReceiveOptions>;
  readonly server?: HttpServerOptions;
  /** Handlers behind the receiver. */
  readonly behind?: readonly HttpHandler[];
}

/** A front door on the loopback address, with everything that came through it. */
export interface Door extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  readonly accepted: WebhookRequest[];
  readonly outcomes: ReceiveOutcome[];
  readonly errors: unknown[];
}

export async function openDoor(options: DoorOptions = {}): Promise<Door> {
  const accepted: WebhookRequest[] = [];
  const outcomes: ReceiveOutcome[] = [];
  const errors: unknown[] = [];
  const receiver = createReceiver({
    path: PATH,
    secrets: [SECRET],
    appId: APP_ID,
    maxBytes: 1024 * 1024,
    bodyTimeoutMs: 5_000,
    acceptTimeoutMs: 5_000,
    accept: async (delivery) => {
      accepted.push(delivery);
      return "stored";
    },
    observe: (outcome) => outcomes.push(outcome),
    ...options.receive,
  });
  const server = createHttpServer([receiver, ...(options.behind ?? [])], {
    onError: (error) => errors.push(error),
    ...options.server,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    accepted,
    outcomes,
    errors,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sign(body: string | Uint8Array, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

export type Headers = Record<string, string | string[] | undefined>;

/** The headers GitHub sends with a delivery; an override of `undefined` leaves one out. */
export function deliveryHeaders(
  body: string | Uint8Array,
  overrides: Headers = {},
): Record<string, string | string[]> {
  const headers: Headers = {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/044aadd",
    "x-github-event": "issues",
    "x-github-delivery": GUID,
    "x-github-hook-installation-target-id": String(APP_ID),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature-256": sign(body),
    ...overrides,
  };
  return Object.fromEntries(Object.entries(headers).filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string | string[]
  >;
}

/** The head of a delivery as it goes over the wire. */
export function requestHead(headers: Record<string, string | string[]>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  return `POST ${PATH} HTTP/1.1\r\nhost: localhost\r\n${lines.join("")}\r\n`;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Sending {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Headers;
  readonly chunked?: boolean;
}

/** Sends a delivery that is valid but for what the overrides spoil. */
export function deliver(door: Door, body: string | Uint8Array, sending: Sending = {}): Promise<Received> {
  const { method = "POST", path = PATH, chunked = false } = sending;
  const headers = deliveryHeaders(body, {
    ...(chunked ? { "transfer-encoding": "chunked" } : { "content-length": String(Buffer.byteLength(body)) }),
    ...sending.headers,
  });
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: door.port, method, path, headers, agent: false });
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    // After a refusal the door may cut the connection while the rest of the body is still being sent.
    outgoing.on("error", (error) => setImmediate(reject, error));
    outgoing.end(body);
  });
}

/** Speaks raw HTTP over a socket and resolves with everything that came back once the door has hung up. */
export function sendRaw(door: Door, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    const socket = connect(door.port, "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
    });
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

/** One request through the real HTTP parser and server, without a socket; resolves with the status, 0 if there is none. */
export function exchangeInMemory(server: Server, head: string, body: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    const [client, served] = duplexPair();
    let answer = "";
    client.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    client.on("close", () => resolve(Number(/(?:^|\n)HTTP\/1\.1 ([2-5]\d\d)/.exec(answer)?.[1] ?? 0)));
    client.on("end", () => client.destroy());
    client.on("error", () => undefined);
    served.on("error", () => undefined);
    server.emit("connection", served);
    client.write(head, "latin1");
    client.write(body);
  });
}
