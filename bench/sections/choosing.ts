import { join } from "node:path";
import { createDatabase } from "../../test/support/store.ts";
import type { ChooseOrder, ChooseQueue, ChooseResult, Question } from "../children/choose.ts";
import type { BenchOptions, Figure, Section, SectionResult } from "../figure.ts";
import { formatNumber } from "../print-table.ts";
import { startChild } from "../start-child.ts";

const SHORT = 1_000;
const LONG = 100_000;
const LONGEST = 1_000_000;
/** At most this much slower than with the short queue. */
const FLAT = 2;

export const choosing: Section = {
  name: "choosing",
  title: "5. Choosing the next task: snapshot and plan, by the length of the queue",
  measure,
};

async function measure(options: BenchOptions): Promise<SectionResult> {
  const { dir, adminUrl, full } = options;
  const counts = [SHORT, LONG, ...(full ? [LONGEST] : [])];
  const embedded = counts.map((count) => ({ dataDir: join(dir, `choose-${count}`), count }));
  const figures = listFigures("embedded", await ask(options, "embedded", embedded));
  if (adminUrl !== undefined) {
    const databases = await Promise.all(counts.map(() => createDatabase(adminUrl)));
    try {
      const queues = databases.map(({ url: databaseUrl }, index) => ({
        dataDir: "unused",
        databaseUrl,
        count: counts[index] ?? 0,
      }));
      figures.push(...listFigures("PostgreSQL", await ask(options, "PostgreSQL", queues)));
    } finally {
      for (const database of databases) await database.drop();
    }
  }
  return {
    figures,
    notes: [
      "next: a running task ends, so the plan looks at the 100 first tasks of the queue and dispatches one. place: an event about the task in the middle of the queue, whose place has to be counted, up to 10,000.",
      "Reading GitHub and writing the plan are not part of it. The queues are asked in turn, so that noise meets them alike; they are filled through the ledger up to 1,000 tasks, from there on by copying rows, and vacuumed once, as the hourly upkeep does.",
    ],
  };
}

async function ask(
  { say, seed, quick }: BenchOptions,
  store: string,
  queues: readonly ChooseQueue[],
): Promise<readonly ChooseResult[]> {
  say(`${store}: filling ${queues.map(({ count }) => formatNumber(count)).join(" and ")} tasks, then asking`);
  await using child = startChild("choose");
  const times = quick ? 100 : 1_000;
  return await child.ask<readonly ChooseResult[]>({ queues, seed, times } satisfies ChooseOrder);
}

const MEANINGS: Readonly<Record<Question, string>> = { next: "next", place: "place" };

function listFigures(store: string, results: readonly ChooseResult[]): Figure[] {
  return results.flatMap(({ count, question, p50, p99, snapshotP50 }) => {
    const what = `${store}, ${formatNumber(count)} queued, ${MEANINGS[question]}`;
    const short = results.find((other) => other.question === question && other.count === SHORT);
    const isLong = short !== undefined && count > SHORT;
    return [
      { what: `${what}: p50`, value: p50, unit: "ms" },
      { what: `${what}: p50 of the snapshot alone`, value: snapshotP50, unit: "ms" },
      {
        what: `${what}: p99`,
        value: p99,
        unit: "ms",
        ...(isLong && { baseline: { what: `${formatNumber(SHORT)} queued`, value: short.p99 } }),
      },
      ...(isLong
        ? [
            {
              what: `${what}: p99 against ${formatNumber(SHORT)} queued`,
              value: p99 / short.p99,
              unit: "",
              ...(question === "next" && { goal: { atMost: FLAT } }),
            },
          ]
        : []),
    ];
  });
}
