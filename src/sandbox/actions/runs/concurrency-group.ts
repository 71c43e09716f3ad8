import type { Repo, WorkflowRun } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { actionsOf } from "../records/actions-state.ts";

interface GroupRequest {
  readonly repo: Repo;
  readonly run: WorkflowRun;
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly signal: AbortSignal;
}

/**
 * Waits for the run's turn in its concurrency group: one runs, one is pending, a newer pending run replaces an older.
 * Answers the function that leaves the group, or null when the run lost its place.
 */
export async function enterGroup(world: World, request: GroupRequest): Promise<(() => void) | null> {
  const { repo, run, cancelInProgress, signal } = request;
  const { groups, active } = actionsOf(world);
  const key = `${repo.id}/${request.group.toLowerCase()}`;
  const leave = (): void => leaveGroup(world, key);
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, { holder: run.id, pending: null });
    return leave;
  }
  group.pending?.enter(false);
  if (cancelInProgress) active.get(group.holder)?.cancel.abort();
  run.status = "pending";
  const entered = await new Promise<boolean>((resolve) => {
    group.pending = { runId: run.id, enter: resolve };
    signal.addEventListener("abort", () => resolve(false), { once: true });
    if (signal.aborted) resolve(false);
  });
  if (group.pending?.runId === run.id) group.pending = null;
  if (!entered) {
    // A cancel may come in the very moment in which the place became free.
    if (group.holder === run.id) leave();
    return null;
  }
  run.status = "queued";
  return leave;
}

function leaveGroup(world: World, key: string): void {
  const { groups } = actionsOf(world);
  const group = groups.get(key);
  if (group === undefined) return;
  const next = group.pending;
  if (next === null) {
    groups.delete(key);
    return;
  }
  group.holder = next.runId;
  group.pending = null;
  next.enter(true);
}
