import { Command, CommanderError, InvalidArgumentError } from "commander";
import { type CliHost, CliProblem, EXIT, type ExitCode } from "./cli-host.ts";
import {
  listStops,
  resumeEverything,
  type ScopeOptions,
  type StopOptions,
  stopEverything,
} from "./handle-stops.ts";
import { migrateDatabase } from "./migrate-database.ts";
import { toPlainText } from "./plain-text.ts";
import { MOST, readFaultSetting, type SimulateOptions, simulateConfig } from "./simulate-config.ts";
import { validateFiles } from "./validate-files.ts";
import { verifyAudit } from "./verify-audit.ts";

const FOOTER = `
Examples:
  $ orchestrator validate .github/orchestrator.yml .github/roadmap.yml
  $ orchestrator simulate --config .github/orchestrator.yml --days 30
  $ orchestrator audit verify --json
  $ orchestrator stop --all --reason "wrong edits"

Exit codes:
  0  done, nothing is wrong
  1  done, what was looked at is wrong
  2  the command line is wrong
  3  not done: a file, the environment or the database is not to be had`;

/** Runs one command line (without the program's name) and tells how it ended. */
export async function runCli(args: readonly string[], outside: CliHost): Promise<ExitCode> {
  const host: CliHost = {
    ...outside,
    print: (line) => outside.print(toPlainText(line)),
    complain: (line) => outside.complain(toPlainText(line)),
  };
  let code: ExitCode = EXIT.ok;
  const program = createProgram(host, async (work) => {
    code = await work;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof CliProblem)) throw error;
    host.complain(error.message);
    return EXIT.failed;
  }
}

type Finish = (work: Promise<ExitCode>) => Promise<void>;

function createProgram(host: CliHost, finish: Finish): Command {
  const program = new Command("orchestrator")
    .description("Carries labelled issues to verified results.")
    .version(host.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.print(text.trimEnd()),
      writeErr: (text) => host.complain(text.trimEnd()),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", FOOTER);
  addServe(program, host, finish);
  addValidate(program, host, finish);
  addSimulate(program, host, finish);
  addMigrate(program, host, finish);
  addAudit(program, host, finish);
  addStops(program, host, finish);
  return program;
}

function addServe(program: Command, host: CliHost, finish: Finish): void {
  program
    .command("serve")
    .description("start the server; every setting comes from the environment")
    .action(() => finish(host.serve().then(() => EXIT.ok)))
    .addHelpText("after", "\nExample:\n  $ orchestrator serve\n\nEvery variable is listed in .env.example.");
}

function addValidate(program: Command, host: CliHost, finish: Finish): void {
  program
    .command("validate")
    .description("check configuration, roadmap and organisation files as the server would read them")
    .argument("<file...>", "which of them a file is, its name or its content tells")
    .option("--json", "print one JSON object")
    .action((files: string[], options: { json?: boolean }) => finish(validateFiles(files, options, host)))
    .addHelpText(
      "after",
      `
Examples:
  $ orchestrator validate .github/orchestrator.yml
  $ orchestrator validate .github/*.yml --json

Every problem is one line: file:line:column: message (did you mean "…"?)`,
    );
}

function addSimulate(program: Command, host: CliHost, finish: Finish): void {
  program
    .command("simulate")
    .description("play what a configuration would do, without GitHub: days in seconds")
    .requiredOption("--config <file>", "the configuration")
    .option("--roadmap <file>", "the roadmap, if the configuration names one")
    .option("--days <n>", `how long, at most ${MOST.days}`, readUpTo(MOST.days), 7)
    .option("--seed <n>", "the same seed gives the same history", readUpTo(2 ** 31), 1)
    .option(
      "--tasks <n>",
      "issues that people hand over (default: 20, or none beside a roadmap)",
      readUpTo(MOST.tasks),
    )
    .option("--faults <setting>", "what goes wrong: none, usual or swarm (a lot)", readFaults, "usual")
    .option("--json", "print one JSON object")
    .action((options: SimulateOptions) => finish(simulateConfig(options, host)))
    .addHelpText(
      "after",
      `
Examples:
  $ orchestrator simulate --config .github/orchestrator.yml
  $ orchestrator simulate --config orchestrator.yml --roadmap roadmap.yml --days 30
  $ orchestrator simulate --config orchestrator.yml --tasks 200 --faults swarm --seed 7 --json`,
    );
}

function readUpTo(most: number): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number <= most)) throw new InvalidArgumentError(`It is a whole number from 1 to ${most}.`);
    return number;
  };
}

function readFaults(text: string): string {
  const setting = readFaultSetting(text);
  if (setting === undefined) throw new InvalidArgumentError("It is none, usual or swarm.");
  return setting;
}

function addMigrate(program: Command, host: CliHost, finish: Finish): void {
  program
    .command("migrate")
    .description("bring the database up to date and print its version")
    .option("--json", "print one JSON object")
    .action((options: { json?: boolean }) => finish(migrateDatabase(options, host)))
    .addHelpText(
      "after",
      "\nExample:\n  $ DATABASE_URL=postgres://localhost/orchestrator orchestrator migrate\n\nThe server does the same when it starts.",
    );
}

function addAudit(program: Command, host: CliHost, finish: Finish): void {
  const audit = program.command("audit").description("work with the audit log");
  audit
    .command("verify")
    .description("check that no row of the audit log was changed, inserted or removed")
    .option("--repo <id>", "only this repository, by its number on GitHub", readId)
    .option("--json", "print one JSON object, with the last hash of every chain")
    .action((options: { repo?: number; json?: boolean }) => finish(verifyAudit(options, host)))
    .addHelpText(
      "after",
      "\nExamples:\n  $ orchestrator audit verify\n  $ orchestrator audit verify --repo 1296269 --json",
    );
}

function addStops(program: Command, host: CliHost, finish: Finish): void {
  const addScoped = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("--all", "every repository")
      .option("--org <login>", "every repository of an account")
      .option("--repo <owner/name>", "one repository")
      .option("--json", "print one JSON object");
  addScoped("stop", "kill switch: end runs and write nothing any more, on every process of the database")
    .option("--keep-runs", "let runs that are under way go on")
    .option("--reason <text>", "why, for the people who see it")
    .action((options: StopOptions) => finish(stopEverything(options, host)))
    .addHelpText(
      "after",
      `
Examples:
  $ orchestrator stop --org acme --reason "wrong edits"
  $ orchestrator stop --repo acme/shop --keep-runs

A running server with an embedded database keeps it to itself: start it with STOP=all instead.`,
    );
  addScoped("resume", "lift a stop; everything goes on by itself")
    .action((options: ScopeOptions) => finish(resumeEverything(options, host)))
    .addHelpText("after", "\nExample:\n  $ orchestrator resume --org acme");
  program
    .command("stops")
    .description("list what is stopped")
    .option("--json", "print one JSON object")
    .action((options: { json?: boolean }) => finish(listStops(options, host)))
    .addHelpText("after", "\nExample:\n  $ orchestrator stops --json");
}

function readId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It is a number.");
  return Number(text);
}
