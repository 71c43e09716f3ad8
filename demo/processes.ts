import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const APP_ID = 424242;

/** A program that was started, and the line that says it is ready. */
export interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Keys and secrets of one demo; made anew each time. */
export interface Credentials {
  readonly secret: string;
  readonly keyFile: string;
  readonly privateKey: string;
}

export function makeCredentials(dir: string): Credentials {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const keyFile = join(dir, "app.private-key.pem");
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  return { secret: randomBytes(32).toString("hex"), keyFile, privateKey };
}

/** A port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the local GitHub with the seed's repositories and the app installed on them. */
export function startSandbox(facts: {
  readonly dir: string;
  readonly appPort: number;
  readonly credentials: Credentials;
  readonly seedDir: string;
}): Promise<Program> {
  const { dir, appPort, credentials, seedDir } = facts;
  const options = {
    port: "0",
    data: join(dir, "sandbox"),
    "app-webhook": `http://127.0.0.1:${appPort}/api/github/webhooks`,
    "app-id": String(APP_ID),
    secret: credentials.secret,
    key: credentials.keyFile,
    manifest: join(ROOT, "app.yml"),
    seed: seedDir,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return start({ script: "src/sandbox/main.ts", args, env: {}, logFile: join(dir, "sandbox.log") });
}

/** Starts the real app as any operator would: by its environment. */
export function startApp(facts: {
  readonly dir: string;
  readonly port: number;
  readonly apiUrl: string;
  readonly credentials: Credentials;
}): Promise<Program> {
  const { dir, port, apiUrl, credentials } = facts;
  const env = {
    APP_ID: String(APP_ID),
    PRIVATE_KEY_PATH: credentials.keyFile,
    WEBHOOK_SECRET: credentials.secret,
    GITHUB_API_URL: apiUrl,
    PORT: String(port),
    HOST: "127.0.0.1",
    DATA_DIR: join(dir, "data"),
    LOG_LEVEL: "info",
  };
  return start({ script: "src/main.ts", args: [], env, logFile: join(dir, "app.log") });
}

async function start(facts: {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}): Promise<Program> {
  const log = openSync(facts.logFile, "a");
  const child = spawn(process.execPath, [join(ROOT, facts.script), ...facts.args], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...facts.env },
    stdio: ["ignore", "pipe", log],
    cwd: ROOT,
  });
  const url = await readyUrl(child, facts);
  return { child, url, stop: (signal = "SIGTERM") => stop(child, signal) };
}

/** Resolves with the address on the line "… listening on URL"; what else is printed goes to the log. */
function readyUrl(
  child: ChildProcess,
  facts: { readonly script: string; readonly logFile: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text = `${text}${chunk.toString("utf8")}`.slice(-100_000);
      const url = /^\w+ listening on (\S+)$/mu.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", (code) =>
      reject(new Error(`${facts.script} ended with code ${code} before it was ready; see ${facts.logFile}`)),
    );
    child.once("error", reject);
  });
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
