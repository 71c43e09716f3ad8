import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { pino } from "pino";
import { createGitHub, type GitHubOptions } from "../../../src/adapters/github/client/client.ts";
import type { RequestRecord } from "../../../src/adapters/github/client/exchange.ts";
import { createEffector } from "../../../src/adapters/github/effector.ts";
import type { Action, Effect, Projection } from "../../../src/core/effects.ts";
import type { RepoRef } from "../../../src/core/repo.ts";
import type { OutboxJob } from "../../../src/ports/outbox.ts";
import type { Quota } from "../../../src/ports/quota.ts";
import { createSandbox, type SandboxOptions } from "../../../src/sandbox/create-sandbox.ts";
import { loadContract } from "../../support/github-contract.ts";

export const APP_ID = 4242;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();

/** A quota in memory; `full` makes every reservation wait until then. */
export function createTestQuota(now: () => number) {
  const pauses = new Map<number, number>();
  const state = { reserved: 0, fullUntil: 0 };
  const quota: Quota = {
    async reserve() {
      if (state.fullUntil > now()) return { ok: false, at: state.fullUntil };
      state.reserved += 1;
      return { ok: true };
    },
    async pauseUntil(id, at) {
      pauses.set(id, Math.max(at, pauses.get(id) ?? 0));
    },
    pausedUntil: async (id) => pauses.get(id) ?? 0,
  };
  return { quota, pauses, state };
}

/** A clock that only moves when it is told to. */
export function createTestClock(start = Date.now()) {
  const clock = { at: start };
  return {
    now: () => clock.at,
    pass: (ms: number) => {
      clock.at += ms;
    },
    moveTo: (at: number) => {
      clock.at = at;
    },
  };
}

const GENERATE = `name: generate
run-name: generate (\${{ inputs.correlation }})
on:
  workflow_dispatch:
    inputs:
      correlation: { type: string, required: true }
      result: { type: string, default: "{}" }
permissions: {}
jobs:
  make:
    runs-on: ubuntu-latest
    steps:
      - env: { RESULT: "\${{ inputs.result }}" }
        run: printf '%s' "$RESULT" > result.json
      - uses: actions/upload-artifact@v4
        with: { name: orchestrator-result, path: result.json }
`;

export const SEED: Readonly<Record<string, string>> = {
  "README.md": "# Demo\n",
  "src/price.mjs": "export const price = 1;\n",
  ".github/orchestrator.yml": "version: 1\n",
  ".github/roadmap.yml": "version: 1\ntasks: []\n",
  ".github/workflows/generate.yml": GENERATE,
  ".github/workflows/ci.yml": "on: [push]\njobs: { a: { runs-on: x, steps: [{ run: 'true' }] } }\n",
};

function readPermissions(): Readonly<Record<string, "read" | "write">> {
  const manifest = load(readFileSync(new URL("../../../app.yml", import.meta.url), "utf8"));
  return (manifest as { default_permissions: Record<string, "read" | "write"> }).default_permissions;
}

/** A local GitHub with one repository, the app installed on it with exactly the permissions of app.yml, and a client. */
export async function startGitHub(
  options: Partial<GitHubOptions> & { readonly sandbox?: Partial<SandboxOptions> } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), "github-adapter-"));
  const seedDir = join(dataDir, "seed");
  for (const [path, text] of Object.entries(SEED)) {
    mkdirSync(dirname(join(seedDir, path)), { recursive: true });
    writeFileSync(join(seedDir, path), text);
  }
  const contract = loadContract();
  const problems: string[] = [];
  const clock = createTestClock();
  const { sandbox: sandboxOptions, ...clientOptions } = options;
  const sandbox = await createSandbox({
    dataDir,
    app: {
      id: APP_ID,
      slug: "orchestrator",
      publicKeyPem,
      webhookUrl: "http://127.0.0.1:9/none",
      webhookSecret: "not-used-here",
      permissions: readPermissions(),
      events: [],
    },
    onExchange({ method, path, requestBody, isFault }) {
      if (isFault || path.startsWith("/repositories/")) return;
      problems.push(...contract.request(method, path, requestBody).map((one) => `${method} ${path}: ${one}`));
    },
    ...sandboxOptions,
  });
  const { control, world } = sandbox;
  control.pauseDeliveries();
  const record = await control.createRepository({ owner: "acme", name: "demo", seedDir, private: true });
  const installation = control.install({ repositories: ["acme/demo"] });
  const repo: RepoRef = { id: record.id, installationId: installation.id, owner: "acme", name: "demo" };
  const ada = control.createUser("ada");
  control.setRole({ repository: "acme/demo", login: "ada", role: "write" });

  const requests: RequestRecord[] = [];
  const { quota, pauses, state } = createTestQuota(clock.now);
  const github = createGitHub({
    appId: APP_ID,
    privateKey: privatePem,
    apiUrl: sandbox.url,
    now: clock.now,
    quota,
    log: pino({ level: "silent" }),
    onRequest: (request) => requests.push(request),
    ...clientOptions,
  });
  const effector = createEffector(github, {
    labels: { "autopilot:queued": { color: "fbca04", description: "Waiting for its turn" } },
  });

  return {
    ...{ sandbox, control, world, record, repo, installation, clock, problems },
    ...{ github, effector, requests, quota, pauses, quotaState: state },
    /** A request of a person. */
    async ask(method: string, path: string, body?: unknown) {
      const response = await fetch(`${sandbox.url}/repos/acme/demo${path}`, {
        method,
        headers: { authorization: `token ${ada}`, "user-agent": "test" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, data: text === "" ? null : JSON.parse(text) };
    },
    /** Writes of the app that took effect, by the route they went to. */
    writes: (pattern: RegExp) =>
      control
        .history()
        .filter((entry) => entry.kind === "request" && pattern.test(`${entry.method} ${String(entry.path)}`)),
    async stop() {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestGitHub = Awaited<ReturnType<typeof startGitHub>>;

export function projectionJob(
  repo: RepoRef,
  projection: Projection,
  job: Partial<OutboxJob> & { readonly key?: string } = {},
): OutboxJob {
  const { key = `test:${projection.kind}`, ...rest } = job;
  return createJob({ sort: "projection", key, subject: "s", repo, taskId: "T-1", projection }, rest);
}

export function actionJob(
  repo: RepoRef,
  action: Action,
  job: Partial<OutboxJob> & { readonly key?: string } = {},
): OutboxJob {
  const { key = `test:${action.kind}`, ...rest } = job;
  return createJob({ sort: "action", key, subject: "s", repo, taskId: "T-1", action }, rest);
}

function createJob(effect: Effect, rest: Partial<OutboxJob>): OutboxJob {
  return {
    effect,
    mayHaveHappened: false,
    firstTriedAt: null,
    tries: 0,
    remoteId: null,
    lease: null,
    ...rest,
  };
}
