import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { APP_ID, makeHeaders, sign, WEBHOOK_PATH } from "../../bench/make-bodies.ts";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

/** The keys of an app that only exists in one test. */
export interface ServerKeys {
  readonly secret: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

export function makeServerKeys(): ServerKeys {
  return {
    secret: randomBytes(32).toString("hex"),
    ...generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    }),
  };
}

/** A server of its own process. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** Where it listens; rejects when it ends before. */
  readonly url: Promise<string>;
  /** The code it ended with; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Everything that it printed so far. */
  said(): string;
}

/** Starts the real server by its environment, on any free port unless told. */
export function startServer({
  keys,
  env,
  nodeArguments = [],
}: {
  readonly keys: ServerKeys;
  readonly env: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
}): ServerProcess {
  const child = spawn(process.execPath, [...nodeArguments, MAIN], {
    env: {
      APP_ID: String(APP_ID),
      PRIVATE_KEY: keys.privateKey,
      WEBHOOK_SECRET: keys.secret,
      // Nothing listens there.
      GITHUB_API_URL: "http://127.0.0.1:9",
      PORT: "0",
      LOG_LEVEL: "fatal",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(([code]) => (typeof code === "number" ? code : null));
  let text = "";
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
        const found = /^orchestrator listening on (\S+)$/mu.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    ended.then((code) => reject(new Error(`The server ended with ${code} before it listened: ${text}`)));
  });
  // Not everybody waits for it.
  url.catch(() => undefined);
  return { child, url, ended, said: () => text };
}

/** Sends a signed delivery with an id of its own, and answers with its status. */
export async function sendDelivery(
  url: string,
  {
    keys,
    event = "issues",
    body,
  }: { readonly keys: ServerKeys; readonly event?: string; readonly body: string },
): Promise<number> {
  const headers = makeHeaders({ event, guid: randomUUID(), signature: sign(body, keys.secret) });
  const answer = await fetch(url + WEBHOOK_PATH, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}
