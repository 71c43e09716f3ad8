import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { makeBodies, makeHeaders, type SignedBody, WEBHOOK_PATH } from "../../bench/make-bodies.ts";
import { startStubGitHub } from "../../bench/start-stub-github.ts";
import { createRandom } from "../../bench/statistics.ts";
import { openStore } from "../../src/adapters/store/open-store.ts";
import type { RepoRef } from "../../src/core/repo.ts";
import { buildRepository } from "../support/build-snapshot.ts";
import { makeServerKeys, type ServerProcess, startServer } from "../support/server-process.ts";
import { makePlan, makeTask } from "../support/store.ts";

const keys = makeServerKeys();
const dirs: string[] = [];
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "orchestrator-crowds-"));
  dirs.push(dir);
  return dir;
}

it("F035 acknowledges 10,000 deliveries that come at once within 10 s, and serves their repositories in turn", async () => {
  const deliveries = 10_000;
  const repositories = 50;
  await using github = await startStubGitHub();
  await using server = start(makeDir(), github.url);
  const url = await server.process.url;
  const bodies = makeBodies({
    count: repositories,
    bytes: 10_240,
    secret: keys.secret,
    random: createRandom(35),
  });

  const agent = new Agent({ keepAlive: true, maxSockets: 500 });
  const startedAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: deliveries }, async (_, at) => {
      const status = await post(url, agent, bodies[at % repositories]);
      return { status, ms: performance.now() - startedAt };
    }),
  );
  agent.destroy();
  const slowestMs = Math.max(...answers.map(({ ms }) => ms));
  process.stdout.write(`the last of ${deliveries} was acknowledged after ${Math.round(slowestMs)} ms\n`);
  const served = await readServed(server.process, deliveries);

  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  expect(slowestMs).toBeLessThan(10_000);
  expect(served).toHaveLength(deliveries);
  const half = countByRepository(served.slice(0, deliveries / 2));
  expect(half.size).toBe(repositories);
  expect(Math.min(...half.values())).toBeGreaterThan((deliveries / 2 / repositories) * 0.5);
});

it("F115 starts within 10 s with 10,000 queued tasks, and lets no repository wait for the crowd of another", async () => {
  const dataDir = makeDir();
  const large = repoAt(0);
  const small = Array.from({ length: 19 }, (_, at) => repoAt(at + 1));
  await fill(dataDir, [{ repo: large, tasks: 9_050 }, ...small.map((repo) => ({ repo, tasks: 50 }))]);
  await using github = await startStubGitHub();

  const startedAt = performance.now();
  await using server = start(dataDir, github.url);
  await server.process.url;
  const readyMs = performance.now() - startedAt;
  process.stdout.write(`ready after ${Math.round(readyMs)} ms\n`);
  const served = await readServed(server.process, 1_200, "task.due");

  expect(readyMs).toBeLessThan(10_000);
  const last = Math.max(...small.map(({ id }) => served.lastIndexOf(id)));
  expect(new Set(served).size).toBe(20);
  expect(countByRepository(served.slice(0, last + 1)).get(large.id)).toBeLessThan(200);
});

function start(dataDir: string, apiUrl: string): { readonly process: ServerProcess } & AsyncDisposable {
  const env = { DATA_DIR: dataDir, GITHUB_API_URL: apiUrl, LOG_LEVEL: "info" };
  const server = startServer({ keys, env });
  return {
    process: server,
    [Symbol.asyncDispose]: async () => {
      server.child.kill("SIGKILL");
      await server.ended;
    },
  };
}

/** Sends a delivery, and the same once more when the connection was closed just as it was to be used again. */
async function post(url: string, agent: Agent, signed: SignedBody | undefined): Promise<number | undefined> {
  const { body, signature } = signed ?? { body: "", signature: "" };
  const headers = {
    ...makeHeaders({ event: "issues", guid: randomUUID(), signature }),
    "content-length": Buffer.byteLength(body),
  };
  const send = () =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(url + WEBHOOK_PATH, { method: "POST", agent, headers }, (incoming) => {
        incoming.resume().on("end", () => resolve(incoming.statusCode));
      });
      outgoing.on("error", reject).end(body);
    });
  return send().catch(send);
}

/** The repositories of the first events that were handled, in their order, by the server's log. */
async function readServed(server: ServerProcess, atLeast: number, kind = "issue.edited"): Promise<number[]> {
  const line = new RegExp(`"event":"${kind.replace(".", "\\.")}","repo":(\\d+).*"event handled"`, "gu");
  const read = () => [...server.said().matchAll(line)].map(([, repo]) => Number(repo));
  await vi.waitFor(() => expect(read().length).toBeGreaterThanOrEqual(atLeast), {
    timeout: 600_000,
    interval: 1_000,
  });
  return read();
}

function countByRepository(served: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const id of served) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function repoAt(index: number): RepoRef {
  return { id: 7_001 + index, installationId: 9001, owner: "octo", name: `repo-${index}` };
}

/** Queued tasks as an app left them a day ago, all of them due since, those of the first repository before all others. */
async function fill(
  dataDir: string,
  crowds: readonly { readonly repo: RepoRef; readonly tasks: number }[],
): Promise<void> {
  const now = Date.now();
  const store = await openStore({ dataDir, now: Date.now, onError: () => undefined, pollMs: 20 });
  const left = new Map(crowds.map((crowd) => [crowd.repo.id, crowd]));
  for (const { repo } of crowds) await store.inbox.send({ kind: "repository.changed", repo }, null);
  const { promise: isFilled, resolve } = Promise.withResolvers<void>();
  const work = await store.inbox.work(async (job) => {
    const crowd = left.get(job.event.repo.id);
    const tasks = Array.from({ length: crowd?.tasks ?? 0 }, (_, at) =>
      makeTask(job.event.repo, {
        issue: at + 1,
        enqueuedAt: now - 86_400_000,
        rankAt: now + at,
        updatedAt: now - 86_400_000,
        wakeAt: now - 10_000_000 + job.event.repo.id * 1_000 + at,
      }),
    );
    const repository = { ...buildRepository(), repo: job.event.repo };
    await store.ledger.settle(job, makePlan({ repository, tasks }));
    left.delete(job.event.repo.id);
    if (left.size === 0) resolve();
  });
  await isFilled;
  await work.stop();
  await store.close();
}
