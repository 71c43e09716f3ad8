import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findFreePort, makeCredentials, type Program, startApp } from "../../demo/processes.ts";
import type { FillOrder } from "../children/fill.ts";
import type { BenchOptions, Figure, Section, SectionResult } from "../figure.ts";
import { FIRST_QUEUED_ISSUE, REPO } from "../fill-queue.ts";
import { makeHeaders, sign, WEBHOOK_PATH } from "../make-bodies.ts";
import { formatNumber } from "../print-table.ts";
import { startChild } from "../start-child.ts";
import { startStubGitHub } from "../start-stub-github.ts";
import { median } from "../statistics.ts";

const COUNTS = [1_000, 100_000];
const DELIVERIES = 200;
const READY_GOAL_MS = 2_000;
const MEMORY_GOAL_MIB = 250;

export const startUp: Section = {
  name: "start",
  title: "4. Start and memory of the embedded server on a warm data directory",
  measure,
};

/** One start of the real server: how long to its ready line, and its resident memory, MiB. */
interface Start {
  readonly readyMs: number;
  readonly atReady: number;
  readonly atRest: number;
  readonly afterWork: number;
}

async function measure(options: BenchOptions): Promise<SectionResult> {
  const starts = new Map<number, Start[]>();
  for (const count of COUNTS) {
    const dir = join(options.dir, `start-${count}`);
    await fill(options, { dataDir: join(dir, "data"), count, seed: options.seed });
    const all: Start[] = [];
    for (let round = 1; round <= (options.quick ? 1 : 5); round += 1) {
      options.say(`${formatNumber(count)} queued tasks, start ${round}`);
      all.push(await start(dir));
    }
    starts.set(count, all);
  }
  return {
    figures: [...starts].flatMap(([count, all]) => listFigures(count, all)),
    notes: [
      "From the start of `node src/main.ts` to its ready line, on a directory that was closed in order; medians. Node's own start and the loading of all modules are part of it.",
      `Work is ${DELIVERIES} signed deliveries about queued tasks, ten at a time, and everything that follows from them; GitHub is a stub that answers at once.`,
    ],
  };
}

async function fill({ say }: BenchOptions, order: FillOrder): Promise<void> {
  say(`filling ${formatNumber(order.count)} tasks`);
  await using child = startChild("fill");
  await child.ask(order);
}

async function start(dir: string): Promise<Start> {
  const credentials = makeCredentials(dir);
  const port = await findFreePort();
  await using github = await startStubGitHub();
  const startedAt = performance.now();
  const app = await startApp({ dir, port, apiUrl: github.url, credentials });
  const readyMs = performance.now() - startedAt;
  try {
    const atReady = readMemory(app);
    await wait(3_000);
    const atRest = readMemory(app);
    await work(app, credentials.secret);
    return { readyMs, atReady, atRest, afterWork: readMemory(app) };
  } finally {
    await app.stop();
  }
}

/** Resident memory by the operating system's count, MiB. */
function readMemory({ child }: Program): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" })) / 1024;
}

const FIXTURE = new URL("../../fixtures/webhooks/issues.reopened.json", import.meta.url);

interface IssuePayload {
  readonly issue: object;
  readonly repository: object;
}

async function work({ url }: Program, secret: string): Promise<void> {
  const payload = JSON.parse(readFileSync(FIXTURE, "utf8")) as IssuePayload;
  for (let sent = 0; sent < DELIVERIES; sent += 10) {
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const issue = { ...payload.issue, number: FIRST_QUEUED_ISSUE + sent + index };
        const repository = { ...payload.repository, id: REPO.id };
        const body = JSON.stringify({ ...payload, issue, repository });
        const headers = makeHeaders({ event: "issues", guid: randomUUID(), signature: sign(body, secret) });
        const { status } = await fetch(url + WEBHOOK_PATH, { method: "POST", headers, body });
        if (status !== 202) throw new Error(`A delivery was answered with ${status}.`);
      }),
    );
  }
  await untilHandled(url);
}

/** What GitHub's limits put off may still wait; what was delivered may not. */
async function untilHandled(url: string): Promise<void> {
  const end = Date.now() + 120_000;
  for (;;) {
    const response = await fetch(`${url}/readyz`);
    const { backlog } = (await response.json()) as { readonly backlog?: number };
    if (backlog === 0) return;
    if (Date.now() > end) throw new Error(`The server still has ${backlog} events to handle.`);
    await wait(200);
  }
}

function listFigures(count: number, starts: readonly Start[]): readonly Figure[] {
  const queued = `${formatNumber(count)} queued`;
  const take = (key: keyof Start) => median(starts.map((one) => one[key]));
  const goal = { atMost: MEMORY_GOAL_MIB };
  return [
    { what: `${queued}: ready`, value: take("readyMs"), unit: "ms", goal: { atMost: READY_GOAL_MS } },
    { what: `${queued}: memory when ready`, value: take("atReady"), unit: "MiB", goal },
    { what: `${queued}: memory 3 s later`, value: take("atRest"), unit: "MiB", goal },
    { what: `${queued}: memory after ${DELIVERIES} deliveries`, value: take("afterWork"), unit: "MiB", goal },
  ];
}
