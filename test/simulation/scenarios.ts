import type { Bugs } from "../../src/simulation/context.ts";
import { HOUR_MS } from "../../src/simulation/context.ts";
import { Random } from "../../src/simulation/random.ts";
import type { Recorded } from "../../src/simulation/record.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import type { SimulationScenario } from "../../src/ports/simulator.ts";

/** How long things go wrong, and how long nothing does any more before the history is judged. */
const WILD_MS = 9 * HOUR_MS;
const CALM_MS = 8 * HOUR_MS;

/** The scenario of a seed: another configuration, other work, and other faults with each. */
export function scenarioOf(seed: number): SimulationScenario {
  const random = new Random(seed).fork("scenario");
  return {
    config: writeConfig(random),
    roadmap: null,
    days: WILD_MS / (24 * HOUR_MS),
    seed,
    tasks: random.between(2, 5),
    faults: "swarm",
  };
}

function writeConfig(random: Random): string {
  const autonomy = random.pick(["merge", "merge", "merge-with-approval", "draft-pr"] as const);
  const hasCritics = random.chance(0.2);
  const isTight = random.chance(0.3);
  return [
    "version: 1",
    `autonomy: ${autonomy}`,
    "mode: active",
    `limits: { running: ${random.between(1, 3)}, openPulls: ${random.between(1, 4)}${isTight ? ", minutesPerWeek: 60" : ""} }`,
    "roles:",
    `  bugfix: { attempts: ${random.between(2, 4)}, timeout: ${random.pick(["20m", "60m"] as const)} }`,
    "  data-engineer: { attempts: 2 }",
    "kinds:",
    "  bugfix: { match: { labels: [bug] } }",
    "  data:",
    "    match: { labels: [data] }",
    "    role: data-engineer",
    "    stages:",
    "      - { name: generate, workflow: generate.yml, inputs: { days: [30, 365] } }",
    "      - { name: verify, workflow: verify.yml, accept: [{ metric: r2, min: 0.65 }] }",
    `gates: { checks: { required: [test] }, approvals: ${random.between(1, 2)} }`,
    ...(hasCritics ? ["critics: { workflow: critics.yml, accept: [{ metric: incidents, max: 0 }] }"] : []),
    "",
  ].join("\n");
}

/** Plays a seed to its end: things go wrong, then nothing does any more. */
export async function playSeed(seed: number, bugs: Bugs = {}): Promise<readonly Recorded[]> {
  const simulation = new Simulation(scenarioOf(seed), bugs);
  await simulation.pass(WILD_MS);
  simulation.calm();
  await simulation.pass(CALM_MS);
  return simulation.context.recorder.lines;
}
