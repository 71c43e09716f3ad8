import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { readCommitChecks } from "../../../src/adapters/github/pulls/read-commit-checks.ts";
import { scriptGitHub } from "./script-github.ts";

const SHA = "b".repeat(40);
const AT = `/repos/acme/demo/commits/${SHA}`;
const ACTIONS = { id: 15368, name: "GitHub Actions", slug: "github-actions" };
const DONE = {
  ...{ id: 1, name: "dco", app: { id: 9 }, html_url: "u" },
  status: "completed",
  conclusion: "success",
};

afterEach(() => nock.cleanAll());

/** A commit with one green check and these suites; the routes in the order in which they are asked. */
async function readWith(suites: readonly object[], pages = 1) {
  const { server, api } = scriptGitHub();
  const asked: string[] = [];
  const answer = (route: string, body: object, last = 1) => {
    for (let page = 1; page <= last; page += 1) {
      const next = { link: `<https://api.github.test${AT}/${route}?page=${page + 1}>; rel="next"` };
      server
        .get(`${AT}/${route}`)
        .query(({ page: wanted }) => wanted === String(page))
        .reply(() => {
          asked.push(route);
          return [200, body, page < last ? next : {}];
        });
    }
  };
  answer("check-runs", { total_count: 1, check_runs: [DONE] });
  answer("status", { statuses: [] });
  answer("check-suites", { check_suites: suites }, pages);
  return { ...(await readCommitChecks(api, SHA)), asked };
}

const suite = (conclusion: string | null, runs = 0) => ({
  ...{ app: ACTIONS, status: conclusion === null ? "in_progress" : "completed", conclusion },
  latest_check_runs_count: runs,
});

describe("the checks of a commit", () => {
  it("are listed after the suites, since a suite that has ended brings no more of them", async () => {
    expect((await readWith([])).asked).toEqual(["check-suites", "check-runs", "status"]);
  });

  it.each(["action_required", "startup_failure", "failure", "timed_out"])(
    "F148 hold a suite that ended as %s before any of its checks began",
    async (conclusion) => {
      const { checks, pendingSuites } = await readWith([suite(conclusion)]);

      const app = { name: "GitHub Actions", slug: "github-actions", appId: 15368 };
      const ended = { ...app, status: "completed", conclusion, url: null };
      expect(checks).toEqual([expect.objectContaining({ name: "dco" }), ended]);
      expect(pendingSuites).toEqual([]);
    },
  );

  it.each([
    ["that ended well without any check", suite("success")],
    ["that was called off before any check", suite("cancelled")],
    ["whose checks speak for themselves", suite("failure", 2)],
  ])("hold no suite %s", async (_, one) => {
    expect((await readWith([one])).checks).toHaveLength(1);
  });

  it("F167 are not all of them where GitHub leaves out those of older suites", async () => {
    const { checks } = await readWith(
      Array.from({ length: 101 }, () => suite("success", 1)),
      10,
    );

    expect(checks).toContainEqual(expect.objectContaining({ status: "unknown" }));
  });
});
