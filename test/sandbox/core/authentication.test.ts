import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { registerJobToken } from "../../../src/sandbox/world/job-tokens.ts";
import { appJwt, startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const REPO = "/repos/acme/demo";
const HOUR_MS = 3_600_000;
let tour: Tour;
let lateMs = 0;

beforeEach(async () => {
  lateMs = 0;
  tour = await startTour({ now: () => new Date(Date.now() + lateMs) });
});

afterEach(async () => {
  await tour.close();
});

describe("app token", () => {
  const now = (): number => Math.floor(Date.now() / 1000);
  const issuedAt = /^'Issued at' claim \('iat'\) must be an Integer/;
  const expiration = /^'Expiration time' claim \('exp'\) must be a numeric value/;
  const cases = [
    { name: "that has expired", claims: () => ({ exp: now() - 1 }), status: 401, message: expiration },
    { name: "without an end", claims: () => ({ exp: undefined }), status: 401, message: expiration },
    {
      name: "that lives over ten minutes",
      claims: () => ({ exp: now() + 700 }),
      status: 401,
      message: /too far in the future/,
    },
    {
      name: "from a clock two minutes ahead",
      claims: () => ({ iat: now() + 120 }),
      status: 401,
      message: issuedAt,
    },
    { name: "with a fractional time", claims: () => ({ iat: now() - 0.5 }), status: 401, message: issuedAt },
    { name: "of another app", claims: () => ({ iss: 1 }), status: 404, message: /^Integration not found$/ },
  ];

  it.each(cases)("refuses a token $name", async ({ claims, status, message }) => {
    const reply = await tour.ask("GET", "/app", { token: appJwt(claims()) });

    expect(reply.status).toBe(status);
    expect(reply.json.message).toMatch(message);
  });

  it("accepts a clock thirty seconds ahead", async () => {
    expect((await tour.ask("GET", "/app", { token: appJwt({ iat: now() + 30 }) })).status).toBe(200);
  });

  it("refuses a token whose claims were changed after signing", async () => {
    const [head, , signature] = appJwt().split(".");
    const claims = Buffer.from(
      JSON.stringify({ iss: 4242, iat: now(), exp: now() + 60, more: true }),
    ).toString("base64url");

    const reply = await tour.ask("GET", "/app", { token: `${head}.${claims}.${signature}` });

    expect(reply.status).toBe(401);
    expect(reply.json.message).toBe("A JSON web token could not be decoded");
  });

  it("refuses an installation's token where the app's own is needed", async () => {
    const reply = await tour.ask("GET", "/app/hook/deliveries", { token: await tour.installed() });

    expect(reply.status).toBe(401);
    expect(reply.json.message).toBe("A JSON web token could not be decoded");
  });
});

describe("installation token", () => {
  async function mint(body: unknown) {
    const { id } = tour.control.install({ repositories: ["acme/demo"] });
    return tour.ask("POST", `/app/installations/${id}/access_tokens`, { token: appJwt(), body });
  }

  it("F090 has the long form that carries the app's id", async () => {
    const reply = await mint({});

    expect(reply.status).toBe(201);
    expect(reply.json.token).toMatch(/^ghs_4242_ey[\w-]+\.[\w-]+\.[\w-]{80,}$/);
  });

  it("is narrowed to the permissions and repositories it was asked for", async () => {
    await tour.control.createRepository({ owner: "acme", name: "other", private: true });
    tour.control.install({ repositories: ["acme/other"] });
    const { json } = await mint({ repositories: ["demo"], permissions: { issues: "read" } });

    const write = await tour.ask("POST", `${REPO}/issues`, { token: json.token, body: { title: "x" } });

    expect(json.permissions).toEqual({ metadata: "read", issues: "read" });
    expect(json.repositories.map((repo: { name: string }) => repo.name)).toEqual(["demo"]);
    expect((await tour.ask("GET", `${REPO}/issues`, { token: json.token })).status).toBe(200);
    expect(write.status).toBe(403);
    expect(write.json.message).toBe("Resource not accessible by integration");
    expect(write.headers.get("x-accepted-github-permissions")).toBe("issues=write");
    expect((await tour.ask("GET", "/repos/acme/other", { token: json.token })).status).toBe(404);
  });

  it.each([
    { name: "a permission the app does not have", body: { permissions: { secrets: "read" } } },
    { name: "a higher level than the app has", body: { permissions: { metadata: "write" } } },
    { name: "a repository outside the installation", body: { repositories: ["elsewhere"] } },
    { name: "an unknown repository id", body: { repository_ids: [1] } },
  ])("is refused with 422 for $name", async ({ body }) => {
    expect((await mint(body)).status).toBe(422);
  });

  it("F088 ends after one hour", async () => {
    const { json } = await mint({});
    lateMs = HOUR_MS + 1000;

    expect((await tour.ask("GET", REPO, { token: json.token })).json.message).toBe("Bad credentials");
  });

  it("F093 loses a repository that is taken out of the installation", async () => {
    const token = await tour.installed();
    tour.control.uninstall({ account: "acme", repositories: ["acme/demo"] });

    const reply = await tour.ask("POST", `${REPO}/issues`, { token, body: { title: "x" } });

    expect(reply.status).toBe(403);
  });

  it("F091 is refused while the installation is suspended, and so is a new one", async () => {
    const token = await tour.installed();
    tour.control.suspend({ account: "acme" });

    expect((await tour.ask("GET", REPO, { token })).status).toBe(403);
    expect((await mint({})).json.message).toBe("This installation has been suspended");
  });
});

describe("people, jobs and strangers", () => {
  it("lets triage label, and anybody who can read write comments", async () => {
    const reader = tour.control.createUser("reader");
    const sorter = tour.control.createUser("sorter");
    tour.control.setRole({ repository: "acme/demo", login: "sorter", role: "triage" });
    await tour.ask("POST", `${REPO}/issues`, { token: reader, body: { title: "x", labels: ["bug"] } });
    const label = (token: string) =>
      tour.ask("POST", `${REPO}/issues/1/labels`, { token, body: { labels: ["bug"] } });

    expect((await tour.ask("GET", `${REPO}/issues/1`)).json.labels).toEqual([]);
    expect((await label(reader)).status).toBe(403);
    expect((await label(sorter)).status).toBe(200);
    expect(
      (
        await tour.ask("POST", `${REPO}/issues/1/comments`, {
          token: reader,
          body: { body: "me too" },
        })
      ).status,
    ).toBe(201);
    expect((await tour.ask("PATCH", REPO, { token: sorter, body: { archived: true } })).json.message).toBe(
      "Must have admin rights to Repository.",
    );
  });

  it("tells people without push access nothing about the permissions of others", async () => {
    const token = tour.control.createUser("reader");

    const reply = await tour.ask("GET", `${REPO}/collaborators/admin/permission`, { token });

    expect(reply.status).toBe(403);
    expect(reply.json.message).toBe("Must have push access to view collaborator permission.");
  });

  it("gives a job the permissions of its own repository only", async () => {
    const [repo] = tour.sandbox.world.repos.values();
    const token = registerJobToken(tour.sandbox.world, {
      repoId: repo?.id ?? 0,
      permissions: { contents: "read", issues: "write" },
    });
    await tour.control.createRepository({ owner: "acme", name: "hidden", private: true });

    const issue = await tour.ask("POST", `${REPO}/issues`, { token, body: { title: "From a job" } });

    expect(issue.json.user.login).toBe("github-actions[bot]");
    expect((await tour.ask("PATCH", REPO, { token, body: { archived: true } })).status).toBe(403);
    expect((await tour.ask("GET", "/repos/acme/hidden", { token })).status).toBe(404);
  });

  it("shows nobody's visitors what is public and nothing else", async () => {
    await tour.control.createRepository({ owner: "acme", name: "hidden", private: true });

    expect((await tour.ask("GET", REPO)).status).toBe(200);
    expect((await tour.ask("GET", "/repos/acme/hidden")).status).toBe(404);
    expect((await tour.ask("POST", `${REPO}/issues`, { body: { title: "x" } })).json.message).toBe(
      "Requires authentication",
    );
    expect((await tour.ask("GET", REPO, { token: "ghp_wrong" })).json.message).toBe("Bad credentials");
  });
});
