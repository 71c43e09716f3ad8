import type { Observation, ObservedReadiness } from "../../ports/observation.ts";

/** Whether the server can do its work, and why not. */
export interface ProbedReadiness extends ObservedReadiness {
  /** A sentence without any detail of the database; null when ready. */
  readonly reason: string | null;
}

export interface ProbeOptions {
  readonly observation: Observation;
  /** Ms, from any start; only differences are used. */
  readonly now: () => number;
  /** With more events waiting than this, the server is not ready for others. */
  readonly maxBacklog: number;
  readonly timeoutMs: number;
}

const MAX_AGE_MS = 1_000;
const NO_ANSWER: ObservedReadiness = { ok: false, backlog: 0, deadLetters: 0, outboxWaiting: 0 };

/** Asks the store at most once a second and never waits for long, however many people and machines ask here. */
export function createReadinessProbe(options: ProbeOptions): () => Promise<ProbedReadiness> {
  let latest: { readonly at: number; readonly answer: Promise<ProbedReadiness> } | undefined;
  return () => {
    const at = options.now();
    if (latest === undefined || at - latest.at >= MAX_AGE_MS) latest = { at, answer: probe(options) };
    return latest.answer;
  };
}

async function probe({ observation, maxBacklog, timeoutMs }: ProbeOptions): Promise<ProbedReadiness> {
  const found = await within(timeoutMs, observation.ready()).catch(() => NO_ANSWER);
  if (!found.ok) return { ...found, reason: "The database does not answer." };
  if (found.backlog > maxBacklog) {
    return { ...found, ok: false, reason: `More than ${maxBacklog} events wait to be handled.` };
  }
  return { ...found, reason: null };
}

async function within(timeoutMs: number, work: Promise<ObservedReadiness>): Promise<ObservedReadiness> {
  const late = Promise.withResolvers<ObservedReadiness>();
  const timer = setTimeout(() => late.resolve(NO_ANSWER), timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
