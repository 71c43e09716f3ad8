import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { APP_ID } from "../../demo/processes.ts";
import { configureActions } from "../../src/sandbox/actions/runs/control-actions.ts";
import type { Sandbox } from "../../src/sandbox/create-sandbox.ts";
import type { Exchange } from "../../src/sandbox/http/record-exchange.ts";
import { createDice, type Dice, type Victim, withVictim } from "../stories/play-kills.ts";
import { intervene } from "../support/load/interventions.ts";
import { judgeLoad, measureAutonomy, measureMostAtOnce } from "../support/load/judge-load.ts";
import { LOAD_REPOSITORY } from "../support/load/load-repository.ts";
import {
  createLoadStage,
  isAtEnd,
  type LoadStage,
  type PlannedRepository,
} from "../support/load/load-stage.ts";
import { planIssues } from "../support/load/planned-issues.ts";
import { writeSmallRepository } from "../support/small-repository.ts";

const SEED = Number(process.env.SIXTY_SEED ?? Date.now() % 100_000);
const OWNERS = ["acme", "globex"] as const;
const PATIENCE_MS = 1_500_000;
const LOOK_MS = 500;
/** One issue is handed over about so often. */
const HAND_OVER_MS = 700;
const SHORTEST_LIFE_MS = 2_000;
const LONGEST_LIFE_MS = 7_000;
const RUNNERS = 6;
const KILLS_PER_LINE = 10;
/** What an installation has in an organisation of GitHub Enterprise Cloud: every start compares all repositories with GitHub. */
const LIMITS = { perHour: 15_000 };

it(`F041 carries 60 mixed tasks of two teams to their right ends while the app is killed every few seconds (SIXTY_SEED=${SEED})`, async () => {
  const dice = createDice(SEED);
  const seedDir = mkdtempSync(join(tmpdir(), "orchestrator-sixty-"));
  for (const owner of OWNERS) writeSmallRepository(join(seedDir, `${owner}__small`), LOAD_REPOSITORY);
  const exchanges: Exchange[] = [];
  const makeHooks = () => ({ onExchange: (exchange: Exchange) => void exchanges.push(exchange) });
  try {
    await withVictim({ seedDir, makeHooks, limits: LIMITS }, async ({ sandbox, victim, judge }) => {
      configureActions(sandbox.world, { maxJobs: RUNNERS });
      const startedAt = performance.now();
      const giveUp = AbortSignal.timeout(PATIENCE_MS);
      const stage = createLoadStage({
        sandbox,
        repositories: listPlanned(sandbox),
        appId: APP_ID,
        signal: giveUp,
      });
      await stage.openIssues();
      const people = playPeople(stage, dice);
      people.catch(() => undefined);
      const kills = await killUntilEnd({ stage, victim, dice, giveUp });
      const tookMs = performance.now() - startedAt;
      const told = giveUp.aborted ? [] : await people.then(() => []);
      print({ stage, exchanges, kills, tookMs });

      expect([...told, ...judgeLoad(stage), ...(await judge())]).toEqual([]);
    });
  } finally {
    rmSync(seedDir, { recursive: true, force: true });
  }
});

function listPlanned({ world }: Sandbox): readonly PlannedRepository[] {
  return OWNERS.map((owner, index) => {
    const repo = [...world.repos.values()].find((one) => one.owner.login === owner);
    if (repo === undefined) throw new Error(`${owner} has no repository`);
    return { repo, issues: planIssues(index === 0 ? "first" : "second") };
  });
}

/** Hands the issues over in any order, and does what is planned for each as soon as it can be done. */
async function playPeople(stage: LoadStage, dice: Dice): Promise<void> {
  const order = stage.places
    .map((place) => ({ place, at: dice() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ place }) => place);
  const interventions: Promise<void>[] = [];
  for (const place of order) {
    await stage.handOver(place);
    interventions.push(intervene(stage, place));
    await wait(dice() * 2 * HAND_OVER_MS);
  }
  await Promise.all(interventions);
}

/** Kills the app again and again until everything has come to rest as planned, or nobody waits any longer. */
async function killUntilEnd({
  stage,
  victim,
  dice,
  giveUp,
}: {
  readonly stage: LoadStage;
  readonly victim: Victim;
  readonly dice: Dice;
  readonly giveUp: AbortSignal;
}): Promise<number> {
  let kills = 0;
  let startMs = 0;
  const isOver = () => giveUp.aborted || countAtEnd(stage) === stage.places.length;
  while (!isOver()) {
    // On a machine so busy that a start takes longer than a life, nothing would ever be done.
    const lifeMs = Math.max(startMs, SHORTEST_LIFE_MS + dice() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
    const livesUntil = performance.now() + lifeMs;
    while (performance.now() < livesUntil && !isOver()) await wait(LOOK_MS);
    await victim.kill();
    const startedAt = performance.now();
    await victim.start();
    startMs = performance.now() - startedAt;
    kills += 1;
    if (kills % KILLS_PER_LINE === 0)
      process.stdout.write(`${kills} kills, ${countAtEnd(stage)} issues at rest\n`);
  }
  return kills;
}

function countAtEnd(stage: LoadStage): number {
  return stage.places.filter((place) => isAtEnd(stage, place)).length;
}

function print({
  stage,
  exchanges,
  kills,
  tookMs,
}: {
  readonly stage: LoadStage;
  readonly exchanges: readonly Exchange[];
  readonly kills: number;
  readonly tookMs: number;
}): void {
  const { finished, alone } = measureAutonomy(stage);
  const requests = exchanges.filter(({ actor }) => actor === "installation" || actor === "app");
  const lines = [
    `autonomy: ${alone} of ${finished} finished tasks without a person (${Math.round((100 * alone) / finished)} %)`,
    `${stage.places.length} tasks in ${Math.round(tookMs / 1_000)} s, ${kills} kills, at most ${measureMostAtOnce(stage)} at once`,
    `${requests.length} requests of the app, ${requests.filter(({ method }) => method !== "GET").length} of them write`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
