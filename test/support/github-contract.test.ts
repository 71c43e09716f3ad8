import { describe, expect, it } from "vitest";
import { loadContract } from "./github-contract.ts";

const contract = loadContract();

const LABEL = {
  id: 1,
  node_id: "LA_1",
  url: "https://api.github.com/repos/o/r/labels/bug",
  name: "bug",
  description: null,
  color: "ff0000",
  default: false,
};

const USER_URL = "https://api.github.com/users/ada";

const USER = {
  login: "ada",
  id: 7,
  node_id: "U_7",
  avatar_url: USER_URL,
  gravatar_id: "",
  url: USER_URL,
  html_url: USER_URL,
  followers_url: USER_URL,
  following_url: USER_URL,
  gists_url: USER_URL,
  starred_url: USER_URL,
  subscriptions_url: USER_URL,
  organizations_url: USER_URL,
  repos_url: USER_URL,
  events_url: USER_URL,
  received_events_url: USER_URL,
  type: "User",
  site_admin: false,
};

describe("request", () => {
  it("accepts a request that the operation describes", () => {
    expect(contract.request("POST", "/repos/o/r/issues", { title: "A", labels: ["bug"] })).toEqual([]);
  });

  it("accepts any body for an operation without one", () => {
    expect(contract.request("GET", "/repos/o/r/issues/1", undefined)).toEqual([]);
  });

  it("reports a missing required field, a wrong type and a missing body", () => {
    expect(contract.request("POST", "/repos/o/r/issues", {})).toEqual([
      expect.stringContaining("required property 'title'"),
    ]);
    expect(contract.request("POST", "/repos/o/r/issues/1/comments", { body: 4 })).toEqual([
      expect.stringContaining("/body must be string"),
    ]);
    expect(contract.request("POST", "/repos/o/r/issues", undefined)).toEqual(["missing body"]);
  });

  it("reports a path or method that GitHub does not have", () => {
    expect(contract.request("GET", "/repos/o/r/teapots", undefined)).toEqual([
      "no operation GET /repos/o/r/teapots",
    ]);
    expect(contract.request("PATCH", "/zen", {})).toEqual(["no operation PATCH /zen"]);
  });

  it("allows null only where GitHub does", () => {
    expect(contract.request("PATCH", "/repos/o/r/issues/1", { body: null, milestone: null })).toEqual([]);
    expect(contract.request("PATCH", "/repos/o/r/issues/1", { labels: null })).not.toEqual([]);
  });
});

describe("response", () => {
  it("accepts a described answer whatever the query string says", () => {
    expect(contract.response("GET", "/repos/o/r/labels/bug", 200, LABEL)).toEqual([]);
    expect(contract.response("get", "/repos/o/r/labels?per_page=100&page=2", 200, [LABEL])).toEqual([]);
  });

  it("reports fields that GitHub would not send, at any depth", () => {
    expect(contract.response("GET", "/repos/o/r/labels", 200, [{ ...LABEL, colour: "red" }])).toEqual([
      "unknown field /0/colour",
    ]);
  });

  it("accepts every key of a map", () => {
    const url = "https://api.github.com/x";

    expect(contract.response("GET", "/emojis", 200, { tada: url, "+1": url })).toEqual([]);
    expect(contract.response("GET", "/repos/o/r/languages", 200, { TypeScript: 12 })).toEqual([]);
  });

  it("reports a malformed date and a malformed address", () => {
    const milestone = { title: "M1", due_on: "yesterday" };

    expect(contract.request("POST", "/repos/o/r/milestones", milestone)).toEqual([
      expect.stringContaining("/due_on must match format"),
    ]);
    expect(contract.response("GET", "/repos/o/r/labels/bug", 200, { ...LABEL, url: "nowhere" })).toEqual([
      expect.stringContaining("/url must match format"),
    ]);
  });

  it("reports an undocumented success and takes an undocumented failure in GitHub's error shape", () => {
    expect(contract.response("GET", "/repos/o/r/labels/bug", 206, LABEL)).toEqual([
      expect.stringContaining("status 206 is not documented"),
    ]);
    expect(contract.response("GET", "/repos/o/r/labels/bug", 502, { message: "Server Error" })).toEqual([]);
    expect(contract.response("GET", "/repos/o/r/labels/bug", 502, { error: "Server Error" })).toEqual([
      "unknown field /error",
    ]);
  });

  it("wants no body beside 204", () => {
    expect(contract.response("DELETE", "/repos/o/r/labels/bug", 204, undefined)).toEqual([]);
    expect(contract.response("DELETE", "/repos/o/r/labels/bug", 204, {})).toEqual([
      "status 204 must have no body",
    ]);
  });

  it("lets literal segments win over a parameter that spans several", () => {
    const checkRuns = { total_count: 0, check_runs: [] };

    expect(contract.response("GET", "/repos/o/r/commits/feature/a/check-runs", 200, checkRuns)).toEqual([]);
    expect(contract.response("DELETE", "/repos/o/r/git/refs/heads/feature/a", 204, "")).toEqual([]);
  });
});

describe("webhook", () => {
  it("accepts a described payload", () => {
    const payload = { action: "revoked", sender: USER };

    expect(contract.webhook("github_app_authorization", payload)).toEqual([]);
  });

  it("reports a missing and an unknown field", () => {
    const problems = contract.webhook("github_app_authorization", {
      action: "revoked",
      sender: { ...USER, shoeSize: 43, login: undefined },
    });

    expect(problems).toEqual([expect.stringContaining("'login'"), "unknown field /sender/shoeSize"]);
  });

  it("reports an event or action that GitHub does not send", () => {
    expect(contract.webhook("issues", { action: "eaten" })).toEqual(["no webhook issues/eaten"]);
    expect(contract.webhook("__proto__", {})).toEqual(["no webhook __proto__/(no action)"]);
  });

  it("takes any action of a repository_dispatch", () => {
    expect(contract.webhook("repository_dispatch", { action: "train" })).toContainEqual(
      expect.stringContaining("'client_payload'"),
    );
  });
});
