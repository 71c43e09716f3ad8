import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { createStage } from "./github-client.ts";
import { createPrinter } from "./printer.ts";
import { findFreePort, makeCredentials, type Program, startApp, startSandbox } from "./processes.ts";
import { type Claim, playStory } from "./story.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DEFAULT_NOISE = 1;
/** From here on no forecast of the demo's data is good enough. */
const HOPELESS_NOISE = 3;
const PATIENCE_MS = 150_000;

const command = new Command("demo")
  .description("Plays the main job on this machine: a local GitHub and the real app, talking signed HTTP.")
  .option("--keep", "leave both running at the end, with pages to look at", false)
  .option(
    "--noise <factor>",
    "noise of the generated data; 3 is too much for any forecast",
    parseNoise,
    DEFAULT_NOISE,
  );

const { keep, noise } = command.parse().opts<{ keep: boolean; noise: number }>();
const dir = mkdtempSync(join(tmpdir(), "orchestrator-demo-"));
const running: Program[] = [];
const print = createPrinter(process.stdout);

process.on("SIGINT", () => void endAll().then(() => process.exit(130)));
process.on("SIGTERM", () => void endAll().then(() => process.exit(143)));

try {
  const claims = await play();
  summarize(claims);
  if (keep) await keepRunning();
} catch (error) {
  process.stderr.write(`\nThe demo did not get to its end: ${describe(error)}\nLogs: ${dir}\n`);
  process.exitCode = 1;
} finally {
  await endAll();
  if (process.exitCode === undefined) rmSync(dir, { recursive: true, force: true });
}

async function play(): Promise<readonly Claim[]> {
  const credentials = makeCredentials(dir);
  const port = await findFreePort();
  print.line("starting the local GitHub and the app");
  const sandbox = await startSandbox({ dir, appPort: port, credentials, seedDir: seed() });
  running.push(sandbox);
  const app = await startApp({ dir, port, apiUrl: sandbox.url, credentials });
  running.push(app);
  print.line(`GitHub: ${sandbox.url}/ui   app: ${app.url}`);
  const roles = { mia: "write", tom: "triage" };
  const stage = await createStage({ url: sandbox.url, owner: "acme", repo: "demo-repository", roles });
  return playStory({ stage, print, patienceMs: PATIENCE_MS, isHopeless: noise >= HOPELESS_NOISE });
}

/** A copy of the demo repository with the noise that was asked for, the same for every stage; nothing else differs. */
function seed(): string {
  const copy = join(dir, "demo-repository");
  cpSync(join(ROOT, "fixtures", "demo-repository"), copy, { recursive: true });
  const file = join(copy, ".github", "orchestrator.yml");
  const text = readFileSync(file, "utf8");
  const changed = text.replaceAll(/\bnoise: [\d.]+/gu, `noise: ${noise}`);
  if (!changed.includes(`noise: ${noise}`)) throw new Error(`${file} names no noise to change`);
  writeFileSync(file, changed);
  return copy;
}

function summarize(claims: readonly Claim[]): void {
  print.step("Summary", `${claims.filter((claim) => claim.holds).length} of ${claims.length} claims hold`);
  for (const claim of claims) print.line(`${claim.holds ? "✓" : "✗"} ${claim.text}`);
  if (claims.some((claim) => !claim.holds)) process.exitCode = 1;
}

async function keepRunning(): Promise<void> {
  const [sandbox] = running;
  print.line(`Look around: ${sandbox?.url}/ui/acme/demo-repository   (Ctrl+C ends it)`);
  await new Promise(() => setInterval(() => undefined, 60_000));
}

async function endAll(): Promise<void> {
  await Promise.all(running.splice(0).map((program) => program.stop()));
}

function parseNoise(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError("a number from 0 to 100");
  return value;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
