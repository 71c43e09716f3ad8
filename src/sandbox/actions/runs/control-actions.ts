import type { WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { actionsOf } from "../records/actions-state.ts";

/** Sets how many jobs may run at once; 2 when never called. */
export function configureActions(world: World, options: { readonly maxJobs: number }): void {
  actionsOf(world).runners.resize(options.maxJobs);
}

/** Resolves when no run is queued or running, with those that start meanwhile. */
export async function settleActions(world: World): Promise<void> {
  const { active } = actionsOf(world);
  // Runs are started in a microtask after their event.
  await Promise.resolve();
  while (active.size > 0) await Promise.all([...active.values()].map((run) => run.done));
}

/** Ends every run and its processes, and starts no more. */
export async function stopActions(world: World): Promise<void> {
  const state = actionsOf(world);
  state.stopped = true;
  for (const run of state.active.values()) run.force.abort();
  await settleActions(world);
}

/** Cancels a run as its button does; false when it is over already. */
export function cancelRun(world: World, run: WorkflowRun, how: "cancel" | "force"): boolean {
  const active = actionsOf(world).active.get(run.id);
  if (active === undefined || run.status === "completed") return false;
  active[how].abort();
  return true;
}
