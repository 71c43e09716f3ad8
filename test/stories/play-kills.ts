import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createStage } from "../../demo/github-client.ts";
import { createSilentPrinter } from "../../demo/printer.ts";
import {
  APP_ID,
  type Credentials,
  findFreePort,
  makeCredentials,
  type Program,
  startApp,
} from "../../demo/processes.ts";
import { playStory } from "../../demo/story.ts";
import { createStore } from "../../src/adapters/store/create-store.ts";
import { openEngine } from "../../src/adapters/store/open-store.ts";
import { stopActions } from "../../src/sandbox/actions/runs/control-actions.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/create-sandbox.ts";
import type { Limits } from "../../src/sandbox/http/limits/limits.ts";
import type { Exchange } from "../../src/sandbox/http/record-exchange.ts";
import { readManifest } from "../../src/sandbox/read-manifest.ts";
import { seedRepositories } from "../../src/sandbox/seed-repositories.ts";
import type { Delivery } from "../../src/sandbox/world/records.ts";
import { checkInvariants, readStored, readTexts } from "../support/check-invariants.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PATIENCE_MS = 300_000;
const LONGEST_LIFE_MS = 1_500;
const POLL_MS = 200;

/** Numbers from 0 to 1 that depend on the seed only. */
export type Dice = () => number;

export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What one round of the main job came to. */
export interface KilledRound {
  readonly kills: number;
  /** Claims of the story that do not hold, and invariants that are violated. */
  readonly problems: readonly string[];
}

/**
 * Plays the demo's story while the app's process is killed at random moments and started again, at most `kills` times;
 * then lets it end and holds everything against the story's claims and the invariants.
 */
export async function playKilledRound({ kills, dice }: { kills: number; dice: Dice }): Promise<KilledRound> {
  const seedDir = join(ROOT, "fixtures", "demo-repository");
  return withVictim({ seedDir }, async ({ sandbox, victim, judge }) => {
    const roles = { mia: "write", tom: "triage" };
    const stage = await createStage({ url: sandbox.url, owner: "acme", repo: "demo-repository", roles });
    let isOver = false;
    const print = createSilentPrinter();
    const story = playStory({ stage, print, patienceMs: PATIENCE_MS, isHopeless: false }).finally(() => {
      isOver = true;
    });
    // A story that fails is told about below, when the killing has ended.
    story.catch(() => undefined);
    let killed = 0;
    while (killed < kills && !isOver) {
      await wait(dice() * LONGEST_LIFE_MS);
      await victim.kill();
      await victim.start();
      killed += 1;
    }
    const claims = await story;
    const broken = claims.filter((claim) => !claim.holds).map((claim) => `the story: ${claim.text}`);
    return { kills: killed, problems: [...broken, ...(await judge())] };
  });
}

export interface Hooks {
  /** Called when a request was performed, before its answer is sent. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Called when a delivery was answered. */
  readonly onDelivery?: (delivery: Delivery) => void;
}

interface Scene {
  readonly sandbox: Sandbox;
  readonly victim: Victim;
  /** Waits until everything is at rest, ends the app, and answers with every violation. */
  readonly judge: () => Promise<readonly string[]>;
}

interface Plan {
  readonly seedDir: string;
  readonly makeHooks?: (victim: Victim) => Hooks;
  /** Other limits than those that GitHub has for everybody. */
  readonly limits?: Partial<Limits>;
}

/** A local GitHub in this process and the app as a process of its own, which may be killed. */
export async function withVictim<Result>(
  { seedDir, makeHooks, limits }: Plan,
  play: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-kills-"));
  const credentials = makeCredentials(dir);
  const port = await findFreePort();
  const exchanges: Exchange[] = [];
  const victim = createVictim(() => startApp({ dir, port, apiUrl: sandbox.url, credentials }));
  const hooks = makeHooks?.(victim) ?? {};
  const sandbox = await startWorld({ dir, credentials, port, seedDir, exchanges, hooks, limits });
  try {
    await victim.start();
    return await play({
      sandbox,
      victim,
      judge: async () => {
        await drain(sandbox, victim.url());
        await victim.stop();
        return judge({ dir, sandbox, exchanges, credentials, said: victim.said.join("") });
      },
    });
  } finally {
    await victim.stop();
    await stopActions(sandbox.world);
    await sandbox.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface WorldParts {
  readonly dir: string;
  readonly credentials: Credentials;
  readonly port: number;
  readonly seedDir: string;
  readonly exchanges: Exchange[];
  readonly hooks: Hooks;
  readonly limits: Partial<Limits> | undefined;
}

async function startWorld({
  dir,
  credentials,
  port,
  seedDir,
  exchanges,
  hooks,
  limits,
}: WorldParts): Promise<Sandbox> {
  const sandbox = await createSandbox({
    dataDir: join(dir, "sandbox"),
    limits,
    app: {
      id: APP_ID,
      slug: "orchestrator",
      publicKeyPem: publicKeyOf(credentials),
      webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
      webhookSecret: credentials.secret,
      ...readManifest(join(ROOT, "app.yml")),
    },
    onExchange: (exchange) => {
      exchanges.push(exchange);
      hooks.onExchange?.(exchange);
    },
    onDelivery: hooks.onDelivery,
  });
  await seedRepositories(sandbox.control, seedDir);
  return sandbox;
}

function publicKeyOf({ privateKey }: Credentials): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}

export type Victim = ReturnType<typeof createVictim>;

/** The process that dies again and again. */
function createVictim(begin: () => Promise<Program>) {
  let program: Program | undefined;
  const said: string[] = [];
  return {
    said,
    url: () => program?.url ?? "",
    /** Kills the process at this very moment, while its answers are under way. */
    killNow: () => program?.child.kill("SIGKILL"),
    start: async (): Promise<void> => {
      program = await begin();
      program.child.stdout?.on("data", (chunk: Buffer) => said.push(chunk.toString("utf8")));
    },
    kill: async (): Promise<void> => {
      await program?.stop("SIGKILL");
    },
    isAlive: () =>
      program !== undefined && program.child.exitCode === null && program.child.signalCode === null,
    /** Asks it to end, and answers with the code that it ended with. */
    stop: async (): Promise<number | null> => {
      const stopping = program;
      program = undefined;
      await stopping?.stop();
      return stopping?.child.exitCode ?? null;
    },
  };
}

interface Readiness {
  readonly backlog: number;
  readonly outboxWaiting: number;
}

/** Waits until nothing is under way on either side. */
async function drain(sandbox: Sandbox, appUrl: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let quietLooks = 0; quietLooks < 2; ) {
    await sandbox.control.idle({ timeoutMs: PATIENCE_MS });
    const answer = await fetch(`${appUrl}/status.json`);
    const { backlog, outboxWaiting } = readReadiness(await answer.json());
    quietLooks = backlog + outboxWaiting === 0 ? quietLooks + 1 : 0;
    if (performance.now() > end) throw new Error(`not drained: ${backlog} events, ${outboxWaiting} effects`);
    // The answer is a second old at most.
    await wait(quietLooks === 1 ? 1_100 : POLL_MS);
  }
}

function readReadiness(status: unknown): Readiness {
  return status as Readiness;
}

interface Trial {
  readonly dir: string;
  readonly sandbox: Sandbox;
  readonly exchanges: readonly Exchange[];
  readonly credentials: Credentials;
  /** What the app logged in all its lives. */
  readonly said: string;
}

async function judge({ dir, sandbox, exchanges, credentials, said }: Trial): Promise<readonly string[]> {
  const options = { dataDir: join(dir, "data"), now: Date.now, onError: () => undefined };
  const engine = await openEngine(options);
  const store = createStore(engine, options);
  try {
    const { world } = sandbox;
    const bots = [...world.users.values()].filter((user) => user.type === "Bot").map((user) => user.login);
    const broken = await store.audit.verify();
    const chain = broken === null ? [] : [`I12: the audit chain is broken: ${JSON.stringify(broken)}`];
    const violations = checkInvariants({
      history: world.history,
      exchanges,
      rows: await readStored(engine.db),
      bots: new Set(bots),
      canaries: [credentials.secret, ...world.installationTokens.keys(), ...world.userTokens.keys()],
      texts: [
        ...(await readTexts(engine.db)),
        ...[readFileSync(join(dir, "app.log"), "utf8"), said].map((text) => ({ where: "the log", text })),
      ],
    });
    const errors = said.split("\n").filter((line) => /"level":"(?:error|fatal)"/u.test(line));
    return [...violations, ...chain, ...errors.map((line) => `the log: ${line}`)];
  } finally {
    await store.close();
  }
}
