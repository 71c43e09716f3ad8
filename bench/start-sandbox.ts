import { createPublicKey, randomBytes } from "node:crypto";
import { createSandbox, type Sandbox, type SandboxOptions } from "../src/sandbox/create-sandbox.ts";
import { readManifest } from "../src/sandbox/read-manifest.ts";
import { APP_ID, WEBHOOK_PATH } from "./make-bodies.ts";

const MANIFEST = new URL("../app.yml", import.meta.url).pathname;
export const OWNER = "acme";

/** Starts the local GitHub in this process, with one repository made of `seedDir` and the app installed on it. */
export async function startSandbox(
  facts: {
    readonly appUrl: string;
    readonly secret: string;
    readonly privateKey: string;
    readonly seedDir: string;
    readonly repo: string;
  } & Pick<SandboxOptions, "dataDir" | "maxJobs" | "onExchange">,
): Promise<Sandbox> {
  const { appUrl, secret, privateKey, seedDir, repo, ...options } = facts;
  const sandbox = await createSandbox({
    ...options,
    app: {
      id: APP_ID,
      slug: "orchestrator",
      webhookUrl: `${appUrl}${WEBHOOK_PATH}`,
      webhookSecret: secret,
      publicKeyPem: createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString(),
      ...readManifest(MANIFEST),
    },
  });
  await sandbox.control.createRepository({ owner: OWNER, name: repo, seedDir });
  sandbox.control.install({ repositories: [`${OWNER}/${repo}`] });
  return sandbox;
}

export function makeSecret(): string {
  return randomBytes(32).toString("hex");
}
