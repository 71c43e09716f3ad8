import fs from "node:fs";
import net from "node:net";
import { sql } from "kysely";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runAgainOnConflict } from "../../../src/adapters/store/engine.ts";
import { toJson, toText } from "../../../src/adapters/store/json.ts";
import { backOff } from "../../../src/adapters/store/lanes/back-off.ts";
import { openEngine, openStore } from "../../../src/adapters/store/open-store.ts";
import { eventually } from "../../contracts/store/store-suite.ts";
import { makeDataDir, START } from "../../support/store.ts";

describe("opening a store", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("says what to do when PostgreSQL cannot be reached", async () => {
    const server = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const databaseUrl = `postgres://nobody@127.0.0.1:${port}/none`;

    const opening = openStore({ databaseUrl, dataDir: "unused", now: () => START, onError: () => {} });

    await expect(opening).rejects.toThrow(/DATABASE_URL cannot be reached: check address/);
  });

  it("writes a checkpoint each minute in the embedded database, which has no process for it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const dataDir = makeDataDir();
    const engine = await openEngine({ dataDir, now: () => START, onError: () => {} });
    const readCheckpoint = async () => {
      const { rows } = await sql<{
        at: string;
      }>`select redo_lsn::text as at from pg_control_checkpoint()`.execute(engine.db);
      return rows[0]?.at;
    };
    const before = await readCheckpoint();
    await sql`insert into marks (key, value) values ('a', 'b')`.execute(engine.db);

    vi.advanceTimersByTime(60_000);

    await eventually(async () => (await readCheckpoint()) !== before);
    await engine.close();
    fs.rmSync(dataDir, { recursive: true });
  });
});

describe("a transaction that loses", () => {
  const conflict = (code: string) => Object.assign(new Error("lost"), { code });

  it.each(["40001", "40P01"])("F051 is run again after %s", async (code) => {
    let runs = 0;

    const result = await runAgainOnConflict(async () => {
      runs += 1;
      if (runs < 3) throw conflict(code);
      return "done";
    });

    expect(result).toBe("done");
    expect(runs).toBe(3);
  });

  it("F051 gives up after five runs, and at once after any other error", async () => {
    const run = vi.fn<() => Promise<void>>();

    await expect(runAgainOnConflict(() => run.mockRejectedValue(conflict("40001"))())).rejects.toThrow(
      "lost",
    );
    expect(run).toHaveBeenCalledTimes(5);
    await expect(runAgainOnConflict(() => run.mockRejectedValue(conflict("23505"))())).rejects.toThrow(
      "lost",
    );
    expect(run).toHaveBeenCalledTimes(6);
  });
});

describe("back-off", () => {
  it("doubles up to its limit and stays within its upper half", () => {
    const options = { firstDelayMs: 1_000, maxDelayMs: 300_000 };

    expect([1, 2, 3, 20].map((n) => backOff(n, { ...options, random: () => 0 }))).toEqual([
      500, 1_000, 2_000, 150_000,
    ]);
    expect(backOff(2_000, { ...options, random: () => 0.999 })).toBeLessThanOrEqual(300_000);
  });
});

describe("what PostgreSQL cannot hold", () => {
  it("F112 is replaced in text, and an escaped backslash before u0000 is left alone", () => {
    expect(toText("a\0\ud800b🦑")).toBe("a\uFFFD\uFFFDb🦑");
    expect(toJson({ "\0": ["\\u0000", "🦑", "\udc00"] })).toBe('{"\uFFFD":["\\\\u0000","🦑","\uFFFD"]}');
  });
});
