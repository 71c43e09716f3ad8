import type { Config } from "../config/config.ts";
import type { StageLine, Task } from "../task/task.ts";

/** Fewer stages than this say little about how long the next one takes. */
const MIN_STAGES = 3;

/**
 * In how many ms a queued task may start, from its place, how many tasks run at once and how long stages of the known tasks
 * took; null where nothing is known to go by. A guess, and shown as one.
 */
export function estimateStart(task: Task, known: readonly Task[], config: Config | null): number | null {
  if (task.state !== "queued" || task.position === null || config === null) return null;
  const durations = known
    .flatMap((other) => other.timeline)
    .flatMap((line) => (line.endedAt === null || !isJudged(line) ? [] : [line.endedAt - line.startedAt]))
    .toSorted((a, b) => a - b);
  const typical = durations[Math.floor(durations.length / 2)];
  if (typical === undefined || durations.length < MIN_STAGES) return null;
  return Math.ceil(task.position.rank / config.limits.running) * typical;
}

/** A stage that was broken off says nothing of how long one takes. */
function isJudged({ state }: StageLine): boolean {
  return state === "PASS" || state === "FAIL" || state === "BLOCKED";
}
