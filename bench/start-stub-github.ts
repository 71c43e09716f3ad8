import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The first row that fits answers. */
const ROWS: readonly { readonly method: string; readonly path: RegExp; answer(id: number): Answer }[] = [
  {
    method: "POST",
    path: /\/access_tokens$/u,
    answer: () => ({
      status: 201,
      body: { token: "ghs_bench", expires_at: new Date(Date.now() + 3_600_000).toISOString() },
    }),
  },
  { method: "GET", path: /^\/app$/u, answer: () => ({ status: 200, body: { id: 1, slug: "orchestrator" } }) },
  {
    method: "GET",
    path: /\/(?:installations|deliveries|comments|labels)$/u,
    answer: () => ({ status: 200, body: [] }),
  },
  {
    method: "GET",
    path: /^\/users\//u,
    answer: (id) => ({ status: 200, body: { id, login: "orchestrator[bot]" } }),
  },
  { method: "POST", path: /\/labels$/u, answer: () => ({ status: 200, body: [] }) },
  { method: "POST", path: /\/comments$/u, answer: (id) => ({ status: 201, body: { id, body: "" } }) },
  { method: "PATCH", path: /\/comments\/\d+$/u, answer: (id) => ({ status: 200, body: { id, body: "" } }) },
];

/** A GitHub that knows nothing, takes every comment and has no installation to list. */
export async function startStubGitHub(): Promise<{ readonly url: string } & AsyncDisposable> {
  let lastId = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    lastId += 1;
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const row = ROWS.find(({ method, path }) => method === request.method && path.test(pathname));
    const { status, body } = row?.answer(lastId) ?? { status: 404, body: { message: "Not Found" } };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
