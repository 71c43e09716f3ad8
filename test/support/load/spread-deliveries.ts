import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Dice } from "../../stories/play-kills.ts";

/** A process that deliveries may be handed to. */
export interface Receiver {
  /** Its address; undefined while it does not run. */
  url(): string | undefined;
}

/** How long a process may take to answer before the delivery is handed to another. */
const ANSWER_MS = 2_000;
const FAILED = 503;

/** Listens where GitHub sends deliveries to, and hands each to one of several processes, some to two of them. */
export async function spreadDeliveries({
  port,
  receivers,
  doubled,
  dice,
}: {
  readonly port: number;
  readonly receivers: readonly Receiver[];
  /** Share of deliveries that two processes get. */
  readonly doubled: number;
  readonly dice: Dice;
}): Promise<{ readonly sentTwice: () => number; close(): Promise<void> }> {
  let twice = 0;

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).filter(([name]) => !HOP_HEADERS.has(name));
    const hand = (receiver: Receiver) =>
      handOver(receiver, {
        path: request.url ?? "/",
        headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks),
      });
    const order = receivers
      .map((receiver) => ({ receiver, at: dice() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ receiver }) => receiver);
    const second = order.at(-1);
    if (dice() < doubled && second !== undefined) {
      twice += 1;
      void hand(second);
    }
    let status = FAILED;
    for (const receiver of order) {
      status = await hand(receiver);
      if (status !== FAILED) break;
    }
    response.writeHead(status).end();
  }

  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    sentTwice: () => twice,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const HOP_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "host",
  "transfer-encoding",
]);

async function handOver(
  receiver: Receiver,
  {
    path,
    headers,
    body,
  }: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer<ArrayBuffer>;
  },
): Promise<number> {
  const url = receiver.url();
  if (url === undefined) return FAILED;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(url + path, { method: "POST", headers, body, signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return FAILED;
  }
}
