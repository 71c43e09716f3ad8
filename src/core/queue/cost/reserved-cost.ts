import type { Task } from "../../task/task.ts";
import { NO_COST, type RunCost } from "./cost.ts";

/** What is set aside for the run of a task that is under way. It is given back with the end of the run, however that comes. */
export function reservedFor({ timeline, correlation }: Pick<Task, "timeline" | "correlation">): RunCost {
  const line = timeline.findLast((known) => known.correlation === correlation && known.endedAt === null);
  return line?.reserved ?? NO_COST;
}
