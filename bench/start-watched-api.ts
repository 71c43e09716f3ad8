import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it went over the wire, with the status that came back. */
export interface WatchedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Passes everything on to `target`, and tells of each request when its answer begins. */
export async function startWatchedApi(
  target: () => string,
  onRequest: (watched: WatchedRequest) => void,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const ownUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const { method = "GET", url = "/", headers } = incoming;
    const outgoing = request(`${target()}${url}`, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      onRequest({ method, path: url.replace(/\?.*$/u, ""), status });
      const { location } = answer.headers;
      // A redirect must not lead past this address: the app follows none to an address it does not know.
      const moved = location === undefined ? {} : { location: location.replace(target(), ownUrl()) };
      response.writeHead(status, { ...answer.headers, ...moved });
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: ownUrl(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
