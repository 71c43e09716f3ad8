import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

it("F062 ends the process at a rejection that nobody handles, so that whoever watches starts it again", async () => {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-main-"));
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  // Waits for the line that says the server is ready, and then rejects without anybody listening.
  const saboteur = `
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text, ...rest) => {
      if (String(text).includes("listening on")) Promise.reject(new Error("nobody handles this"));
      return write(text, ...rest);
    };`;
  const child = spawn(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(saboteur)}`, join(ROOT, "src/main.ts")],
    {
      env: {
        APP_ID: "1",
        PRIVATE_KEY: privateKey,
        WEBHOOK_SECRET: "0123456789abcdefghijklmnopqrstuvwxyzABCDEF",
        GITHUB_API_URL: "http://127.0.0.1:9",
        PORT: "0",
        DATA_DIR: join(dir, "data"),
        LOG_LEVEL: "fatal",
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });

  const [code] = await once(child, "exit");

  expect(code).not.toBe(0);
  expect(said).toContain("nobody handles this");
  rmSync(dir, { recursive: true, force: true });
});
