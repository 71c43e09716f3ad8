import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { makeServerKeys, type ServerProcess, sendDelivery, startServer } from "./support/server-process.ts";

// Each of them starts a process or two.
vi.setConfig({ testTimeout: 180_000 });

const MEBIBYTE = 1024 * 1024;
const keys = makeServerKeys();
const dirs: string[] = [];
const servers: ServerProcess[] = [];

afterEach(async () => {
  for (const { child } of servers) child.kill("SIGKILL");
  await Promise.all(servers.splice(0).map(({ ended }) => ended));
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A server with an embedded database of its own. */
function start({
  nodeArguments = [],
  env = {},
}: {
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): ServerProcess {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-main-"));
  dirs.push(dir);
  const server = startServer({ keys, nodeArguments, env: { DATA_DIR: join(dir, "data"), ...env } });
  servers.push(server);
  return server;
}

it("F062 ends the process at a rejection that nobody handles, so that whoever watches starts it again", async () => {
  // Waits for the line that says the server is ready, and then rejects without anybody listening.
  const saboteur = `
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text, ...rest) => {
      if (String(text).includes("listening on")) Promise.reject(new Error("nobody handles this"));
      return write(text, ...rest);
    };`;
  const server = start({
    nodeArguments: ["--import", `data:text/javascript,${encodeURIComponent(saboteur)}`],
  });

  expect(await server.ended).not.toBe(0);
  expect(server.said()).toContain("nobody handles this");
});

it("F061 outlives several deliveries of 20 MB at once with a heap of 256 MB, and goes on", async () => {
  const server = start({ nodeArguments: ["--max-old-space-size=256"] });
  const url = await server.url;
  const commit = { id: "a".repeat(40), message: "Something small", added: ["src/a.ts"], removed: [] };
  const unread = Array.from({ length: (20 * MEBIBYTE) / JSON.stringify(commit).length }, () => commit);
  const payload = readFileSync(join(import.meta.dirname, "../fixtures/webhooks/issues.edited.json"), "utf8");
  const body = JSON.stringify({ ...JSON.parse(payload), unread });

  const statuses = await Promise.all(Array.from({ length: 6 }, () => sendDelivery(url, { keys, body })));
  const health = await fetch(`${url}/healthz`);

  // What does not fit into memory, or came too slowly, is refused and asked for again, never half taken.
  expect(statuses.filter((status) => ![202, 408, 503].includes(status))).toEqual([]);
  expect(statuses).toContain(202);
  expect(await sendDelivery(url, { keys, body })).toBe(202);
  expect(health.status).toBe(200);
  expect(server.child.exitCode).toBeNull();
});

it("F018 does not start as one half on a database that belongs to one process, and says what to set", async () => {
  const server = start({ env: { PROCESS: "front-door" } });

  expect(await server.ended).toBe(1);
  expect(server.said()).toContain("PROCESS=front-door needs DATABASE_URL");
});

it("F045 drains after a first signal, and ends at once after a second one", async () => {
  // A GitHub that takes every request and answers none.
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const asked = once(silent, "connection");
  const { port } = silent.address() as AddressInfo;
  const server = start({ env: { GITHUB_API_URL: `http://127.0.0.1:${port}` } });
  const url = await server.url;
  await asked;

  server.child.kill("SIGTERM");
  await vi.waitFor(() => expect(fetch(`${url}/healthz`)).rejects.toThrow(), 10_000);
  const codeAfterFirst = server.child.exitCode;
  server.child.kill("SIGTERM");

  expect(await server.ended).toBe(1);
  expect(codeAfterFirst).toBeNull();
  expect(server.said()).toContain(
    "orchestrator ended at once: what was under way is left to the next process.",
  );
  silent.close();
});
