import type { Config } from "../core/config/config.ts";
import { parseConfig } from "../core/config/parse-config.ts";
import { parseRoadmap } from "../core/roadmap/parse-roadmap.ts";
import type { Roadmap } from "../core/roadmap/roadmap.ts";
import type { SimulationScenario } from "../ports/simulator.ts";
import { type Bugs, DAY_MS, HOUR_MS, REPO, type SimulationContext, START } from "./context.ts";
import { Faults } from "./faults.ts";
import { ACCOUNTS } from "./people/accounts.ts";
import { handOver, listIdeas } from "./people/hand-over.ts";
import { rush, startMeddling } from "./people/meddlers.ts";
import { startReviewing } from "./people/reviewers.ts";
import { restoreOrder, startUpheavals } from "./people/upheavals.ts";
import { AppProcess } from "./process.ts";
import { Random } from "./random.ts";
import { Recorder } from "./record.ts";
import { MemoryInbox } from "./store/memory-inbox.ts";
import { MemoryLedger } from "./store/memory-ledger.ts";
import { MemoryOutbox } from "./store/memory-outbox.ts";
import { MemoryTables } from "./store/memory-tables.ts";
import { Timeline } from "./timeline.ts";
import { createEffector } from "./world/create-effector.ts";
import type { ModelPull } from "./world/model.ts";
import { readCode, readIssues, readRuns } from "./world/read-world.ts";
import { Runner } from "./world/runner.ts";
import { Webhooks } from "./world/webhooks.ts";
import { CONFIG_PATH, World } from "./world/world.ts";

/** The part of the time in which work is handed over; the rest is for what comes of it. */
const HAND_OVER_PART = 0.6;

/** One repository with the app at work in it, from the first issue on. */
export class Simulation {
  readonly context: SimulationContext;
  readonly config: Config;
  readonly roadmap: Roadmap | null;
  readonly world: World;
  readonly tables: MemoryTables;
  readonly inbox: MemoryInbox;
  readonly outbox: MemoryOutbox;
  readonly process: AppProcess;
  readonly #runner: Runner;
  readonly #scenario: SimulationScenario;

  constructor(scenario: SimulationScenario, bugs: Bugs = {}) {
    const timeline = new Timeline(START);
    const random = new Random(scenario.seed);
    const faults = new Faults(scenario.faults, random);
    const recorder = new Recorder(() => timeline.now);
    this.context = { timeline, random: random.fork("world"), faults, recorder, bugs };
    this.#scenario = scenario;
    this.config = readConfig(scenario.config);
    this.roadmap = this.config.roadmap === undefined ? null : readRoadmap(scenario.roadmap);
    const { context } = this;
    this.process = new AppProcess(context);
    this.tables = new MemoryTables(context);
    this.inbox = new MemoryInbox({ context, tables: this.tables, wake: this.process.wakeInbox });
    this.outbox = new MemoryOutbox({
      context,
      tables: this.tables,
      inbox: this.inbox,
      wake: this.process.wakeLane,
    });
    const webhooks = new Webhooks(context, (guid, event) =>
      this.process.isAlive ? this.inbox.accept(guid, event) : "failed",
    );
    const { config } = this;
    const files = new Map([
      ["README.md", "# Shop\n"],
      [CONFIG_PATH, scenario.config],
    ]);
    if (scenario.roadmap !== null && config.roadmap !== undefined)
      files.set(config.roadmap, scenario.roadmap);
    const emit = webhooks.send.bind(webhooks);
    this.world = new World({ context, config, files, roadmap: this.roadmap, emit });
    this.#runner = new Runner(this.world);
    this.#open(webhooks);
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const { timeline } = this.context;
    await timeline.runUntil(timeline.now + ms);
  }

  /** Nothing goes wrong any more, and what people did to the repository as a whole is undone. */
  calm(): void {
    const { faults, recorder, timeline } = this.context;
    faults.stop();
    recorder.add({ kind: "calm", at: timeline.now });
    restoreOrder(this.world, this.process, this.#scenario.config);
  }

  #open(webhooks: Webhooks): void {
    const { context, world, process, tables, inbox, outbox } = this;
    for (const { login, permission } of Object.values(ACCOUNTS)) world.permissions.set(login, permission);
    const { pause, now } = process;
    const ledger = new MemoryLedger({ context, tables, inbox, outbox, pause });
    const { start: startRun, checkHead } = this.#runner;
    const onHead = (pull: ModelPull) => {
      checkHead(pull);
      rush(world, pull, checkHead);
    };
    process.start({
      context,
      tables,
      inbox,
      outbox,
      readers: { issues: readIssues(world), code: readCode(world), runs: readRuns(world), ledger },
      effector: createEffector({ world, pause, now, startRun, onHead }),
      stops: { of: async () => tables.stops },
      app: {
        repositories: async () => (world.suspendedAt === null ? [REPO] : []),
        redeliverFailed: async (since) => webhooks.redeliver(since),
      },
    });
    world.tell({ kind: "repository.added", repo: REPO });
    this.#planWork();
    startReviewing(world);
    startMeddling(world, checkHead);
    startUpheavals(world, process);
  }

  #planWork(): void {
    const { timeline, random } = this.context;
    const { days, tasks } = this.#scenario;
    const ideas = listIdeas(this.config, this.roadmap, tasks);
    const span = Math.max(HOUR_MS, days * DAY_MS * HAND_OVER_PART);
    const moments = ideas.map(() => Math.round(random.next() * span)).toSorted((a, b) => a - b);
    for (const [index, idea] of ideas.entries())
      timeline.at(START + 10_000 + (moments[index] ?? 0), () => handOver(this.world, idea));
  }
}

function readConfig(text: string): Config {
  const parsed = parseConfig(text);
  if (parsed.ok) return parsed.config;
  throw new Error(`The configuration to simulate is not valid: ${parsed.problems[0]?.message}`);
}

function readRoadmap(text: string | null): Roadmap | null {
  if (text === null) return null;
  const parsed = parseRoadmap(text);
  if (parsed.ok) return parsed.roadmap;
  throw new Error(`The roadmap to simulate is not valid: ${parsed.problems[0]?.message}`);
}
