import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { sql } from "kysely";
import { describe, expect, it, vi } from "vitest";
import { makeBodies } from "../../bench/make-bodies.ts";
import { createRandom } from "../../bench/statistics.ts";
import { type ServerProcess, sendDelivery } from "../support/server-process.ts";
import { SMALL_CONFIG, writeAnswers } from "../support/small-repository.ts";
import { type ReplicaScene, withReplicas } from "./play-replicas.ts";

// Most of them start several processes.
vi.setConfig({ testTimeout: 300_000 });

const { TEST_DATABASE_URL } = process.env;

if (TEST_DATABASE_URL === undefined) {
  // Not in a hook: none runs where every test is skipped.
  process.stdout.write("Stories of several processes left out: TEST_DATABASE_URL is not set\n");
  describe("several processes", () => {
    it.skip("are left out: TEST_DATABASE_URL is not set", () => {});
  });
} else {
  describeReplicas(TEST_DATABASE_URL);
}

const WEEK_MS = 7 * 86_400_000;
const METRICS_TOKEN = "0123456789abcdef";

function describeReplicas(adminUrl: string): void {
  describe("several processes on one PostgreSQL", () => {
    const weekly = `${SMALL_CONFIG}reports:\n  weekly: { issue: 1, cron: "0 0 * * 1" }\n`;

    it("write one report a week, whichever of them finds it due and whoever asks for it", async () => {
      await withReplicas({ adminUrl, files: { ".github/orchestrator.yml": weekly } }, async (scene) => {
        const apps = await scene.openApps(2);
        scene.sandbox.control.install({ repositories: ["acme/small"] });
        await scene.ask("/issues", { title: "What happened" });
        await scene.settled();

        const command = { body: "/orchestrate report" };
        await Promise.all([
          scene.ask("/issues/1/comments", command),
          scene.ask("/issues/1/comments", command),
        ]);
        await scene.settled();
        const asked = listReports(scene);
        scene.skip(WEEK_MS);
        await Promise.all(apps.flatMap((app) => [app.sweeps.reports(), app.sweeps.reports()]));
        await scene.settled();
        await Promise.all(apps.map((app) => app.sweeps.reports()));
        await scene.settled();

        expect(asked).toHaveLength(1);
        expect(listReports(scene)).toEqual(asked);
        expect(await scene.judge()).toEqual([]);
      });
    });

    it("F018 acknowledge while the one that works stands still, and handle each event once", async () => {
      await withReplicas({ adminUrl }, async (scene) => {
        const door = scene.startProcess({ PROCESS: "front-door", METRICS_TOKEN });
        const worker = scene.startProcess({ PROCESS: "worker", METRICS_TOKEN });
        await Promise.all([door.url, worker.url]);
        scene.sandbox.control.install({ repositories: ["acme/small"] });
        await scene.until("the repository to be known", () => isConfigured(scene));
        await scene.settled();

        worker.child.kill("SIGSTOP");
        await Promise.all([1, 2, 3].map((number) => handOver(scene, number)));
        const statuses = await sendBurst(scene, await door.url);
        const { control } = scene.sandbox;
        await scene.until("GitHub to be answered", () => control.state().deliveries.pending === 0);
        const startedMeanwhile = scene.repo.runs.size;
        worker.child.kill("SIGCONT");
        const issues = [...scene.repo.issues.values()].filter(({ labels }) => labels.has("bug"));
        await scene.until("the issues to be closed", () => issues.every(({ state }) => state === "closed"));
        await scene.settled();

        expect(new Set(statuses)).toEqual(new Set([202]));
        expect(scene.deliveries.filter(({ statusCode }) => statusCode !== 202)).toEqual([]);
        expect(issues).toHaveLength(3);
        expect(startedMeanwhile).toBe(0);
        expect(await countHandled(worker, "issue.edited")).toBe(BURST);
        expect(await countHandled(door, "issue.edited")).toBe(0);
        expect(await scene.judge()).toEqual([]);
      });
    });

    it("F018 have each half do its part only: a worker turns deliveries away and says where to send them", async () => {
      await withReplicas({ adminUrl }, async ({ startProcess, keys }) => {
        const worker = startProcess({ PROCESS: "worker" });
        const url = await worker.url;

        const answer = await fetch(`${url}/api/github/webhooks`, { method: "POST", body: "{}" });
        const health = await Promise.all(["/healthz", "/readyz"].map((path) => fetch(url + path)));

        expect(answer.status).toBe(503);
        expect(await answer.json()).toEqual({
          error:
            "this process is a worker and takes no deliveries: send them to one with PROCESS=front-door or PROCESS=all",
        });
        expect(await sendDelivery(url, { keys, body: "{}" })).toBe(503);
        expect(health.map(({ status }) => status)).toEqual([200, 200]);
      });
    });

    it("F045 take over at once what a process leaves behind that is told twice to end", async () => {
      const silent = createServer();
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as AddressInfo;
      await withReplicas({ adminUrl }, async ({ startProcess, keys, db, until }) => {
        // It asks a GitHub that never answers, so it cannot end what it has begun.
        const leaving = startProcess({ PROCESS: "all", GITHUB_API_URL: `http://127.0.0.1:${port}` });
        const url = await leaving.url;
        const body = readFileSync(
          new URL("../../fixtures/webhooks/repository.renamed.json", import.meta.url),
          "utf8",
        );
        expect(await sendDelivery(url, { keys, event: "repository", body })).toBe(202);
        const isBegun = async () =>
          (await sql`select 1 from lanes where leased_until > clock_timestamp()`.execute(db)).rows.length ===
          1;
        await until("the event to be begun", isBegun);
        const other = startProcess({ PROCESS: "worker" });
        await other.url;

        leaving.child.kill("SIGTERM");
        await until("no more deliveries to be taken", () =>
          fetch(url).then(
            () => false,
            () => true,
          ),
        );
        const isStillThere = leaving.child.exitCode === null;
        leaving.child.kill("SIGTERM");
        const code = await leaving.ended;
        const endedAt = performance.now();
        await until("the event to be handled", () => other.said().includes('"event handled"'));
        const tookMs = performance.now() - endedAt;

        expect(isStillThere).toBe(true);
        expect(code).toBe(1);
        expect(leaving.said()).toContain("orchestrator ended at once: what was under way is left");
        // A lease that is not given back lasts at least twenty seconds more.
        expect(tookMs).toBeLessThan(15_000);
        expect(leaving.said()).not.toContain("event handled");
        const { rows } = await sql`select 1 from jobs`.execute(db);
        expect(rows).toEqual([]);
      });
      silent.close();
    });
  });
}

/** The weeks that comments report on, one entry per comment. */
function listReports({ repo }: ReplicaScene): readonly string[] {
  return [...repo.comments.values()].flatMap(
    ({ body }) => /orchestrator:comment key=\S*report:(\S+)/u.exec(body)?.[1] ?? [],
  );
}

async function isConfigured({ db }: ReplicaScene): Promise<boolean> {
  const { rows } = await sql`select 1 from repositories where stored ->> 'goodConfig' is not null`.execute(
    db,
  );
  return rows.length === 1;
}

/** Each issue has a change of its own: the same one twice would be published once. */
async function handOver({ ask }: ReplicaScene, number: number): Promise<void> {
  const body = writeAnswers({ agent: [{ changes: { [`src/part-${number}.mjs`]: `${number}\n` } }] });
  await ask("/issues", { title: "The price is wrong", labels: ["bug", "autopilot"], body });
}

const BURST = 200;

/** Deliveries about issues of many repositories, each with an id of its own, all at once. */
function sendBurst({ keys }: ReplicaScene, url: string): Promise<readonly number[]> {
  const bodies = makeBodies({ count: 16, bytes: 10_240, secret: keys.secret, random: createRandom(1) });
  return Promise.all(
    Array.from({ length: BURST }, (_, at) =>
      sendDelivery(url, { keys, body: bodies[at % bodies.length]?.body ?? "" }),
    ),
  );
}

/** How many events of a kind a process has handled, by its own count. */
async function countHandled(server: ServerProcess, kind: string): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const metrics = await (await fetch(`${await server.url}/metrics`, { headers })).text();
  const pattern = new RegExp(`^orchestrator_events_total\\{kind="${kind}",outcome="done"\\} (\\d+)$`, "mu");
  return Number(pattern.exec(metrics)?.[1] ?? 0);
}
