import { generateKeyPairSync } from "node:crypto";
import type { Environment } from "../src/env.ts";
import { APP_ID } from "./make-bodies.ts";

/** Where a program of the bench works, and with which keys. */
export interface Place {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly secret: string;
  readonly privateKey: string;
  readonly apiUrl?: string;
}

/** What `readEnv` would make of such a place. */
export function makeEnvironment({ dataDir, databaseUrl, secret, privateKey, apiUrl }: Place): Environment {
  return {
    dataDir,
    databaseUrl,
    appId: APP_ID,
    privateKey,
    webhookSecrets: [secret],
    // Nothing listens there: what asks GitHub here is a mistake of the bench.
    apiUrl: apiUrl ?? "http://127.0.0.1:9",
    port: 0,
    host: "127.0.0.1",
    part: "all",
    logLevel: "info",
    metricsToken: undefined,
    operatorToken: undefined,
  };
}

export function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}
