import { spawn } from "node:child_process";
import fs from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DurableFS } from "../../../src/adapters/store/embedded/durable-fs.ts";
import { EMBEDDED_MAJOR } from "../../../src/adapters/store/embedded/open-embedded.ts";
import { openEngine, openStore } from "../../../src/adapters/store/open-store.ts";
import type { Store, StoreOptions } from "../../../src/adapters/store/store.ts";
import { StoreProblem } from "../../../src/adapters/store/store-problem.ts";
import type { OutboxJob } from "../../../src/ports/outbox.ts";
import { eventually, quietlyDone } from "../../contracts/store/store-suite.ts";
import {
  makeDataDir,
  makeDelivery,
  makeEvent,
  makePlan,
  makeReply,
  makeRepo,
  START,
} from "../../support/store.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

describe("the embedded database", () => {
  let dataDir: string;
  const clock = { now: START };
  const options = (): StoreOptions => ({ dataDir, now: () => clock.now, onError: () => {}, pollMs: 10 });
  const open = () => openStore(options());

  let template: string;

  beforeAll(async () => {
    template = makeDataDir();
    await (await openStore({ ...options(), dataDir: template })).close();
  });
  beforeEach(() => {
    dataDir = makeDataDir();
    fs.cpSync(template, dataDir, { recursive: true });
    clock.now = START;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    fs.rmSync(dataDir, { recursive: true, force: true });
  });
  afterAll(() => fs.rmSync(template, { recursive: true, force: true }));

  /** Starts a process on the directory, waits for a line of its output, and kills it without warning. */
  const killAt = async (what: string, isFar: (line: string) => boolean): Promise<readonly string[]> => {
    const child = spawn(process.execPath, [CHILD, dataDir, what], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (isFar(line)) break;
    }
    child.kill("SIGKILL");
    await ended;
    return lines;
  };
  const kill = (what: string) => killAt(what, (line) => line === "reached");

  describe("a process that is killed", () => {
    const handled = async (store: Store): Promise<readonly string[]> => {
      const ids: string[] = [];
      const worker = await store.inbox.work(async (job) => {
        await store.ledger.settle(job, makePlan());
        ids.push(`${job.id} ${job.retry}`);
      });
      await eventually(async () => (await store.ready()).backlog === 0);
      await worker.stop();
      return ids;
    };
    const performed = async (store: Store): Promise<readonly OutboxJob[]> => {
      const jobs: OutboxJob[] = [];
      const worker = await store.outbox.work(async (job) => {
        jobs.push(job);
        return quietlyDone();
      });
      await eventually(async () => (await store.ready()).outboxWaiting === 0);
      await worker.stop();
      return jobs;
    };

    it("F044 has its acknowledged event handled after the restart", async () => {
      await kill("after-accept");
      const store = await open();

      expect(await handled(store)).toEqual(["guid-1 0"]);
      await store.close();
    });

    it("F044 has the event that it was handling handled again at once", async () => {
      await kill("while-handling");
      const store = await open();

      expect(await handled(store)).toEqual(["guid-1 1"]);
      await store.close();
    });

    it("F042 has its committed effect done once, as one that nobody tried", async () => {
      await kill("after-settle");
      const store = await open();

      expect(await performed(store)).toMatchObject([{ mayHaveHappened: false, tries: 1 }]);
      expect(await performed(store)).toEqual([]);
      await store.close();
    });

    it("F043 has the effect that it was doing done again, as one that may have happened", async () => {
      await kill("while-performing");
      const store = await open();

      expect(await performed(store)).toMatchObject([
        { mayHaveHappened: true, firstTriedAt: START, tries: 2 },
      ]);
      await store.close();
    });

    it("F041 loses nothing that it acknowledged under load, and opens again", async () => {
      const acknowledged: string[] = [];
      for (const atLeast of [40, 90]) {
        let count = 0;
        const lines = await killAt("under-load", () => {
          count += 1;
          return count === atLeast;
        });
        acknowledged.push(...lines);
      }
      const store = await open();

      const ids = new Set((await handled(store)).map((id) => id.split(" ")[0]));

      const missing = acknowledged
        .flatMap((guid) => ["a", "b", "c"].map((part) => `${guid}-${part}`))
        .filter((guid) => !ids.has(guid));
      expect(acknowledged).toHaveLength(130);
      expect(missing).toEqual([]);
      await store.close();
    });

    it("F055 is the only one on its directory, for as long as it lives", async () => {
      const store = await open();
      const child = spawn(process.execPath, [CHILD, dataDir, "after-accept"], { stdio: "pipe" });
      let output = "";
      for await (const chunk of child.stderr) output += chunk;
      const exitCode = await new Promise((resolve) => {
        if (child.exitCode === null) child.once("exit", resolve);
        else resolve(child.exitCode);
      });

      await expect(open()).rejects.toThrow(/in use by another process/);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("in use by another process: stop that one first");
      await store.close();
      await (await open()).close();
    });
  });

  describe("opening", () => {
    it("makes the directory readable for its owner alone", async () => {
      fs.rmSync(dataDir, { recursive: true });
      await (await open()).close();

      expect(fs.statSync(dataDir).mode & 0o777).toBe(0o700);
      expect(fs.statSync(`${dataDir}/pg`).mode & 0o777).toBe(0o700);
    });

    it("refuses a path that is no directory", async () => {
      const file = `${dataDir}/file`;
      fs.writeFileSync(file, "");

      await expect(openStore({ ...options(), dataDir: file })).rejects.toThrow(StoreProblem);
    });

    it("F056 refuses a database without its version, instead of starting an empty one", async () => {
      fs.rmSync(`${dataDir}/pg/PG_VERSION`);

      await expect(open()).rejects.toThrow(/is not a complete database: restore a backup/);
    });

    it("F056 refuses a database whose control file is cut off", async () => {
      fs.truncateSync(`${dataDir}/pg/global/pg_control`, 100);

      await expect(open()).rejects.toThrow(/it is damaged, or was copied while in use: restore a backup/);
    });

    it("F056 refuses a database whose write-ahead log is gone", async () => {
      for (const name of fs.readdirSync(`${dataDir}/pg/pg_wal`)) {
        if (/^[0-9A-F]{24}$/.test(name)) fs.truncateSync(`${dataDir}/pg/pg_wal/${name}`, 0);
      }

      await expect(open()).rejects.toThrow(StoreProblem);
    });

    it("refuses a database of another PostgreSQL version by name", async () => {
      fs.writeFileSync(`${dataDir}/pg/PG_VERSION`, "17\n");

      await expect(open()).rejects.toThrow(/is of PostgreSQL 17, this program contains 18/);
    });

    it("names the version that PGlite really contains", async () => {
      const pglite = await PGlite.create();

      const { rows } = await pglite.query<{ major: string }>(
        "select (current_setting('server_version_num')::integer / 10000)::text as major",
      );

      expect(rows).toEqual([{ major: EMBEDDED_MAJOR }]);
      await pglite.close();
    });

    it("begins anew when the first start was interrupted", async () => {
      fs.rmSync(`${dataDir}/pg`, { recursive: true });
      fs.mkdirSync(`${dataDir}/pg.new`);
      fs.writeFileSync(`${dataDir}/pg.new/PG_VERSION`, "18\n");

      const store = await open();

      expect(await store.ready()).toMatchObject({ ok: true });
      await store.close();
    });

    it("F054 refuses tables that a newer version wrote", async () => {
      const engine = await openEngine(options());
      await sql`insert into kysely_migration (name, timestamp) values ('0999-future', 'x')`.execute(
        engine.db,
      );
      await engine.close();

      await expect(open()).rejects.toThrow(/written by a newer version \(it knows 0999-future\)/);
    });

    it("F053 refuses a database whose queue has lost its index, and names it", async () => {
      const engine = await openEngine(options());
      await sql`drop index tasks_front`.execute(engine.db);
      await engine.close();

      await expect(open()).rejects.toThrow(/lacks the index tasks_front, without which work slows down/);
    });

    it("F035 F115 takes ten thousand deliveries at once, and has them all after a restart", async () => {
      const store = await open();
      const repo = { id: 1, installationId: 2, owner: "acme", name: "demo" };
      const answers = await Promise.all(
        Array.from({ length: 10_000 }, (_, index) =>
          store.inbox.accept({
            guid: `burst-${index}`,
            name: "push",
            action: null,
            repoId: index % 50,
            event: { kind: "repository.changed", repo: { ...repo, id: index % 50 } },
            ignored: null,
          }),
        ),
      );
      await store.close();
      const reopened = await open();

      expect(new Set(answers)).toEqual(new Set(["stored"]));
      expect(await reopened.ready()).toMatchObject({ ok: true, backlog: 10_000 });
      await reopened.close();
    });

    it("syncs each commit to disk", async () => {
      const engine = await openEngine(options());
      const syncs = vi.spyOn(fs, "fsyncSync");

      await sql`insert into marks (key, value) values ('a', 'b')`.execute(engine.db);

      expect(syncs).toHaveBeenCalledTimes(1);
      await engine.close();
    });

    it("refuses to start when a commit is not synced to disk", async () => {
      vi.spyOn(DurableFS.prototype, "syncs", "get").mockReturnValue(0);

      await expect(open()).rejects.toThrow(/did not sync a commit to disk/);
    });
  });

  it("F057 has an effect read back first after an older copy of its directory was put back", async () => {
    const repo = makeRepo();
    const before = await open();
    await before.inbox.accept(makeDelivery(makeEvent(repo)));
    const worker = await before.inbox.work((job) =>
      before.ledger.settle(job, makePlan({ effects: [makeReply(repo, "dispatch")] })),
    );
    await eventually(async () => (await before.ready()).outboxWaiting === 1);
    await worker.stop();
    await before.close();
    const backup = makeDataDir();
    fs.cpSync(dataDir, backup, { recursive: true });
    const done = await open();
    const doing = await done.outbox.work(async () => quietlyDone());
    await eventually(async () => (await done.ready()).outboxWaiting === 0);
    await doing.stop();
    await done.close();

    clock.now += 3_600_000;
    const restored = await openStore({ ...options(), dataDir: backup });
    const jobs: OutboxJob[] = [];
    await restored.outbox.work(async (job) => {
      jobs.push(job);
      return quietlyDone();
    });
    await eventually(() => jobs.length === 1);

    expect(jobs[0]).toMatchObject({ mayHaveHappened: true, firstTriedAt: START });
    await restored.close();
    fs.rmSync(backup, { recursive: true, force: true });
  });
});
