import type { Driver } from "./driver.ts";
import type { ModelPull } from "./world.ts";

export const PULL_PATIENCE_MS = 20 * 60_000;

/** Whether every answer that is under way has become a pull request. */
export function hasPull({ world, worker, ledger }: Driver): boolean {
  const { state, reasons = [] } = ledger.task ?? {};
  const hasAnswer = !worker.isIdle || world.runs.at(-1)?.status === "completed";
  const isUnderWay =
    (state === "running" && hasAnswer) || reasons.some(({ code }) => code === "publish.pending");
  return world.pull !== undefined && !isUnderWay;
}

/** Changes the pull request that is meant, as long as it is open. */
export function withPull(driver: Driver, change: (pull: ModelPull) => unknown): void {
  const { pull: chosen } = driver.world;
  if (chosen?.state === "open") change(chosen);
}
