import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const REPO = "/repos/acme/demo";
let tour: Tour;
let token: string;
let aheadMs = 0;

beforeEach(async () => {
  aheadMs = 0;
  const limits = { perHour: 40, contentPerMinute: 3, contentPerHour: 5 };
  tour = await startTour({ limits, now: () => new Date(Date.now() + aheadMs) });
  token = await tour.installed();
});

afterEach(async () => {
  await tour.close();
});

function createIssue(title = "x", body?: string) {
  return tour.ask("POST", `${REPO}/issues`, { token, body: { title, ...(body !== undefined && { body }) } });
}

describe("pagination", () => {
  it("links to the other pages by the repository's number", async () => {
    for (const title of ["one", "two", "three"]) await createIssue(title);

    const first = await tour.ask("GET", `${REPO}/issues?per_page=1&direction=asc`, { token });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await tour.ask("GET", next, { token });

    expect(first.json.map((issue: { title: string }) => issue.title)).toEqual(["one"]);
    expect(next).toMatch(/\/repositories\/\d+\/issues\?per_page=1&direction=asc&page=2$/);
    expect(second.json.map((issue: { title: string }) => issue.title)).toEqual(["two"]);
    expect(second.headers.get("link")).toMatch(
      /page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*page=1>; rel="first"/,
    );
    expect((await tour.ask("GET", `${REPO}/issues?per_page=1&page=9`, { token })).json).toEqual([]);
    expect((await tour.ask("GET", `${REPO}/issues`, { token })).headers.get("link")).toBeNull();
  });
});

describe("requests", () => {
  it("answers 304 to what the caller has, without counting it", async () => {
    const first = await tour.ask("GET", REPO, { token });
    const etag = first.headers.get("etag") ?? "";

    const second = await tour.ask("GET", REPO, { token, headers: { "if-none-match": etag } });

    expect(etag).toMatch(/^W\/"[0-9a-f]{64}"$/);
    expect(second.status).toBe(304);
    expect(second.text).toBe("");
    expect(second.headers.get("x-ratelimit-used")).toBe(first.headers.get("x-ratelimit-used"));
    await createIssue();
    expect((await tour.ask("GET", REPO, { token, headers: { "if-none-match": etag } })).status).toBe(200);
  });

  it("serves the same under the enterprise prefix and by number", async () => {
    const { id } = (await tour.ask("GET", REPO, { token })).json;

    expect((await tour.ask("GET", `/api/v3${REPO}`, { token })).json.id).toBe(id);
    expect((await tour.ask("GET", `/repositories/${id}`, { token })).json.id).toBe(id);
    expect((await tour.ask("GET", "/repos/ACME/Demo", { token })).json.id).toBe(id);
    expect((await tour.ask("GET", "/repositories/1", { token })).status).toBe(404);
  });

  it.each([
    { name: "a trailing slash", path: `${REPO}/`, ask: {}, status: 404 },
    { name: "a broken escape", path: `${REPO}/labels/%E0%A4%A`, ask: {}, status: 404 },
    {
      name: "an unknown API version",
      path: REPO,
      ask: { headers: { "x-github-api-version": "1999-01-01" } },
      status: 400,
    },
    {
      name: "a media type it does not have",
      path: REPO,
      ask: { headers: { accept: "text/html" } },
      status: 415,
    },
  ])("refuses $name with $status", async ({ path, ask, status }) => {
    expect((await tour.ask("GET", path, { token, ...ask })).status).toBe(status);
  });

  it.each([
    { name: "broken JSON", body: "{", status: 400, message: "Problems parsing JSON" },
    { name: "a list", body: "[]", status: 400, message: "Body should be a JSON object" },
    {
      name: "a missing title",
      body: "{}",
      status: 422,
      message: 'Invalid request.\n\n"title" wasn\'t supplied.',
    },
    {
      name: "a title that is no text",
      body: '{"title":{}}',
      status: 422,
      message: "Invalid request.\n\nFor 'properties/title', {} is not a string.",
    },
    { name: "an empty title", body: '{"title":" "}', status: 422, message: "Validation Failed" },
    {
      name: "a title of 257 characters",
      body: JSON.stringify({ title: "x".repeat(257) }),
      status: 422,
      message: "Validation Failed",
    },
  ])("refuses $name with $status", async ({ body, status, message }) => {
    const reply = await tour.ask("POST", `${REPO}/issues`, { token, body });

    expect(reply.status).toBe(status);
    expect(reply.json.message).toBe(message);
    expect(tour.problems).toEqual([]);
  });

  it("F079 keeps 65,536 characters of a comment and refuses one more", async () => {
    await createIssue();
    const path = `${REPO}/issues/1/comments`;

    const kept = await tour.ask("POST", path, { token, body: { body: "x".repeat(65_536) } });
    const refused = await tour.ask("POST", path, { token, body: { body: "x".repeat(65_537) } });

    expect(kept.status).toBe(201);
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toEqual([
      {
        resource: "IssueComment",
        code: "unprocessable",
        field: "data",
        message: "Body is too long (maximum is 65536 characters)",
      },
    ]);
    expect(tour.problems).toEqual([]);
  });

  it("wants a User-Agent and refuses bodies over 8 MB", async () => {
    const status = await new Promise((resolve) => {
      request(`${tour.sandbox.url}${REPO}`, (response) => resolve(response.resume().statusCode)).end();
    });
    const large = await tour
      .ask("POST", `${REPO}/issues`, { token, body: "x".repeat(9_000_000) })
      .catch(() => null);

    expect(status).toBe(403);
    expect(large?.status ?? 413).toBe(413);
    expect((await tour.ask("HEAD", REPO, { token })).text).toBe("");
  });
});

describe("limits", () => {
  it("F069 refuses everything once the hour is used up, and forgets it an hour later", async () => {
    const ask = () => tour.ask("GET", REPO, { token: tour.admin });
    for (let index = 0; index < 40; index += 1) expect((await ask()).status).toBe(200);

    const refused = await ask();
    const rate = await tour.ask("GET", "/rate_limit", { token: tour.admin });
    aheadMs = 3_601_000;
    const later = await ask();

    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.json.message).toBe("API rate limit exceeded for user admin.");
    expect(rate.json.rate.remaining).toBe(0);
    expect(tour.sandbox.world.history.filter((entry) => entry.limited === "primary")).toHaveLength(1);
    expect(later.status).toBe(200);
  });

  it("F066 stops content writes above the limit of a minute and names the wait", async () => {
    for (const title of ["1", "2", "3"]) expect((await createIssue(title)).status).toBe(201);

    const refused = await createIssue("4");

    expect(refused.status).toBe(403);
    expect(refused.json.message).toMatch(/secondary rate limit/);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(55);
    expect((await tour.ask("PATCH", `${REPO}/issues/1`, { token, body: { title: "edit" } })).status).toBe(
      200,
    );
    aheadMs = 61_000;
    expect((await createIssue("4")).status).toBe(201);
  });

  it("F072 stops content writes above the limit of an hour", async () => {
    for (const title of ["1", "2", "3", "4", "5"]) {
      expect((await createIssue(title)).status).toBe(201);
      aheadMs += 61_000;
    }

    const refused = await createIssue("6");

    expect(refused.status).toBe(403);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3000);
  });

  it("records a request that comes before the time it was told to wait for", async () => {
    for (const title of ["1", "2", "3", "4"]) await createIssue(title);
    await tour.ask("GET", REPO, { token });

    const early = tour.sandbox.world.history.filter((entry) => entry.early === true);

    expect(early.map((entry) => entry.method)).toEqual(["GET"]);
  });
});
