import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appJwt, type Json, startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const repository = "acme/demo";
const MEMBERS = "/orgs/acme/teams/core-team/members";

let tour: Tour;
let token = "";
let mia = "";

beforeEach(async () => {
  tour = await startTour();
  token = await tour.installed();
  mia = tour.control.createUser("mia");
  tour.control.createUser("rob");
  tour.control.setTeam({ organization: "acme", name: "Core Team", members: ["mia", "rob"] });
});

afterEach(async () => {
  const { problems } = tour;
  await tour.close();
  expect(problems).toEqual([]);
});

const look = (path: string, as: string | undefined = token) =>
  tour.ask("GET", path, as === undefined ? {} : { token: as });
const logins = (people: Json): string[] => people.map(({ login }: Json) => login);

describe("a team of an organization", () => {
  it("lists its members, page by page", async () => {
    const first = await look(`${MEMBERS}?per_page=1`);
    const second = await look(`${MEMBERS}?per_page=1&page=2`);

    expect([...logins(first.json), ...logins(second.json)]).toEqual(["mia", "rob"]);
    expect(first.headers.get("link")).toContain('rel="next"');
    expect((await look(`${MEMBERS}?role=maintainer`)).json).toEqual([]);
    expect((await look("/orgs/ACME/teams/Core-Team/members")).json).toHaveLength(2);
  });

  it("tells who is in it and who is not", async () => {
    const inside = await look("/orgs/acme/teams/core-team/memberships/mia");

    expect(inside.json).toMatchObject({ role: "member", state: "active" });
    expect((await look("/orgs/acme/teams/core-team/memberships/admin")).status).toBe(404);
    expect((await look("/orgs/acme/teams/core-team/memberships/nobody")).status).toBe(404);
  });

  it("changes by being set again", async () => {
    const set = (body: object) => tour.ask("POST", "/_sandbox/set-team", { body });

    const { json } = await set({ organization: "acme", name: "Core Team", members: ["rob"] });

    expect(json).toEqual({ slug: "core-team" });
    expect(logins((await look(MEMBERS)).json)).toEqual(["rob"]);
    expect((await set({ organization: "acme", name: "x", members: ["nobody"] })).status).toBe(422);
    expect((await set({ organization: "acme", name: "--", members: [] })).status).toBe(422);
  });

  it("is shown to apps with the permission, and to its organization's people", async () => {
    const { id } = [...tour.sandbox.world.installations.values()][0]!;
    const body = { permissions: { issues: "read" } };
    const narrow = await tour.ask("POST", `/app/installations/${id}/access_tokens`, {
      token: appJwt(),
      body,
    });

    const refused = await look(MEMBERS, narrow.json.token);

    expect([refused.status, refused.json.message]).toEqual([403, "Resource not accessible by integration"]);
    expect(refused.headers.get("x-accepted-github-permissions")).toBe("members=read");
    expect((await look(MEMBERS, mia)).status).toBe(200);
    expect((await look(MEMBERS, tour.admin)).status).toBe(404);
    expect((await tour.ask("GET", MEMBERS)).status).toBe(401);
  });

  it("is not found where it is not", async () => {
    await tour.control.createRepository({ owner: "other", name: "demo" });

    expect((await look("/orgs/acme/teams/nothing/members")).status).toBe(404);
    expect((await look("/orgs/nowhere/teams/core-team/members")).status).toBe(404);
    expect((await look("/orgs/mia/teams/core-team/members")).status).toBe(404);
    expect((await look("/orgs/other/teams/core-team/members")).status).toBe(403);
  });

  it("makes its people members of the organization", async () => {
    tour.control.setRole({ repository, login: "rob", role: "write" });
    const path = `/repos/${repository}/issues`;

    const { json } = await tour.ask("POST", path, { token: mia, body: { title: "By a member" } });

    expect(json.author_association).toBe("MEMBER");
  });
});
