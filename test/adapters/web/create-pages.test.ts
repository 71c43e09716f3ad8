import { readFileSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpServer } from "../../../src/adapters/github/receive/http-server.ts";
import { createCounters } from "../../../src/adapters/web/create-counters.ts";
import { createPages, type PagesOptions } from "../../../src/adapters/web/create-pages.ts";
import type { ObservedReadiness } from "../../../src/ports/observation.ts";

const TOKEN = "a-token-of-the-operator";
const IDLE: ObservedReadiness = { ok: true, backlog: 3, deadLetters: 1, outboxWaiting: 2 };
const closers: (() => Promise<unknown>)[] = [];

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

async function startPages(
  options: Partial<PagesOptions> & { ready?: () => Promise<ObservedReadiness> } = {},
) {
  const { counters, registry } = createCounters();
  const errors: unknown[] = [];
  const handle = createPages({
    observation: { ready: options.ready ?? (async () => IDLE) },
    registry,
    metricsToken: TOKEN,
    ...options,
  });
  const takeTheRest = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(299).end();
    return true;
  };
  const server = createHttpServer([handle, takeTheRest], { onError: (error) => errors.push(error) });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, { method = "GET", headers = {} }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = request({ port, path, method, headers, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => {
          text += part;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      sent.on("error", reject).end();
    });
  return { ask, counters, errors };
}

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

describe("health", () => {
  it("is live even when the database is not", async () => {
    const { ask } = await startPages({ ready: async () => ({ ...IDLE, ok: false }) });

    expect(await ask("/healthz")).toMatchObject({ status: 200, text: '{"status":"live"}' });
  });

  it("is ready with its counts while the database answers and the backlog is short", async () => {
    const { ask } = await startPages();

    const { status, text } = await ask("/readyz");

    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ status: "ready", backlog: 3, deadLetters: 1, outboxWaiting: 2 });
  });

  it.each<[string, Partial<PagesOptions> & { ready?: () => Promise<ObservedReadiness> }, string]>([
    ["says no", { ready: async () => ({ ...IDLE, ok: false }) }, "The database does not answer."],
    [
      "fails",
      {
        ready: async () => {
          throw new Error("connect ECONNREFUSED 10.0.0.7");
        },
      },
      "The database does not answer.",
    ],
    [
      "never answers",
      { ready: () => new Promise(() => undefined), readinessTimeoutMs: 5 },
      "The database does not answer.",
    ],
    ["is far behind", { maxBacklog: 2 }, "More than 2 events wait to be handled."],
  ])("is not ready, with the reason alone, when the store %s", async (_, options, reason) => {
    const { ask } = await startPages(options);

    const { status, text } = await ask("/readyz");

    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ status: "not ready", reason });
    expect(text).not.toContain("10.0.0.7");
  });

  it("asks the store once for everybody who asks within a second", async () => {
    let asked = 0;
    let now = 0;
    const ready = async () => {
      asked += 1;
      return IDLE;
    };
    const { ask } = await startPages({ ready, now: () => now });

    await Promise.all([ask("/readyz"), ask("/"), ask("/status.json")]);
    const within = asked;
    now = 1_000;
    await ask("/readyz");

    expect([within, asked]).toEqual([1, 2]);
  });
});

describe("metrics", () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it("gives what was counted and what waits to whoever has the token", async () => {
    const { ask, counters } = await startPages();
    counters.count("verdicts", { verdict: "PASS" });

    const { status, headers, text } = await ask("/metrics", bearer(TOKEN));

    expect(status).toBe(200);
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(text).toContain('orchestrator_verdicts_total{verdict="PASS"} 1');
    expect(text).toContain("orchestrator_inbox_waiting 3");
    expect(text).toContain("process_cpu_seconds_total");
  });

  it("leaves the store's figures out while the store does not answer", async () => {
    const { ask } = await startPages({ ready: async () => ({ ...IDLE, ok: false }) });

    const { status, text } = await ask("/metrics", bearer(TOKEN));

    expect(status).toBe(200);
    expect(text).not.toMatch(/^orchestrator_inbox_waiting/m);
  });

  it.each([
    ["no token", {}],
    ["another token", bearer("another-token-entirely")],
    ["a longer token", bearer(`${TOKEN}x`)],
    ["another scheme", { headers: { authorization: `Basic ${TOKEN}` } }],
    ["an empty token", { headers: { authorization: "Bearer " } }],
  ])("S44 refuses %s without a single metric", async (_, asked) => {
    const { ask } = await startPages();

    const { status, text } = await ask("/metrics", asked);

    expect(status).toBe(401);
    expect(text).toBe('{"error":"unauthorized"}');
  });

  it("S44 does not exist when no token is configured", async () => {
    const { ask } = await startPages({ metricsToken: undefined });

    expect(await ask("/metrics", bearer("undefined"))).toMatchObject({
      status: 404,
      text: (await ask("/nowhere")).text,
    });
  });
});

describe("pages", () => {
  it("shows the product, its version and counts to people and programs", async () => {
    const { ask } = await startPages({ version: "1.2.3" });

    const page = await ask("/");
    const json = await ask("/status.json");

    expect(page.headers["content-type"]).toBe("text/html; charset=UTF-8");
    expect(page.text).toContain("Ready.");
    expect(page.text).toContain("<dt>Deliveries that could not be handled</dt><dd>1</dd>");
    expect(JSON.parse(json.text)).toEqual({
      product: "Orchestrator",
      version: "1.2.3",
      ready: true,
      reason: null,
      backlog: 3,
      outboxWaiting: 2,
      deadLetters: 1,
      stopped: { all: false, parts: 0 },
      sessions: { open: 0, resting: 0 },
    });
  });

  it("counts sessions that are open and sessions that hold something back, and names none", async () => {
    const sessions = { open: 2, resting: 1 };
    const { ask } = await startPages({ ready: async () => ({ ...IDLE, sessions }) });

    expect((await ask("/")).text).toContain("<dt>Sessions that are open</dt><dd>2</dd>");
    expect((await ask("/")).text).toContain("<dt>Sessions that are over and hold tasks back</dt><dd>1</dd>");
    expect(JSON.parse((await ask("/status.json")).text)).toMatchObject({ sessions });
  });

  it.each([
    [{ all: true, parts: 2 }, "⛔ Stopped: nothing is started, written or merged anywhere."],
    [
      { all: false, parts: 1 },
      "⛔ Stopped: nothing is started, written or merged in one account or repository.",
    ],
    [
      { all: false, parts: 2 },
      "⛔ Stopped: nothing is started, written or merged in 2 accounts or repositories.",
    ],
  ])("F190 shows that the kill switch holds %j, and not what", async (stopped, line) => {
    const { ask } = await startPages({ ready: async () => ({ ...IDLE, stopped }) });

    expect((await ask("/")).text).toContain(`<p class="state stopped">${line}</p>`);
    expect(JSON.parse((await ask("/status.json")).text)).toMatchObject({ ready: true, stopped });
  });

  it("says on the page why it is not ready", async () => {
    const { ask } = await startPages({ maxBacklog: 1 });

    expect((await ask("/")).text).toContain("Not ready. More than 1 events wait to be handled.");
  });

  it("knows the version of the product by itself", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    const { ask } = await startPages();

    expect(JSON.parse((await ask("/status.json")).text)).toMatchObject({ version });
  });

  it("escapes whatever it shows", async () => {
    const { ask } = await startPages({ version: "<script>alert(1)</script>" });

    const { text } = await ask("/");

    expect(text).not.toContain("<script>");
    expect(text).toContain("&lt;script&gt;");
  });

  it.each(["/", "/healthz", "/style.css", "/nowhere", "/metrics"])(
    "S42 sends %s with strict headers and none that names the software",
    async (path) => {
      const { ask } = await startPages();

      const { headers } = await ask(path);

      expect(headers).toMatchObject({
        "content-security-policy": expect.stringMatching(/default-src 'none';.*frame-ancestors 'none'/),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
      });
      expect(headers).not.toHaveProperty("server");
      expect(headers).not.toHaveProperty("x-powered-by");
    },
  );

  it.each([
    "/nowhere",
    "/probot",
    "/ping",
    "//elsewhere/",
    "/%",
    "/../.env",
    "http://elsewhere/",
    "/healthz/x",
  ])("S42 S44 answers 404 without details for %s", async (path) => {
    const { ask } = await startPages();

    expect(await ask(path)).toMatchObject({ status: 404, text: '{"error":"not found"}' });
  });

  it("answers HEAD without a body", async () => {
    const { ask } = await startPages();

    expect(await ask("/", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("leaves %s to the handlers after it", async (method) => {
    const { ask } = await startPages();

    expect(await ask("/healthz", { method })).toMatchObject({ status: 299 });
  });

  it("S42 tells the operator, not the reader, what a page threw", async () => {
    const { ask, errors } = await startPages({
      now: () => {
        throw new Error("at /srv/secret/path");
      },
    });

    expect(await ask("/readyz")).toMatchObject({ status: 500, text: '{"error":"internal error"}\n' });
    expect(errors).toHaveLength(1);
  });
});
