import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createStage, type Stage } from "../../demo/github-client.ts";
import { findFreePort } from "../../demo/processes.ts";
import type { Sandbox } from "../../src/sandbox/create-sandbox.ts";
import { createDatabase } from "../../test/support/store.ts";
import type { Course, TimedAppOrder } from "../children/timed-app.ts";
import type { BenchOptions, Figure, Section, SectionResult } from "../figure.ts";
import { makePrivateKey } from "../make-environment.ts";
import { formatNumber } from "../print-table.ts";
import { type Child, startChild } from "../start-child.ts";
import { makeSecret, OWNER, startSandbox } from "../start-sandbox.ts";
import { median, percentile } from "../statistics.ts";

const REPO = "latency";
const PATIENCE_MS = 30_000;

export const dispatchLatency: Section = {
  name: "dispatch",
  title: "2. From the label's webhook to the request that dispatches, on an idle system",
  measure,
};

async function measure(options: BenchOptions): Promise<SectionResult> {
  const embedded = await follow(options, { store: "embedded" });
  const { adminUrl } = options;
  const postgres = adminUrl === undefined ? [] : await followOnPostgres(options, adminUrl);
  return {
    figures: [
      ...listFigures("embedded", embedded),
      ...(postgres.length > 0 ? listFigures("PostgreSQL", postgres) : []),
    ],
    details: [
      {
        title: "Where the time goes, p50 in ms",
        headings: ["store", ...PHASES.map(({ name }) => name)],
        rows: [
          ["embedded", ...listPhases(embedded)],
          ...(postgres.length > 0 ? [["PostgreSQL", ...listPhases(postgres)]] : []),
        ],
      },
      {
        title: "What was asked of GitHub before the decision",
        headings: ["request", "ms, p50"],
        rows: listReads(embedded),
      },
    ],
    notes: [
      `${embedded.length} labels each, one after another, each after everything of the one before has ended.`,
      "The app runs in a process of its own with the timers it has in production, the local GitHub in another; the clock starts when the webhook's head has arrived and stops when the dispatch is handed to `fetch`. Time between a request's start and the end of its answer is GitHub's.",
    ],
  };
}

async function followOnPostgres(options: BenchOptions, adminUrl: string): Promise<readonly Course[]> {
  const database = await createDatabase(adminUrl);
  try {
    return await follow(options, { store: "PostgreSQL", databaseUrl: database.url });
  } finally {
    await database.drop();
  }
}

async function follow(
  options: BenchOptions,
  { store, databaseUrl }: { readonly store: string; readonly databaseUrl?: string },
): Promise<readonly Course[]> {
  const times = options.quick ? 4 : 20;
  options.say(`${store}: ${times} labels`);
  const dir = join(options.dir, `latency-${store}`);
  const keys = { secret: makeSecret(), privateKey: makePrivateKey() };
  const port = await findFreePort();
  // No job ever runs: a workflow that works would make the system busy.
  const sandbox = await startSandbox({
    ...keys,
    dataDir: join(dir, "sandbox"),
    maxJobs: 0,
    appUrl: `http://127.0.0.1:${port}`,
    repo: REPO,
    seedDir: makeSeed(join(dir, "seed")),
  });
  try {
    await using app = startChild("timed-app");
    const place = {
      ...keys,
      dataDir: join(dir, "data"),
      apiUrl: sandbox.url,
      ...(databaseUrl && { databaseUrl }),
    };
    await app.ask({ kind: "start", port, ...place } satisfies TimedAppOrder);
    const stage = await createStage({ url: sandbox.url, owner: OWNER, repo: REPO, roles: { mia: "write" } });
    const courses: Course[] = [];
    // The first one also pays for tokens and compiled code.
    for (let turn = 0; turn <= times; turn += 1) {
      const course = await followOne({ app, stage, sandbox });
      if (turn > 0) courses.push(course);
    }
    return courses;
  } finally {
    await sandbox.close();
  }
}

/** How a workflow says it. */
const CORRELATION = "$" + "{{ inputs.correlation }}";

/** A repository with one kind of task, whose one stage is dispatched at once. */
function makeSeed(dir: string): string {
  mkdirSync(join(dir, ".github", "workflows"), { recursive: true });
  writeFileSync(
    join(dir, ".github", "orchestrator.yml"),
    [
      "version: 1",
      "mode: active",
      "limits: { running: 100 }",
      "kinds:",
      "  data: { match: { labels: [data] }, role: data-engineer, stages: [{ name: generate, workflow: generate.yml }] }",
      "",
    ].join("\n"),
  );
  const inputs = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];
  writeFileSync(
    join(dir, ".github", "workflows", "generate.yml"),
    [
      "name: generate",
      `run-name: generate ${CORRELATION}`,
      "on:",
      "  workflow_dispatch:",
      "    inputs:",
      ...inputs.map((name) => `      ${name}: { type: string }`),
      "jobs:",
      "  generate:",
      "    runs-on: ubuntu-latest",
      "    steps: [{ run: 'true' }]",
      "",
    ].join("\n"),
  );
  return dir;
}

interface Scene {
  readonly app: Child;
  readonly stage: Stage;
  readonly sandbox: Sandbox;
}

async function followOne({ app, stage, sandbox }: Scene): Promise<Course> {
  const { owner, repo } = stage;
  const mia = stage.as("mia").rest;
  const { data: issue } = await mia.issues.create({
    owner,
    repo,
    title: "Generate data",
    body: "Three years for twenty tenants.",
    labels: ["data"],
  });
  await untilQuiet({ app, sandbox });
  const watched = app.ask<Course>({ kind: "watch" } satisfies TimedAppOrder);
  await mia.issues.addLabels({ owner, repo, issue_number: issue.number, labels: ["autopilot"] });
  const course = await Promise.race([watched, giveUp(`the dispatch of #${issue.number}`)]);
  await untilQuiet({ app, sandbox });
  return course;
}

/** Nothing on its way to the app, nothing waiting in it, and that for long enough to be no gap. */
async function untilQuiet({ app, sandbox }: Omit<Scene, "stage">): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (let quietLooks = 0; quietLooks < 4; ) {
    await wait(50);
    const { isQuiet } = await app.ask<{ isQuiet: boolean }>({ kind: "is-quiet" } satisfies TimedAppOrder);
    quietLooks = isQuiet && sandbox.control.state().deliveries.pending === 0 ? quietLooks + 1 : 0;
    if (Date.now() > end) throw new Error("The app did not come to rest.");
  }
}

async function giveUp(what: string): Promise<never> {
  await wait(PATIENCE_MS, undefined, { ref: false });
  throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
}

function sumReads({ reads }: Course): number {
  return reads.reduce((total, { startedAt, endedAt }) => total + endedAt - startedAt, 0);
}

const PHASES: readonly { readonly name: string; take(course: Course): number }[] = [
  { name: "verify and commit", take: ({ arrivedAt, acceptedAt }) => acceptedAt - arrivedAt },
  {
    name: "pick up, read, decide, commit (own part)",
    take: (course) => course.settledAt - course.acceptedAt - sumReads(course),
  },
  { name: "GitHub's part of that", take: sumReads },
  { name: "settled to dispatch request", take: ({ settledAt, dispatchedAt }) => dispatchedAt - settledAt },
];

function listPhases(courses: readonly Course[]): readonly string[] {
  return PHASES.map(({ take }) => formatNumber(median(courses.map(take))));
}

function ownTime(course: Course): number {
  return course.dispatchedAt - course.arrivedAt - sumReads(course);
}

function listFigures(store: string, courses: readonly Course[]): readonly Figure[] {
  const own = courses.map(ownTime);
  const all = courses.map(({ arrivedAt, dispatchedAt }) => dispatchedAt - arrivedAt);
  return [
    { what: `${store}: without GitHub's time, p50`, value: median(own), unit: "ms", goal: { atMost: 150 } },
    { what: `${store}: without GitHub's time, slowest`, value: percentile(own, 1), unit: "ms" },
    { what: `${store}: with GitHub's time, p50`, value: median(all), unit: "ms" },
  ];
}

function listReads(courses: readonly Course[]): readonly (readonly string[])[] {
  const times = new Map<string, number[]>();
  for (const { route, startedAt, endedAt } of courses.flatMap(({ reads }) => reads)) {
    const name = route.replace(/\/issues\/\d+/u, "/issues/N");
    times.set(name, [...(times.get(name) ?? []), endedAt - startedAt]);
  }
  return [...times].map(([name, all]) => [name, formatNumber(median(all))]);
}
