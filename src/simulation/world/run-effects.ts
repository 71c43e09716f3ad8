import { SECOND_MS } from "../context.ts";
import { ModelTrouble } from "../faults.ts";
import { listRuns, runUrl } from "./read-world.ts";
import { endRun } from "./runs.ts";
import { type Done, done, looksFirst, mayAct, type ThingOf, type Trial } from "./trial.ts";
import { Refusal } from "./wire.ts";

/** Lists lag behind what was started; only after this long is a run that is not listed taken for not started. */
const PATIENCE_MS = 15 * SECOND_MS;
const LOOK_AGAIN_MS = 2 * SECOND_MS;

export async function dispatch(trial: Trial, action: ThingOf<"dispatch">): Promise<Done> {
  const known = looksFirst(trial) ? await findStarted(trial, action) : undefined;
  if (known !== undefined) return known;
  if (trial.world.areWorkflowsGone) throw new Refusal(404, "Not Found");
  mayAct(trial, 422, "Workflow does not have 'workflow_dispatch' trigger");
  try {
    const { run } = await trial.wire.write(() => {
      const { id, workflow, correlation } = trial.startRun(action);
      return { what: "run.start", run: id, workflow, correlation };
    });
    return done({ runId: run, runUrl: runUrl(run) });
  } catch (error) {
    if (!(error instanceof ModelTrouble)) throw error;
    return { outcome: { kind: "later", at: trial.now() + PATIENCE_MS, why: "no answer" }, remoteId: null };
  }
}

/** What an earlier try has left, or that it is too early to say; undefined when it has left nothing. */
async function findStarted(trial: Trial, { correlation }: ThingOf<"dispatch">): Promise<Done | undefined> {
  const { world, now, firstTriedAt } = trial;
  const [oldest, ...surplus] = listRuns(world, correlation);
  for (const run of surplus) await cancelRun(trial, run.id);
  if (oldest !== undefined) return done({ runId: oldest.id, runUrl: runUrl(oldest.id) });
  if (now() - (firstTriedAt ?? now()) >= PATIENCE_MS) return undefined;
  const why = "looking whether the run was started";
  return { outcome: { kind: "later", at: now() + LOOK_AGAIN_MS, why }, remoteId: null };
}

export async function cancelRun({ world, wire }: Trial, id: number): Promise<void> {
  await wire.write(() => {
    const run = world.runs.get(id);
    if (run !== undefined && run.status !== "completed")
      endRun(world, run, { conclusion: "cancelled", result: null });
    return { what: "run.cancel", run: id };
  });
}
