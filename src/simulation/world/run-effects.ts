import { SECOND_MS } from "../context.ts";
import { listRuns, runUrl } from "./read-world.ts";
import { endRun } from "./runs.ts";
import { type Done, done, looksFirst, type ThingOf, type Trial } from "./trial.ts";

/** Lists lag behind what was started; only after this long is a run that is not listed taken for not started. */
const PATIENCE_MS = 15 * SECOND_MS;
const LOOK_AGAIN_MS = 2 * SECOND_MS;

export async function dispatch(trial: Trial, action: ThingOf<"dispatch">): Promise<Done> {
  const { world, wire, startRun } = trial;
  if (looksFirst(trial)) {
    const [oldest, ...surplus] = listRuns(world, action.correlation);
    if (!world.context.bugs.skips?.has("cancelling surplus"))
      for (const run of surplus) await cancelRun(trial, run.id);
    if (oldest !== undefined) return done({ runId: oldest.id, runUrl: runUrl(oldest.id) });
    const since = trial.firstTriedAt ?? trial.now();
    const at = trial.now() + LOOK_AGAIN_MS;
    if (trial.now() - since < PATIENCE_MS)
      return { outcome: { kind: "later", at, why: "looking whether the run was started" }, remoteId: null };
  }
  const written = await wire.write(() => {
    const { id: run, workflow, correlation } = startRun(action);
    return { what: "run.start", run, workflow, correlation };
  });
  const id = "run" in written ? written.run : 0;
  return done({ runId: id, runUrl: runUrl(id) });
}

export async function cancelRun({ world, wire }: Trial, id: number): Promise<void> {
  await wire.write(() => {
    const run = world.runs.get(id);
    if (run !== undefined && run.status !== "completed")
      endRun(world, run, { conclusion: "cancelled", result: null });
    return { what: "run.cancel", run: id };
  });
}
