import autocannon from "autocannon";
import { makeBodies, makeHeaders, type SignedBody, WEBHOOK_PATH } from "../make-bodies.ts";
import { answerParent } from "../start-child.ts";
import { createRandom, percentile } from "../statistics.ts";

/** What to send, and for how long. */
export interface LoadOrder {
  readonly url: string;
  readonly secret: string;
  readonly bytes: number;
  readonly repositories: number;
  readonly connections: number;
  readonly seconds: number;
  /** Tells the deliveries of this run from those of every other. */
  readonly run: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly sent: number;
  readonly refused: number;
  /** Share of one core that sending took; near 1, the sender is what is measured. */
  readonly senderLoad: number;
}

answerParent<LoadOrder>(async (order) => {
  const { secret, bytes, repositories: count } = order;
  const bodies = makeBodies({ count, bytes, secret, random: createRandom(order.run) });
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const result = await shoot(order, bodies, times);
  const elapsedMs = performance.now() - startedAt;
  const cpu = process.cpuUsage(cpuBefore);
  return {
    perSecond: times.length / (elapsedMs / 1000),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    sent: times.length,
    refused: result.non2xx + result.errors + result.timeouts,
    senderLoad: (cpu.user + cpu.system) / 1000 / elapsedMs,
  } satisfies LoadResult;
});

function shoot(order: LoadOrder, bodies: readonly SignedBody[], times: number[]): Promise<autocannon.Result> {
  let sent = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    sent += 1;
    const guid = `${order.run.toString(16).padStart(8, "0")}-0000-4000-8000-${sent.toString(16).padStart(12, "0")}`;
    const { body, signature } = bodies[sent % bodies.length] as SignedBody;
    return { ...request, body, headers: makeHeaders({ event: "issues", guid, signature }) };
  };
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      {
        url: order.url + WEBHOOK_PATH,
        connections: order.connections,
        duration: order.seconds,
        requests: [{ method: "POST", setupRequest }],
      },
      (error: Error | null, result) => (error ? reject(error) : resolve(result)),
    );
    instance.on("response", (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  });
}
