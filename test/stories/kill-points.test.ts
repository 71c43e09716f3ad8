import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { addLabels } from "../../src/sandbox/areas/labels/label-records.ts";
import type { Sandbox } from "../../src/sandbox/create-sandbox.ts";
import { findUser } from "../../src/sandbox/world/find-records.ts";
import type { Repo } from "../../src/sandbox/world/records.ts";
import { writeAnswers, writeSmallRepository } from "../support/small-repository.ts";
import { type Victim, withVictim } from "./play-kills.ts";

const seedDir = join(mkdtempSync(join(tmpdir(), "orchestrator-seed-")), "acme__small");
writeSmallRepository(seedDir);
const seeds = join(seedDir, "..");

// Each of them starts the app several times.
vi.setConfig({ testTimeout: 300_000 });

afterAll(() => rmSync(seeds, { recursive: true, force: true }));

const PATIENCE_MS = 120_000;

/** Every write of a task, from the first to the last. */
const WRITES: readonly RegExp[] = [
  /^POST \/repos\/[^ ]*\/issues\/\d+\/comments$/,
  /^POST \/repos\/[^ ]*\/dispatches$/,
  /^POST \/repos\/[^ ]*\/git\/refs$/,
  /^POST \/repos\/[^ ]*\/pulls$/,
  /^POST \/repos\/[^ ]*\/check-runs$/,
  /^PUT \/repos\/[^ ]*\/merge$/,
];

async function handOver({ control, world }: Sandbox): Promise<{ repo: Repo; issue: number }> {
  const [repo] = world.repos.values();
  if (repo === undefined) throw new Error("nothing was seeded");
  control.createUser("mia");
  control.setRole({ repository: "acme/small", login: "mia", role: "write" });
  const token = control.createUser("mia");
  const response = await fetch(`${world.baseUrl()}/repos/acme/small/issues`, {
    method: "POST",
    headers: { authorization: `token ${token}`, "user-agent": "story" },
    body: JSON.stringify({
      title: "The price is wrong",
      labels: ["bug"],
      body: writeAnswers({ agent: [{ changes: { "src/price.mjs": "export const price = 2;\n" } }] }),
    }),
  });
  expect(response.status).toBe(201);
  const issue = [...repo.issues.keys()].at(-1) ?? 0;
  const record = repo.issues.get(issue);
  const sender = findUser(world, "mia");
  if (record === undefined || sender === undefined) throw new Error("the issue was not opened");
  addLabels(world, { repo, issue: record, names: ["autopilot"], sender });
  return { repo, issue };
}

/** Starts the app again whenever it is dead, until the issue is closed. */
async function reviveUntilClosed(victim: Victim, repo: Repo, issue: number): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (repo.issues.get(issue)?.state !== "closed") {
    if (performance.now() > end) throw new Error(`#${issue} is not closed`);
    if (!victim.isAlive()) await victim.start();
    await wait(50);
  }
  if (!victim.isAlive()) await victim.start();
}

describe("an app that is killed", () => {
  it("F043 after each write took effect and before it heard so does none of them twice", async () => {
    const ahead = [...WRITES];
    const makeHooks = (victim: Victim) => ({
      onExchange: ({
        method,
        path,
        actor,
        status,
      }: {
        method: string;
        path: string;
        actor: string;
        status: number;
      }) => {
        const found = ahead.findIndex((write) => write.test(`${method} ${path}`));
        if (actor !== "installation" || status >= 300 || found < 0) return;
        ahead.splice(found, 1);
        victim.killNow();
      },
    });
    await withVictim({ seedDir: seeds, makeHooks }, async ({ sandbox, victim, judge }) => {
      const { repo, issue } = await handOver(sandbox);
      await reviveUntilClosed(victim, repo, issue);

      expect(await judge()).toEqual([]);
      expect(ahead).toEqual([]);
      expect([...repo.pulls.values()].map((pull) => pull.merged)).toEqual([true]);
    });
  });

  it("F042 after each decision was committed and before it was carried out does all of them once", async () => {
    const ahead = new Set(WRITES);
    const makeHooks = (victim: Victim) => ({
      onExchange: ({ method, path, isFault }: { method: string; path: string; isFault: boolean }) => {
        const found = WRITES.find((write) => write.test(`${method} ${path}`));
        if (!isFault || found === undefined) return;
        ahead.delete(found);
        victim.killNow();
      },
    });
    await withVictim({ seedDir: seeds, makeHooks }, async ({ sandbox, victim, judge }) => {
      for (const write of WRITES) {
        const [method = "", ...path] = write.source.replace("^", "").split(" ");
        const pathPattern = `^${path.join(" ")}`;
        sandbox.control.failNext({ method, pathPattern, status: 502, applied: false, dropConnection: true });
      }
      const { repo, issue } = await handOver(sandbox);
      await reviveUntilClosed(victim, repo, issue);

      expect(await judge()).toEqual([]);
      expect([...ahead]).toEqual([]);
      expect([...repo.pulls.values()].map((pull) => pull.merged)).toEqual([true]);
    });
  });

  it("F044 right after it acknowledged a delivery handles it after its next start", async () => {
    let isArmed = true;
    const makeHooks = (victim: Victim) => ({
      onDelivery: ({ event, action }: { event: string; action: string | null }) => {
        if (!isArmed || event !== "issues" || action !== "labeled") return;
        isArmed = false;
        victim.killNow();
      },
    });
    await withVictim({ seedDir: seeds, makeHooks }, async ({ sandbox, victim, judge }) => {
      const { repo, issue } = await handOver(sandbox);
      await reviveUntilClosed(victim, repo, issue);

      expect(isArmed).toBe(false);
      expect(await judge()).toEqual([]);
    });
  });

  it("F045 politely ends what it has begun and goes with code 0; the next one goes on from there", async () => {
    await withVictim({ seedDir: seeds }, async ({ sandbox, victim, judge }) => {
      const { repo, issue } = await handOver(sandbox);
      expect(await victim.stop()).toBe(0);
      await victim.start();
      await reviveUntilClosed(victim, repo, issue);

      expect(await judge()).toEqual([]);
    });
  });
});
