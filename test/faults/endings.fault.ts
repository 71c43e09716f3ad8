import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeServerKeys, startServer } from "../support/server-process.ts";

it("F045 ends within its grace after one signal, although what is under way never ends", async () => {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-endings-"));
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const asked = once(silent, "connection");
  const { port } = silent.address() as AddressInfo;
  const patient = "AbortSignal.timeout = () => new AbortController().signal;";
  const server = startServer({
    keys: makeServerKeys(),
    env: { GITHUB_API_URL: `http://127.0.0.1:${port}`, DATA_DIR: join(dir, "data") },
    nodeArguments: ["--import", `data:text/javascript,${encodeURIComponent(patient)}`],
  });
  await server.url;
  await asked;

  const startedAt = performance.now();
  server.child.kill("SIGTERM");
  const code = await server.ended;
  const tookMs = performance.now() - startedAt;

  expect(code).toBe(0);
  expect(tookMs).toBeGreaterThan(29_000);
  expect(tookMs).toBeLessThan(40_000);
  expect(server.said()).toContain("did not end within 30 seconds: what was under way is left");
  silent.close();
  rmSync(dir, { recursive: true, force: true });
});
