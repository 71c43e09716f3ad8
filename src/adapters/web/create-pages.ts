import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Context, Hono } from "hono";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { Observation } from "../../ports/observation.ts";
import type { Operation } from "../../ports/operation.ts";
import { observeStore } from "./create-counters.ts";
import { isSameToken } from "./is-same-token.ts";
import { addOperatorRoutes } from "./operator-routes.ts";
import { createReadinessProbe, type ProbedReadiness } from "./readiness-probe.ts";
import { renderStatusPage, STATUS_STYLE, statusToJson } from "./status-page.ts";

export interface PagesOptions {
  readonly observation: Observation;
  readonly registry: Registry;
  /** Without it there is no `/metrics`. */
  readonly metricsToken: string | undefined;
  /** What the operator sees of repositories, and the token that shows who that is; without both there is no such page. */
  readonly operation?: Operation;
  readonly operatorToken?: string | undefined;
  /** The product's own when left out. */
  readonly version?: string;
  /** Ms, from any start; only differences are used. */
  readonly now?: () => number;
  readonly maxBacklog?: number;
  readonly readinessTimeoutMs?: number;
}

/** Resolves to true when it has answered: that is every GET and HEAD, so it is the last handler of a server. */
export type PagesHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const PRODUCT = "Orchestrator";
const DEFAULT_MAX_BACKLOG = 100_000;
const DEFAULT_READINESS_TIMEOUT_MS = 5_000;
const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The operator's pages: health, readiness, metrics and status. */
export function createPages(options: PagesOptions): PagesHandler {
  observeStore(options.registry, options.observation);
  const app = createRoutes(options);
  return async (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const address = `http://localhost${request.url}`;
    const isPath = request.url?.startsWith("/") === true && URL.canParse(address);
    const { authorization } = request.headers;
    const asked = new Request(isPath ? address : "http://localhost/unreadable", {
      method: request.method,
      headers: authorization === undefined ? {} : { authorization },
    });
    await send(response, await app.fetch(asked));
    return true;
  };
}

function createRoutes(options: PagesOptions): Hono {
  const probe = createReadinessProbe({
    observation: options.observation,
    now: options.now ?? (() => performance.now()),
    maxBacklog: options.maxBacklog ?? DEFAULT_MAX_BACKLOG,
    timeoutMs: options.readinessTimeoutMs ?? DEFAULT_READINESS_TIMEOUT_MS,
  });
  const version = options.version ?? readVersion();
  const facts = async () => ({ product: PRODUCT, version, readiness: await probe() });
  const app = new Hono();
  app.get("/healthz", (context) => context.json({ status: "live" }));
  app.get("/readyz", async (context) => answerReadiness(context, await probe()));
  app.get("/metrics", (context) => answerMetrics(context, options));
  app.get("/", async (context) => context.html(renderStatusPage(await facts())));
  app.get("/status.json", async (context) => context.json(statusToJson(await facts())));
  app.get("/style.css", (context) =>
    context.body(STATUS_STYLE, 200, { "content-type": "text/css; charset=utf-8" }),
  );
  const { operation, operatorToken } = options;
  if (operation !== undefined && operatorToken !== undefined)
    addOperatorRoutes(app, { operation, token: operatorToken, product: PRODUCT, now: Date.now });
  app.notFound((context) => context.json({ error: "not found" }, 404));
  // The server answers with a generic 500 and logs what was thrown.
  app.onError((error) => {
    throw error;
  });
  return app;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
  );
  return z.object({ version: z.string() }).parse(manifest).version;
}

function answerReadiness(context: Context, { ok, reason, ...counts }: ProbedReadiness) {
  const body = { status: ok ? "ready" : "not ready", ...(reason !== null && { reason }), ...counts };
  return context.json(body, ok ? 200 : 503);
}

async function answerMetrics(context: Context, { metricsToken, registry }: PagesOptions) {
  if (metricsToken === undefined) return context.notFound();
  const [, token] = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "") ?? [];
  if (!isSameToken(token ?? "", metricsToken)) {
    return context.json({ error: "unauthorized" }, 401, { "www-authenticate": "Bearer" });
  }
  return context.body(await registry.metrics(), 200, { "content-type": registry.contentType });
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    ...Object.fromEntries(answer.headers),
    ...(answer.body !== null && { "content-length": body.length }),
  });
  response.end(body);
}
