import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpServer } from "../../../src/adapters/github/receive/http-server.ts";
import { createCounters } from "../../../src/adapters/web/create-counters.ts";
import { createPages, type PagesOptions } from "../../../src/adapters/web/create-pages.ts";
import type { RepositoryOperation } from "../../../src/core/operation/operation.ts";
import type { Operation } from "../../../src/ports/operation.ts";

const TOKEN = "a-token-of-the-operator";
const FOUND: RepositoryOperation = {
  name: "acme/<shop>",
  status: "active",
  mode: "active",
  paused: false,
  stopped: false,
  queued: 12,
  tasks: [{ issue: 42, state: "running", role: "bugfix" }],
  breakers: [
    { guards: "workflow agent.yml", state: "open", failures: 3, until: 1_800_000_000_000, probe: null },
    {
      guards: "model provider acme-models",
      state: "probing",
      failures: 5,
      until: 1_800_000_000_000,
      probe: "1.2.1",
    },
  ],
  rests: [{ role: "feature-builder", until: 1_800_000_000_000 }],
  sessions: [{ number: 3, team: null, state: "ending", taken: 2, count: 2, endsAt: null }],
  budgets: [
    { of: "week", unit: "minutes", used: 12.34, reserved: 60, limit: 3000 },
    { of: "bugfix", unit: "usd", used: 0.4, reserved: 0, limit: null },
  ],
  pulls: [{ number: 7, verdict: "BLOCKED", since: 1_790_000_000_000 }],
};
const line = { status: "active", paused: false, openBreakers: 2, restingRoles: 1 };
const operation: Operation = {
  repositories: async () => [
    { ...line, id: 1, name: "acme/<shop>" },
    { ...line, id: 2, name: null, openBreakers: 0, restingRoles: 0 },
  ],
  repository: async (owner, name) => (owner === "acme" && name === "shop" ? FOUND : null),
};
const closers: (() => Promise<unknown>)[] = [];
const basic = { authorization: `Basic ${Buffer.from(`me:${TOKEN}`).toString("base64")}` };

async function startPages(options: Partial<PagesOptions> = {}) {
  const { registry } = createCounters();
  const observation = { ready: async () => ({ ok: true, backlog: 0, deadLetters: 0, outboxWaiting: 0 }) };
  const handle = createPages({
    ...{ observation, registry, metricsToken: undefined, operation, operatorToken: TOKEN },
    ...options,
  });
  const server = createHttpServer([handle]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    ask: (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers }),
  };
}

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const PATHS = ["/operator", "/operator.json", "/operator/acme/shop", "/operator.json/acme/shop"];

describe("the operator's pages", () => {
  it.each(PATHS)("asks for the token at %s, and says nothing without it", async (path) => {
    const { ask } = await startPages();
    for (const headers of [
      {},
      { authorization: "Bearer wrong-token-of-nobody" },
      { authorization: "Basic bWU6d3Jvbmc=" },
      { authorization: TOKEN },
    ]) {
      const answer = await ask(path, headers as Record<string, string>);
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Basic realm="Orchestrator"');
      expect(await answer.text()).toBe('{"error":"unauthorized"}');
    }
  });

  it.each(PATHS)("answers at %s to a browser and to a program that have it", async (path) => {
    const { ask } = await startPages();

    expect((await ask(path, basic)).status).toBe(200);
    expect((await ask(path, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
  });

  it.each(PATHS)("do not exist at %s without a token", async (path) => {
    const { ask } = await startPages({ operatorToken: undefined });

    expect((await ask(path, basic)).status).toBe(404);
  });

  it("tell a program all of it, and a person in words, with names that cannot act", async () => {
    const { ask } = await startPages();
    const text = await (await ask("/operator/acme/shop", basic)).text();

    expect(await (await ask("/operator.json/acme/shop", basic)).json()).toEqual(FOUND);
    expect((await ask("/operator/acme/other", basic)).status).toBe(404);
    expect(text).not.toContain("<shop>");
    for (const said of [
      "⛔ open",
      "🔄 probing",
      "⏳ takes nothing more",
      "2 of 2",
      "12.3 min",
      "$0.40",
      "12 tasks are queued",
      "BLOCKED",
      "#42",
    ])
      expect(text).toContain(said);
  });

  it("list a governed repository without its name", async () => {
    const { ask } = await startPages();
    const text = await (await ask("/operator", basic)).text();

    expect(text).toContain("Governed repository 2");
    expect(text).toContain("acme/&lt;shop&gt;");
  });
});
