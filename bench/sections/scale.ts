import { join } from "node:path";
import { createDatabase } from "../../test/support/store.ts";
import type { ClaimOrder, ClaimResult } from "../children/claim.ts";
import type { FillCrowdOrder } from "../children/fill-crowd.ts";
import type { BenchOptions, Figure, Section, SectionResult } from "../figure.ts";
import { LAYOUTS, type Layout } from "../fill-crowd.ts";
import { formatNumber } from "../print-table.ts";
import { startChild } from "../start-child.ts";
import { percentile } from "../statistics.ts";

const SMALL = { repositories: 10, tasks: 1_000 };
const LARGE = { repositories: 1_000, tasks: 100_000 };
const LARGEST = { repositories: 1_000, tasks: 1_000_000 };
/** At most this much slower than with few. */
const FLAT = 2;
const MEBIBYTE = 1_048_576;
const ROUNDS = 10;
const PER_ROUND = 50;
const PER_QUICK_ROUND = 5;

export const scale: Section = {
  name: "scale",
  title: "8. Many repositories: claiming work, by how much waits elsewhere",
  measure,
};

type Where = Pick<FillCrowdOrder, "dataDir" | "databaseUrl">;
type Question = Exclude<keyof ClaimResult, "memory">;

const QUESTIONS: Readonly<Record<Question, { readonly what: string; readonly isFlat: boolean }>> = {
  inbox: { what: "claim of the inbox", isFlat: true },
  outbox: { what: "claim of the outbox", isFlat: true },
  snapshot: { what: "snapshot", isFlat: true },
  // It asks every repository, of which there are a hundred times as many.
  due: { what: "look for deadlines, all due", isFlat: false },
};

async function measure(options: BenchOptions): Promise<SectionResult> {
  const { adminUrl, dir } = options;
  const figures: Figure[] = [];
  for (const layout of LAYOUTS) {
    const name = layout.replaceAll(" ", "-");
    const folders = ["small", "large"].map((size) => ({ dataDir: join(dir, `scale-${name}-${size}`) }));
    figures.push(...(await compare(options, { store: "embedded", layout, places: folders })));
    if (adminUrl === undefined) continue;
    const databases = await Promise.all([createDatabase(adminUrl), createDatabase(adminUrl)]);
    try {
      const places = databases.map(({ url }) => ({ dataDir: "unused", databaseUrl: url }));
      figures.push(...(await compare(options, { store: "PostgreSQL", layout, places })));
    } finally {
      for (const database of databases) await database.drop();
    }
  }
  return {
    figures,
    notes: [
      "Every repository has events waiting in its lane of the inbox and effects waiting in lanes of the outbox, ten times as many lanes as repositories. A claim takes eight jobs, as a server does; between two claims they are ended and queued again.",
      "even: the same number of tasks in each repository. half in one: one repository holds half of all tasks, events and effects. Both sizes are asked in turn, each by a process of its own, whose memory is counted.",
    ],
  };
}

interface Comparison {
  readonly store: string;
  readonly layout: Layout;
  readonly places: readonly Where[];
}

async function compare(options: BenchOptions, { store, layout, places }: Comparison): Promise<Figure[]> {
  const sizes = [SMALL, options.full ? LARGEST : LARGE];
  const crowds = sizes.map((size, index) => ({ ...size, ...(places[index] ?? { dataDir: "" }) }));
  for (const crowd of crowds) {
    options.say(`${store}, ${layout}: filling ${describe(crowd)}`);
    await using child = startChild("fill-crowd");
    await child.ask({ ...crowd, layout, seed: options.seed } satisfies FillCrowdOrder);
  }
  options.say(`${store}, ${layout}: claiming`);
  const [small, large] = await askInTurn(crowds, options.quick ? PER_QUICK_ROUND : PER_ROUND);
  if (small === undefined || large === undefined) throw new Error("Nothing was measured.");
  const name = `${store}, ${layout}`;
  return [
    ...(Object.keys(QUESTIONS) as Question[]).flatMap((question) =>
      listFigures(`${name}, ${QUESTIONS[question].what}`, {
        small: small[question],
        large: large[question],
        isFlat: QUESTIONS[question].isFlat,
      }),
    ),
    {
      what: `${name}: memory of the process that claims`,
      value: large.memory / MEBIBYTE,
      unit: "MiB",
      baseline: { what: describe(SMALL), value: small.memory / MEBIBYTE },
    },
  ];
}

function describe({
  repositories,
  tasks,
}: {
  readonly repositories: number;
  readonly tasks: number;
}): string {
  return `${formatNumber(repositories)} repositories with ${formatNumber(tasks)} tasks`;
}

/** Asks both sizes alternately, so that noise meets them alike; the first round is for warming up. */
async function askInTurn(
  crowds: readonly Omit<ClaimOrder, "times">[],
  times: number,
): Promise<readonly ClaimResult[]> {
  const children = crowds.map(() => startChild("claim"));
  const results: ClaimResult[][] = crowds.map(() => []);
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, { dataDir, databaseUrl, repositories }] of crowds.entries()) {
        const order = { dataDir, repositories, times, ...(databaseUrl !== undefined && { databaseUrl }) };
        const result = await children[index]?.ask<ClaimResult>(order);
        if (round > 0 && result !== undefined) results[index]?.push(result);
      }
    }
  } finally {
    for (const child of children) await child[Symbol.asyncDispose]();
  }
  return results.map(joinRounds);
}

function joinRounds(rounds: readonly ClaimResult[]): ClaimResult {
  const all = (question: Question) => rounds.flatMap((round) => round[question]);
  return {
    inbox: all("inbox"),
    outbox: all("outbox"),
    snapshot: all("snapshot"),
    due: all("due"),
    memory: Math.max(...rounds.map(({ memory }) => memory)),
  };
}

function listFigures(
  what: string,
  {
    small,
    large,
    isFlat,
  }: { readonly small: readonly number[]; readonly large: readonly number[]; readonly isFlat: boolean },
): readonly Figure[] {
  const few = describe(SMALL);
  const of = (share: number) => ({
    value: percentile(large, share),
    unit: "ms",
    baseline: { what: few, value: percentile(small, share) },
  });
  return [
    { what: `${what}: p50`, ...of(0.5) },
    { what: `${what}: p99`, ...of(0.99) },
    ...(isFlat
      ? [
          {
            what: `${what}: p99 against ${few}`,
            value: percentile(large, 0.99) / percentile(small, 0.99),
            unit: "",
            goal: { atMost: FLAT },
          },
        ]
      : []),
  ];
}
