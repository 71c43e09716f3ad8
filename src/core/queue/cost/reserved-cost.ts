import type { Task } from "../../task/task.ts";
import { type Cost, NO_COST } from "./cost.ts";

/** What is set aside for the run of a task that is under way. It is given back with the end of the run, however that comes. */
export function reservedFor({ timeline, correlation }: Pick<Task, "timeline" | "correlation">): Cost {
  const line = timeline.findLast((known) => known.correlation === correlation && known.endedAt === null);
  return line?.reserved ?? NO_COST;
}
