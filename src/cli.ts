import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type CliDatabase, type CliHost, CliProblem, EXIT } from "./adapters/cli/cli-host.ts";
import { runCli } from "./adapters/cli/run-cli.ts";
import { openStore } from "./adapters/store/open-store.ts";
import { StoreProblem } from "./adapters/store/store-problem.ts";
import { redact } from "./core/redact.ts";
import { readStoreEnv } from "./env.ts";
import { simulator } from "./simulation/simulator.ts";

const MIGRATIONS = new URL("./adapters/store/migrations/", import.meta.url);
const MANIFEST = new URL("../package.json", import.meta.url);

const host: CliHost = {
  version: z.object({ version: z.string() }).parse(JSON.parse(readFileSync(MANIFEST, "utf8"))).version,
  now: Date.now,
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  complain,
  showProgress,
  simulator,
  readText,
  // Loaded only here: it starts the server and takes over the signals.
  serve: async () => {
    await import("./main.ts");
  },
  openDatabase,
};

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

function showProgress(line: string | null): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line ?? ""}`);
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new CliProblem(`${path} cannot be read as UTF-8 text (${why}): correct the path or the file.`, {
      cause: error,
    });
  }
}

async function openDatabase({ mustExist }: { readonly mustExist: boolean }): Promise<CliDatabase> {
  const read = readStoreEnv(process.env);
  if (!read.ok) throw new CliProblem(read.problems.join("\n"));
  const { databaseUrl, dataDir } = read.env;
  if (mustExist && databaseUrl === undefined && !existsSync(dataDir)) {
    throw new CliProblem(
      `There is no database in ${dataDir}: set DATA_DIR or DATABASE_URL as the server has it.`,
    );
  }
  try {
    const store = await openStore({ databaseUrl, dataDir, now: Date.now, onError: complainAbout });
    return { schema: newestMigration(), audit: store.audit, stops: store.stops, close: () => store.close() };
  } catch (error) {
    if (!(error instanceof StoreProblem)) throw error;
    throw new CliProblem(error.message, { cause: error });
  }
}

function complainAbout(error: unknown, where: string): void {
  complain(redact(`${where}: ${error instanceof Error ? error.message : String(error)}`));
}

/** The store refuses to open with any other version. */
function newestMigration(): string {
  const names = readdirSync(MIGRATIONS).map((file) => file.replace(/\.ts$/, ""));
  return names.toSorted().at(-1) ?? "empty";
}

// A reader such as `head` may leave before the end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  const code = await runCli(process.argv.slice(2), host);
  // A server that refused to start has said so by its own code.
  if (code !== EXIT.ok) process.exitCode = code;
} catch (error) {
  complain(redact(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  process.exitCode = EXIT.failed;
}
