import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createDatabase } from "../../test/support/store.ts";
import type { BareProbotOrder } from "../children/bare-probot.ts";
import type { FrontDoorOrder } from "../children/front-door.ts";
import type { LoadOrder, LoadResult } from "../children/load.ts";
import type { BenchOptions, Figure, Section, SectionResult } from "../figure.ts";
import { makePrivateKey } from "../make-environment.ts";
import { formatNumber } from "../print-table.ts";
import { type Child, startChild } from "../start-child.ts";
import { median } from "../statistics.ts";

const BODY_BYTES = 10_240;
const CONNECTIONS = 50;
const REPOSITORIES = 16;

/** Everything a server needs to be started, and what is measured on it. */
interface Contender {
  readonly name: string;
  readonly child: "bare-probot" | "front-door";
  /** A fresh database for each round, so that no round pays for what another has stored. */
  prepare(round: number): Promise<{ readonly order: object; release(): Promise<void> }>;
  readonly goals?: { readonly perSecond: number; readonly p99: number };
}

interface Round extends LoadResult {
  /** Cores that the server took. */
  readonly cpu: number;
  /** Events that were handled to their end, per second. */
  readonly handled: number;
}

export const acknowledgement: Section = {
  name: "acknowledgement",
  title: "1. Acknowledging webhooks: verified and committed before the answer",
  measure,
};

async function measure(options: BenchOptions): Promise<SectionResult> {
  const keys = { secret: randomBytes(32).toString("hex"), privateKey: makePrivateKey() };
  const contenders = listContenders(options, keys);
  const rounds = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= (options.quick ? 1 : 3); round += 1) {
    for (const contender of contenders) {
      options.say(`round ${round}: ${contender.name}`);
      rounds.get(contender.name)?.push(await playRound(contender, { options, secret: keys.secret, round }));
    }
  }
  const baseline = takeMedian(rounds.get(BARE) ?? [], "perSecond");
  return {
    figures: contenders.flatMap((contender) =>
      listFigures(contender, rounds.get(contender.name) ?? [], baseline),
    ),
    details: [listRounds(rounds)],
    notes: [
      `${BODY_BYTES} bytes of signed \`issues.edited\` of ${REPOSITORIES} repositories over ${CONNECTIONS} connections, each delivery new; medians of the rounds; autocannon in a process of its own on the same cores.`,
      "The bare Probot verifies and parses, keeps nothing and logs nothing; with an empty handler it also makes a client for each event, which is what an app gets.",
      "The front door has verified, stored and committed before it answers; nothing works on what it stored, except in the rows that say so.",
    ],
  };
}

const WHILE_HANDLING = ", handling at the same time";
const BARE = "bare Probot, no handler";

function listContenders(
  { dir, adminUrl }: BenchOptions,
  keys: { readonly secret: string; readonly privateKey: string },
): readonly Contender[] {
  const bare = (name: string, hasHandler: boolean): Contender => ({
    name,
    child: "bare-probot",
    prepare: async () => ({
      order: { ...keys, hasHandler } satisfies BareProbotOrder,
      release: async () => {},
    }),
  });
  const embedded = (isWorking: boolean) => async (round: number) => {
    const dataDir = join(dir, `acknowledge-${round}-${isWorking}`);
    return {
      order: { kind: "start", ...keys, dataDir, isWorking } satisfies FrontDoorOrder,
      release: async () => {},
    };
  };
  const postgres = (url: string, isWorking: boolean) => async () => {
    const database = await createDatabase(url);
    const order: FrontDoorOrder = {
      kind: "start",
      ...keys,
      dataDir: "unused",
      databaseUrl: database.url,
      isWorking,
    };
    return { order, release: database.drop };
  };
  const child = "front-door";
  return [
    bare(BARE, false),
    bare("bare Probot, empty handler", true),
    { name: "embedded", child, prepare: embedded(false), goals: { perSecond: 500, p99: 250 } },
    { name: `embedded${WHILE_HANDLING}`, child, prepare: embedded(true) },
    ...(adminUrl === undefined
      ? []
      : ([
          {
            name: "PostgreSQL",
            child,
            prepare: postgres(adminUrl, false),
            goals: { perSecond: 2_000, p99: 100 },
          },
          { name: `PostgreSQL${WHILE_HANDLING}`, child, prepare: postgres(adminUrl, true) },
        ] as const)),
  ];
}

async function playRound(
  contender: Contender,
  {
    options,
    secret,
    round,
  }: { readonly options: BenchOptions; readonly secret: string; readonly round: number },
): Promise<Round> {
  const { order, release } = await contender.prepare(round);
  try {
    await using server = startChild(contender.child);
    await using sender = startChild("load");
    const { url } = await server.ask<{ url: string }>(order);
    const load = { url, secret, bytes: BODY_BYTES, repositories: REPOSITORIES, connections: CONNECTIONS };
    const run = (options.seed % 2 ** 16) * 2 ** 8 + round * 2;
    await sender.ask<LoadResult>({ ...load, seconds: options.quick ? 1 : 2, run } satisfies LoadOrder);
    const before = await look(contender, server);
    const startedAt = performance.now();
    const result = await sender.ask<LoadResult>({
      ...load,
      seconds: options.quick ? 2 : 5,
      run: run + 1,
    } satisfies LoadOrder);
    const elapsedMs = performance.now() - startedAt;
    const after = await look(contender, server);
    if (result.refused > 0)
      throw new Error(`${contender.name} did not acknowledge ${result.refused} deliveries`);
    return {
      ...result,
      cpu: (after.cpu - before.cpu) / elapsedMs,
      handled: (result.sent - after.waiting + before.waiting) / (elapsedMs / 1000),
    };
  } finally {
    await release();
  }
}

async function look({ child }: Contender, server: Child) {
  const question: FrontDoorOrder = { kind: "count-waiting" };
  return {
    cpu: await server.readCpu(),
    waiting: child === "front-door" ? await server.ask<number>(question) : 0,
  };
}

function takeMedian(rounds: readonly Round[], key: keyof Round): number {
  return median(rounds.map((round) => round[key]));
}

function listFigures(
  { name, goals, child }: Contender,
  rounds: readonly Round[],
  baseline: number,
): readonly Figure[] {
  const perSecond = takeMedian(rounds, "perSecond");
  const isOurs = child === "front-door";
  return [
    {
      what: `${name}: deliveries acknowledged`,
      value: perSecond,
      unit: "/s",
      ...(isOurs && { baseline: { what: BARE, value: baseline } }),
      ...(goals && { goal: { atLeast: goals.perSecond } }),
    },
    ...(name.endsWith(WHILE_HANDLING)
      ? [{ what: `${name}: events handled`, value: takeMedian(rounds, "handled"), unit: "/s" }]
      : []),
    { what: `${name}: latency p50`, value: takeMedian(rounds, "p50"), unit: "ms" },
    {
      what: `${name}: latency p99`,
      value: takeMedian(rounds, "p99"),
      unit: "ms",
      ...(goals && { goal: { atMost: goals.p99 } }),
    },
    ...(goals
      ? [
          {
            what: `${name}: rate against ${BARE}`,
            value: perSecond / baseline,
            unit: "",
            goal: { atLeast: 0.5 },
          },
        ]
      : []),
  ];
}

function listRounds(rounds: ReadonlyMap<string, readonly Round[]>) {
  return {
    title: "Every round",
    headings: ["server", "round", "/s", "p50 ms", "p99 ms", "sender's cores", "server's cores"],
    rows: [...rounds].flatMap(([name, all]) =>
      all.map((round, index) => [
        name,
        String(index + 1),
        ...[round.perSecond, round.p50, round.p99, round.senderLoad, round.cpu].map(formatNumber),
      ]),
    ),
  };
}
