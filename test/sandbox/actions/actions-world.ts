import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionRoutes } from "../../../src/sandbox/actions/routes/action-routes.ts";
import { serveDownload } from "../../../src/sandbox/actions/routes/downloads.ts";
import { settleActions, stopActions } from "../../../src/sandbox/actions/runs/control-actions.ts";
import { startWorkflows } from "../../../src/sandbox/actions/triggers/start-workflows.ts";
import { createRepoRecord } from "../../../src/sandbox/areas/repositories/repository-records.ts";
import { createFaults } from "../../../src/sandbox/control/faults.ts";
import { commitFiles } from "../../../src/sandbox/git/push.ts";
import { createApi } from "../../../src/sandbox/http/create-api.ts";
import { assemblePayload } from "../../../src/sandbox/present/webhook-payload.ts";
import { createUser } from "../../../src/sandbox/world/create-user.ts";
import { createWorld } from "../../../src/sandbox/world/create-world.ts";
import type { Repo } from "../../../src/sandbox/world/records.ts";
import type { User } from "../../../src/sandbox/world/user.ts";
import type { Emission, World } from "../../../src/sandbox/world/world.ts";
import { loadContract } from "../../support/github-contract.ts";

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by the contract; tests read them freely.
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Hook {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads fields of many payloads.
  readonly payload: any;
}

export interface ActionsWorld {
  readonly world: World;
  readonly repo: Repo;
  readonly ada: User;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Reply>;
  readonly push: (files: Readonly<Record<string, string | null>>, branch?: string) => string;
  readonly emit: (emission: Pick<Emission, "event" | "action" | "payload">) => void;
  /** Waits until nothing runs. */
  readonly settle: () => Promise<void>;
  readonly hooks: readonly Hook[];
  /** What the contract found wrong with any answer or webhook so far. */
  readonly problems: string[];
  readonly download: (reply: Reply) => Uint8Array | undefined;
  readonly tick: (seconds: number) => void;
  readonly close: () => Promise<void>;
}

/** A world with the repository `acme/demo`; every answer and webhook is judged by the contract. */
export async function openActionsWorld(): Promise<ActionsWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), "sandbox-actions-test-"));
  const contract = loadContract();
  const problems: string[] = [];
  const hooks: Hook[] = [];
  let aheadMs = 0;
  const world = createWorld({
    dataDir,
    baseUrl: () => "http://127.0.0.1:9999",
    now: () => new Date(Date.now() + aheadMs),
    onEmit(_world, emission) {
      const payload = assemblePayload(world, emission);
      const { event, action } = emission;
      // The contract knows this event by one sample action only.
      if (event !== "repository_dispatch") {
        problems.push(...contract.webhook(event, payload).map((text) => `${event}: ${text}`));
      }
      hooks.push({ name: action === null ? event : `${event}.${action}`, payload: structuredClone(payload) });
      startWorkflows(world, emission);
    },
  });
  const acme = createUser(world, "acme", "Organization");
  const repo = await createRepoRecord(world, { owner: acme, name: "demo" });
  const ada = createUser(world, "ada", "User");
  world.userTokens.set("ghp_ada", ada);
  repo.roles.set(ada.id, "admin");
  const api = createApi({
    world,
    routes: actionRoutes,
    limits: { perHour: 1_000_000, contentPerMinute: 1_000_000, contentPerHour: 1_000_000 },
    faults: createFaults(),
    closing: new AbortController().signal,
  });

  async function call(method: string, path: string, body?: unknown): Promise<Reply> {
    const target = `/repos/acme/demo${path}`;
    const answer = await api({
      method,
      target,
      headers: { "user-agent": "test", authorization: "token ghp_ada" },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
    });
    if (answer === "drop") throw new Error("the connection was dropped");
    const text = Buffer.from(answer.body ?? []).toString("utf8");
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    const found = contract.response(method, target.split("?")[0] ?? "", answer.status, parsed);
    problems.push(...found.map((problem) => `${method} ${path} ${answer.status}: ${problem}`));
    return { status: answer.status, body: parsed, headers: answer.headers };
  }

  return {
    world,
    repo,
    ada,
    call,
    push: (files, branch = "main") =>
      commitFiles(world, { repo, branch, files, message: "Change things", user: ada }),
    emit: (emission) => world.emit({ ...emission, repo, sender: ada }),
    settle: () => settleActions(world),
    hooks,
    problems,
    download: ({ headers }) => serveDownload(world, headers.location?.split("/").at(-1) ?? ""),
    tick(seconds) {
      aheadMs += seconds * 1000;
    },
    async close() {
      await stopActions(world);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
