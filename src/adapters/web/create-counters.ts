import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Counters, Observation, ObservedReadiness } from "../../ports/observation.ts";
import { createLabelBound } from "./label-bound.ts";
import { COUNTS, MEASURES } from "./metric-rows.ts";

export interface Metrics {
  readonly counters: Counters;
  readonly registry: Registry;
}

const PREFIX = "orchestrator_";
const BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes every metric of the process; counting ignores what cannot be counted instead of throwing. */
export function createCounters(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const bound = createLabelBound();
  const counts = mapRows(COUNTS, (name, { help, labels }) => {
    return new Counter({ name: `${PREFIX}${name}_total`, help, labelNames: labels, registers: [registry] });
  });
  const measures = mapRows(MEASURES, (name, { help, labels }) => {
    const options = { help, labelNames: labels, registers: [registry], buckets: BUCKETS_SECONDS };
    return new Histogram({ name: `${PREFIX}${name}_seconds`, ...options });
  });
  return {
    registry,
    counters: {
      count: (name, labels) => counts[name].inc(bound(name, labels)),
      observe: (name, seconds, labels) => {
        if (Number.isFinite(seconds) && seconds >= 0) measures[name].observe(bound(name, labels), seconds);
      },
    },
  };
}

/** Adds what waits in the store, read anew at every scrape; a store that does not answer leaves its figures out. */
export function observeStore(registry: Registry, observation: Observation): void {
  let scrape: Promise<ObservedReadiness> | undefined;
  const read = () => {
    scrape ??= observation.ready().finally(() => {
      scrape = undefined;
    });
    return scrape;
  };
  for (const { name, help, pick } of STORE_GAUGES) {
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: [registry],
      async collect() {
        const now = await read().catch(() => undefined);
        if (now?.ok) this.set(pick(now));
        else this.remove();
      },
    });
  }
}

const STORE_GAUGES: readonly { name: string; help: string; pick(now: ObservedReadiness): number }[] = [
  { name: "inbox_waiting", help: "Events that wait to be handled.", pick: ({ backlog }) => backlog },
  { name: "outbox_waiting", help: "Effects that wait to be done.", pick: (now) => now.outboxWaiting },
  { name: "dead_letters", help: "Deliveries that could not be handled.", pick: (now) => now.deadLetters },
];

function mapRows<Rows extends object, Metric>(
  rows: Rows,
  create: (name: string, row: Rows[keyof Rows]) => Metric,
): { readonly [Name in keyof Rows]: Metric } {
  const entries = Object.entries(rows).map(([name, row]) => [name, create(name, row)]);
  return Object.fromEntries(entries);
}
