import { inline } from "../messages/text.ts";
import { type Reason, reason } from "../reasons.ts";
import { ALL, type Stop } from "./stop.ts";

const WHY_MAX_CHARS = 200;

/** Who stopped what, when and why, as one sentence. */
export function describeStop({ scope, by, at, why }: Stop): string {
  const note = why === null ? "" : `: ${inline(why, WHY_MAX_CHARS)}`;
  return `Everything in ${describeScope(scope)} was stopped by ${by} on ${describeMoment(at)}${note}.`;
}

/** What a stop is about, as people read it. */
export function describeScope(scope: string): string {
  if (scope === ALL) return "every repository";
  if (scope.startsWith("owner:")) return `the repositories of ${scope.slice("owner:".length)}`;
  return "this repository";
}

function describeMoment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " at ")} UTC`;
}

const LIFTERS: Readonly<Record<Stop["source"], string>> = {
  command: "`/orchestrate resume` by a maintainer",
  operator: "the operator, with `orchestrator resume`",
  environment: "the operator, who takes `STOP` out of the server's environment",
};

export function liftersOf({ source }: Stop): string {
  return LIFTERS[source];
}

/** Why nothing is done, once for every stop in force. */
export function explainStops(stops: readonly Stop[]): readonly Reason[] {
  return stops.map((stop) => reason("repository.stopped", describeStop(stop), { liftedBy: liftersOf(stop) }));
}

/** Why nothing is started while somebody has paused the repository. */
export function explainPause(pausedBy: string | null): readonly Reason[] {
  return pausedBy === null ? [] : [reason("repository.paused", `The repository is paused by ${pausedBy}.`)];
}
