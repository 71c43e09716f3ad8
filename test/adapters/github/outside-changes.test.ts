import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createGitHub } from "../../../src/adapters/github/client/client.ts";
import type { RepositoryApi } from "../../../src/adapters/github/client/repository-api.ts";
import { readPull } from "../../../src/adapters/github/pulls/read-pull.ts";
import { translate } from "../../../src/adapters/github/register.ts";
import { isOutsideTrouble } from "../../../src/ports/outside-trouble.ts";
import { createTestQuota, privatePem } from "./start-github.ts";

const own = { appId: 42, botId: 4242 };
const SOURCES = join(import.meta.dirname, "../../../src/adapters");

function readFixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../../fixtures/webhooks", name), "utf8"));
}

function listSources(): readonly string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(join(SOURCES, path), "utf8"));
}

const HEAD = "a".repeat(40);

/** A pull request of three files whose list is given page by page; `more` is said of each file at each reading. */
function pagedApi(
  pages: readonly (readonly string[])[],
  more: (filename: string, reading: number) => object = () => ({}),
): RepositoryApi {
  const head = { sha: HEAD, ref: "topic", repo: { id: 7 } };
  let readings = 0;
  const pull = {
    number: 1,
    state: "open",
    merged: false,
    head,
    base: { ref: "main" },
    changed_files: 3,
    user: { id: 5 },
  };
  const file = (filename: string) => ({
    filename,
    status: "modified",
    additions: 1,
    deletions: 0,
    patch: "+x",
    ...more(filename, readings),
  });
  const api = {
    read: async () => pull,
    async *pages(route: string) {
      if (route.endsWith("/files")) {
        readings += 1;
        for (const page of pages) yield page.map(file);
      } else yield { total_count: 0, check_runs: [], check_suites: [], statuses: [] };
    },
  };
  return api as unknown as RepositoryApi;
}

describe("what changes while or after it is read", () => {
  it("F080 takes a list for incomplete in which a file stands twice, because another one moved between two pages", async () => {
    const whole = await readPull(pagedApi([["a.ts", "b.ts"], ["c.ts"]]), 1);
    const overlapping = await readPull(pagedApi([["a.ts", "b.ts"], ["b.ts"]]), 1);

    expect(whole?.files?.map(({ path }) => path)).toEqual(["a.ts", "b.ts", "c.ts"]);
    expect(overlapping?.files).toBeNull();
  });

  describe("F143 a head that goes and comes back while its files are listed", () => {
    const PAGES = [["a.ts", "b.ts"], ["c.ts"]];
    const at = (sha: string) => ({ contents_url: `https://api.test/contents/x?ref=${sha}` });
    const OTHER = "b".repeat(40);

    it("has them listed again", async () => {
      const of = (filename: string, reading: number) =>
        filename === "c.ts" && reading === 1 ? { ...at(OTHER), patch: "+other" } : at(HEAD);
      const pull = await readPull(pagedApi(PAGES, of), 1);
      expect(pull?.files?.map(({ patch }) => patch)).toEqual(["+x", "+x", "+x"]);
    });

    it("cannot be read while they are another commit's", async () => {
      const reading = readPull(
        pagedApi(PAGES, () => at(OTHER)),
        1,
      );
      const problem = await reading.catch((error: unknown) => error);
      expect(problem).toMatchObject({ message: "the files of another commit than its head are listed" });
      expect(isOutsideTrouble(problem)).toBe(false);
    });

    it.each([
      ["is removed, and shown where it was", { status: "removed", ...at(OTHER) }],
      ["is a submodule's", { blob_url: `https://github.test/other/tree/${OTHER}`, ...at(HEAD) }],
      ["is said to be of no commit", {}],
    ])("is not seen in a file that %s", async (_what, more) => {
      const pull = await readPull(
        pagedApi(PAGES, () => more),
        1,
      );
      expect(pull?.files).toHaveLength(3);
    });
  });

  it("F081 never asks the search, which is late and incomplete", () => {
    expect(listSources().filter((text) => /["'`]GET \/search\//u.test(text))).toEqual([]);
  });

  it("F083 never asks GraphQL, whose errors come as answers", () => {
    expect(listSources().filter((text) => /\bgraphql\(|["'`]POST \/graphql/u.test(text))).toEqual([]);
  });

  it("F084 waits for a network that is not there, instead of giving the event up", async () => {
    const github = createGitHub({
      appId: 42,
      privateKey: privatePem,
      apiUrl: "http://127.0.0.1:9",
      now: Date.now,
      quota: createTestQuota(Date.now).quota,
      log: pino({ level: "silent" }),
      fetch: () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } })),
    });
    const repo = { id: 7, installationId: 70, owner: "acme", name: "demo" };

    const problem = await readPull(github.repository(repo), 1).catch((error: unknown) => error);

    expect(isOutsideTrouble(problem)).toBe(true);
  });

  it("F086 understands a delivery with fields that GitHub has added since", () => {
    const known = readFixture("issues.labeled.json");
    const grown = {
      ...known,
      brand_new: { of: "a later day" },
      issue: { ...(known.issue as object), novelty: [1] },
    };

    expect(translate("issues", grown, own).events).toEqual(translate("issues", known, own).events);
    expect(translate("issues", known, own).events).toHaveLength(1);
  });

  it("F108 ignores that an issue is pinned, and hears that it was closed as a duplicate", () => {
    const closed = readFixture("issues.closed.json");
    const duplicate = { ...closed, issue: { ...(closed.issue as object), state_reason: "duplicate" } };

    expect(translate("issues", { ...closed, action: "pinned" }, own)).toMatchObject({
      events: [],
      ignored: "action is not used",
    });
    expect(translate("issues", duplicate, own).events).toMatchObject([
      { kind: "issue.closed", reason: "duplicate" },
    ]);
  });
});
