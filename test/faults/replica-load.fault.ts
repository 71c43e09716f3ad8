import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { APP_ID } from "../../bench/make-bodies.ts";
import { configureActions } from "../../src/sandbox/actions/runs/control-actions.ts";
import type { Repo } from "../../src/sandbox/world/records.ts";
import { createDice, type Dice } from "../stories/play-kills.ts";
import { type ReplicaScene, withReplicas } from "../stories/play-replicas.ts";
import { intervene } from "../support/load/interventions.ts";
import { judgeLoad, measureMostAtOnce } from "../support/load/judge-load.ts";
import { LOAD_REPOSITORY } from "../support/load/load-repository.ts";
import { createLoadStage, isAtEnd, type LoadStage } from "../support/load/load-stage.ts";
import { planIssues } from "../support/load/planned-issues.ts";
import { type Replica, startReplica, untilWriting } from "../support/load/replica.ts";
import { spreadDeliveries } from "../support/load/spread-deliveries.ts";
import { writeSmallRepository } from "../support/small-repository.ts";

const SEED = Number(process.env.REPLICAS_SEED ?? Date.now() % 100_000);
const { TEST_DATABASE_URL } = process.env;

const PATIENCE_MS = 1_500_000;
const LOOK_MS = 200;
const HAND_OVER_MS = 1_500;
/** A lease lasts thirty seconds. */
const FROZEN_MS = 36_000;
const PAUSE_MS = 4_000;
const RECOVERY_MS = 45_000;
const DOUBLED = 0.2;
const RUNNERS = 6;
const MORE_REPOSITORIES = ["second", "third", "fourth"];
const TITLES = [
  ...["Bug one", "Bug two", "Feature one", "Figures one", "Right at the second try"],
  ...["After bug one", "Shared one", "Shared two", "Reviewed one", "Cancelled by a command"],
];

if (TEST_DATABASE_URL === undefined) {
  process.stdout.write("Load on several processes left out: TEST_DATABASE_URL is not set\n");
  describe("load on several processes", () => {
    it.skip("is left out: TEST_DATABASE_URL is not set", () => {});
  });
} else {
  for (const count of [2, 4]) {
    it(`F045 shares the load of 40 tasks among ${count} processes, of which one is frozen or killed at any time (REPLICAS_SEED=${SEED})`, async () => {
      await withReplicas({ adminUrl: TEST_DATABASE_URL, files: LOAD_REPOSITORY }, (scene) =>
        playLoad(scene, { count, dice: createDice(SEED + count) }),
      );
    });
  }
}

async function playLoad(
  scene: ReplicaScene,
  { count, dice }: { readonly count: number; readonly dice: Dice },
): Promise<void> {
  configureActions(scene.sandbox.world, { maxJobs: RUNNERS });
  const repos = [scene.repo, ...(await addRepositories(scene))];
  const replicas = await Promise.all(
    Array.from({ length: count }, (_, index) => startReplica(scene, `replica ${index + 1}`)),
  );
  const door = await spreadDeliveries({ port: scene.frontPort, receivers: replicas, doubled: DOUBLED, dice });
  try {
    scene.sandbox.control.install({ repositories: repos.map(({ name }) => `acme/${name}`) });
    const giveUp = AbortSignal.timeout(PATIENCE_MS);
    const issues = planIssues("first").filter(({ title }) => TITLES.includes(title));
    const stage = createLoadStage({
      sandbox: scene.sandbox,
      repositories: repos.map((repo) => ({ repo, issues })),
      appId: APP_ID,
      signal: giveUp,
    });
    await stage.openIssues();
    const people = playPeople(stage, dice);
    people.catch(() => undefined);
    const troubles = await disturbUntilEnd(scene, { stage, replicas, dice, giveUp });
    const told = giveUp.aborted ? [] : await people.then(() => []);
    await scene.settled();
    print({ stage, replicas, troubles, sentTwice: door.sentTwice() });

    const idle = replicas
      .filter((replica) => replica.handled() === 0)
      .map(({ name }) => `${name} did nothing`);
    const lost = replicas.reduce((sum, replica) => sum + replica.leasesLost(), 0);
    const frozen = troubles.filter(({ kind }) => kind === "frozen").length;
    expect([...told, ...judgeLoad(stage), ...(await scene.judge()), ...idle]).toEqual([]);
    expect(Math.max(...troubles.map(({ recoveredMs }) => recoveredMs))).toBeLessThan(RECOVERY_MS);
    expect(frozen).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
  } finally {
    await door.close();
    for (const replica of replicas) replica.thaw();
    await Promise.all(replicas.map((replica) => replica.close()));
  }
}

async function addRepositories({ sandbox }: ReplicaScene): Promise<readonly Repo[]> {
  const seedDir = mkdtempSync(join(tmpdir(), "orchestrator-replica-load-"));
  writeSmallRepository(seedDir, LOAD_REPOSITORY);
  const repos: Repo[] = [];
  for (const name of MORE_REPOSITORIES)
    repos.push(await sandbox.control.createRepository({ owner: "acme", name, seedDir }));
  rmSync(seedDir, { recursive: true });
  return repos;
}

async function playPeople(stage: LoadStage, dice: Dice): Promise<void> {
  const interventions: Promise<void>[] = [];
  for (const place of stage.places.toSorted((a, b) => a.number - b.number)) {
    await stage.handOver(place);
    interventions.push(intervene(stage, place));
    await wait(dice() * 2 * HAND_OVER_MS);
  }
  await Promise.all(interventions);
}

interface Trouble {
  readonly kind: "frozen" | "killed";
  /** How long it took until all that the process had begun was taken up again or ended. */
  readonly recoveredMs: number;
}

/** Freezes and kills one process after the other, each in the midst of its work, until everything has come to rest. */
async function disturbUntilEnd(
  scene: ReplicaScene,
  {
    stage,
    replicas,
    dice,
    giveUp,
  }: {
    readonly stage: LoadStage;
    readonly replicas: readonly Replica[];
    readonly dice: Dice;
    readonly giveUp: AbortSignal;
  },
): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = [];
  while (!giveUp.aborted && stage.places.some((place) => !isAtEnd(stage, place))) {
    await wait(dice() * PAUSE_MS);
    const victim = replicas[Math.floor(dice() * replicas.length)];
    if (victim === undefined) throw new Error("there is no process");
    // Every second one is frozen, so that there is one of each however short the play is.
    const kind = troubles.length % 2 === 0 ? "frozen" : "killed";
    await untilWriting(victim.passage, 2 * PAUSE_MS);
    const recoveredMs = await (kind === "frozen" ? freezeOne(scene, victim) : killOne(scene, victim));
    troubles.push({ kind, recoveredMs });
    const rest = stage.places.filter((place) => isAtEnd(stage, place)).length;
    process.stdout.write(
      `${victim.name} was ${kind}, its work taken up after ${Math.round(recoveredMs)} ms; ${rest} issues at rest\n`,
    );
  }
  return troubles;
}

async function freezeOne(scene: ReplicaScene, victim: Replica): Promise<number> {
  victim.freeze();
  const [recoveredMs] = await Promise.all([measureRecovery(scene), wait(FROZEN_MS)]);
  victim.thaw();
  return recoveredMs;
}

async function killOne(scene: ReplicaScene, victim: Replica): Promise<number> {
  await victim.kill();
  const [recoveredMs] = await Promise.all([measureRecovery(scene), victim.start()]);
  return recoveredMs;
}

interface HeldLane {
  readonly queue: string;
  readonly lane: string;
  readonly token: number;
}

/** How long it takes until none of the lanes that are held now is held by the same any more. */
async function measureRecovery({ db, until }: ReplicaScene): Promise<number> {
  const startedAt = performance.now();
  const held = await listHeld(db);
  await until("what was begun to be taken up", async () => {
    const now = new Set((await listHeld(db)).map(({ queue, lane, token }) => `${queue} ${lane} ${token}`));
    const isHeld = held.some(({ queue, lane, token }) => now.has(`${queue} ${lane} ${token}`));
    if (isHeld) await wait(LOOK_MS);
    return !isHeld;
  });
  return performance.now() - startedAt;
}

/** Lanes that somebody holds, lapsed leases too: a lane is free again when somebody else has taken it. */
async function listHeld(db: ReplicaScene["db"]): Promise<readonly HeldLane[]> {
  const { rows } = await sql<HeldLane>`
    select queue, lane, token from lanes where leased_until is not null`.execute(db);
  return rows;
}

function print({
  stage,
  replicas,
  troubles,
  sentTwice,
}: {
  readonly stage: LoadStage;
  readonly replicas: readonly Replica[];
  readonly troubles: readonly Trouble[];
  readonly sentTwice: number;
}): void {
  const times = troubles.map(({ recoveredMs }) => Math.round(recoveredMs));
  const frozen = troubles.filter(({ kind }) => kind === "frozen").length;
  const lines = [
    `${stage.places.length} tasks, at most ${measureMostAtOnce(stage)} at once; ${frozen} times frozen, ${troubles.length - frozen} times killed; ${sentTwice} deliveries to two`,
    `abandoned work was taken up after ${Math.max(...times)} ms at most (${times.join(", ")})`,
    ...replicas.map(
      (replica) =>
        `${replica.name}: ${replica.handled()} events, ${replica.passage.writes()} writes, ${replica.leasesLost()} leases lost`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
