import type { CountLabels, CountName, MeasureLabels, MeasureName } from "../../ports/observation.ts";

interface MetricRow<Labels> {
  readonly help: string;
  readonly labels: readonly (keyof Labels & string)[];
}

/** Counters by their name in the code; outside they are called `orchestrator_<name>_total`. */
export const COUNTS: { readonly [Name in CountName]: MetricRow<CountLabels[Name]> } = {
  deliveries: { help: "Webhook deliveries by what became of them.", labels: ["event", "outcome"] },
  events: { help: "Events that were handled.", labels: ["kind", "outcome"] },
  effects: { help: "Effects that were tried.", labels: ["kind", "outcome"] },
  requests: { help: "Requests to GitHub.", labels: ["method", "route", "status"] },
  attempts: { help: "Attempts that ended.", labels: ["conclusion"] },
  verdicts: { help: "Verdicts that were given.", labels: ["verdict"] },
  errors: { help: "Troubles that no request caused.", labels: ["where"] },
};

/** Histograms by their name in the code; outside they are called `orchestrator_<name>_seconds`. */
export const MEASURES: { readonly [Name in MeasureName]: MetricRow<MeasureLabels[Name]> } = {
  delivery: { help: "Time from the first byte of a delivery to its answer.", labels: ["outcome"] },
  event: { help: "Time to handle an event.", labels: ["kind"] },
  effect: { help: "Time to perform an effect.", labels: ["kind"] },
  request: { help: "Time of a request to GitHub.", labels: ["method"] },
};
