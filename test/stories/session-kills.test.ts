import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Sandbox } from "../../src/sandbox/create-sandbox.ts";
import type { Repo } from "../../src/sandbox/world/records.ts";
import { writeAnswers, writeSmallRepository } from "../support/small-repository.ts";
import { type Victim, withVictim } from "./play-kills.ts";

const seedDir = join(mkdtempSync(join(tmpdir(), "orchestrator-seed-")), "acme__small");
writeSmallRepository(seedDir);
const seeds = join(seedDir, "..");
const PATIENCE_MS = 120_000;

vi.setConfig({ testTimeout: 300_000 });

afterAll(() => rmSync(seeds, { recursive: true, force: true }));

/** People's requests to the local GitHub. */
function createPeople({ control, world }: Sandbox) {
  const [repo] = world.repos.values();
  if (repo === undefined) throw new Error("nothing was seeded");
  const token = control.createUser("ada");
  control.setRole({ repository: "acme/small", login: "ada", role: "admin" });
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${world.baseUrl()}/repos/acme/small/issues${path}`, {
      method: "POST",
      headers: { authorization: `token ${token}`, "user-agent": "story" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(300);
  };
  return {
    repo,
    async open(title: string, path: string): Promise<number> {
      const body = writeAnswers({ agent: [{ changes: { [path]: "1\n" } }] });
      await post("", { title, body, labels: ["bug"] });
      return [...repo.issues.keys()].at(-1) ?? 0;
    },
    label: (issue: number) => post(`/${issue}/labels`, { labels: ["autopilot"] }),
    say: (issue: number, line: string) => post(`/${issue}/comments`, { body: `/orchestrate ${line}` }),
  };
}

function commentsOn(repo: Repo, issue: number, words: string): number {
  return [...repo.comments.values()].filter(
    ({ issueNumber, appId, body }) => issueNumber === issue && appId !== null && body.includes(words),
  ).length;
}

/** Starts the app again whenever it was killed, until something is so. */
async function reviveUntil(victim: Victim, life: { isOver: boolean }, isSo: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isSo() || life.isOver) {
    if (performance.now() > end) throw new Error("waited in vain");
    if (life.isOver && !victim.isAlive()) {
      life.isOver = false;
      await victim.start();
    }
    await wait(50);
  }
}

const REPORT = "## Orchestrator report, session 1 – 2 accepted, 0 failed";

describe("a session whose app is killed", () => {
  it("F041 goes on from its rows: two tasks of three, one report, and the third waits", async () => {
    const ahead = [
      /^POST \/repos\/[^ ]*\/dispatches$/,
      /^PUT \/repos\/[^ ]*\/merge$/,
      // The answer to the command, and the report.
      /^POST \/repos\/[^ ]*\/issues\/1\/comments$/,
      /^POST \/repos\/[^ ]*\/issues\/1\/comments$/,
    ];
    const life = { isOver: false };
    let isArmed = false;
    const makeHooks = (victim: Victim) => ({
      onExchange: (exchange: { method: string; path: string; actor: string; status: number }) => {
        const { method, path, actor, status } = exchange;
        const found = ahead.findIndex((write) => write.test(`${method} ${path}`));
        if (!isArmed || actor !== "installation" || status >= 300 || found < 0) return;
        ahead.splice(found, 1);
        life.isOver = true;
        victim.killNow();
      },
    });
    await withVictim({ seedDir: seeds, makeHooks }, async ({ sandbox, victim, judge }) => {
      const { repo, open, label, say } = createPeople(sandbox);
      const control = await open("Control", "src/none.mjs");
      await say(control, "pause");
      await reviveUntil(victim, life, () => commentsOn(repo, control, "This repository is paused") === 1);
      const issues = [
        await open("A", "src/a.mjs"),
        await open("B", "src/b.mjs"),
        await open("C", "src/c.mjs"),
      ];
      for (const issue of issues) {
        await label(issue);
        await reviveUntil(victim, life, () => commentsOn(repo, issue, "`repository.paused`") === 1);
      }
      isArmed = true;
      await say(control, "start count=2");
      await reviveUntil(victim, life, () => ahead.length === 0 && commentsOn(repo, control, REPORT) === 1);

      expect(await judge()).toEqual([]);
      expect(issues.map((issue) => repo.issues.get(issue)?.state)).toEqual(["closed", "closed", "open"]);
      expect(commentsOn(repo, issues[2] ?? 0, "Session 1 takes nothing more: it has taken its 2 tasks")).toBe(
        1,
      );
      expect(commentsOn(repo, control, REPORT)).toBe(1);
      expect([...repo.runs.values()].filter(({ event }) => event === "workflow_dispatch")).toHaveLength(2);
    });
  });
});
