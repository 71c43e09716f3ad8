import type { Action } from "../../core/effects.ts";

import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../context.ts";
import { ASSUMED } from "./assumed.ts";
import type { ModelPull, ModelRun } from "./model.ts";
import { beginRun, endRun, holdRun, repeatRun, startRun } from "./runs.ts";
import type { World } from "./world.ts";
import { orderOf, writeResult } from "./write-result.ts";

/** GitHub itself ends a job that runs for so long. */
const GITHUB_LIMIT_MS = 6 * HOUR_MS;
/** It gives up a job that no runner has taken for so long. */
const GITHUB_PATIENCE_MS = 24 * HOUR_MS;

/** Ways to end that prove nothing. */
const ODD_ENDS = ["neutral", "skipped", "stale", "startup_failure", "action_required", "unheard_of"] as const;

type Dispatch = Extract<Action, { kind: "dispatch" }>;

/** Takes dispatched runs and the checks of new heads, works for a while, and ends them well or badly. */
export class Runner {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  readonly start = (action: Dispatch): ModelRun => {
    const run = this.#take(action);
    const { faults, recorder } = this.#world.context;
    if (faults.hits("run.doubled")) {
      const { id, correlation } = this.#take(action);
      recorder.deed("github", { what: "run.doubled", run: id, correlation });
    }
    return run;
  };

  /** Checks begin on a commit that is the head of a pull request. */
  readonly checkHead = ({ headSha }: ModelPull): void => {
    const world = this.#world;
    const { timeline, random, faults } = world.context;
    if (world.checksOf(headSha).some(({ key }) => key === null)) return;
    const { required } = world.config.gates.checks;
    for (const name of required.length === 0 ? ["test"] : required) {
      const check = world.addCheck(headSha, name, null);
      if (faults.hits("run.never-ends")) continue;
      const conclusion = random.chance(ASSUMED.checkPasses) ? "success" : "failure";
      timeline.at(timeline.now + random.skewed(...ASSUMED.checkMs), () =>
        world.endCheck(headSha, check, conclusion),
      );
    }
  };

  #take({ workflow, correlation, inputs }: Dispatch): ModelRun {
    const world = this.#world;
    const { timeline, random, faults } = world.context;
    const run = startRun(world, { workflow, correlation, inputs });
    if (faults.hits("run.never-starts")) {
      timeline.at(timeline.now + GITHUB_PATIENCE_MS, () =>
        endRun(world, run, { conclusion: "cancelled", result: null }),
      );
      return run;
    }
    const begin = timeline.now + random.skewed(2 * SECOND_MS, 90 * SECOND_MS);
    const isHeld = faults.hits("run.waits");
    if (isHeld) timeline.at(begin, () => holdRun(world, run));
    const wait = isHeld ? faults.random.between(5, 300) * MINUTE_MS : 0;
    timeline.at(begin + wait, () => this.#begin(run));
    return run;
  }

  #begin(run: ModelRun): void {
    const { timeline, random, faults, recorder } = this.#world.context;
    beginRun(this.#world, run);
    if (faults.hits("run.vanishes")) {
      run.isGone = true;
      recorder.deed("github", { what: "run.vanished", run: run.id });
    }
    if (faults.hits("run.never-ends"))
      return timeline.at(timeline.now + GITHUB_LIMIT_MS, () =>
        endRun(this.#world, run, { conclusion: "timed_out", result: null }),
      );
    const end = timeline.now + random.skewed(...ASSUMED.stageMs);
    if (faults.hits("run.cancelled"))
      timeline.at((timeline.now + end) / 2, () =>
        endRun(this.#world, run, { conclusion: "cancelled", result: null }),
      );
    timeline.at(end, () => this.#finish(run));
  }

  #finish(run: ModelRun): void {
    const { random, faults, timeline } = this.#world.context;
    const order = orderOf(this.#world, run);
    if (faults.hits("run.rerun")) {
      timeline.at(timeline.now + faults.random.between(1, 90) * MINUTE_MS, () => {
        repeatRun(this.#world, run);
        timeline.at(timeline.now + random.skewed(...ASSUMED.stageMs), () => this.#finish(run));
      });
    }
    if (faults.hits("run.no-evidence"))
      return endRun(this.#world, run, { conclusion: "success", result: null });
    if (faults.hits("run.odd-end"))
      return endRun(this.#world, run, { conclusion: faults.random.pick(ODD_ENDS), result: null });
    const isGood = random.chance(order.passes);
    const minutes = Math.round((this.#world.now - run.startedAt) / MINUTE_MS);
    const isSaid = isGood || order.bounds.length > 0 || random.chance(0.5);
    const result = writeResult(this.#world, { run, order, isGood, minutes });
    const isDenied = faults.hits("run.contradicts");
    endRun(this.#world, run, {
      conclusion: isSaid && !isDenied ? "success" : "failure",
      result: isSaid ? result : null,
    });
  }
}
