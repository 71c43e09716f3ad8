import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { APP_ID, WEBHOOK_PATH } from "../../bench/make-bodies.ts";
import { findFreePort } from "../../demo/processes.ts";
import { createHttpServer } from "../../src/adapters/github/receive/http-server.ts";
import { createReceiver } from "../../src/adapters/github/receive/receiver.ts";
import { openAuditLog } from "../../src/adapters/store/audit/open-audit-log.ts";
import type { Db } from "../../src/adapters/store/engine.ts";
import { openEngine } from "../../src/adapters/store/open-store.ts";
import { createCounters } from "../../src/adapters/web/create-counters.ts";
import { type Environment, listSecrets } from "../../src/env.ts";
import { createLog } from "../../src/log.ts";
import { stopActions } from "../../src/sandbox/actions/runs/control-actions.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/create-sandbox.ts";
import type { Exchange } from "../../src/sandbox/http/record-exchange.ts";
import { readManifest } from "../../src/sandbox/read-manifest.ts";
import type { Delivery, Repo } from "../../src/sandbox/world/records.ts";
import { type App, createApp } from "../../src/wire.ts";
import { checkInvariants, readStored, readTexts } from "../support/check-invariants.ts";
import {
  makeServerKeys,
  type ServerKeys,
  type ServerProcess,
  startServer,
} from "../support/server-process.ts";
import { type RepositoryFiles, writeSmallRepository } from "../support/small-repository.ts";
import { createDatabase } from "../support/store.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REPOSITORY = "acme/small";
const PATIENCE_MS = 120_000;
const STEP_MS = 20;

/** One GitHub and one PostgreSQL, on which any number of apps may work, in this process or in their own. */
export interface ReplicaScene {
  readonly sandbox: Sandbox;
  readonly repo: Repo;
  readonly keys: ServerKeys;
  /** Where GitHub sends its deliveries, whoever listens there. */
  readonly frontPort: number;
  readonly db: Db;
  /** How GitHub's deliveries were answered. */
  readonly deliveries: readonly Delivery[];
  skip(ms: number): void;
  /** Apps in this process, swept by hand, to which GitHub's deliveries go in turn. */
  openApps(count: number): Promise<readonly App[]>;
  /** A server of its own process; GitHub's deliveries go to the one that is the front door. */
  startProcess(env: Readonly<Record<string, string>> & { readonly PROCESS: string }): ServerProcess;
  /** Sends a request as a person who may write. */
  ask(path: string, body: object): Promise<void>;
  until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Waits until nothing is under way on either side. */
  settled(): Promise<void>;
  /** Every violation of an invariant, and every error that was logged. */
  judge(): Promise<readonly string[]>;
}

/** Plays a story on a database of its own on the server that `adminUrl` names. */
export async function withReplicas(
  { adminUrl, files = {} }: { readonly adminUrl: string; readonly files?: RepositoryFiles },
  play: (scene: ReplicaScene) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-replicas-"));
  const database = await createDatabase(adminUrl);
  const parts = await openParts({ dir, databaseUrl: database.url, files });
  try {
    await play(createScene(parts));
  } finally {
    for (const close of parts.closers.toReversed()) await close();
    await database.drop();
    rmSync(dir, { recursive: true, force: true });
  }
}

type Parts = Awaited<ReturnType<typeof openParts>>;

async function openParts(options: {
  readonly dir: string;
  readonly databaseUrl: string;
  readonly files: RepositoryFiles;
}) {
  const { dir, databaseUrl, files } = options;
  const keys = makeServerKeys();
  const frontPort = await findFreePort();
  const clock = { skippedMs: 0, now: () => Date.now() + clock.skippedMs };
  const exchanges: Exchange[] = [];
  const deliveries: Delivery[] = [];
  const sandbox = await createSandbox({
    dataDir: join(dir, "sandbox"),
    now: () => new Date(clock.now()),
    app: {
      id: APP_ID,
      slug: "orchestrator",
      publicKeyPem: keys.publicKey,
      webhookUrl: `http://127.0.0.1:${frontPort}${WEBHOOK_PATH}`,
      webhookSecret: keys.secret,
      ...readManifest(join(ROOT, "app.yml")),
    },
    onExchange: (exchange) => exchanges.push(exchange),
    onDelivery: (delivery) => deliveries.push(delivery),
  });
  const seedDir = join(dir, "seed");
  writeSmallRepository(seedDir, files);
  const repo = await sandbox.control.createRepository({ owner: "acme", name: "small", seedDir });
  const token = sandbox.control.createUser("mia");
  sandbox.control.setRole({ repository: REPOSITORY, login: "mia", role: "write" });
  const engine = await openEngine({ databaseUrl, dataDir: dir, now: clock.now, onError: () => undefined });
  const closers: (() => Promise<void>)[] = [
    engine.close,
    async () => {
      await stopActions(sandbox.world);
      await sandbox.close();
    },
  ];
  const said: (() => string)[] = [];
  return {
    dir,
    databaseUrl,
    keys,
    frontPort,
    clock,
    exchanges,
    deliveries,
    sandbox,
    repo,
    token,
    engine,
    closers,
    said,
  };
}

function createScene(parts: Parts): ReplicaScene {
  const { sandbox, engine, clock } = parts;
  const { db } = engine;

  async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
      await wait(STEP_MS);
    }
  }

  async function isQuiet(): Promise<boolean> {
    const { deliveries, repositories } = sandbox.control.state();
    if (deliveries.pending > 0 || repositories.some(({ activeRuns }) => activeRuns > 0)) return false;
    const { rows } = await sql`select 1 from jobs limit 1`.execute(db);
    return rows.length === 0;
  }

  return {
    sandbox,
    repo: parts.repo,
    keys: parts.keys,
    frontPort: parts.frontPort,
    db,
    deliveries: parts.deliveries,
    skip: (ms) => {
      clock.skippedMs += ms;
    },
    openApps: (count) => openApps(parts, count),
    startProcess: (env) => startProcess(parts, env),
    until,
    async ask(path, body) {
      const response = await fetch(`${sandbox.url}/repos/${REPOSITORY}${path}`, {
        method: "POST",
        headers: { authorization: `token ${parts.token}`, "user-agent": "story" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}`);
    },
    async settled() {
      let quietLooks = 0;
      await until("everything to come to rest", async () => {
        quietLooks = (await isQuiet()) ? quietLooks + 1 : 0;
        return quietLooks === 2;
      });
    },
    judge: () => judge(parts),
  };
}

function makeEnvironment({ keys, sandbox, databaseUrl, dir }: Parts): Environment {
  return {
    appId: APP_ID,
    privateKey: keys.privateKey,
    webhookSecrets: [keys.secret],
    apiUrl: sandbox.url,
    port: 0,
    host: "127.0.0.1",
    databaseUrl,
    dataDir: dir,
    part: "all",
    logLevel: "info",
    metricsToken: undefined,
    operatorToken: undefined,
  };
}

async function openApps(parts: Parts, count: number): Promise<readonly App[]> {
  const env = makeEnvironment(parts);
  const lines: string[] = [];
  parts.said.push(() => lines.join(""));
  const log = createLog({
    level: env.logLevel,
    destination: { write: (line: string) => void lines.push(line) },
    secrets: listSecrets(env),
  });
  const { counters } = createCounters();
  const apps: App[] = [];
  for (let index = 0; index < count; index += 1) {
    const app = await createApp({
      env,
      log,
      counters,
      now: parts.clock.now,
      sweepsByClock: false,
      pollMs: 50,
    });
    parts.closers.push(app.stop);
    await app.sweeps.self();
    await app.start();
    apps.push(app);
  }
  let turn = 0;
  const receiver = createReceiver({
    path: WEBHOOK_PATH,
    secrets: env.webhookSecrets,
    appId: env.appId,
    maxBytes: 25 * 1024 * 1024,
    bodyTimeoutMs: 10_000,
    acceptTimeoutMs: 8_000,
    accept: (delivery) => {
      turn += 1;
      const app = apps[turn % apps.length];
      if (app === undefined) throw new Error("there is no app");
      return app.accept(delivery);
    },
    observe: () => undefined,
  });
  const server = createHttpServer([receiver]);
  await new Promise<void>((resolve) => server.listen(parts.frontPort, "127.0.0.1", resolve));
  parts.closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return apps;
}

function startProcess(
  parts: Parts,
  env: Readonly<Record<string, string>> & { readonly PROCESS: string },
): ServerProcess {
  const server = startServer({
    keys: parts.keys,
    env: {
      GITHUB_API_URL: parts.sandbox.url,
      DATABASE_URL: parts.databaseUrl,
      LOG_LEVEL: "info",
      PORT: env.PROCESS === "front-door" ? String(parts.frontPort) : "0",
      ...env,
    },
  });
  parts.said.push(server.said);
  parts.closers.push(async () => {
    server.child.kill("SIGKILL");
    await server.ended;
  });
  return server;
}

async function judge({ sandbox, engine, exchanges, keys, said, clock }: Parts): Promise<readonly string[]> {
  const { world } = sandbox;
  const bots = [...world.users.values()].filter((user) => user.type === "Bot").map((user) => user.login);
  const texts = said.map((say) => say());
  const options = { now: clock.now, onError: () => undefined, pollMs: 1_000 };
  const broken = await openAuditLog({
    engine,
    options,
    wake: () => undefined,
    arriving: { count: 0 },
  }).verify();
  const chain = broken === null ? [] : [`I12: the audit chain is broken: ${JSON.stringify(broken)}`];
  const violations = checkInvariants({
    history: world.history,
    exchanges,
    rows: await readStored(engine.db),
    bots: new Set(bots),
    canaries: [keys.secret, ...world.installationTokens.keys(), ...world.userTokens.keys()],
    texts: [...(await readTexts(engine.db)), ...texts.map((text) => ({ where: "the log", text }))],
  });
  const errors = texts
    .flatMap((text) => text.split("\n"))
    .filter((line) => /"level":"(?:error|fatal)"/u.test(line))
    .map((line) => `the log: ${line}`);
  return [...violations, ...chain, ...errors];
}
