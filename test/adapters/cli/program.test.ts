import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CLI = join(ROOT, "src/cli.ts");
const BIN = join(ROOT, "bin/orchestrator.mjs");
const CONFIG = join(ROOT, "fixtures/configs/good/minimal.yml");
const PRETEND_OLD =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})";

const directory = mkdtempSync(join(tmpdir(), "orchestrator-cli-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function runProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    cwd: directory,
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  return { status, stdout, stderr };
}

describe("the program", () => {
  it("checks a file from any directory, in plain lines", () => {
    expect(runProgram([CLI, "validate", CONFIG])).toEqual({
      status: 0,
      stdout: `${CONFIG}: valid configuration\n`,
      stderr: "",
    });
  });

  it("tells which file cannot be read, and why", () => {
    expect(runProgram([CLI, "validate", "nowhere.yml"])).toEqual({
      status: 3,
      stdout: "",
      stderr: "nowhere.yml cannot be read as UTF-8 text (ENOENT): correct the path or the file.\n",
    });
  });

  it("does not make an empty database and call it intact", () => {
    const { status, stderr } = runProgram([CLI, "audit", "verify"], { DATA_DIR: "./nowhere" });

    expect(status).toBe(3);
    expect(stderr).toContain("There is no database in ./nowhere");
  });

  it("makes the tables and verifies the log in them", () => {
    const env = { DATA_DIR: join(directory, "data") };

    const migrated = runProgram([CLI, "migrate", "--json"], env);
    const verified = runProgram([CLI, "audit", "verify"], env);

    expect(migrated.stderr + verified.stderr).toBe("");
    expect(JSON.parse(migrated.stdout)).toEqual({
      ok: true,
      schema: expect.stringMatching(/^\d{4}-[a-z-]+$/),
    });
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining("is intact") });
  });

  it("F190 keeps a stop in the database until it is lifted", () => {
    const env = { DATA_DIR: join(directory, "stopped") };
    runProgram([CLI, "migrate"], env);

    expect(runProgram([CLI, "stop", "--org", "acme", "--reason", "wrong edits"], env)).toEqual({
      status: 0,
      stdout: "Stopped: every repository of acme. Lifted by: orchestrator resume --org acme\n",
      stderr: "",
    });
    expect(runProgram([CLI, "stops"], env).stdout).toMatch(
      /^owner:acme, by the operator at .*: wrong edits\n$/,
    );
    expect(runProgram([CLI, "resume", "--org", "ACME"], env).stdout).toBe(
      "Goes on: every repository of ACME.\n",
    );
    expect(runProgram([CLI, "stops"], env).stdout).toBe("Nothing is stopped in the database.\n");
  });

  it("refuses a wrong address of the database without repeating it", () => {
    const { status, stderr } = runProgram([CLI, "migrate"], { DATABASE_URL: "mysql://root:hunter22@db" });

    expect(status).toBe(3);
    expect(stderr).toMatch(/^DATABASE_URL must be an address/);
    expect(stderr).not.toContain("hunter22");
  });
});

describe("the launcher", () => {
  it("runs the program on a Node that can", () => {
    expect(runProgram([BIN, "validate", CONFIG])).toMatchObject({ status: 0, stderr: "" });
  });

  it("hands over to the Node that npm installed when its own is too old, and keeps the exit code", () => {
    const old = ["--import", PRETEND_OLD, BIN];

    expect(runProgram([...old, "validate", CONFIG])).toEqual({
      status: 0,
      stdout: `${CONFIG}: valid configuration\n`,
      stderr: "",
    });
    expect(runProgram([...old, "valdate"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Did you mean validate?"),
    });
  });
});
