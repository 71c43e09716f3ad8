import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { listOpenPulls } from "../../../src/adapters/github/pulls/list-open-pulls.ts";
import { readApprovals } from "../../../src/adapters/github/pulls/read-approvals.ts";
import { readClosedIssues } from "../../../src/adapters/github/pulls/read-closed-issues.ts";
import { readOwnersFile } from "../../../src/adapters/github/pulls/read-owners-file.ts";
import type { ChangedFile } from "../../../src/core/facts.ts";
import { scriptGitHub } from "./script-github.ts";

const HEAD = "a".repeat(40);
const OTHER = "b".repeat(40);
const MAIN = "c".repeat(40);
const PATH = "/repos/acme/demo";
const NEXT = { link: '<https://api.github.test/next>; rel="next"' };

afterEach(() => {
  const pending = nock.pendingMocks().filter((mock) => !mock.includes("access_tokens"));
  nock.cleanAll();
  expect(pending).toEqual([]);
});

const user = (login: string, type = "User") => ({ id: login.charCodeAt(0), login, type });
const by = (login: string) => ({ id: login.charCodeAt(0), login, type: "User" });

let reviews = 0;
function review(login: string, state: string, more: Record<string, unknown> = {}) {
  reviews += 1;
  const submitted_at = new Date(Date.UTC(2026, 2, 2) + reviews * 1_000).toISOString();
  return {
    ...{ id: reviews, user: user(login), state, commit_id: HEAD, submitted_at, author_association: "NONE" },
    ...more,
  };
}

describe("approving reviews", () => {
  const ROLES: Readonly<Record<string, string>> = { ann: "write", bob: "read", cat: "admin", dan: "triage" };

  /** Reviews of one pull request, page by page, and people whose role may be asked for. */
  async function approvalsOf(pages: readonly (readonly object[])[], asked: readonly string[]) {
    const world = scriptGitHub();
    pages.forEach((page, index) => {
      const query = { per_page: 100, page: index + 1 };
      const headers = index < pages.length - 1 ? NEXT : {};
      world.server.get(`${PATH}/pulls/5/reviews`).query(query).reply(200, page, headers);
    });
    for (const login of asked) {
      const role_name = ROLES[login] ?? "none";
      world.server
        .get(`${PATH}/collaborators/${login}/permission`)
        .reply(200, { permission: role_name, role_name });
    }
    return readApprovals(world.api, { number: 5, headSha: HEAD });
  }

  it("S04 count of people who may write now, whatever GitHub calls them", async () => {
    const first = review("ann", "APPROVED");
    const approvals = await approvalsOf(
      [[first, review("bob", "APPROVED", { author_association: "OWNER" }), review("dan", "APPROVED")]],
      ["ann", "bob", "dan"],
    );

    expect(approvals).toEqual([{ sha: HEAD, by: by("ann"), at: Date.parse(first.submitted_at) }]);
  });

  it.each(["CHANGES_REQUESTED", "DISMISSED"])("end with a later %s of the same person", async (state) => {
    const pages = [[review("ann", "APPROVED"), review("cat", "APPROVED"), review("ann", state)]];

    expect(await approvalsOf(pages, ["cat"])).toMatchObject([{ by: by("cat") }]);
  });

  it("stay when their author only comments later, and come back when they approve again", async () => {
    const pages = [
      [review("ann", "CHANGES_REQUESTED"), review("ann", "APPROVED"), review("cat", "APPROVED")],
      [review("ann", "COMMENTED"), review("cat", "DISMISSED"), review("cat", "APPROVED")],
    ];

    expect(await approvalsOf(pages, ["ann", "cat"])).toHaveLength(2);
  });

  it("are ordered by when they were handed in, not by when they were begun", async () => {
    const refused = review("ann", "CHANGES_REQUESTED");
    const approved = review("ann", "APPROVED", { submitted_at: "2026-01-01T00:00:00Z" });

    expect(await approvalsOf([[refused, approved]], [])).toEqual([]);
    expect(
      await approvalsOf([[review("ann", "APPROVED"), { ...refused, submitted_at: undefined }]], []),
    ).toEqual([]);
  });

  it("F143 each count for the commit that they were given for", async () => {
    const pages = [
      [review("ann", "APPROVED", { commit_id: OTHER }), review("cat", "APPROVED", { commit_id: null })],
    ];

    expect(await approvalsOf(pages, ["ann"])).toMatchObject([{ sha: OTHER }]);
  });

  it("do not count of deleted accounts, bots and whoever is new to us", async () => {
    const pages = [
      [
        review("ann", "APPROVED", { user: null }),
        review("cat", "APPROVED", { user: user("helper[bot]", "Bot") }),
        review("cat", "APPROVED", { user: user("cat", "Alien") }),
        review("bob", "CELEBRATED"),
      ],
    ];

    expect(await approvalsOf(pages, [])).toEqual([]);
  });

  it("are asked about for thirty people at most, those first who are likeliest to count", async () => {
    const crowd = Array.from({ length: 60 }, (_, index) =>
      review("x", "APPROVED", { user: { id: 1_000 + index, login: `x${index}`, type: "User" } }),
    );
    const asked = ["cat", "ann", ...crowd.slice(0, 28).map(({ user: { login } }) => login)];
    const pages = [
      [
        ...crowd,
        review("ann", "APPROVED"),
        review("ann", "APPROVED", { author_association: "MEMBER" }),
        review("cat", "APPROVED", { author_association: "OWNER" }),
      ],
    ];

    expect(await approvalsOf(pages, asked)).toHaveLength(2);
  });

  it("F080 are none where the list is too long to know what was taken back", async () => {
    const pages = Array.from({ length: 51 }, () => [review("ann", "APPROVED")]);

    expect(await approvalsOf(pages.slice(0, 50), ["ann"])).toHaveLength(1);
    const world = scriptGitHub();
    world.server.get(`${PATH}/pulls/5/reviews`).query(true).times(50).reply(200, pages[0], NEXT);
    expect(await readApprovals(world.api, { number: 5, headSha: HEAD })).toEqual([]);
  });

  it("S04 are asked about again every time, and a role that was taken away counts at once", async () => {
    const { api, server } = scriptGitHub();
    const etags = { reqheaders: { "if-none-match": '"r1"' } };
    const list = [review("ann", "APPROVED")];
    server.get(`${PATH}/pulls/5/reviews`).query(true).reply(200, list, { etag: '"r1"' });
    nock("https://api.github.test", etags).get(`${PATH}/pulls/5/reviews`).query(true).reply(304);
    const path = `${PATH}/collaborators/ann/permission`;
    server.get(path).reply(200, { permission: "write", role_name: "write" }, { etag: '"p1"' });
    server.get(path).reply(200, { permission: "read", role_name: "read" }, { etag: '"p2"' });

    expect(await readApprovals(api, { number: 5, headSha: HEAD })).toHaveLength(1);
    expect(await readApprovals(api, { number: 5, headSha: HEAD })).toEqual([]);
  });
});

describe("issues that a pull request closes", () => {
  const url = "https://github.test/acme/demo/pull/5";
  const issue = (number: number, more = {}) => ({
    ...{ number, state: "open", title: "Task", labels: [] },
    ...more,
  });

  it("are those that are there and are no pull requests", async () => {
    const { api, server } = scriptGitHub();
    server.get(`${PATH}/issues/1`).reply(200, issue(1));
    server.get(`${PATH}/issues/2`).reply(404, { message: "Not Found" });
    server.get(`${PATH}/issues/3`).reply(200, issue(3, { pull_request: {} }));
    server.get(`${PATH}/issues/4`).reply(200, issue(4, { state: "closed" }));
    const body = "Closes #1, closes #2, closes #3, closes https://github.test/acme/demo/issues/4, closes #5";

    expect(await readClosedIssues(api, { number: 5, url, body })).toEqual([1, 4]);
  });

  it("are looked up for the first ten only", async () => {
    const { api, server } = scriptGitHub();
    const body = Array.from({ length: 40 }, (_, index) => `Closes #${100 + index}`).join("\n");
    for (let number = 100; number < 110; number += 1)
      server.get(`${PATH}/issues/${number}`).reply(200, issue(number));

    expect(await readClosedIssues(api, { number: 5, url, body })).toHaveLength(10);
  });

  it("cost nothing where none is named, and are not known of a text that is too long", async () => {
    const { api } = scriptGitHub();
    const filler = "Words and words. ".repeat(1_500);

    expect(await readClosedIssues(api, { number: 5, url, body: "A change." })).toEqual([]);
    expect(
      await readClosedIssues(api, { number: 5, url: "", body: `${filler}\n\nCloses #1` }),
    ).toBeUndefined();
  });
});

describe("CODEOWNERS", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const changed = (...paths: readonly string[]) =>
    paths.map(
      (path): ChangedFile => ({
        ...{ path, previousPath: null, status: "modified", additions: 1, deletions: 0, patch: "+x" },
      }),
    );
  const FILES = changed("src/a.ts");

  function script(found: Readonly<Record<string, object>>) {
    const world = scriptGitHub();
    world.server.get(`${PATH}/branches/main`).reply(200, { commit: { sha: MAIN } });
    for (const [path, content] of Object.entries(found)) {
      const status = "message" in content ? 404 : 200;
      world.server
        .get(`${PATH}/contents/${encodeURIComponent(path)}`)
        .query({ ref: MAIN })
        .reply(status, content);
    }
    const read = (files: readonly ChangedFile[] | null = FILES) =>
      readOwnersFile(world.github, world.repo, { baseRef: "main", files });
    return { ...world, read };
  }
  const file = (text: string) => ({
    ...{ type: "file", size: text.length, encoding: "base64", content: base64(text) },
  });
  const gone = { message: "Not Found" };

  it("is read at the head of the base branch, from the first place that has one", async () => {
    const { read } = script({ ".github/CODEOWNERS": gone, CODEOWNERS: file("* @ann\n") });

    expect(await read()).toEqual({ text: "* @ann\n", path: "CODEOWNERS", teams: {} });
  });

  it("is none where no place has a file", async () => {
    const { read } = script({ ".github/CODEOWNERS": gone, CODEOWNERS: [], "docs/CODEOWNERS": gone });

    expect(await read()).toEqual({ text: null, path: null, teams: {} });
  });

  it("is not known where there is no base branch", async () => {
    const { github, repo, server } = scriptGitHub();
    server.get(`${PATH}/branches/main`).reply(404, gone);

    expect(await readOwnersFile(github, repo, { baseRef: "main", files: FILES })).toBeUndefined();
  });

  it("is a text that is too long where GitHub does not give what is in it", async () => {
    const large = { type: "file", size: 2_000_000, encoding: "none", content: "" };

    const { text } = (await script({ ".github/CODEOWNERS": large }).read()) ?? {};
    expect(text?.length).toBeGreaterThan(3 * 1024 * 1024);
  });

  it("comes with the members of the teams that own what was changed, on all pages", async () => {
    const text = "* @acme/all\n/src @Acme/Core @acme/none @acme/secret @ann\n/docs @acme/writers\n";
    const { read, server } = script({ ".github/CODEOWNERS": file(text) });
    const members = (team: string, page: number) =>
      server.get(`/orgs/acme/teams/${team}/members`).query({ per_page: 100, page });
    members("core", 1).reply(200, [{ id: 1, login: "a" }, { id: 2 }], NEXT);
    members("core", 2).reply(200, [{ id: 3 }]);
    members("none", 1).reply(404, gone);
    members("secret", 1).reply(403, { message: "Resource not accessible by integration" });

    expect((await read())?.teams).toEqual({
      "@acme/core": [1, 2, 3],
      "@acme/none": null,
      "@acme/secret": null,
    });
  });

  it("asks about no team where the list of files is not complete, and about twenty at most", async () => {
    const teams = Array.from({ length: 25 }, (_, index) => `@acme/t${index}`);
    const text = `* ${teams.join(" ")}`;
    const { read, server } = script({ ".github/CODEOWNERS": file(text) });
    for (const team of teams.slice(0, 20))
      server
        .get(`/orgs/acme/teams/${team.slice(6)}/members`)
        .query(true)
        .reply(200, []);

    const found = Object.values((await read())?.teams ?? {});
    expect(found.filter((members) => members === null)).toHaveLength(5);
    expect(found).toHaveLength(25);
    expect(await script({ ".github/CODEOWNERS": file(text) }).read(null)).toMatchObject({ teams: {} });
  });

  it("does not say who is in a team of an organisation that was renamed", async () => {
    const { read, server } = script({ ".github/CODEOWNERS": file("* @old/core") });
    const location = "https://api.github.test/organizations/9/team/1/members";
    server
      .get("/orgs/old/teams/core/members")
      .query(true)
      .reply(301, { message: "Moved Permanently", url: location }, { location });

    expect((await read())?.teams).toEqual({ "@old/core": null });
  });
});

describe("open pull requests", () => {
  const listed = (number: number) => ({
    ...{ number, user: user("ann"), base: { ref: "main" }, title: "x".repeat(1_000) },
    head: { sha: HEAD, ref: `topic-${number}` },
  });
  const pull = (number: number) => ({
    ...{ number, headSha: HEAD, headRef: `topic-${number}`, baseRef: "main", author: by("ann") },
  });
  const QUERY = { state: "open", sort: "created", direction: "asc", per_page: 100 };

  it("are listed over all pages, each once, and asked only whether they changed", async () => {
    const { api, server } = scriptGitHub();
    const path = `${PATH}/pulls`;
    server
      .get(path)
      .query({ ...QUERY, page: 1 })
      .reply(200, [listed(1), listed(2)], { ...NEXT, etag: '"1"' });
    server
      .get(path)
      .query({ ...QUERY, page: 2 })
      .reply(200, [listed(2), { ...listed(3), user: null }], { etag: '"2"' });
    for (const page of [1, 2])
      nock("https://api.github.test", { reqheaders: { "if-none-match": `"${page}"` } })
        .get(path)
        .query({ ...QUERY, page })
        .reply(304);
    const ghost = { id: 0, login: "ghost", type: "Mannequin" };
    const found = [pull(1), pull(2), { ...pull(3), author: ghost }];

    expect(await listOpenPulls(api)).toEqual(found);
    expect(await listOpenPulls(api)).toEqual(found);
  });

  it("are not known where there are more than ten pages, and where none can be seen", async () => {
    const { api, server } = scriptGitHub();
    server
      .get(`${PATH}/pulls`)
      .query(true)
      .times(10)
      .reply(200, [listed(1)], NEXT);
    expect(await listOpenPulls(api)).toBeUndefined();
    server.get(`${PATH}/pulls`).query(true).reply(404, { message: "Not Found" });
    expect(await listOpenPulls(api)).toBeUndefined();
  });
});
