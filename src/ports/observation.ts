/** What the operator's pages show of the store: counts, and nothing of any repository. */
export interface Observation {
  ready(): Promise<ObservedReadiness>;
}

export interface ObservedReadiness {
  /** Whether the database answers. */
  readonly ok: boolean;
  /** Events that wait to be handled. */
  readonly backlog: number;
  readonly deadLetters: number;
  readonly outboxWaiting: number;
  /** What is stopped: everything, or how many accounts and repositories. Absent where nobody says. */
  readonly stopped?: { readonly all: boolean; readonly parts: number };
  /** Sessions that are not over, and those that hold back what they covered. Absent where nobody says. */
  readonly sessions?: { readonly open: number; readonly resting: number };
}

/** What is counted, and by which labels; a label never carries an id, a name or a text from outside. */
export interface CountLabels {
  /** Webhook deliveries: stored, duplicate, ignored, refused, aborted. */
  readonly deliveries: { readonly event: string; readonly outcome: string };
  /** Events that were handled: done, failed, dead. */
  readonly events: { readonly kind: string; readonly outcome: string };
  /** Effects that were tried: done, refused, later, failed. */
  readonly effects: { readonly kind: string; readonly outcome: string };
  /** Requests to GitHub; `route` is a template such as `/repos/{owner}/{repo}`. */
  readonly requests: { readonly method: string; readonly route: string; readonly status: number };
  /** Attempts that ended, by their conclusion. */
  readonly attempts: { readonly conclusion: string };
  readonly verdicts: { readonly verdict: string };
  /** What went wrong on its own, by the place that told. */
  readonly errors: { readonly where: string };
}

/** What is measured; every value is in seconds. */
export interface MeasureLabels {
  readonly delivery: { readonly outcome: string };
  readonly event: { readonly kind: string };
  readonly effect: { readonly kind: string };
  readonly request: { readonly method: string };
}

export type CountName = keyof CountLabels;
export type MeasureName = keyof MeasureLabels;

/** Metrics; counting never throws and never waits. */
export interface Counters {
  count<Name extends CountName>(name: Name, labels: CountLabels[Name]): void;
  observe<Name extends MeasureName>(name: Name, seconds: number, labels: MeasureLabels[Name]): void;
}
