import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Octokit } from "@octokit/rest";
import { sql } from "kysely";
import { createHttpServer } from "../../src/adapters/github/receive/http-server.ts";
import { createReceiver } from "../../src/adapters/github/receive/receiver.ts";
import { createStore } from "../../src/adapters/store/create-store.ts";
import type { Engine } from "../../src/adapters/store/engine.ts";
import { openEngine } from "../../src/adapters/store/open-store.ts";
import type { StoreOptions } from "../../src/adapters/store/store.ts";
import { createCounters } from "../../src/adapters/web/create-counters.ts";
import type { Attempt } from "../../src/core/task/attempt.ts";
import type { Task } from "../../src/core/task/task.ts";
import { type Environment, listSecrets } from "../../src/env.ts";
import { createLog } from "../../src/log.ts";
import { stopActions } from "../../src/sandbox/actions/control-actions.ts";
import type { SandboxControl } from "../../src/sandbox/control/create-control.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/create-sandbox.ts";
import type { Limits } from "../../src/sandbox/http/limits.ts";
import type { Exchange } from "../../src/sandbox/http/record-exchange.ts";
import { readManifest } from "../../src/sandbox/read-manifest.ts";
import { createUser } from "../../src/sandbox/world/create-user.ts";
import type { CheckRun, Comment, Delivery, Pull, Repo, Role, WorkflowRun } from "../../src/sandbox/world/records.ts";
import { type App, createApp } from "../../src/wire.ts";
import { checkInvariants, listWrites, readStored, readTexts, type StoredRows } from "./check-invariants.ts";
import { loadContract } from "./github-contract.ts";
import { type Answers, type RepositoryFiles, writeAnswers, writeSmallRepository } from "./small-repository.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WEBHOOK_PATH = "/api/github/webhooks";
export const APP_ID = 4242;
export const OWNER = "acme";
export const REPO = "small";
const REPOSITORY = `${OWNER}/${REPO}`;

/** Everybody who appears, and what they may do. */
const PEOPLE: Readonly<Record<string, Role>> = { ada: "admin", mia: "write", max: "write", tom: "triage", rob: "read" };

export interface StoryOptions {
  /** Files of the repository that differ from the small one; null leaves one out. */
  readonly files?: RepositoryFiles;
  readonly limits?: Partial<Limits>;
  /** How far the app's clock is from GitHub's, ms. */
  readonly clockSkewMs?: number;
  /** Troubles are part of the story, so warnings about them are no news; errors always are. */
  readonly isTroubled?: boolean;
  /** Answers that GitHub's description does not know but that are part of the story. */
  readonly isOffContract?: (problem: string) => boolean;
  readonly allowedBots?: readonly string[];
}

export interface NewIssue {
  readonly title?: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly answers?: Answers;
  readonly by?: string;
}

type Sweep = keyof App["sweeps"];
export type Story = Awaited<ReturnType<typeof openStory>>["story"];

/**
 * Plays one story against a local GitHub and the app, both in this process. How a story ends is the harness's: everything
 * comes to rest, all traffic is held against GitHub's description, the invariants are held against what was recorded, and
 * nothing may have been logged that nobody expected.
 */
export async function runStory(
  play: (story: Story) => Promise<void>,
  options: StoryOptions = {},
): Promise<void> {
  const opened = await openStory(options);
  try {
    await play(opened.story);
    await opened.story.settled();
    const problems = await opened.judge();
    if (problems.length > 0) throw new Error(`The story ended well, but:\n${problems.join("\n")}`);
  } catch (error) {
    const told = opened.listTroubles().slice(-8);
    if (error instanceof Error && told.length > 0) error.message += `\n\nMeanwhile the app said:\n${told.join("\n")}`;
    throw error;
  } finally {
    await opened.close();
  }
}

/** A clock that runs and can be moved; both sides go by it. */
function createClock() {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    skip: (ms: number) => {
      offsetMs += ms;
    },
  };
}

type Clock = ReturnType<typeof createClock>;

interface Keys {
  readonly secret: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

let madeKeys: Keys | undefined;

function makeKeys(): Keys {
  madeKeys ??= {
    secret: `canary-${randomBytes(24).toString("hex")}`,
    ...generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    }),
  };
  return madeKeys;
}

async function openStory(options: StoryOptions) {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-story-"));
  const clock = createClock();
  const keys = makeKeys();
  const front = await openFront();
  const exchanges: Exchange[] = [];
  const deliveries: Delivery[] = [];
  const sandbox = await createSandbox({
    dataDir: join(dir, "sandbox"),
    now: () => new Date(clock.now()),
    limits: options.limits,
    app: {
      id: APP_ID,
      slug: "orchestrator",
      publicKeyPem: keys.publicKey,
      webhookUrl: `${front.url}${WEBHOOK_PATH}`,
      webhookSecret: keys.secret,
      ...readManifest(join(ROOT, "app.yml")),
    },
    onExchange: (exchange) => exchanges.push(exchange),
    onDelivery: (delivery) => deliveries.push(delivery),
  });
  const running = createRunningApp({ dir, clock, keys, front, apiUrl: sandbox.url, skewMs: options.clockSkewMs ?? 0 });
  const repo = await seed(sandbox, dir, options.files);
  const story = createStory({ sandbox, repo, clock, running });
  await running.start();
  sandbox.control.install({ repositories: [REPOSITORY] });
  await story.settled();
  return {
    story,
    listTroubles: () => running.logLines.filter((line) => /"level":"(?:warn|error|fatal)"/u.test(line)),
    async judge(): Promise<readonly string[]> {
      const { rows, texts } = await running.readDatabase();
      const { world } = sandbox;
      const evidence = {
        history: world.history,
        exchanges,
        rows,
        bots: new Set([...world.users.values()].filter((user) => user.type === "Bot").map((user) => user.login)),
        allowedBots: new Set(options.allowedBots),
        canaries: [
          ...[keys.secret, keys.privateKey.split("\n")[5] ?? keys.secret],
          ...[...world.installationTokens.keys(), ...world.userTokens.keys(), ...world.jobTokens.keys()],
        ],
        texts: [...texts, ...running.logLines.map((text) => ({ where: "the log", text }))],
      };
      return [
        ...judgeTraffic(exchanges, deliveries).filter((problem) => options.isOffContract?.(problem) !== true),
        ...checkInvariants(evidence),
        ...(await running.judgeAudit()),
        ...judgeLog(running.logLines, options.isTroubled === true),
      ];
    },
    async close(): Promise<void> {
      await running.stop();
      await stopActions(sandbox.world);
      await sandbox.close();
      await front.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function seed(sandbox: Sandbox, dir: string, files: RepositoryFiles = {}): Promise<Repo> {
  const seedDir = join(dir, "seed");
  writeSmallRepository(seedDir, files);
  const repo = await sandbox.control.createRepository({ owner: OWNER, name: REPO, seedDir });
  for (const [login, role] of Object.entries(PEOPLE)) {
    sandbox.control.createUser(login);
    sandbox.control.setRole({ repository: REPOSITORY, login, role });
  }
  return repo;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** The address that GitHub knows. It stays the same while the app behind it comes and goes. */
async function openFront() {
  let handler: Handler | undefined;
  const server = createHttpServer([
    async (request, response) => {
      if (handler !== undefined) return handler(request, response);
      response.destroy();
      return true;
    },
  ]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    connect: (next: Handler | undefined) => {
      handler = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface RunningParts {
  readonly dir: string;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly front: Awaited<ReturnType<typeof openFront>>;
  readonly apiUrl: string;
  readonly skewMs: number;
}

/** The app as `serve` puts it together, but swept by hand, on a database that can be looked into. */
function createRunningApp({ dir, clock, keys, front, apiUrl, skewMs }: RunningParts) {
  const dataDir = join(dir, "data");
  const logLines: string[] = [];
  const env: Environment = {
    appId: APP_ID,
    privateKey: keys.privateKey,
    webhookSecrets: [keys.secret],
    apiUrl,
    port: 0,
    host: "127.0.0.1",
    databaseUrl: undefined,
    dataDir,
    logLevel: "debug",
    metricsToken: undefined,
  };
  let current: { readonly app: App; readonly engine: Engine } | undefined;
  copyEmptyStore(dataDir);

  function require() {
    if (current === undefined) throw new Error("the app is not running");
    return current;
  }

  async function start(): Promise<void> {
    const destination = { write: (line: string) => void logLines.push(line) };
    const log = createLog({ level: env.logLevel, destination, secrets: listSecrets(env) });
    let engine: Engine | undefined;
    const app = await createApp({
      env,
      log,
      counters: createCounters().counters,
      now: () => clock.now() + skewMs,
      sweepsByClock: false,
      pollMs: 25,
      openStore: async (options: StoreOptions) => {
        engine = await openEngine(options);
        return createStore(engine, { ...options, retry: { firstDelayMs: 200, random: () => 0 } });
      },
    });
    if (engine === undefined) throw new Error("the app opened no store");
    current = { app, engine };
    front.connect(
      createReceiver({
        path: WEBHOOK_PATH,
        secrets: env.webhookSecrets,
        appId: env.appId,
        maxBytes: 25 * 1024 * 1024,
        bodyTimeoutMs: 10_000,
        acceptTimeoutMs: 8_000,
        accept: app.accept,
        observe: app.observe,
      }),
    );
    await app.sweeps.self();
    await app.start();
  }

  async function stop(): Promise<void> {
    front.connect(undefined);
    const stopping = current;
    current = undefined;
    await stopping?.app.stop();
  }

  return {
    start,
    stop,
    logLines,
    isRunning: () => current !== undefined,
    app: () => require().app,
    db: () => require().engine.db,
    readDatabase: async (): Promise<{ rows: StoredRows; texts: Awaited<ReturnType<typeof readTexts>> }> => ({
      rows: await readStored(require().engine.db),
      texts: await readTexts(require().engine.db),
    }),
    judgeAudit: async () => {
      const broken = await require().app.store.audit.verify();
      return broken === null ? [] : [`I12: the audit chain is broken: ${JSON.stringify(broken)}`];
    },
  };
}

type RunningApp = ReturnType<typeof createRunningApp>;

/** Making a database takes two seconds, copying an empty one a tenth: it is made once, for all files of the suite. */
function copyEmptyStore(dataDir: string): void {
  const template = join(ROOT, "node_modules", ".cache", "orchestrator-stories", emptyStoreKey());
  if (existsSync(template)) cpSync(template, dataDir, { recursive: true });
  else templates.set(dataDir, template);
}

/** What the next database that is closed for the first time becomes. */
const templates = new Map<string, string>();

function emptyStoreKey(): string {
  const sources = [
    "node_modules/@electric-sql/pglite/package.json",
    "src/adapters/store/migrations/0001-first-tables.ts",
    "src/adapters/store/embedded/open-embedded.ts",
  ];
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(join(ROOT, source)));
  return hash.digest("hex").slice(0, 16);
}
