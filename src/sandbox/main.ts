import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { createSandbox, type Sandbox } from "./create-sandbox.ts";
import { readManifest } from "./read-manifest.ts";
import { seedRepositories } from "./seed-repositories.ts";
import type { AppOptions } from "./world/create-world.ts";

interface MainOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly seed?: string;
  readonly appWebhook?: string;
  readonly appId?: number;
  readonly appSlug: string;
  readonly secret?: string;
  readonly key?: string;
  readonly manifest?: string;
}

const command = new Command("sandbox")
  .description("A local stand-in for GitHub: REST API, webhooks, git and Actions, all on this machine.")
  .requiredOption("--data <dir>", "folder for the git repositories")
  .option("--port <number>", "port to listen on, 0 for any free one", parsePort, 0)
  .option("--host <address>", "address to listen on", "127.0.0.1")
  .option("--seed <dir>", "folder of repositories (owner__name), or one repository with a .github folder")
  .option("--app-id <number>", "id of the app", parseId)
  .option("--app-slug <name>", "name of the app; its bot is <name>[bot]", "orchestrator")
  .option("--app-webhook <url>", "where the app receives webhooks")
  .option("--secret <text>", "secret that signs the webhooks")
  .option("--key <file>", "the app's private key (PEM)")
  .option("--manifest <file>", "the app's manifest, for its permissions and events");

try {
  const options: MainOptions = command.parse().opts();
  const sandbox = await start(options);
  stopOnSignals(sandbox);
  process.stdout.write(`sandbox listening on ${sandbox.url}\n`);
} catch (error) {
  process.stderr.write(`sandbox: ${describeStartError(error)}\n`);
  process.exitCode = 1;
}

async function start({ data: dataDir, port, host, seed, ...app }: MainOptions): Promise<Sandbox> {
  const sandbox = await createSandbox({ dataDir, port, host, app: readApp(app) });
  try {
    if (seed !== undefined) await seedRepositories(sandbox.control, seed);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return sandbox;
}

/** The app as its owner would register it; no app at all when none of its options is given. */
function readApp(
  options: Pick<MainOptions, "appId" | "appSlug" | "appWebhook" | "secret" | "key" | "manifest">,
): AppOptions | undefined {
  const { appId: id, appWebhook: webhookUrl, secret: webhookSecret, key } = options;
  const given = [id, webhookUrl, webhookSecret, key].filter((option) => option !== undefined);
  if (given.length === 0) return undefined;
  if (id === undefined || webhookUrl === undefined || webhookSecret === undefined || key === undefined) {
    throw new Error("an app needs all of --app-id, --app-webhook, --secret and --key");
  }
  const { protocol } = new URL(webhookUrl);
  if (!/^https?:$/.test(protocol))
    throw new Error(`--app-webhook must be an http address, not ${webhookUrl}`);
  const publicKeyPem = readPublicKey(key);
  return {
    id,
    slug: options.appSlug,
    webhookUrl,
    webhookSecret,
    publicKeyPem,
    ...readManifest(options.manifest),
  };
}

function readPublicKey(file: string): string {
  try {
    return createPublicKey(readFileSync(file)).export({ type: "spki", format: "pem" }).toString();
  } catch (cause) {
    throw new Error(`cannot read a private key from ${file}`, { cause });
  }
}

function stopOnSignals(sandbox: Sandbox): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
  }
}

function describeStartError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") return "the port is in use; choose another with --port";
  return error.message;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("must be a number from 0 to 65535.");
}

function parseId(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id > 0) return id;
  throw new InvalidArgumentError("must be a positive number.");
}
