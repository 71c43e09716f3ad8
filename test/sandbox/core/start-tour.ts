import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/create-sandbox.ts";
import { loadContract } from "../../support/github-contract.ts";

/** Parsed JSON, whose shape the contract judges and the tests then trust. */
export type Json = ReturnType<typeof JSON.parse>;

export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly payload: Json;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

export interface Ask {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privatePem = privateKey.export({ type: "pkcs8", format: "pem" });
const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();

export const APP_ID = 4242;
export const SECRET = "a-secret-of-more-than-thirty-two-bytes";
const EVENTS = [
  ...["issues", "issue_comment", "label", "member", "repository", "issue_dependencies"],
  ...["pull_request", "push", "check_run", "check_suite", "create", "delete"],
  ...["pull_request_review", "merge_group", "fork"],
];

/** Starts a sandbox with one repository, people of each kind and an app that receives webhooks; judges all traffic. */
export async function startTour(options: Partial<SandboxOptions> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
  const seedDir = join(dataDir, "seed");
  const contract = loadContract();
  const problems: string[] = [];
  const hooks: ReceivedHook[] = [];
  const hookAnswer = { status: 200, holdMs: 0 };
  const receiver = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    hooks.push({ headers: request.headers, text, payload: JSON.parse(text) });
    response.writeHead(hookAnswer.status).end("ok");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  const hookPort = typeof address === "object" ? address?.port : 0;

  const { mkdirSync } = await import("node:fs");
  mkdirSync(seedDir);
  writeFileSync(join(seedDir, "README.md"), "# Demo\n");
  const sandbox = await createSandbox({
    dataDir,
    app: {
      id: APP_ID,
      slug: "orchestrator",
      publicKeyPem,
      webhookUrl: `http://127.0.0.1:${hookPort}/api/github/webhooks`,
      webhookSecret: SECRET,
      permissions: {
        issues: "write",
        contents: "write",
        checks: "write",
        pull_requests: "write",
        administration: "write",
        members: "read",
      },
      events: EVENTS,
    },
    onExchange: (exchange) => {
      if (exchange.isFault || exchange.template === null) return;
      const { method, path, requestBody, status, responseBody } = exchange;
      const judged = [
        ...(status < 400 ? contract.request(method, path, requestBody) : []),
        ...contract.response(method, path, status, responseBody),
      ];
      problems.push(...judged.map((problem) => `${method} ${path} ${status}: ${problem}`));
    },
    onDelivery: ({ event, action, payload }) => {
      const judged = contract.webhook(event, JSON.parse(payload));
      problems.push(...judged.map((problem) => `webhook ${event}.${action}: ${problem}`));
    },
    ...options,
  });
  const { control } = sandbox;
  await control.createRepository({ owner: "acme", name: "demo", seedDir });
  const admin = control.createUser("admin");
  control.setRole({ repository: "acme/demo", login: "admin", role: "admin" });

  async function ask(method: string, path: string, { token, body, headers }: Ask = {}): Promise<Reply> {
    const url = path.startsWith("http") ? path : sandbox.url + path;
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        "user-agent": "tour",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  }

  async function installed(): Promise<string> {
    const { id } = control.install({ repositories: ["acme/demo"] });
    const { json } = await ask("POST", `/app/installations/${id}/access_tokens`, { token: appJwt() });
    return json.token;
  }

  async function close(): Promise<void> {
    await sandbox.close();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    rmSync(dataDir, { recursive: true, force: true });
  }

  return { sandbox, control, admin, ask, installed, hooks, hookAnswer, problems, close };
}

/** A JWT of the tour's app; claims can be overridden to make bad ones. */
export function appJwt(claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const head = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ iat: now - 30, exp: now + 300, iss: APP_ID, ...claims })}`;
  return `${head}.${createSign("RSA-SHA256").update(head).sign(privatePem, "base64url")}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
