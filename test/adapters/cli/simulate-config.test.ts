import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type CliHost, CliProblem } from "../../../src/adapters/cli/cli-host.ts";
import { runCli } from "../../../src/adapters/cli/run-cli.ts";
import type { SimulationReport, SimulationScenario } from "../../../src/ports/simulator.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const FILES: Readonly<Record<string, string>> = {
  "good.yml": read("fixtures/demo-repository/.github/orchestrator.yml"),
  "roadmap.yml": read("fixtures/demo-repository/.github/roadmap.yml"),
  "broken.yml": "version: 1\nautonomy: full\n",
  "empty.yml": "version: 1\n",
};

const REPORT: SimulationReport = {
  seed: 1,
  days: 7,
  faults: "usual",
  tasks: {
    handedOver: 4,
    finished: 2,
    finishedAlone: 1,
    failed: 1,
    cancelled: 0,
    waitingForPerson: 1,
    underWay: 0,
    queued: 0,
  },
  waitingForPerson: [
    {
      code: "approval.missing",
      tasks: 1,
      example: "1 more approval needed.",
      liftedBy: "`/orchestrate approve`",
    },
  ],
  waiting: [],
  failures: [{ why: "all 3 attempts are used", tasks: 1 }],
  roles: [{ role: "bugfix", team: "qa", tasks: 4, attempts: 7, minutes: 93, usd: 2.5 }],
  gates: [{ gate: "checks", verdict: "FAIL", times: 3 }],
  queue: { longestWaitMs: 5 * 3_600_000, medianWaitMs: 60_000, lengths: [0, 2, 4, 1], longest: 4 },
  runs: { started: 8, cancelled: 0 },
  pulls: { opened: 3, merged: 2 },
  happened: [{ fault: "webhook.lost", times: 2 }],
  events: 100,
  writes: 40,
};

async function simulate(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const progress: (string | null)[] = [];
  const played: SimulationScenario[] = [];
  const host: CliHost = {
    version: "1.2.3",
    now: () => 0,
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
    showProgress: (line) => progress.push(line),
    simulator: {
      run: async (scenario, onProgress) => {
        played.push(scenario);
        onProgress(0.5);
        return REPORT;
      },
    },
    readText: async (path) => {
      const text = FILES[path];
      if (text === undefined) throw new CliProblem(`${path} cannot be read.`);
      return text;
    },
    serve: async () => undefined,
    openDatabase: async () => {
      throw new Error("a simulation needs no database");
    },
  };
  const code = await runCli(["simulate", ...args], host);
  return { code, out: out.join("\n"), err: err.join("\n"), progress, played };
}

describe("simulate", () => {
  it("says what came of it, table by table", async () => {
    const { code, out } = await simulate("--config", "good.yml");

    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "7 days, seed 1, faults usual: 4 tasks handed over.
      2 finished, 1 failed, 1 waiting for a person. 1 (25 %) finished without a person.
      8 runs, 0 cancelled; 3 pull requests, 2 merged.

      Waiting for a person at the end:
        1  approval.missing  1 more approval needed. Lifted by \`/orchestrate approve\`.

      Failed:
        1  all 3 attempts are used

      Roles:
        role    team  tasks  attempts  minutes  usd
        bugfix  qa    4      7         93       2.50

      Gates that said no:
        3×  checks  FAIL

      Queue: ▁▅█▃ at most 4
      Wait for the first dispatch: 1 minute in the middle, 5 hours at most.

      What went wrong around the app:
        2×  webhook.lost

      How long runs take and how often they succeed is assumed, see docs/operations.md; the decisions are the server's own."
    `);
  });

  it("plays a week with ordinary faults unless told otherwise", async () => {
    const { played } = await simulate("--config", "good.yml");

    expect(played).toMatchObject([{ days: 7, seed: 1, tasks: null, faults: "usual", roadmap: null }]);
  });

  it("plays what it is told to", async () => {
    const given = ["--roadmap", "roadmap.yml", "--days", "30", "--seed", "9", "--tasks", "200"];
    const { played } = await simulate("--config", "good.yml", ...given, "--faults", "swarm");

    expect(played).toMatchObject([{ days: 30, seed: 9, tasks: 200, faults: "swarm" }]);
    expect(played[0]?.roadmap).toBe(FILES["roadmap.yml"]);
  });

  it("prints the same as one JSON object", async () => {
    const { out } = await simulate("--config", "good.yml", "--json");

    expect(JSON.parse(out)).toEqual({ ok: true, ...REPORT });
  });

  it("shows how far it is, and takes that away at the end", async () => {
    expect((await simulate("--config", "good.yml")).progress).toEqual(["Simulating 7 days: 50 %", null]);
  });

  it.each([
    ["a broken configuration", "broken.yml", "broken.yml:2:11: autonomy must be one of"],
    ["a configuration without kinds", "empty.yml", "empty.yml: no kind is configured"],
  ])("plays nothing of %s and names what is wrong", async (_what, file, problem) => {
    const { code, out, played } = await simulate("--config", file);

    expect([code, played]).toEqual([1, []]);
    expect(out).toContain(problem);
  });

  it("plays nothing of a broken roadmap", async () => {
    const { code, out } = await simulate("--config", "good.yml", "--roadmap", "broken.yml");

    expect(code).toBe(1);
    expect(out).toContain('broken.yml:2:1: unknown key "autonomy"');
  });

  it("tells problems as data too", async () => {
    const { code, out } = await simulate("--config", "empty.yml", "--json");

    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      problems: [expect.stringContaining("no kind is configured")],
    });
  });

  it("says which file is not to be had", async () => {
    expect(await simulate("--config", "nowhere.yml")).toMatchObject({
      code: 3,
      err: "nowhere.yml cannot be read.",
    });
  });

  it.each([
    ["--days", "0", "It is a whole number from 1 to 366."],
    ["--days", "1e3", "It is a whole number from 1 to 366."],
    ["--tasks", "5001", "It is a whole number from 1 to 5000."],
    ["--faults", "some", "It is none, usual or swarm."],
  ])("refuses %s %s with what it takes", async (option, value, message) => {
    const { code, err, played } = await simulate("--config", "good.yml", option, value);

    expect([code, played]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it("refuses to guess where the configuration is", async () => {
    const { code, err } = await simulate();

    expect(code).toBe(2);
    expect(err).toContain("required option '--config <file>' not specified");
  });
});
