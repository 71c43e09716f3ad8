import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** The way of one process to GitHub, on which it can be met. */
export interface Passage {
  readonly url: string;
  /** How many requests that write have passed. */
  writes(): number;
  /** Calls back when the next request that writes arrives, before GitHub gets it. */
  onNextWrite(meet: () => void): void;
  close(): Promise<void>;
}

/** Passes every request on to `target`; what GitHub points to is reached by the same way. */
export async function openPassage(target: string): Promise<Passage> {
  let writes = 0;
  let meeting: (() => void) | undefined;
  let url = "";
  const server = createServer((request, response) => {
    if (request.method !== "GET") {
      writes += 1;
      meeting?.();
      meeting = undefined;
    }
    passOn({ target, url }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    writes: () => writes,
    onNextWrite: (meet) => {
      meeting = meet;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function passOn(
  { target, url }: { readonly target: string; readonly url: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, headers } = request;
  const outgoing = send(target + (request.url ?? "/"), { method, headers }, (answer) => {
    const location = answer.headers.location?.replace(target, url);
    response.writeHead(answer.statusCode ?? 502, {
      ...answer.headers,
      ...(location !== undefined && { location }),
    });
    answer.pipe(response);
  });
  // Whoever sent it may be killed meanwhile; GitHub does what it was asked all the same.
  outgoing.on("error", () => response.destroy());
  response.on("error", () => undefined);
  request.on("error", () => outgoing.destroy());
  request.pipe(outgoing);
}
