import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createStage, type Stage } from "../../demo/github-client.ts";
import { readStatus, until } from "../../demo/observe.ts";
import { APP_ID, findFreePort, makeCredentials, startApp } from "../../demo/processes.ts";
import { LABEL_LOOKS } from "../../src/core/messages/label-looks.ts";
import type { BenchOptions, Figure, Section, SectionResult } from "../figure.ts";
import { APP_ID as BENCH_APP_ID } from "../make-bodies.ts";
import { OWNER, startSandbox } from "../start-sandbox.ts";
import { startWatchedApi, type WatchedRequest } from "../start-watched-api.ts";
import { median } from "../statistics.ts";

const DEMO = new URL("../../fixtures/demo-repository", import.meta.url).pathname;
const REPO = "demo-repository";
const PATIENCE_MS = 150_000;
/** A comment may be edited this long after everything else has ended. */
const QUIET_MS = 4_500;

export const githubCalls: Section = {
  name: "calls",
  title: "3. Requests to GitHub per task, from its label to its end",
  measure,
};

/** One sort of task, in a copy of the demo repository in which the first answer is right. */
interface Scenario {
  readonly name: string;
  readonly issue: { readonly title: string; readonly body: string; readonly labels: string[] };
  readonly change: { readonly path: string; readonly from: RegExp; readonly to: string };
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: "agent task, first answer right, merged",
    issue: {
      title: "Discount is applied twice when a promotion and a voucher meet",
      body: "A basket with a promotion on tea and a voucher gets both discounts on the same line.",
      labels: ["bug"],
    },
    change: {
      path: "tools/agent.mjs",
      from: /brief\.feedback\.length > 0 \? task\.afterFeedback : task\.first/u,
      to: "task.afterFeedback",
    },
  },
  {
    name: "data task of three stages, first attempt right",
    issue: {
      title: "T-MLR-1.2 Generate 3 years of synthetic data for 20 tenants",
      body: "Enough history for a forecast of weather-driven sales.",
      labels: ["data"],
    },
    change: { path: ".github/orchestrator.yml", from: /days: \[30, 365, 1095\]/gu, to: "days: [1095]" },
  },
];

/** One task's requests, by route. */
interface Tally {
  readonly routes: ReadonlyMap<string, { readonly count: number; readonly unchanged: number }>;
  readonly content: number;
  readonly total: number;
  readonly unchanged: number;
}

async function measure(options: BenchOptions): Promise<SectionResult> {
  const figures: Figure[] = [];
  const details = [];
  for (const scenario of SCENARIOS) {
    const tallies: Tally[] = [];
    for (let round = 1; round <= (options.quick ? 1 : 3); round += 1) {
      options.say(`${scenario.name}, run ${round}`);
      tallies.push(tally(await play(scenario, join(options.dir, `calls-${figures.length}-${round}`))));
    }
    figures.push(...listFigures(scenario, tallies));
    details.push(listRoutes(scenario, tallies));
  }
  return {
    figures,
    details,
    notes: [
      "The real server and the local GitHub, as in the demo. Every request of the app counts from the moment the label is put on until nothing has been asked for 4.5 s after the task's end; what the app asks once, at its start, does not. The repository has the app's labels already.",
      "A content write writes or edits an issue, a comment, a review or a pull request; closing the issue is one. A 304 costs nothing of the hourly limit, but is counted as a request.",
    ],
  };
}

/** A request of the app by its route: `GET /repos/{owner}/{repo}`. */
interface Call {
  readonly route: string;
  readonly status: number;
}

async function play({ issue, change }: Scenario, dir: string): Promise<readonly Call[]> {
  if (APP_ID !== BENCH_APP_ID) throw new Error("The demo and the bench must be the same app.");
  const credentials = makeCredentials(dir);
  const port = await findFreePort();
  const requests: WatchedRequest[] = [];
  const templates = new Map<string, string>();
  let lastAt = Date.now();
  const sandbox = await startSandbox({
    ...credentials,
    dataDir: join(dir, "sandbox"),
    appUrl: `http://127.0.0.1:${port}`,
    repo: REPO,
    seedDir: makeSeed(dir, change),
    onExchange: ({ path, template }) => templates.set(path, template ?? path),
  });
  await using api = await startWatchedApi(
    () => sandbox.url,
    (watched) => {
      requests.push(watched);
      lastAt = Date.now();
    },
  );
  const untilQuiet = async (ms: number) => {
    while (Date.now() - lastAt < ms) await wait(50);
  };
  try {
    const app = await startApp({ dir, port, apiUrl: api.url, credentials });
    try {
      const stage = await createStage({
        url: sandbox.url,
        owner: OWNER,
        repo: REPO,
        roles: { mia: "write" },
      });
      const { owner, repo } = stage;
      const { data } = await stage.as("mia").rest.issues.create({ owner, repo, ...issue });
      await makeLabels(stage);
      await untilQuiet(2_000);
      requests.length = 0;
      await stage
        .as("mia")
        .rest.issues.addLabels({ owner, repo, issue_number: data.number, labels: ["autopilot"] });
      await untilEnd(stage, data.number);
      await sandbox.control.idle();
      await untilQuiet(QUIET_MS);
      // What is no request to the API, such as the download of an artifact from its store, has no template.
      return requests.flatMap(({ method, path, status }) => {
        const template = templates.get(path);
        return template === undefined ? [] : [{ route: `${method} ${template}`, status }];
      });
    } finally {
      await app.stop();
    }
  } finally {
    await sandbox.close();
  }
}

/** As a repository has them after its first task. */
async function makeLabels(stage: Stage): Promise<void> {
  const { owner, repo } = stage;
  for (const [name, look] of Object.entries(LABEL_LOOKS)) {
    await stage.as("mia").rest.issues.createLabel({ owner, repo, name, ...look });
  }
}

function makeSeed(dir: string, { path, from, to }: Scenario["change"]): string {
  const copy = join(dir, "seed");
  cpSync(DEMO, copy, { recursive: true });
  const text = readFileSync(join(copy, path), "utf8");
  if (!from.test(text))
    throw new Error(`${path} of the demo repository is not what the bench changes any more.`);
  writeFileSync(join(copy, path), text.replace(from, to));
  return copy;
}

const END = /^[^\n]*\*\*(?<state>done|failed|blocked|cancelled)\*\*/u;

async function untilEnd(stage: Stage, issue: number): Promise<void> {
  const status = await until(
    `the end of #${issue}`,
    async () => {
      const text = (await readStatus(stage, issue)) ?? "";
      return END.test(text) ? text : undefined;
    },
    PATIENCE_MS,
  );
  if (END.exec(status)?.groups?.state === "done") return;
  throw new Error(`The task of #${issue} did not end as done, so its requests say nothing:\n${status}`);
}

const CONTENT =
  /^(?:POST|PATCH|PUT) \/repos\/\{owner\}\/\{repo\}\/(?:issues|pulls)(?:\/comments)?(?:\/\{\w+\})?(?:\/comments|\/reviews)?$/u;

function tally(calls: readonly Call[]): Tally {
  const routes = new Map<string, { count: number; unchanged: number }>();
  let content = 0;
  let unchanged = 0;
  for (const { route, status } of calls) {
    const isUnchanged = status === 304 ? 1 : 0;
    const known = routes.get(route) ?? { count: 0, unchanged: 0 };
    routes.set(route, { count: known.count + 1, unchanged: known.unchanged + isUnchanged });
    unchanged += isUnchanged;
    if (CONTENT.test(route)) content += 1;
  }
  return { routes, content, unchanged, total: calls.length };
}

function listFigures({ name }: Scenario, tallies: readonly Tally[]): readonly Figure[] {
  const p50 = (key: "total" | "content" | "unchanged") => median(tallies.map((one) => one[key]));
  return [
    { what: `${name}: requests, p50`, value: p50("total"), unit: "", goal: { atMost: 12 } },
    { what: `${name}: of these answered 304, p50`, value: p50("unchanged"), unit: "" },
    { what: `${name}: content writes, p50`, value: p50("content"), unit: "", goal: { atMost: 3 } },
  ];
}

function listRoutes({ name }: Scenario, tallies: readonly Tally[]) {
  const [first] = tallies;
  const routes = [...(first?.routes ?? [])].toSorted(([, a], [, b]) => b.count - a.count);
  return {
    title: `Requests of the first run: ${name}`,
    headings: ["route", "requests", "of these 304", "content"],
    rows: routes.map(([route, { count, unchanged }]) => [
      route,
      String(count),
      unchanged === 0 ? "" : String(unchanged),
      CONTENT.test(route) ? "yes" : "",
    ]),
  };
}
