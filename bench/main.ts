import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { describeMachine } from "./describe-machine.ts";
import { type BenchOptions, isMet, type Section, type SectionResult } from "./figure.ts";
import { printSection } from "./print-table.ts";
import { acknowledgement } from "./sections/acknowledgement.ts";
import { choosing } from "./sections/choosing.ts";
import { dispatchLatency } from "./sections/dispatch-latency.ts";
import { githubCalls } from "./sections/github-calls.ts";
import { hostile } from "./sections/hostile.ts";
import { scale } from "./sections/scale.ts";
import { startUp } from "./sections/start-up.ts";
import { verdict } from "./sections/verdict.ts";

const SECTIONS: readonly Section[] = [
  acknowledgement,
  dispatchLatency,
  githubCalls,
  startUp,
  choosing,
  hostile,
  verdict,
  scale,
];

interface MainOptions {
  readonly only?: string;
  readonly json: boolean;
  readonly quick: boolean;
  readonly full: boolean;
  readonly seed: number;
  readonly dir: string;
}

const command = new Command("bench")
  .description(
    "Measures what the product promises and says which goals are met; a missed goal is no failure.",
  )
  .addOption(
    new Option("--only <name>", "measure one group only").choices(SECTIONS.map((section) => section.name)),
  )
  .option("--json", "print everything as JSON", false)
  .option("--quick", "fewer and shorter rounds: to see that it runs, not to quote from", false)
  .option("--full", "also queues of 1,000,000 tasks, which take minutes to make", false)
  .option("--seed <number>", "what chance is made from", parseSeed, 20_261_120)
  .option("--dir <folder>", "where to write; its disk is the one that is measured", tmpdir());

await main(command.parse().opts<MainOptions>());

async function main({ only, json, dir: parent, ...rest }: MainOptions): Promise<void> {
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(join(parent, "orchestrator-bench-"));
  const say = (text: string) => process.stderr.write(`… ${text}\n`);
  const adminUrl = process.env.TEST_DATABASE_URL;
  const options: BenchOptions = { ...rest, dir, say, adminUrl };
  try {
    const machine = await describeMachine(options);
    if (!json) print(printMachine(machine, options));
    const measured: (SectionResult & Pick<Section, "name" | "title">)[] = [];
    for (const { name, title, ...section } of SECTIONS) {
      if (only !== undefined && name !== only) continue;
      say(title);
      const result = await section.measure(options).catch(tellFailure);
      measured.push({ name, title, ...result });
      if (!json) print(printSection(title, result));
    }
    if (json)
      print(JSON.stringify({ machine, quick: options.quick, sections: withVerdicts(measured) }, null, 2));
    else print(summarize(measured));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What cannot be measured is a fault, unlike a goal that is missed; the other groups are measured all the same. */
function tellFailure(error: unknown): SectionResult {
  process.exitCode = 1;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { figures: [], notes: [`NOT MEASURED: ${text}`] };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printMachine(machine: Readonly<Record<string, string>>, { quick }: BenchOptions): string {
  const lines = Object.entries(machine).map(([name, value]) => `${name.padEnd(11)} ${value}`);
  return [...lines, ...(quick ? ["quick       yes: these figures are not to be quoted"] : [])].join("\n");
}

function withVerdicts<Measured extends SectionResult>(sections: readonly Measured[]) {
  return sections.map((section) => ({
    ...section,
    figures: section.figures.map((figure) => ({ ...figure, met: isMet(figure) })),
  }));
}

function summarize(sections: readonly SectionResult[]): string {
  const verdicts = sections.flatMap(({ figures }) => figures.map(isMet)).filter((met) => met !== null);
  const missed = verdicts.filter((met) => !met).length;
  return `\n${verdicts.length - missed} of ${verdicts.length} goals met, ${missed} MISSED`;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new InvalidArgumentError("a whole number from 0 to 2147483647");
}
