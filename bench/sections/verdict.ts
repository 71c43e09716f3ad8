import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JudgeOrder, JudgeResult } from "../children/judge.ts";
import type { BenchOptions, Section, SectionResult } from "../figure.ts";
import { makeLargePull, type PullSize, REPORTS, type Side } from "../make-large-pull.ts";
import { formatNumber } from "../print-table.ts";
import { startChild } from "../start-child.ts";
import { median } from "../statistics.ts";

const SIZE: Omit<PullSize, "seed"> = { files: 3_000, cases: 50_000, findings: 10_000 };
const GOAL_MS = 1_500;
const GOAL_MB = 400;
const SIDES: readonly Side[] = ["head", "base"];

export const verdict: Section = {
  name: "verdict",
  title: "7. A verdict on a large pull request, from the texts of its reports",
  measure,
};

async function measure({ dir: parent, seed, quick, say }: BenchOptions): Promise<SectionResult> {
  const dir = join(parent, "verdict");
  say("making a pull request and its reports");
  const characters = writePull(dir, { ...SIZE, seed });
  const rounds: JudgeResult[] = [];
  for (let round = 1; round <= (quick ? 1 : 5); round += 1) {
    say(`verdict ${round}`);
    await using child = startChild("judge");
    rounds.push(await child.ask<JudgeResult>({ dir } satisfies JudgeOrder));
  }
  const [files, cases, findings] = [SIZE.files, SIZE.cases, SIZE.findings].map(formatNumber);
  const what = `verdict over ${files} files, ${cases} test cases and ${findings} SARIF results`;
  const megabytes = (key: "peak" | "before") => median(rounds.map((round) => round[key])) / 1e6;
  return {
    figures: [
      { what, value: median(rounds.map(({ ms }) => ms)), unit: "ms", goal: { atMost: GOAL_MS } },
      { what: "processor time of its thread", value: median(rounds.map(({ cpuMs }) => cpuMs)), unit: "ms" },
      { what: "its memory at most", value: megabytes("peak"), unit: "MB", goal: { atMost: GOAL_MB } },
      { what: "memory before, texts included", value: megabytes("before"), unit: "MB" },
    ],
    notes: [
      `Reports of that size for the head and for the base, ${formatNumber(characters / 1e6)} million characters in all, with coverage and metrics; every gate is asked. Each round is the first verdict of a fresh process; medians.`,
      "Time is that of `evaluatePull`, which reads the texts; reading GitHub and unpacking artifacts are not part of it. Memory is what the operating system counts as resident, Node and all modules included.",
    ],
  };
}

/** Puts everything down for the children to read, and says how many characters the reports have. */
function writePull(dir: string, size: PullSize): number {
  const { change, reports } = makeLargePull(size);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "change.json"), JSON.stringify(change));
  const texts = SIDES.flatMap((side) =>
    REPORTS.map((row) => ({ side, ...row, text: reports[side](row.format) })),
  );
  for (const { side, path, text } of texts) {
    const file = join(dir, side, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return texts.reduce((sum, { text }) => sum + text.length, 0);
}
