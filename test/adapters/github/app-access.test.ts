import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAppAccess } from "../../../src/adapters/github/app-access.ts";
import { createGitHub } from "../../../src/adapters/github/client/client.ts";
import { createTestQuota, startGitHub, type TestGitHub } from "./start-github.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const HOST = "https://api.github.test";
const NOW = Date.parse("2026-03-02T09:30:00Z");

function scripted() {
  const github = createGitHub({
    appId: 1,
    privateKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    ...{
      apiUrl: HOST,
      now: () => NOW,
      quota: createTestQuota(() => NOW).quota,
      log: pino({ level: "silent" }),
    },
  });
  return createAppAccess(github);
}

interface Attempt {
  readonly id: number;
  readonly guid: string;
  readonly minutesAgo: number;
  readonly status?: string;
  readonly event?: string;
}

const listed = ({ id, guid, minutesAgo, status = "Timed out", event = "issues" }: Attempt) => ({
  ...{ id, guid, status, event, redelivery: false, duration: 1, status_code: 500, action: "labeled" },
  delivered_at: new Date(NOW - minutesAgo * 60_000).toISOString(),
});

/** GitHub's list, newest first, in pages, and the deliveries that it is asked to send again. */
function scriptDeliveries(...pages: readonly (readonly Attempt[])[]): number[] {
  const asked: number[] = [];
  for (const [index, page] of pages.entries()) {
    const isLast = index === pages.length - 1;
    const next = `<${HOST}/app/hook/deliveries?per_page=100&cursor=v1_${index + 1}>; rel="next"`;
    nock(HOST)
      .get("/app/hook/deliveries")
      .query(index === 0 ? { per_page: 100 } : { per_page: 100, cursor: `v1_${index}` })
      .reply(200, page.map(listed), isLast ? {} : { link: next });
  }
  nock(HOST)
    .post(/\/attempts$/)
    .times(99)
    .reply(202, (request: Request) => {
      asked.push(Number(request.url.split("/").at(-2)));
      return {};
    });
  return asked;
}

afterEach(() => {
  nock.cleanAll();
});

describe("failed deliveries", () => {
  it("F025 are asked for again, oldest first, once each, if nothing brought them and they matter", async () => {
    const asked = scriptDeliveries(
      [
        { id: 9, guid: "a", minutesAgo: 1 },
        { id: 8, guid: "b", minutesAgo: 2, status: "OK" },
        { id: 7, guid: "c", minutesAgo: 3, event: "star" },
      ],
      [
        { id: 6, guid: "b", minutesAgo: 4 },
        { id: 5, guid: "d", minutesAgo: 5 },
        { id: 4, guid: "a", minutesAgo: 6 },
        { id: 3, guid: "e", minutesAgo: 90 },
      ],
    );

    const answer = await scripted().redeliverFailed(NOW - 60 * 60_000);

    expect(answer).toEqual({ redelivered: 2, newest: NOW - 60_000 });
    expect(asked).toEqual([9, 5]);
  });

  it("leave the cursor where it was when there are none", async () => {
    scriptDeliveries([]);

    expect(await scripted().redeliverFailed(NOW - 5)).toEqual({ redelivered: 0, newest: NOW - 5 });
  });

  it("F027 leave the cursor before the first one that could not be asked for", async () => {
    nock(HOST)
      .get("/app/hook/deliveries")
      .query(true)
      .reply(
        200,
        [3, 2, 1].map((id) => listed({ id, guid: `g${id}`, minutesAgo: 10 - id })),
      );
    nock(HOST).post("/app/hook/deliveries/1/attempts").reply(202, {});
    nock(HOST).post("/app/hook/deliveries/2/attempts").reply(502, {});

    expect(await scripted().redeliverFailed(0)).toEqual({ redelivered: 1, newest: NOW - 8 * 60_000 });
  });

  it("pass over one that GitHub no longer has", async () => {
    nock(HOST)
      .get("/app/hook/deliveries")
      .query(true)
      .reply(
        200,
        [2, 1].map((id) => listed({ id, guid: `g${id}`, minutesAgo: 10 - id })),
      );
    nock(HOST).post("/app/hook/deliveries/1/attempts").reply(404, { message: "Not Found" });
    nock(HOST).post("/app/hook/deliveries/2/attempts").reply(202, {});

    expect(await scripted().redeliverFailed(0)).toMatchObject({ redelivered: 1 });
  });
});

describe("repositories", () => {
  let gh: TestGitHub;
  beforeEach(async () => {
    gh = await startGitHub();
    return () => gh.stop();
  });

  it("are those of every installation, without archived ones", async () => {
    const other = await gh.control.createRepository({ owner: "beta", name: "one", private: true });
    const beta = gh.control.install({ repositories: ["beta/one"] });
    await gh.control.createRepository({ owner: "beta", name: "old", private: true });
    gh.control.install({ repositories: ["beta/old"] });
    gh.control.archiveRepository({ repository: "beta/old", archived: true });

    expect(await createAppAccess(gh.github).repositories()).toEqual([
      gh.repo,
      { id: other.id, installationId: beta.id, owner: "beta", name: "one" },
    ]);
  });

  it("F091 are not those of a suspended installation", async () => {
    gh.control.suspend({ account: "acme" });

    expect(await createAppAccess(gh.github).repositories()).toEqual([]);
  });

  it("are not listed by half: an installation that cannot be read now fails the listing", async () => {
    gh.control.failNext({ pathPattern: "/installation/repositories$", status: 502, applied: false });

    await expect(createAppAccess(gh.github).repositories()).rejects.toThrow(/no usable answer/);
  });

  it("F025 are swept through GitHub's own list of deliveries", async () => {
    gh.control.resumeDeliveries();
    await gh.ask("POST", "/issues", { title: "One", body: "" });
    await gh.control.idle();
    const before = gh.world.deliveries.length;
    const answer = await createAppAccess(gh.github).redeliverFailed(0);
    await gh.control.idle();

    expect(answer.redelivered).toBeGreaterThan(0);
    expect(gh.world.deliveries).toHaveLength(before + answer.redelivered);
  });
});
