import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type RawBuilder, sql } from "kysely";
import pg from "pg";
import { createStore } from "../../src/adapters/store/create-store.ts";
import type { Engine } from "../../src/adapters/store/engine.ts";
import { openEngine } from "../../src/adapters/store/open-store.ts";
import type { Store, StoreOptions } from "../../src/adapters/store/store.ts";
import type { Effect } from "../../src/core/effects.ts";
import type { Event } from "../../src/core/events.ts";
import { ignore, type Plan } from "../../src/core/plan/plan.ts";
import type { RepoRef } from "../../src/core/repo.ts";
import type { Attempt } from "../../src/core/task/attempt.ts";
import type { Task } from "../../src/core/task/task.ts";
import type { IncomingDelivery } from "../../src/ports/inbox.ts";
import { buildTask } from "./build-task.ts";

export const START = Date.UTC(2026, 10, 23, 12);

/** A database of its own for one suite, and any number of stores on it. */
export interface StoreHarness {
  readonly kind: Engine["kind"];
  readonly clock: { now: number };
  /** What the stores reported, oldest first. */
  readonly problems: { readonly error: unknown; readonly where: string }[];
  /** The store that is open all the time. */
  readonly store: Store;
  readonly engine: Engine;
  /** A second process on the same database; only PostgreSQL has that. */
  openReplica(options?: Partial<StoreOptions>): Promise<Store>;
  /** A store whose database calls go through `wrap`. */
  wrapped(wrap: (engine: Engine) => Engine): Store;
  query<Row>(query: RawBuilder<Row>): Promise<readonly Row[]>;
  /** Empties every table but the audit. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export type OpenHarness = () => Promise<StoreHarness>;

export function makeDataDir(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), "orchestrator-store-"));
}

export async function openEmbeddedHarness(): Promise<StoreHarness> {
  const dataDir = makeDataDir();
  return openHarness({ dataDir }, async () => fs.rmSync(dataDir, { recursive: true, force: true }));
}

/** A database of its own on the server that `adminUrl` names. */
export async function openPostgresHarness(adminUrl: string): Promise<StoreHarness> {
  const database = await createDatabase(adminUrl);
  return openHarness({ dataDir: "unused", databaseUrl: database.url }, database.drop);
}

export async function createDatabase(adminUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `store_${Math.random().toString(36).slice(2)}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await runAsAdmin(adminUrl, `create database ${name}`);
  return { url: url.href, drop: () => runAsAdmin(adminUrl, `drop database ${name} with (force)`) };
}

async function runAsAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function openHarness(
  where: Pick<StoreOptions, "dataDir" | "databaseUrl">,
  remove: () => Promise<void>,
): Promise<StoreHarness> {
  const clock = { now: START };
  const problems: { error: unknown; where: string }[] = [];
  const options: StoreOptions = {
    ...where,
    now: () => clock.now,
    onError: (error, place) => problems.push({ error, where: place }),
    pollMs: 20,
    retry: { inboxRetries: 2, random: () => 0 },
  };
  const engine = await openEngine(options);
  const store = createStore(engine, options);
  const replicas: Store[] = [];
  const query = async <Row>(statement: RawBuilder<Row>) => (await statement.execute(engine.db)).rows;
  return {
    kind: engine.kind,
    clock,
    problems,
    store,
    engine,
    openReplica: async (other) => {
      const merged = { ...options, ...other };
      const replica = createStore(await openEngine(merged), merged);
      replicas.push(replica);
      return replica;
    },
    wrapped: (wrap) => createStore({ ...wrap(engine), close: async () => {} }, options),
    query,
    reset: async () => {
      for (const replica of replicas.splice(0)) await replica.close();
      await query(sql`truncate repositories, deliveries, lanes, jobs, tasks, attempts, usage_days, effects, marks, stops,
        content_writes, installation_pauses`);
      problems.length = 0;
      clock.now = START;
    },
    close: async () => {
      await store.close();
      await remove();
    },
  };
}

let lastRepoId = 1000;

/** A repository that no other test uses. */
export function makeRepo(changes: Partial<RepoRef> = {}): RepoRef {
  lastRepoId += 1;
  return { id: lastRepoId, installationId: 1, owner: "octo", name: `repo-${lastRepoId}`, ...changes };
}

/** An event that names a number, so that tests can tell events apart. */
export function makeEvent(repo: RepoRef, issue = 1): Event {
  return {
    kind: "issue.edited",
    repo,
    issue,
    sender: { id: 5, login: "ada", type: "User" },
    text: { title: "title", body: "body", labels: [] },
  };
}

let lastGuid = 0;

export function makeDelivery(event: Event, changes: Partial<IncomingDelivery> = {}): IncomingDelivery {
  lastGuid += 1;
  return {
    guid: `00000000-0000-4000-8000-${String(lastGuid).padStart(12, "0")}`,
    name: "issues",
    action: "edited",
    repoId: event.repo.id,
    event,
    ignored: null,
    ...changes,
  };
}

export function makePlan(changes: Partial<Plan> = {}): Plan {
  return { ...ignore("test"), outcome: { status: "processed", reason: "test" }, ...changes };
}

export function makeTask(repo: RepoRef, changes: Partial<Task> = {}): Task {
  return buildTask({
    repoId: repo.id,
    issue: 1,
    enqueuedAt: START,
    rankAt: START,
    updatedAt: START,
    wakeAt: START + 3_600_000,
    ...changes,
  });
}

export function makeAttempt(task: Task, changes: Partial<Attempt> = {}): Attempt {
  return {
    correlation: `${task.id}.1.0.0`,
    taskId: task.id,
    repoId: task.repoId,
    number: 1,
    stage: "build",
    stageIndex: 0,
    retry: 0,
    workflow: "agent.yml",
    ref: "main",
    baseSha: "a".repeat(40),
    inputs: {},
    state: "dispatching",
    runId: null,
    runUrl: null,
    runAttempt: null,
    dispatchedAt: START,
    endedAt: null,
    outcome: null,
    metrics: [],
    ...changes,
  };
}

export function makeComment(repo: RepoRef, body: string, changes: Partial<Effect> = {}): Effect {
  return {
    sort: "projection",
    key: `${repo.id}/comment`,
    subject: "issue-1",
    repo,
    taskId: null,
    projection: { kind: "comment", issue: 1, body },
    ...changes,
  } as Effect;
}

export function makeReply(repo: RepoRef, name: string, changes: Partial<Effect> = {}): Effect {
  return {
    sort: "action",
    key: `${repo.id}/reply/${name}`,
    subject: `replies-${name}`,
    repo,
    taskId: null,
    action: { kind: "reply", issue: 1, body: name },
    ...changes,
  } as Effect;
}
