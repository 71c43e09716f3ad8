import type { Acceptance, Config, Stage } from "../../core/config/config.ts";
import type { Action } from "../../core/effects.ts";
import { matchesAny, matchesExactly } from "../../core/gate/match-paths.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../context.ts";
import type { ModelPull, ModelRun } from "./model.ts";
import { beginRun, endRun, startRun } from "./runs.ts";
import { sampleMetrics } from "./sample-metrics.ts";
import type { World } from "./world.ts";

/** What is assumed of workers and checks; nothing of it is known of a real repository. */
export const ASSUMED = {
  /** How often a stage does what was asked. */
  stagePasses: 0.78,
  /** How often a check of a pull request succeeds. */
  checkPasses: 0.88,
  /** How often the critics let a merged change stay. */
  criticsPass: 0.95,
  /** Of what fails, how often the worker asks for a person. */
  workerBlocks: 0.06,
  stageMs: [3 * MINUTE_MS, 45 * MINUTE_MS],
  checkMs: [MINUTE_MS, 12 * MINUTE_MS],
  usdPerMinute: 0.03,
} as const;

/** GitHub itself ends a job that runs for so long. */
const GITHUB_LIMIT_MS = 6 * HOUR_MS;

type Dispatch = Extract<Action, { kind: "dispatch" }>;

/** What a run is asked for. */
interface Order {
  readonly bounds: readonly Acceptance[];
  /** Whether changes are the result. */
  readonly isCoding: boolean;
  readonly artifacts: readonly string[];
  readonly passes: number;
}

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
    if (faults.hits("run.never-starts")) return run;
    timeline.at(timeline.now + random.skewed(2 * SECOND_MS, 90 * SECOND_MS), () => this.#begin(run));
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
    const { random, faults } = this.#world.context;
    const order = orderOf(this.#world, run);
    if (faults.hits("run.no-evidence"))
      return endRun(this.#world, run, { conclusion: "success", result: null });
    const isGood = random.chance(order.passes);
    const minutes = Math.round((this.#world.now - run.startedAt) / MINUTE_MS);
    const isSaid = isGood || order.bounds.length > 0 || random.chance(0.5);
    const result = { text: this.#write(run, order, { isGood, minutes }), minutes, usd: usdOf(minutes) };
    endRun(this.#world, run, {
      conclusion: isSaid ? "success" : "failure",
      result: isSaid ? result : null,
    });
  }

  #write(
    run: ModelRun,
    order: Order,
    { isGood, minutes }: { readonly isGood: boolean; readonly minutes: number },
  ): string {
    const { random, faults } = this.#world.context;
    const { task = "", attempt = "1", base_sha: baseSha = "" } = run.inputs;
    const isForeign = faults.hits("run.foreign-evidence");
    const badness = random.next();
    const failure = random.chance(ASSUMED.workerBlocks) ? "blocked" : "failed";
    const outcome = isGood || order.bounds.length > 0 ? "completed" : failure;
    return JSON.stringify({
      schema: "orchestrator-result/1",
      task,
      attempt: Number(attempt) + Number(isForeign),
      correlation: run.correlation,
      baseSha,
      outcome,
      summary: isGood
        ? "Did what was asked."
        : `Did not get there, ${Math.round(badness * 1000)} cases are left.`,
      metrics: sampleMetrics(order.bounds, { isGood, badness }),
      artifacts: order.artifacts.map((name) => ({ name, count: 1, bytes: 1024 })),
      changes: order.isCoding && isGood ? [changeOf(this.#world.config, run)] : [],
      usage: { minutes, tokens: 1000 * minutes, usd: usdOf(minutes) },
    });
  }
}

function usdOf(minutes: number): number {
  return Math.round(minutes * ASSUMED.usdPerMinute * 100) / 100;
}

/** What the configuration asks of a run: by its place in the pipeline, or, behind all stages, as the critics. */
function orderOf(world: World, { correlation, workflow }: ModelRun): Order {
  const { kinds, critics, gates } = world.config;
  const [, issue = "", , , stageIndex = "0"] = correlation.split(".");
  const stages: readonly Stage[] = kinds[world.issues.get(Number(issue))?.kind ?? ""]?.stages ?? [];
  const index = Number(stageIndex);
  const stage = stages[index];
  const isLast = index === stages.length - 1;
  if (stage === undefined) {
    const isCritics = critics?.workflow === workflow;
    const passes = isCritics ? ASSUMED.criticsPass : ASSUMED.stagePasses;
    return { bounds: isCritics ? critics.accept : [], isCoding: false, artifacts: [], passes };
  }
  return {
    bounds: stage.accept,
    isCoding: isLast && stage.accept.length === 0,
    artifacts: isLast ? gates.evidence.artifacts : [],
    passes: ASSUMED.stagePasses,
  };
}

function changeOf(config: Config, { correlation }: ModelRun) {
  const name = `work-${correlation.replaceAll(".", "-")}`;
  const text = `export const answer = "${correlation}";\n`;
  return { path: pathFor(config, name), mode: "100644", contentBase64: btoa(text) };
}

/** A path that the configuration lets tasks change, as far as its globs are simple. */
function pathFor({ gates }: Config, name: string): string {
  const { allow, protect } = gates.paths;
  const choices = [
    `src/${name}.ts`,
    ...allow.map((glob) =>
      glob
        .replaceAll(/\{([^,}]*)[^}]*\}/gu, "$1")
        .replaceAll("**/*", `${name}.ts`)
        .replaceAll("**/", "")
        .replaceAll("**", `${name}.ts`)
        .replaceAll("*", name),
    ),
  ];
  const isFree = (path: string) =>
    !matchesAny(path, protect) && (allow.length === 0 || matchesExactly(path, allow));
  return choices.find(isFree) ?? `src/${name}.ts`;
}
