import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installApp } from "../../../src/sandbox/areas/apps/installation-records.ts";
import { codeRoutes } from "../../../src/sandbox/areas/code-routes.ts";
import { issueRoutes } from "../../../src/sandbox/areas/issues/issue-routes.ts";
import { createRepoRecord } from "../../../src/sandbox/areas/repositories/repository-records.ts";
import { createFaults } from "../../../src/sandbox/control/faults.ts";
import { commitFiles } from "../../../src/sandbox/git/push.ts";
import { createApi } from "../../../src/sandbox/http/create-api.ts";
import type { Outgoing } from "../../../src/sandbox/http/outgoing.ts";
import { assemblePayload } from "../../../src/sandbox/present/webhook-payload.ts";
import { createUser } from "../../../src/sandbox/world/create-user.ts";
import { createWorld } from "../../../src/sandbox/world/create-world.ts";
import { registerJobToken } from "../../../src/sandbox/world/job-tokens.ts";
import type { Repo, Role } from "../../../src/sandbox/world/records.ts";
import type { User } from "../../../src/sandbox/world/user.ts";
import type { World } from "../../../src/sandbox/world/world.ts";
import { loadContract } from "../../support/github-contract.ts";

export interface Reply {
  readonly status: number;
  // Answers are judged by the contract; tests read them freely.
  // biome-ignore lint/suspicious/noExplicitAny: a test reads fields of many answers.
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Hook {
  readonly event: string;
  readonly action: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads fields of many payloads.
  readonly payload: any;
}

export type Client = (method: string, path: string, body?: unknown, accept?: string) => Promise<Reply>;

export interface CodeWorld {
  readonly world: World;
  readonly repo: Repo;
  readonly ada: User;
  /** Calls as the installed app, a person with write access, a reader, a workflow job. */
  readonly app: Client;
  readonly person: Client;
  readonly reader: Client;
  readonly job: Client;
  /** Webhooks since the last look. */
  readonly takeHooks: () => Hook[];
  /** What the contract found wrong with any answer or webhook so far. */
  readonly problems: string[];
  readonly push: (branch: string, files: Readonly<Record<string, string | null>>, message?: string) => string;
  readonly close: () => Promise<void>;
}

const SEED = { "README.md": "# Demo\n", "src/a.txt": "one\ntwo\nthree\n", "docs/guide/start.md": "start\n" };
const PERMISSIONS = {
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  statuses: "write",
} as const;

/** A world with one repository `acme/demo` and everyone who may call; every answer and webhook is judged. */
export async function openCodeWorld(): Promise<CodeWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), "sandbox-code-"));
  const contract = loadContract();
  const problems: string[] = [];
  let hooks: Hook[] = [];
  const world = createWorld({
    dataDir,
    baseUrl: () => "http://127.0.0.1:9999",
    app: {
      id: 77,
      slug: "orchestrator",
      publicKeyPem: "",
      webhookUrl: "http://127.0.0.1:1/",
      webhookSecret: "secret",
      permissions: PERMISSIONS,
      events: ["push", "pull_request", "check_run"],
    },
    onEmit: (_world, emission) => {
      const payload = assemblePayload(world, emission);
      problems.push(...contract.webhook(emission.event, payload).map((text) => `${emission.event}: ${text}`));
      hooks.push({ event: emission.event, action: emission.action, payload: structuredClone(payload) });
    },
  });
  const acme = createUser(world, "acme", "Organization");
  const repo = await createRepoRecord(world, {
    owner: acme,
    name: "demo",
    seedDir: await writeSeed(dataDir),
  });
  const ada = addPerson(world, repo, { login: "ada", role: "write" });
  addPerson(world, repo, { login: "rob", role: "read" });
  const installation = installApp(world, { account: acme, repos: [repo], sender: ada });
  world.installationTokens.set("ghs_app", {
    installationId: installation.id,
    permissions: PERMISSIONS,
    repositoryIds: null,
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  const jobToken = registerJobToken(world, {
    repoId: repo.id,
    permissions: { checks: "write", contents: "read" },
  });
  const api = createApi({
    world,
    routes: [...codeRoutes, ...issueRoutes],
    limits: { perHour: 1_000_000, contentPerMinute: 1_000_000, contentPerHour: 1_000_000 },
    faults: createFaults(),
    closing: new AbortController().signal,
  });
  const clientOf =
    (token: string): Client =>
    async (method, path, body, accept = "application/vnd.github+json") => {
      const target = `/repos/acme/demo${path}`;
      const answer = await api({
        method,
        target,
        headers: { "user-agent": "test", authorization: `token ${token}`, accept },
        body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
      });
      if (answer === "drop") throw new Error("the connection was dropped");
      const reply = readReply(answer);
      const found = reply.isJudged ? contract.response(method, target, reply.status, reply.body) : [];
      problems.push(...found.map((problem) => `${method} ${path} ${reply.status}: ${problem}`));
      return reply;
    };
  hooks = [];
  return {
    world,
    repo,
    ada,
    app: clientOf("ghs_app"),
    person: clientOf("ghp_ada"),
    reader: clientOf("ghp_rob"),
    job: clientOf(jobToken),
    takeHooks: () => hooks.splice(0),
    problems,
    push: (branch, files, message = "change") =>
      commitFiles(world, { repo, branch, files, message, user: ada }),
    close: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** Other media types than JSON are outside the contract. */
function readReply({ status, headers, body }: Outgoing): Reply & { readonly isJudged: boolean } {
  const { "content-type": mediaType = "" } = headers;
  const text = Buffer.from(body ?? []).toString("utf8");
  const isJson = mediaType.includes("application/json");
  return {
    status,
    headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
    isJudged: isJson || status === 204,
  };
}

/** `event.action` of each webhook, for a glance at what happened. */
export function names(hooks: readonly Hook[]): string[] {
  return hooks.map(({ event, action }) => (action === null ? event : `${event}.${action}`));
}

async function writeSeed(dataDir: string): Promise<string> {
  const folder = join(dataDir, "seed");
  for (const [path, text] of Object.entries(SEED)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

function addPerson(world: World, repo: Repo, { login, role }: { login: string; role: Role }): User {
  const user = createUser(world, login, "User");
  world.userTokens.set(`ghp_${login}`, user);
  repo.roles.set(user.id, role);
  return user;
}
