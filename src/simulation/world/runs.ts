import { REPO } from "../context.ts";
import type { ModelRun } from "./model.ts";
import type { World } from "./world.ts";

/** What a run leaves behind: its `result.json`, and what it says it used. */
export interface RunResult {
  readonly text: string;
  /** Whether it says that the work of this very attempt is done. */
  readonly proves: boolean;
  readonly minutes: number;
  readonly usd: number;
}

export function startRun(
  world: World,
  order: Pick<ModelRun, "workflow" | "correlation" | "inputs">,
): ModelRun {
  const { now } = world;
  const run: ModelRun = {
    id: world.nextNumber(),
    ...order,
    createdAt: now,
    status: "queued",
    runAttempt: 1,
    conclusion: null,
    result: null,
    startedAt: now,
    updatedAt: now,
    isGone: false,
  };
  world.runs.set(run.id, run);
  tellRun(world, run);
  return run;
}

export function beginRun(world: World, run: ModelRun): void {
  if (run.status !== "queued" && run.status !== "waiting") return;
  run.status = "in_progress";
  run.startedAt = world.now;
  run.updatedAt = world.now;
  world.context.recorder.deed("runner", { what: "run.begun", run: run.id });
  tellRun(world, run);
}

/** A run is not begun before somebody has agreed. */
export function holdRun(world: World, run: ModelRun): void {
  if (run.status !== "queued") return;
  run.status = "waiting";
  run.updatedAt = world.now;
  tellRun(world, run);
}

/** Somebody runs it once more, with the same ids. */
export function repeatRun(world: World, run: ModelRun): void {
  if (run.status !== "completed" || run.isGone) return;
  run.status = "queued";
  run.conclusion = null;
  run.result = null;
  run.runAttempt += 1;
  beginRun(world, run);
}

/** A run ends, and leaves a result or none. */
export function endRun(
  world: World,
  run: ModelRun,
  { conclusion, result }: { readonly conclusion: string; readonly result: RunResult | null },
): void {
  if (run.status === "completed") return;
  run.status = "completed";
  run.conclusion = conclusion;
  run.result = result?.text ?? null;
  run.updatedAt = world.now;
  const minutes = Math.max(result?.minutes ?? 0, (run.updatedAt - run.startedAt) / 60_000);
  world.context.recorder.deed("runner", {
    what: "run.ended",
    run: run.id,
    conclusion,
    proves: conclusion === "success" && (result?.proves ?? false),
    minutes,
    usd: result?.usd ?? 0,
  });
  tellRun(world, run);
}

function tellRun(world: World, { id, correlation, status, conclusion, runAttempt }: ModelRun): void {
  const title = `work [${correlation}]`;
  world.tell({ kind: "run.changed", repo: REPO, runId: id, title, status, conclusion, runAttempt });
}
