import type { Acceptance, Config, Stage } from "../../core/config/config.ts";
import { matchesAny, matchesExactly } from "../../core/gate/match-paths.ts";
import { MINUTE_MS } from "../context.ts";
import { ASSUMED } from "./assumed.ts";
import type { ModelRun } from "./model.ts";
import type { RunResult } from "./runs.ts";
import { sampleMetrics } from "./sample-metrics.ts";
import type { World } from "./world.ts";

/** What no task may change by itself. */
export const PROTECTED = ".github/workflows";
const SECRET = `ghs_${"s3cr3t".repeat(6)}`;

/** What a run is asked for. */
interface Order {
  readonly bounds: readonly Acceptance[];
  /** Whether changes are the result. */
  readonly isCoding: boolean;
  readonly artifacts: readonly string[];
  readonly passes: number;
}

interface Work {
  readonly run: ModelRun;
  readonly order: Order;
  readonly isGood: boolean;
  readonly minutes: number;
}

/** The `result.json` of a run, as it should be or not. */
export function writeResult(world: World, work: Work): RunResult {
  const { random, faults } = world.context;
  const { run, order, isGood, minutes } = work;
  const { task = "", attempt = "1", base_sha: baseSha = "" } = run.inputs;
  const isForeign = faults.hits("run.foreign-evidence");
  const badness = random.next();
  const usd = Math.round(minutes * ASSUMED.usdPerMinute * 100) / 100;
  const text = JSON.stringify({
    schema: "orchestrator-result/1",
    task,
    attempt: Number(attempt) + Number(isForeign),
    correlation: run.correlation,
    baseSha,
    ...describeOutcome(world, work, badness),
    metrics: sampleMetrics(order.bounds, { isGood, badness }),
    artifacts: order.artifacts.map((name) => ({ name, count: 1, bytes: 1024 })),
    changes: order.isCoding && isGood ? changesOf(world, run) : [],
    usage: { minutes, tokens: 1000 * minutes, usd },
  });
  const isBroken = faults.hits("run.broken-evidence");
  return {
    text: isBroken ? text.slice(0, faults.random.between(0, text.length - 1)) : text,
    proves: isGood && !isForeign && !isBroken,
    minutes,
    usd,
  };
}

/** What a worker says of its work; where metrics decide, it takes itself for done. */
function describeOutcome({ context, now }: World, { order, isGood }: Work, badness: number) {
  const { random, faults } = context;
  const secret = faults.hits("run.tells-secret") ? ` The token was ${SECRET}.` : "";
  const failure = random.chance(ASSUMED.workerBlocks) ? "blocked" : "failed";
  if (isGood) return { outcome: "completed", summary: `Did what was asked.${secret}` };
  const summary = `Did not get there, ${Math.round(badness * 1000)} cases are left.${secret}`;
  if (faults.hits("run.rate-limited")) {
    const retryAt = new Date(now + faults.random.between(1, 120) * MINUTE_MS).toISOString();
    return { outcome: "failed", summary, failure: "rate_limit", retryAt };
  }
  return { outcome: order.bounds.length > 0 ? "completed" : failure, summary };
}

function changesOf(world: World, run: ModelRun) {
  const change = changeOf(world.config, run);
  return world.context.faults.hits("run.oversteps")
    ? [change, { ...change, path: `${PROTECTED}/${run.correlation}.yml` }]
    : [change];
}

/** What is asked of a run: by its place in the pipeline and its roadmap task, or, behind all stages, as the critics. */
export function orderOf(
  world: World,
  { correlation, workflow }: Pick<ModelRun, "correlation" | "workflow">,
): Order {
  const { kinds, critics, gates } = world.config;
  const [, number = "", , , stageIndex = "0"] = correlation.split(".");
  const issue = world.issues.get(Number(number));
  const stages: readonly Stage[] = kinds[issue?.kind ?? ""]?.stages ?? [];
  const index = Number(stageIndex);
  const stage = stages[index];
  if (stage === undefined) {
    const isCritics = critics?.workflow === workflow;
    const passes = isCritics ? ASSUMED.criticsPass : ASSUMED.stagePasses;
    return { bounds: isCritics ? critics.accept : [], isCoding: false, artifacts: [], passes };
  }
  const own = { bounds: stage.accept, isCoding: false, artifacts: [], passes: ASSUMED.stagePasses };
  if (index < stages.length - 1) return own;
  const wanted = world.planned(issue?.title ?? "")?.acceptance ?? { metrics: [], artifacts: [] };
  return {
    ...own,
    bounds: [...stage.accept, ...wanted.metrics],
    isCoding: stage.accept.length === 0,
    artifacts: [...gates.evidence.artifacts, ...wanted.artifacts],
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
