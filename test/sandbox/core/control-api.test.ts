import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

let tour: Tour;

beforeEach(async () => {
  tour = await startTour();
});

afterEach(async () => {
  await tour.close();
});

const control = (name: string, body: unknown = {}, headers = {}) =>
  tour.ask("POST", `/_sandbox/${name}`, { body, headers });

describe("control API", () => {
  it("sets the stage and reports what happened", async () => {
    const repository = "acme/second";
    expect((await control("create-repository", { owner: "acme", name: "second" })).json.full_name).toBe(
      repository,
    );
    const { token } = (await control("create-user", { login: "dave" })).json;
    expect((await control("set-role", { repository, login: "dave", role: "admin" })).status).toBe(200);
    expect((await control("install", { repositories: [repository] })).json.id).toBeGreaterThan(0);
    const files = { "a.txt": "one\n" };
    const pushed = await control("commit-files", {
      repository,
      login: "dave",
      branch: "main",
      files,
      message: "First",
    });
    expect(pushed.json.sha).toMatch(/^[0-9a-f]{40}$/);
    await tour.ask("POST", `/repos/${repository}/issues`, { token, body: { title: "x" } });
    expect((await control("delete-issue", { repository, number: 1 })).status).toBe(200);
    expect((await control("rename-repository", { repository, name: "third" })).status).toBe(200);
    expect((await control("idle")).status).toBe(200);

    const { json: state } = await tour.ask("GET", "/_sandbox/state");
    const { json: history } = await tour.ask("GET", "/_sandbox/history");

    expect(state.repositories.map((repo: { fullName: string }) => repo.fullName)).toEqual([
      "acme/demo",
      "acme/third",
    ]);
    expect(state.deliveries.pending).toBe(0);
    expect(history[0].kind).toBe("delivery");
    expect(history.filter((entry: { kind: string }) => entry.kind === "request")).toMatchObject([
      {
        method: "POST",
        path: "/repos/{owner}/{repo}/issues",
        login: "dave",
        status: 201,
        answer: { number: 1 },
      },
    ]);
  });

  it("steers faults and deliveries", async () => {
    await control("fail-next", { status: 502, applied: false });
    expect((await tour.ask("GET", "/repos/acme/demo")).status).toBe(502);
    await control("fail-next", { status: 502, applied: false });
    await control("clear-faults");
    expect((await tour.ask("GET", "/repos/acme/demo")).status).toBe(200);
    expect((await control("set-delivery", { dropRate: 2 })).status).toBe(422);
    expect((await control("pause-deliveries")).status).toBe(200);
    expect((await control("resume-deliveries")).status).toBe(200);
  });

  it("refuses what it does not know, and pages of other sites", async () => {
    expect((await control("explode")).status).toBe(404);
    expect((await tour.ask("GET", "/_sandbox/idle")).status).toBe(405);
    expect((await control("create-user", { login: 5 })).status).toBe(422);
    expect(
      (await control("set-role", { repository: "no/where", login: "x", role: "read" })).json.message,
    ).toMatch(/there is no repository no\/where/);
    expect((await control("create-user", { login: "eve" }, { origin: "https://evil.example" })).status).toBe(
      403,
    );
  });
});

describe("command line", () => {
  it("seeds repositories, says where it listens and ends cleanly on SIGTERM", async () => {
    const dir = mkdtempSync(join(tmpdir(), "sandbox-main-"));
    const seed = join(dir, "seed", "acme__shop");
    mkdirSync(seed, { recursive: true });
    writeFileSync(join(seed, "README.md"), "# Shop\n");
    const args = ["src/sandbox/main.ts", "--data", join(dir, "data"), "--seed", join(dir, "seed")];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve) =>
      child.stdout.once("data", (text) => resolve(String(text))),
    );
    const url = /^sandbox listening on (http:\S+)\n$/.exec(line)?.[1] ?? "";

    const repo = await tour.ask("GET", `${url}/repos/acme/shop`);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");

    expect(repo.json.full_name).toBe("acme/shop");
    expect(await ended).toBe(0);
    rmSync(dir, { recursive: true, force: true });
  });
});
