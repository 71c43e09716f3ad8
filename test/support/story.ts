import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
import { stopActions } from "../../src/sandbox/actions/runs/control-actions.ts";
import { addLabels } from "../../src/sandbox/areas/labels/label-records.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/create-sandbox.ts";
import type { Exchange } from "../../src/sandbox/http/record-exchange.ts";
import { postWebhook } from "../../src/sandbox/http/webhooks/post-webhook.ts";
import { readManifest } from "../../src/sandbox/read-manifest.ts";
import { createUser } from "../../src/sandbox/world/create-user.ts";
import { findUser } from "../../src/sandbox/world/find-records.ts";
import type {
  CheckRun,
  Comment,
  Delivery,
  Pull,
  Repo,
  Role,
  WorkflowRun,
} from "../../src/sandbox/world/records.ts";
import { type App, createApp } from "../../src/wire.ts";
import { checkInvariants, listWrites, readStored, readTexts, type StoredRows } from "./check-invariants.ts";
import { loadContract } from "./github-contract.ts";
import {
  type Answers,
  type RepositoryFiles,
  writeAnswers,
  writeSmallRepository,
} from "./small-repository.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WEBHOOK_PATH = "/api/github/webhooks";
export const APP_ID = 4242;
export const OWNER = "acme";
export const REPO = "small";
const REPOSITORY = `${OWNER}/${REPO}`;

/** Everybody who appears, and what they may do. */
const PEOPLE: Readonly<Record<string, Role>> = {
  ada: "admin",
  mia: "write",
  max: "write",
  tom: "triage",
  rob: "read",
};

export interface StoryOptions {
  /** Files of the repository that differ from the small one; null leaves one out. */
  readonly files?: RepositoryFiles;
  /** How far the app's clock is from GitHub's, ms. */
  readonly clockSkewMs?: number;
  /** Troubles are part of the story, so warnings about them are no news; errors always are. */
  readonly isTroubled?: boolean;
  readonly allowedBots?: readonly string[];
  /** Invariants for which a story destroys the evidence. */
  readonly unprovable?: readonly string[];
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
    const told = opened
      .listTroubles()
      .map((line) => line.slice(0, 300))
      .slice(-4);
    if (error instanceof Error && told.length > 0)
      error.message += `\n\nMeanwhile the app said:\n${told.join("\n")}`;
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
  const running = createRunningApp({
    dir,
    clock,
    keys,
    front,
    apiUrl: sandbox.url,
    skewMs: options.clockSkewMs ?? 0,
  });
  const seedDir = join(dir, "seed");
  writeSmallRepository(seedDir, options.files);
  const repo = await seed(sandbox, seedDir);
  const story = createStory({ sandbox, repo, seedDir, clock, running, exchanges });
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
        bots: new Set(
          [...world.users.values()].filter((user) => user.type === "Bot").map((user) => user.login),
        ),
        allowedBots: new Set(options.allowedBots),
        canaries: [
          ...[keys.secret, keys.privateKey.split("\n")[5] ?? keys.secret],
          ...[...world.installationTokens.keys(), ...world.userTokens.keys(), ...world.jobTokens.keys()],
        ],
        texts: [...texts, ...running.logLines.map((text) => ({ where: "the log", text }))],
      };
      return [
        ...judgeTraffic(exchanges, deliveries),
        ...checkInvariants(evidence).filter((problem) => !isUnprovable(problem, options)),
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

async function seed(sandbox: Sandbox, seedDir: string): Promise<Repo> {
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
    part: "all",
    logLevel: "debug",
    metricsToken: undefined,
    operatorToken: undefined,
  };
  let current: { readonly app: App; readonly engine: Engine } | undefined;
  function require() {
    if (current === undefined) throw new Error("the app is not running");
    return current;
  }

  /** The time as the app sees it. */
  function now(): number {
    return clock.now() + skewMs;
  }

  async function start(stopped: readonly string[] = []): Promise<void> {
    if (!existsSync(dataDir)) await copyEmptyStore(dataDir);
    const destination = { write: (line: string) => void logLines.push(line) };
    const log = createLog({ level: env.logLevel, destination, secrets: listSecrets(env) });
    let engine: Engine | undefined;
    const app = await createApp({
      env: { ...env, stopped },
      log,
      counters: createCounters().counters,
      now,
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
    // As in production, a start in hard times goes on without it.
    await app.sweeps.self().catch(() => undefined);
    await app.start();
  }

  async function stop(): Promise<void> {
    front.connect(undefined);
    const stopping = current;
    current = undefined;
    await stopping?.app.stop();
  }

  return {
    now,
    start,
    stop,
    logLines,
    saveData: () => cpSync(dataDir, `${dataDir}.saved`, { recursive: true }),
    restoreData: () => {
      rmSync(dataDir, { recursive: true });
      cpSync(`${dataDir}.saved`, dataDir, { recursive: true });
    },
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
async function copyEmptyStore(dataDir: string): Promise<void> {
  const template = join(ROOT, "node_modules", ".cache", "orchestrator-stories", emptyStoreKey());
  if (!existsSync(template)) {
    const unfinished = mkdtempSync(join(tmpdir(), "orchestrator-empty-"));
    const engine = await openEngine({ dataDir: unfinished, now: Date.now, onError: () => undefined });
    await engine.close();
    mkdirSync(dirname(template), { recursive: true });
    const near = `${template}.${process.pid}`;
    cpSync(unfinished, near, { recursive: true });
    rmSync(unfinished, { recursive: true });
    try {
      renameSync(near, template);
    } catch {
      // Another file of the suite was faster.
      rmSync(near, { recursive: true, force: true });
    }
  }
  cpSync(template, dataDir, { recursive: true });
}

function emptyStoreKey(): string {
  const migrations = "src/adapters/store/migrations";
  const sources = [
    "node_modules/@electric-sql/pglite/package.json",
    "src/adapters/store/embedded/open-embedded.ts",
    ...readdirSync(join(ROOT, migrations)).map((file) => `${migrations}/${file}`),
  ];
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(join(ROOT, source)));
  return hash.digest("hex").slice(0, 16);
}

interface StoryParts {
  readonly sandbox: Sandbox;
  readonly repo: Repo;
  /** What the repository was made of. */
  readonly seedDir: string;
  readonly clock: Clock;
  readonly running: RunningApp;
  readonly exchanges: readonly Exchange[];
}

/** Longer rests are part of a story, so only the story itself may pass over them. */
const SKIPPED_REST_MS = 20_000;
const STEP_MS = 10;
const PATIENCE_MS = 120_000;

interface Lane {
  readonly ready_at: number;
  readonly is_leased: boolean;
}

interface SettleOptions {
  /** Does not wait for runs that go on. */
  readonly whileRunning?: boolean;
}

function createStory({ sandbox, repo, seedDir, clock, running, exchanges }: StoryParts) {
  const { control, world } = sandbox;
  const clients = new Map<string, Octokit>();
  const about = { owner: OWNER, repo: REPO };

  function as(login: string): Octokit {
    const known = clients.get(login);
    if (known !== undefined) return known;
    const client = createClient(sandbox.url, control.createUser(login));
    clients.set(login, client);
    return client;
  }

  /** Whether nothing is under way; passes over short rests, so that a story need not wait for them. */
  async function isSettled({ whileRunning = false }: SettleOptions): Promise<boolean> {
    const { deliveries, repositories } = control.state();
    const runs = repositories.reduce((sum, one) => sum + one.activeRuns, 0);
    if (deliveries.pending > 0 || (runs > 0 && !whileRunning)) return false;
    if (!running.isRunning()) return true;
    const { rows } = await sql<Lane>`
      select ready_at, leased_until is not null and leased_until > clock_timestamp() as is_leased
      from lanes`.execute(running.db());
    if (rows.some((lane) => lane.is_leased)) return false;
    const restMs = Math.min(...rows.map((lane) => lane.ready_at)) - running.now();
    if (restMs > SKIPPED_REST_MS) return true;
    if (restMs > 0) clock.skip(restMs);
    return false;
  }

  async function settled(options: SettleOptions = {}): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (let quietLooks = 0; quietLooks < 2; ) {
      quietLooks = (await isSettled(options)) ? quietLooks + 1 : 0;
      if (performance.now() > end) throw new Error(`not settled: ${JSON.stringify(control.state())}`);
      await wait(STEP_MS);
    }
  }

  async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const found = await look();
      if (found !== undefined) return found;
      await wait(STEP_MS);
    }
    throw new Error(`waited in vain for ${what}`);
  }

  function comments(issue: number): readonly Comment[] {
    return [...repo.comments.values()].filter((one) => one.issueNumber === issue && one.appId === APP_ID);
  }

  async function task(issue: number): Promise<Task> {
    const found = await running.app().store.ledger.taskOfIssue(repo.id, issue);
    if (found === null) throw new Error(`#${issue} has no task`);
    return found.task;
  }

  return {
    ...{ control, world, repo, clock, as, settled, until, comments, task },
    logLines: running.logLines,
    store: () => running.app().store,
    start: running.start,
    stop: running.stop,

    async open(issue: NewIssue = {}): Promise<number> {
      const { title = "Something to do", body = "", answers, labels = [], by = "mia" } = issue;
      const text = answers === undefined ? body : `${body}${writeAnswers(answers)}`;
      const { data } = await as(by).rest.issues.create({ ...about, title, body: text, labels: [...labels] });
      return data.number;
    },
    async label(issue: number, login: string, name = "autopilot"): Promise<void> {
      await as(login).rest.issues.addLabels({ ...about, issue_number: issue, labels: [name] });
    },
    /** Labels without a request, which planned failures would meet. */
    labelDirectly(issue: number, login: string): void {
      const record = repo.issues.get(issue);
      const sender = findUser(world, login);
      if (record === undefined || sender === undefined)
        throw new Error(`there is no #${issue} or no ${login}`);
      addLabels(world, { repo, issue: record, names: ["autopilot"], sender });
    },
    /** Labels in a repository that is called otherwise by now. */
    async labelIn(name: string, issue: number, login: string): Promise<void> {
      const labels = ["autopilot"];
      await as(login).rest.issues.addLabels({ owner: OWNER, repo: name, issue_number: issue, labels });
    },
    async addRepository(name: string): Promise<void> {
      await control.createRepository({ owner: OWNER, name, seedDir });
      control.install({ repositories: [`${OWNER}/${name}`] });
      await settled();
    },
    async unlabel(issue: number, login: string, name = "autopilot"): Promise<void> {
      await as(login).rest.issues.removeLabel({ ...about, issue_number: issue, name });
    },
    async comment(issue: number, login: string, body: string): Promise<number> {
      const { data } = await as(login).rest.issues.createComment({ ...about, issue_number: issue, body });
      return data.id;
    },
    async change(
      issue: number,
      login: string,
      change: {
        title?: string;
        body?: string;
        state?: "open" | "closed";
        state_reason?: "completed" | "not_planned";
      },
    ): Promise<void> {
      await as(login).rest.issues.update({ ...about, issue_number: issue, ...change });
    },
    async mergeByHand(pull: number, login: string): Promise<void> {
      const draft = repo.pulls.get(pull);
      if (draft !== undefined) draft.draft = false;
      await as(login).rest.pulls.merge({ ...about, pull_number: pull });
    },
    push(files: RepositoryFiles, by = "mia", branch = repo.defaultBranch): string {
      return control.commitFiles({
        repository: REPOSITORY,
        login: by,
        branch,
        files,
        message: "Change files",
      });
    },

    /** Lets time pass, wakes whatever is due, and waits for what comes of it. */
    async advance(ms: number, options: SettleOptions = {}): Promise<void> {
      clock.skip(ms);
      await running.app().sweeps.deadlines();
      await settled(options);
    },
    async sweep(name: Sweep, options: SettleOptions = {}): Promise<void> {
      await running.app().sweeps[name]();
      await settled(options);
    },
    /** Starts the app anew, with what its environment stops. */
    async restart(stopped: readonly string[] = []): Promise<void> {
      await running.stop();
      await running.start(stopped);
    },

    /** Sends what was sent before once more, under an id of its own, as a second webhook would. */
    async sendAnew(event: string, action: string, options: SettleOptions = {}): Promise<void> {
      const sent = world.deliveries.filter((one) => one.event === event && one.action === action);
      const { signal } = new AbortController();
      for (const delivery of sent)
        await postWebhook(world, { parcel: { ...delivery, guid: randomUUID() }, closing: signal });
      await settled(options);
    },
    /** Copies the database as a backup would. The app must be stopped. */
    saveData: running.saveData,
    /** Puts the copy back. The app must be stopped. */
    restoreData: running.restoreData,

    /** The status comment, without its hidden marker. */
    status(issue: number): string {
      const found = comments(issue).find((one) => one.body.includes(`:status:${issue} `));
      return (found?.body ?? "").replace(/<!--[\s\S]*?-->\n?/gu, "").trim();
    },
    /** Everything that the app wrote on an issue but the status, oldest first. */
    replies: (issue: number): readonly string[] =>
      comments(issue)
        .filter((one) => !one.body.includes(`:status:${issue} `))
        .map((one) => one.body.replace(/<!--[\s\S]*?-->\n?/gu, "").trim()),
    labels: (issue: number): readonly string[] => [...(repo.issues.get(issue)?.labels ?? [])],
    issue: (number: number) => repo.issues.get(number),
    runs: (): readonly WorkflowRun[] => [...repo.runs.values()],
    /** Runs that the app started, as `workflow conclusion`. */
    dispatched: (): readonly string[] =>
      [...repo.runs.values()]
        .filter((run) => run.event === "workflow_dispatch")
        .map((run) => `${run.name} ${run.conclusion ?? run.status}`),
    pulls: (): readonly Pull[] => [...repo.pulls.values()],
    checks: (name: string): readonly CheckRun[] =>
      [...repo.checkRuns.values()].filter((check) => check.name === name && check.appId === APP_ID),
    /** What the app changed, by method and path. */
    writes: (pattern: RegExp) =>
      listWrites(world.history).filter(
        (write) => write.actor === "installation" && pattern.test(`${write.method} ${write.path}`),
      ),
    /** What the app asked of GitHub, reads and refusals too, as `method path`. */
    asked: (pattern: RegExp): readonly string[] =>
      exchanges
        .filter(({ actor }) => actor === "installation")
        .map(({ method, path }) => `${method} ${path}`)
        .filter((request) => pattern.test(request)),
    async attempts(): Promise<readonly Attempt[]> {
      const { attempts } = await running.app().store.ledger.tasksSince(repo.id, 0);
      return attempts;
    },
    async audit(kind: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
      const { audit } = (await running.readDatabase()).rows;
      return audit.filter((row) => row.kind === kind).map((row) => ({ actor: row.actor, ...row.data }));
    },
    async deliveries(): Promise<StoredRows["deliveries"]> {
      return (await running.readDatabase()).rows.deliveries;
    },
    /** Adds an account that is no person, with a role. */
    addBot(login: string, role: Role): number {
      const { id } = createUser(world, login, "Bot");
      control.setRole({ repository: REPOSITORY, login, role });
      return id;
    },
  };
}

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function createClient(baseUrl: string, token: string): Octokit {
  return new Octokit({ auth: token, baseUrl, userAgent: "story", log: quiet, retry: { enabled: false } });
}

function isUnprovable(problem: string, { unprovable = [] }: StoryOptions): boolean {
  return unprovable.some((name) => problem.startsWith(`${name}: `));
}

/** Routes that GitHub answers but does not describe. */
const UNDESCRIBED = /^\/repositories\/\d+$/u;

function judgeTraffic(exchanges: readonly Exchange[], deliveries: readonly Delivery[]): readonly string[] {
  const contract = loadContract();
  const problems = new Set<string>();
  for (const { method, path, status, requestBody, responseBody, isFault } of exchanges) {
    if (UNDESCRIBED.test(path)) continue;
    const judged = [
      ...(isFault ? [] : contract.request(method, path, requestBody)),
      ...(isFault ? [] : contract.response(method, path, status, responseBody)),
    ];
    for (const problem of judged) problems.add(`${method} ${path} ${status}: ${problem}`);
  }
  for (const { event, action, payload } of deliveries) {
    for (const problem of contract.webhook(event, JSON.parse(payload))) {
      problems.add(`webhook ${event}.${action}: ${problem}`);
    }
  }
  return [...problems].slice(0, 20);
}

/** The library signs by this machine's clock and corrects itself when a story's clock was moved. */
const CLOCK_NEWS = /"name":"octokit".*(?:claim \('exp'\)|API time and system time are different)/u;

/** A connection that was idle is closed by one side while the other begins to use it: the next try is as good. */
const WEATHER = /no usable answer: (?:read ECONNRESET|other side closed)/u;

function judgeLog(lines: readonly string[], isTroubled: boolean): readonly string[] {
  const level = isTroubled ? /"level":"(?:error|fatal)"/u : /"level":"(?:warn|error|fatal)"/u;
  return lines
    .filter((line) => level.test(line) && !CLOCK_NEWS.test(line) && !WEATHER.test(line))
    .map((line) => `the log: ${line.trim()}`);
}
