import type { SimulationScenario } from "../../src/ports/simulator.ts";
import { type Bugs, HOUR_MS } from "../../src/simulation/context.ts";
import { Random } from "../../src/simulation/random.ts";
import type { Recorded } from "../../src/simulation/record.ts";
import { Simulation } from "../../src/simulation/simulation.ts";
import { checkHistory } from "./check-history.ts";
import { CALM_MS, MOST_LINES } from "./check-liveness.ts";

/** How long things go wrong, and how long nothing does any more before the history is judged. */
const WILD_MS = 10 * HOUR_MS;

/** Different configurations; the same few are read once. */
const CONFIGS = 40;

/** The scenario of a seed: another configuration, other work, and other faults with each. */
export function scenarioOf(seed: number): SimulationScenario {
  const random = new Random(seed).fork("scenario");
  return {
    config: writeConfig(new Random(seed % CONFIGS).fork("config"), levelsOf(seed)),
    roadmap: null,
    days: WILD_MS / (24 * HOUR_MS),
    seed,
    tasks: random.between(2, 7),
    faults: "swarm",
  };
}

/** How far a role may go, as its line has it, and ceilings of parts of the tree. */
interface Levels {
  readonly role: string;
  readonly ceilings: readonly string[];
}

/** For a fifth of the seeds; drawn apart from all else, which is as it would be without. */
function levelsOf(seed: number): Levels {
  if (!new Random(seed).fork("ceilings").chance(0.2)) return { role: "", ceilings: [] };
  const random = new Random(seed % CONFIGS).fork("ceilings");
  const role = random.pick(["", "merge-with-approval", "draft-pr", "suggest"] as const);
  // Everything that tasks write; or what a first attempt writes and none after it.
  const glob = random.pick(["src/**", "src/*-1-0-0.ts", "src/*-1-0-0.ts"] as const);
  const level = random.pick(["observe", "suggest", "draft-pr", "merge-with-approval"] as const);
  return {
    role: role === "" ? "" : `, autonomy: ${role}`,
    ceilings: [
      `ceilings: [{ paths: [docs/**], autonomy: observe }, { paths: ["${glob}"], autonomy: ${level} }]`,
    ],
  };
}

function writeConfig(random: Random, { role, ceilings }: Levels): string {
  const autonomy = random.pick([
    "merge",
    "merge",
    "merge-with-approval",
    "merge-with-approval",
    "draft-pr",
  ] as const);
  const hasCritics = random.chance(0.2);
  const isTight = random.chance(0.3);
  return [
    "version: 1",
    `autonomy: ${autonomy}`,
    "mode: active",
    `limits: { running: ${random.between(1, 3)}, openPulls: ${random.between(1, 4)}${isTight ? ", minutesPerWeek: 60" : ""} }`,
    "roles:",
    `  bugfix: { attempts: ${random.between(2, 4)}, timeout: ${random.pick(["20m", "60m"] as const)}${role} }`,
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
    ...ceilings,
    ...(hasCritics ? ["critics: { workflow: critics.yml, accept: [{ metric: incidents, max: 0 }] }"] : []),
    "",
  ].join("\n");
}

/** Plays a seed to its end: things go wrong, then nothing does any more. */
export async function playSeed(
  seed: number,
  { bugs = {}, wildMs = WILD_MS }: { readonly bugs?: Bugs; readonly wildMs?: number } = {},
): Promise<readonly Recorded[]> {
  const simulation = new Simulation(scenarioOf(seed), bugs);
  await passUnlessRestless(simulation, wildMs);
  simulation.calm();
  await passUnlessRestless(simulation, CALM_MS);
  return simulation.context.recorder.lines;
}

const STEP_MS = HOUR_MS / 4;

/** What never comes to rest would never end either; a check says that it does not. */
async function passUnlessRestless(simulation: Simulation, ms: number): Promise<void> {
  const { lines } = simulation.context.recorder;
  for (let passed = 0; passed < ms && lines.length < MOST_LINES; passed += STEP_MS)
    await simulation.pass(Math.min(STEP_MS, ms - passed));
}

interface Found {
  readonly seed: number;
  readonly problems: readonly string[];
}

/** The first seed up to `most` whose history shows a planted bug; `first` is looked at before all others. */
export async function findBug(
  bugs: Bugs,
  { most, first = 1 }: { readonly most: number; readonly first?: number },
): Promise<Found | undefined> {
  const seeds = new Set([first, ...Array.from({ length: most }, (_, index) => index + 1)]);
  for (const seed of seeds) {
    const problems = checkHistory(await playSeed(seed, { bugs }));
    if (problems.length > 0) return { seed, problems };
  }
  return undefined;
}

/** The shortest time of trouble, in steps of a quarter of an hour, after which a seed still breaks something. */
export async function shrink(seed: number): Promise<Found & { readonly wildMs: number }> {
  const stepMs = HOUR_MS / 4;
  for (let wildMs = stepMs; wildMs < WILD_MS; wildMs += stepMs) {
    const problems = checkHistory(await playSeed(seed, { wildMs }));
    if (problems.length > 0) return { seed, problems, wildMs };
  }
  return { seed, problems: checkHistory(await playSeed(seed)), wildMs: WILD_MS };
}
