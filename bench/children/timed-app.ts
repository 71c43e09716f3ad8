import { createWriteStream } from "node:fs";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "../../src/adapters/github/receive/http-server.ts";
import { createReceiver } from "../../src/adapters/github/receive/receiver.ts";
import { createLog } from "../../src/log.ts";
import type { Counters } from "../../src/ports/observation.ts";
import { type App, createApp } from "../../src/wire.ts";
import { WEBHOOK_PATH } from "../make-bodies.ts";
import { makeEnvironment, type Place } from "../make-environment.ts";
import { answerParent } from "../start-child.ts";

/** The product with a clock at each of its doors. */
export type TimedAppOrder =
  | ({ readonly kind: "start"; readonly port: number } & Place)
  /** Whether nothing waits any more. */
  | { readonly kind: "is-quiet" }
  /** Forgets what was seen, and answers at the next request that dispatches a workflow. */
  | { readonly kind: "watch" };

/** Moments in ms of one clock, from the webhook's arrival to the request that dispatches. */
export interface Course {
  readonly arrivedAt: number;
  readonly acceptedAt: number;
  readonly settledAt: number;
  readonly dispatchedAt: number;
  /** Requests that were made before the event was settled: reading what the decision needs. */
  readonly reads: readonly { readonly route: string; readonly startedAt: number; readonly endedAt: number }[];
}

interface Watch {
  arrivedAt?: number;
  acceptedAt?: number;
  settledAt?: number;
  readonly requests: { route: string; startedAt: number; endedAt: number }[];
  readonly resolve: (course: Course) => void;
}

let watch: Watch | undefined;
let app: App | undefined;

answerParent<TimedAppOrder>(async (order) => {
  if (order.kind === "start") return start(order);
  if (order.kind === "is-quiet") {
    const { backlog, outboxWaiting } = (await app?.store.ready()) ?? { backlog: 1, outboxWaiting: 1 };
    return { isQuiet: backlog + outboxWaiting === 0 };
  }
  return new Promise((resolve) => {
    watch = { requests: [], resolve };
  });
});

async function start({ port, ...place }: Extract<TimedAppOrder, { kind: "start" }>) {
  timeRequests();
  const env = makeEnvironment(place);
  const log = createLog({ level: "info", destination: createWriteStream("/dev/null") });
  app = await createApp({ env, log, counters, now: Date.now, sweepsByClock: false });
  const { accept } = app;
  const receiver = createReceiver({
    path: WEBHOOK_PATH,
    secrets: env.webhookSecrets,
    appId: env.appId,
    maxBytes: 25 * 1024 * 1024,
    bodyTimeoutMs: 10_000,
    acceptTimeoutMs: 8_000,
    accept,
    observe: ({ kind, event }) => {
      if (kind === "accepted" && event === "issues" && watch) watch.acceptedAt ??= performance.now();
    },
  });
  const server = createHttpServer(
    [
      async ({ headers }) => {
        if (headers["x-github-event"] === "issues" && watch) watch.arrivedAt ??= performance.now();
        return false;
      },
      receiver,
    ],
    { onError: (error) => process.stderr.write(`a request handler failed: ${String(error)}\n`) },
  );
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await app.start();
  // What a start sweeps once; the clock's later sweeps would only add noise to an idle system.
  await app.sweeps.self();
  await app.sweeps.repositories();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const counters: Counters = {
  count: (name, labels) => {
    if (name !== "events" || !("kind" in labels) || labels.kind !== "issue.labeled" || !watch) return;
    watch.settledAt ??= performance.now();
  },
  observe: () => undefined,
};

/** The app takes the global `fetch`; this one reads the whole answer, so that all of GitHub's part is in its time. */
function timeRequests(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(String(input));
    const startedAt = performance.now();
    if (init?.method === "POST" && pathname.endsWith("/dispatches")) endWatch(startedAt);
    const response = await fetch(input, init);
    const body = await response.arrayBuffer();
    watch?.requests.push({
      route: `${init?.method ?? "GET"} ${pathname}`,
      startedAt,
      endedAt: performance.now(),
    });
    const { status, statusText, headers } = response;
    return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
  };
}

function endWatch(dispatchedAt: number): void {
  if (watch === undefined) return;
  const { arrivedAt, acceptedAt, settledAt = dispatchedAt, requests, resolve } = watch;
  if (arrivedAt === undefined || acceptedAt === undefined)
    throw new Error("A dispatch came before its webhook.");
  const reads = requests.filter(({ endedAt }) => endedAt <= settledAt);
  watch = undefined;
  resolve({ arrivedAt, acceptedAt, settledAt, dispatchedAt, reads });
}
