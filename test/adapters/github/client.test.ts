import { createServer, type RequestListener, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { createGitHub } from "../../../src/adapters/github/client/client.ts";
import type { RequestRecord } from "../../../src/adapters/github/client/exchange.ts";
import { GitHubProblem } from "../../../src/adapters/github/client/github-problem.ts";
import { PrivateKeyProblem } from "../../../src/adapters/github/client/private-key.ts";
import { createIssues } from "../../../src/adapters/github/reading/issues.ts";
import {
  createTestClock,
  createTestQuota,
  privatePem,
  projectionJob,
  startGitHub,
  type TestGitHub,
} from "./start-github.ts";

const repo = { id: 7, installationId: 70, owner: "acme", name: "demo" };
const READ = "GET /repos/{owner}/{repo}/issues/{issue_number}";
const WRITE = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
const ISSUE = {
  ...{ number: 1, state: "open", title: "T", body: "B", labels: [], locked: false, state_reason: null },
};

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Given = (
  path: string,
  asked: { readonly token: string; readonly method: string; readonly times: number },
) => {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: Buffer;
  readonly hang?: true;
};

/** A server that answers as it is told; tokens are handed out by number. */
async function startFake(answer: Given, guards = {}) {
  const asked: string[] = [];
  let minted = 0;
  const listener: RequestListener = (request, response) => {
    request.resume();
    const [path = ""] = (request.url ?? "").split("?");
    if (path.endsWith("/access_tokens")) {
      minted += 1;
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ token: `ghs_${minted}`, expires_at: "2099-01-01T00:00:00Z" }));
      return;
    }
    asked.push(`${request.method} ${path}`);
    const token = request.headers.authorization ?? "";
    const given = answer(path, { token, method: request.method ?? "", times: asked.length });
    if (given.hang) return;
    response.writeHead(given.status, { "content-type": "application/json; charset=utf-8", ...given.headers });
    response.end(given.raw ?? JSON.stringify(given.body ?? {}));
  };
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const clock = createTestClock();
  const { quota, pauses } = createTestQuota(clock.now);
  const requests: RequestRecord[] = [];
  const github = createGitHub({
    appId: 1,
    privateKey: privatePem,
    apiUrl: `http://127.0.0.1:${port}`,
    now: clock.now,
    quota,
    log: pino({ level: "silent" }),
    onRequest: (request) => requests.push(request),
    guards,
  });
  const api = github.repository(repo);
  return {
    ...{ clock, pauses, requests, asked, github },
    minted: () => minted,
    read: () => api.read(READ, { issue_number: 1 }),
    write: () => api.write(WRITE, { issue_number: 1, body: "b" }),
  };
}

async function failureOf(request: Promise<unknown>) {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GitHubProblem)) throw new Error(`No GitHubProblem but ${String(error)}`);
  return error.failure;
}

describe("limits", () => {
  it.each([
    ["F066", 403],
    ["F067", 429],
  ])(
    "%s asks nothing more in the installation before retry-after, after one request",
    async (_id, status) => {
      const fake = await startFake(() => ({
        status,
        headers: { "retry-after": "60" },
        body: { message: "You have exceeded a secondary rate limit." },
      }));
      const startedAt = fake.clock.now();

      expect(await failureOf(fake.write())).toMatchObject({ kind: "later", at: startedAt + 60_000 });
      expect(await failureOf(fake.read())).toMatchObject({ kind: "later", at: startedAt + 60_000 });
      expect(fake.asked).toHaveLength(1);
      expect(fake.pauses.get(repo.installationId)).toBe(startedAt + 60_000);
    },
  );

  it("F066 leaves other installations alone, and goes on after the pause", async () => {
    const fake = await startFake((_path, { times }) =>
      times === 1 ? { status: 429, headers: { "retry-after": "60" } } : { status: 200, body: ISSUE },
    );
    await failureOf(fake.read());

    const other = fake.github.repository({ ...repo, installationId: 71 });
    expect(await other.read(READ, { issue_number: 1 })).toMatchObject({ number: 1 });
    fake.clock.pass(60_001);
    expect(await fake.read()).toMatchObject({ number: 1 });
  });

  it("F068 waits a minute, then two, then four when a secondary limit tells no time, and starts over after a success", async () => {
    const fake = await startFake((_path, { times }) =>
      times === 4
        ? { status: 200, body: ISSUE }
        : { status: 403, body: { message: "exceeded a secondary rate limit" } },
    );
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const failure = await failureOf(fake.read());
      const at = failure.kind === "later" ? failure.at : 0;
      waits.push(at - fake.clock.now());
      fake.clock.moveTo(at);
    }
    await fake.read();
    const again = await failureOf(fake.read());

    expect(waits).toEqual([60_000, 120_000, 240_000]);
    expect(again).toMatchObject({ at: fake.clock.now() + 60_000 });
  });

  it("F069 waits for the reset of the hour's limit, by GitHub's own clock", async () => {
    const serverTime = Math.floor(Date.now() / 1_000) * 1_000;
    const fake = await startFake(() => ({
      status: 403,
      headers: {
        date: new Date(serverTime).toUTCString(),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(serverTime / 1_000 + 3_300),
      },
      body: { message: "API rate limit exceeded" },
    }));
    fake.clock.pass(900_000);

    expect(await failureOf(fake.read())).toMatchObject({ kind: "later", at: fake.clock.now() + 3_300_000 });
  });

  it("F069 pauses before the first refusal when an answer was the last one allowed", async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 600);
    const fake = await startFake(() => ({
      status: 200,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset, "x-ratelimit-resource": "core" },
      body: ISSUE,
    }));
    await fake.read();

    expect(await failureOf(fake.read())).toMatchObject({ kind: "later" });
    expect(fake.asked).toHaveLength(1);
  });

  it("F070 F071 obeys no absurd time", async () => {
    const fake = await startFake(() => ({ status: 429, headers: { "retry-after": "2147483648000" } }));

    expect(await failureOf(fake.read())).toMatchObject({ at: fake.clock.now() + 3_600_000 });
  });
});

describe("failures", () => {
  it("F064 does not repeat a write by itself", async () => {
    const fake = await startFake(() => ({ status: 502, body: { message: "Bad gateway" } }));

    expect(await failureOf(fake.write())).toEqual({ kind: "unknown", why: "502 Bad gateway" });
    expect(fake.asked).toHaveLength(1);
    expect(fake.requests.at(-1)).toMatchObject({ method: "POST", route: WRITE, status: 502, repoId: 7 });
  });

  it("F073 gives up a request that hangs, and counts it", async () => {
    const fake = await startFake(() => ({ status: 200, hang: true }), {
      readDeadlineMs: 50,
      writeDeadlineMs: 80,
    });

    expect(await failureOf(fake.read())).toMatchObject({ kind: "unknown" });
    expect(await failureOf(fake.write())).toMatchObject({ kind: "unknown" });
    expect(fake.requests.slice(-2).map((request) => request.status)).toEqual([0, 0]);
  });

  it.each([
    ["JSON that breaks off", { status: 200, raw: Buffer.from('{"number": 1, "ti') }],
    [
      "a page of some proxy",
      { status: 200, headers: { "content-type": "text/html" }, raw: Buffer.from("<html>") },
    ],
    [
      "an answer that unpacks to far more than is allowed",
      {
        status: 200,
        headers: { "content-encoding": "gzip" },
        raw: gzipSync(`{"a":"${"0".repeat(200_000)}"}`),
      },
    ],
  ])("F074 does not trust %s", async (_what, given) => {
    const fake = await startFake(() => given, { maxBytes: 100_000 });

    expect(await failureOf(fake.read())).toMatchObject({ kind: "unknown" });
  });

  it.each([
    [404, "gone"],
    [410, "gone"],
    [422, "refused"],
    [400, "refused"],
    [403, "refused"],
    [500, "unknown"],
  ])("F075 F078 takes a %i for %s", async (status, kind) => {
    const errors = [{ resource: "Label", field: "name", code: "already_exists" }];
    const fake = await startFake(() => ({ status, body: { message: "No", errors } }));

    expect(await failureOf(fake.write())).toMatchObject({ kind });
  });

  it("F078 repeats what GitHub says in detail", async () => {
    const errors = [
      { message: "A pull request already exists for acme:x." },
      { field: "data", code: "custom" },
    ];
    const fake = await startFake(() => ({ status: 422, body: { message: "Validation Failed", errors } }));

    expect(await failureOf(fake.write())).toMatchObject({
      message: "Validation Failed; A pull request already exists for acme:x.; data custom",
    });
  });

  it("F091 waits quietly while the installation is suspended", async () => {
    const fake = await startFake(() => ({
      status: 403,
      body: { message: "This installation has been suspended" },
    }));

    expect(await failureOf(fake.write())).toMatchObject({ kind: "later", at: fake.clock.now() + 300_000 });
  });

  it("F089 mints one other token after a 401, and then waits", async () => {
    const recovering = await startFake((_path, { token }) =>
      token === "token ghs_1"
        ? { status: 401, body: { message: "Bad credentials" } }
        : { status: 200, body: ISSUE },
    );
    const broken = await startFake(() => ({ status: 401, body: { message: "Bad credentials" } }));

    expect(await recovering.read()).toMatchObject({ number: 1 });
    expect(await failureOf(broken.read())).toMatchObject({ kind: "later" });
    expect([recovering.minted(), broken.minted(), broken.asked.length]).toEqual([2, 2, 2]);
  });

  it("F088 mints another token before the old one ends", async () => {
    const fake = await startFake(() => ({ status: 200, body: ISSUE }));
    await fake.read();
    await fake.read();
    fake.clock.pass(51 * 60_000);
    await fake.read();

    expect(fake.minted()).toBe(2);
  });

  it("F090 carries tokens of any length", async () => {
    const token = `ghs_${"1.a_-".repeat(150)}`;
    const fetch: typeof globalThis.fetch = async (url, init) =>
      String(url).endsWith("/access_tokens")
        ? Response.json({ token }, { status: 201 })
        : Response.json({ ...ISSUE, title: new Headers(init?.headers).get("authorization") });
    const clock = createTestClock();
    const github = createGitHub({
      ...{ appId: 1, privateKey: privatePem, apiUrl: "http://127.0.0.1:1", now: clock.now },
      ...{
        quota: createTestQuota(clock.now).quota,
        log: pino({ level: "silent" }),
        fetch: (url, init) => fetch(url, init),
      },
    });

    expect(await github.repository(repo).read(READ, { issue_number: 1 })).toMatchObject({
      title: `token ${token}`,
    });
  });

  it("F082 takes a 304 for no answer when nothing is remembered", async () => {
    const fake = await startFake(() => ({ status: 304 }));

    expect(await failureOf(fake.read())).toMatchObject({ kind: "unknown" });
  });
});

describe("the app's key", () => {
  const createWith = (privateKey: string) =>
    createGitHub({
      ...{ appId: 1, privateKey, apiUrl: "http://127.0.0.1:1", now: Date.now },
      ...{ quota: createTestQuota(Date.now).quota, log: pino({ level: "silent" }) },
    });

  it.each([
    ["escaped line breaks", privatePem.replaceAll("\n", "\\n")],
    ["CRLF", privatePem.replaceAll("\n", "\r\n")],
    ["quotes around it", `"${privatePem.replaceAll("\n", "\\n")}"`],
  ])("F096 is read with %s", (_what, key) => {
    expect(() => createWith(key)).not.toThrow();
  });

  it.each(["", "nonsense", privatePem.slice(0, 300)])(
    "F096 is refused with advice when it is broken",
    (key) => {
      expect(() => createWith(key)).toThrow(PrivateKeyProblem);
      expect(() => createWith(key)).toThrow(/whole \.pem file/);
    },
  );
});

describe("against the local GitHub", () => {
  let gh: TestGitHub;
  const start = async () => {
    gh = await startGitHub();
    stops.push(() => gh.stop());
    await gh.ask("POST", "/issues", { title: "One", body: "" });
    return gh;
  };

  it("F077 follows a renamed repository for reads and for writes, after asking by its id", async () => {
    await start();
    gh.control.renameRepository({ repository: "acme/demo", name: "renamed" });

    const found = await createIssues(gh.github).issue(gh.repo, 1);
    const job = projectionJob(gh.repo, { kind: "comment", issue: 1, body: "Queued" });
    const { outcome } = await gh.effector.perform(job);
    expect(found?.title).toBe("One");
    expect(outcome.kind).toBe("done");
    expect(gh.record.comments.size).toBe(1);
    expect(gh.requests.filter((request) => request.route === "GET /repositories/{id}")).toHaveLength(1);
  });

  it("F184 sends nothing to a new repository under the old name", async () => {
    await start();
    gh.control.renameRepository({ repository: "acme/demo", name: "renamed" });
    const squatter = await gh.control.createRepository({ owner: "acme", name: "demo", private: true });
    gh.control.install({ repositories: ["acme/demo"] });

    const { outcome } = await gh.effector.perform(
      projectionJob(gh.repo, { kind: "issue", title: "Broken", body: "b", state: "open" }),
    );
    expect(outcome.kind).toBe("refused");
    expect(squatter.issues.size).toBe(0);
  });

  it("F098 uses a token that reaches this repository and no other", async () => {
    await start();
    await gh.control.createRepository({ owner: "acme", name: "other", private: true });
    gh.control.install({ repositories: ["acme/other"] });

    const other = gh.github.repository({ ...gh.repo, name: "other" });
    expect(await failureOf(other.read(READ, { issue_number: 1 }))).toMatchObject({ kind: "gone" });
  });

  it("asks again only whether something changed, and sees it when it did", async () => {
    await start();
    const issues = createIssues(gh.github);
    await issues.issue(gh.repo, 1);
    await issues.issue(gh.repo, 1);
    await gh.ask("PATCH", "/issues/1", { title: "Two" });
    const changed = await issues.issue(gh.repo, 1);

    expect(gh.requests.filter((request) => request.route === READ).map((request) => request.status)).toEqual([
      200, 304, 200,
    ]);
    expect(changed?.title).toBe("Two");
  });

  it("knows its own account", async () => {
    await start();
    const self = await gh.github.self();

    expect(self).toEqual({ appId: 4242, slug: "orchestrator", botId: gh.world.app?.bot.id });
  });

  it("F091 waits while the owner has suspended the installation", async () => {
    await start();
    gh.control.suspend({ account: "acme" });

    expect(await failureOf(gh.github.repository(gh.repo).read(READ, { issue_number: 1 }))).toMatchObject({
      kind: "later",
      why: "the installation is suspended",
    });
  });

  it("F087 signs again by GitHub's clock when its own is off", async () => {
    const refusal = {
      message:
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    };
    await start();
    gh.control.failNext({
      method: "POST",
      pathPattern: "/access_tokens$",
      status: 401,
      body: refusal,
      applied: false,
    });

    expect((await createIssues(gh.github).issue(gh.repo, 1))?.title).toBe("One");
  });
});
