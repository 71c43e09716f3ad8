import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEF";
const dirs: string[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** Starts the real server by its environment, with more arguments for Node. */
function startServer(nodeArguments: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-main-"));
  dirs.push(dir);
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const env: NodeJS.ProcessEnv = {
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: "http://127.0.0.1:9",
    PORT: "0",
    DATA_DIR: join(dir, "data"),
    LOG_LEVEL: "fatal",
  };
  const child = spawn(process.execPath, [...nodeArguments, join(ROOT, "src/main.ts")], { env });
  children.push(child);
  return child;
}

async function readText(child: ChildProcess, from: "stdout" | "stderr", until: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of child[from] ?? []) {
    text += String(chunk);
    if (until.test(text)) return text;
  }
  return text;
}

it("F062 ends the process at a rejection that nobody handles, so that whoever watches starts it again", async () => {
  // Waits for the line that says the server is ready, and then rejects without anybody listening.
  const saboteur = `
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text, ...rest) => {
      if (String(text).includes("listening on")) Promise.reject(new Error("nobody handles this"));
      return write(text, ...rest);
    };`;
  const child = startServer(["--import", `data:text/javascript,${encodeURIComponent(saboteur)}`]);

  const said = readText(child, "stderr", /$^/u);
  const [code] = await once(child, "exit");

  expect(code).not.toBe(0);
  expect(await said).toContain("nobody handles this");
});

it("F061 takes a delivery of 20 MB with a heap of 256 MB, and goes on", async () => {
  const child = startServer(["--max-old-space-size=256"]);
  const line = await readText(child, "stdout", /listening on \S+\n/u);
  const url = /listening on (\S+)/u.exec(line)?.[1] ?? "";
  const body = JSON.stringify({ action: "opened", junk: "x".repeat(20 * 1024 * 1024) });

  const answer = await fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
  });
  const health = await fetch(`${url}/healthz`);

  expect([answer.status, health.status]).toEqual([202, 200]);
  expect(child.exitCode).toBeNull();
});
