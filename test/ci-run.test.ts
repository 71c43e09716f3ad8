import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../.ci/run", import.meta.url));
const folders: string[] = [];

interface Project {
  /** What `npm test` reports; none is written when left out. */
  readonly report?: object;
  /** Arguments of npm that fail. */
  readonly failing?: readonly string[];
  readonly hasPostgres?: boolean;
}

function reportOf(numPassedTests: number, numFailedTests: number, more: object = {}) {
  return { numPassedTests, numFailedTests, numPendingTests: 0, numTodoTests: 0, testResults: [], ...more };
}

/** Runs the real script among stand-ins for npm and PostgreSQL that note how they were called. */
function runCi({ report, failing = [], hasPostgres = true }: Project) {
  const folder = mkdtempSync(join(tmpdir(), "orchestrator-ci-"));
  folders.push(folder);
  const write = (path: string, lines: readonly string[]) => {
    writeFileSync(join(folder, path), `${["#!/usr/bin/env bash", ...lines].join("\n")}\n`);
    chmodSync(join(folder, path), 0o755);
  };
  for (const name of [".ci", "scripts", "bin"]) mkdirSync(join(folder, name));
  copyFileSync(SCRIPT, join(folder, ".ci/run"));
  writeFileSync(join(folder, "report.json"), JSON.stringify(report ?? null));
  write("bin/npm", [
    'echo "npm $*" >>calls',
    'for one in "$@"; do case "$one" in',
    report === undefined ? "" : `--outputFile.json=*) cp report.json "\${one#*=}" ;;`,
    "esac; done",
    ...failing.map((args) => `case "$*" in "${args}"*) exit 1 ;; esac`),
    "exit 0",
  ]);
  write("scripts/with-postgres.sh", ['echo "postgres $1" >>calls', hasPostgres ? '"$@"' : "exit 1"]);
  const path = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
  const { status, stdout } = spawnSync(join(folder, ".ci/run"), { encoding: "utf8", env: { PATH: path } });
  return {
    status,
    closing: stdout.trimEnd().split("\n").at(-1),
    stdout,
    calls: readFileSync(join(folder, "calls"), "utf8").trim().split("\n"),
  };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe(".ci/run", () => {
  it("installs, checks, tests with PostgreSQL, and ends with the count", () => {
    const { status, closing, calls } = runCi({ report: reportOf(40, 0) });

    expect({ status, closing }).toEqual({ status: 0, closing: "43 passed, 0 failed" });
    expect(calls.map((call) => call.split(" ").slice(0, 4).join(" "))).toEqual([
      "npm ci --no-audit --no-fund",
      "npm run --silent format:check",
      "npm run --silent lint",
      "npm run --silent types",
      "postgres true",
      "postgres npm",
      "npm test -- --reporter=default",
    ]);
  });

  it("counts skipped and unwritten tests", () => {
    const report = reportOf(40, 0, { numPendingTests: 2, numTodoTests: 1 });

    expect(runCi({ report })).toMatchObject({ status: 0, closing: "43 passed, 0 failed, 3 skipped" });
  });

  it("fails with the tests that failed", () => {
    const report = reportOf(38, 2, {
      testResults: [{ status: "failed", assertionResults: [{ status: "failed" }] }],
    });

    expect(runCi({ report, failing: ["test"] })).toMatchObject({ status: 1, closing: "41 passed, 2 failed" });
  });

  it("counts a test file that cannot be loaded", () => {
    const report = reportOf(40, 0, { testResults: [{ status: "failed", assertionResults: [] }] });

    expect(runCi({ report, failing: ["test"] })).toMatchObject({ status: 1, closing: "43 passed, 1 failed" });
  });

  it.each<[string, Project, string]>([
    [
      "ended badly without a failed test",
      { report: reportOf(40, 0), failing: ["test"] },
      "43 passed, 1 failed",
    ],
    ["ran no test", { report: reportOf(0, 0) }, "3 passed, 1 failed"],
    ["left no report", { failing: ["test"] }, "3 passed, 1 failed"],
    ["could not be installed", { failing: ["ci"] }, "0 passed, 1 failed"],
    [
      "is badly formatted",
      { report: reportOf(40, 0), failing: ["run --silent format:check"] },
      "42 passed, 1 failed",
    ],
    ["has wrong types", { report: reportOf(40, 0), failing: ["run --silent types"] }, "42 passed, 1 failed"],
  ])("does not pass a project that %s", (_, project, closing) => {
    expect(runCi(project)).toMatchObject({ status: 1, closing });
  });

  it("tests without PostgreSQL where there is none, and says so", () => {
    const { status, stdout, calls } = runCi({ report: reportOf(40, 0), hasPostgres: false });

    expect(status).toBe(0);
    expect(stdout).toContain("its half of the tests is left out");
    expect(calls.at(-1)).toMatch(/^npm test/);
  });
});
