import { readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { translate, WEBHOOK_ROWS } from "../../../src/adapters/github/register.ts";
import { Event } from "../../../src/core/events.ts";
import { loadContract } from "../../support/github-contract.ts";

const own = { appId: 42, botId: 4242 };
const FIXTURES = new URL("../../../fixtures/webhooks/", import.meta.url);
const files = readdirSync(FIXTURES);
const repo = { id: 7001, installationId: 9001, owner: "acme", name: "forecast" };
const ada = { id: 101, login: "ada", type: "User" };
const text = { title: "T-1.2 Generate data", body: "Three years for twenty tenants.", labels: ["autopilot"] };

type Payload = Record<string, unknown> & {
  comment: Record<string, unknown>;
  check_run: Record<string, unknown>;
  check_suite: Record<string, unknown>;
  issue: Record<string, unknown>;
};

function readFixture(file: string): Payload {
  return JSON.parse(readFileSync(new URL(file, FIXTURES), "utf8"));
}

function translateFixture(file: string, change: Record<string, unknown> = {}) {
  return translate(file.split(".")[0] ?? "", { ...readFixture(file), ...change }, own);
}

const GOLDEN: Readonly<Record<string, readonly object[]>> = {
  "issues.labeled.json": [
    { kind: "issue.labeled", repo, sender: ada, issue: 12, label: "autopilot", text, isPull: false },
  ],
  "issues.unlabeled.json": [
    { kind: "issue.unlabeled", repo, sender: ada, issue: 12, label: "autopilot", isPull: false },
  ],
  "issues.edited.json": [{ kind: "issue.edited", repo, sender: ada, issue: 12, text }],
  "issues.closed.json": [{ kind: "issue.closed", repo, sender: ada, issue: 12, reason: "not_planned" }],
  "issues.reopened.json": [{ kind: "issue.reopened", repo, sender: ada, issue: 12 }],
  "issues.unlocked.json": [{ kind: "issue.unlocked", repo, sender: ada, issue: 12 }],
  "issues.deleted.json": [{ kind: "issue.gone", repo, sender: ada, issue: 12 }],
  "issues.transferred.json": [{ kind: "issue.gone", repo, sender: ada, issue: 12 }],
  "issue_comment.created.json": [
    {
      kind: "comment.created",
      repo,
      sender: ada,
      issue: 12,
      commentId: 555,
      body: "/orchestrate status",
      isPull: false,
      createdAt: Date.parse("2026-03-02T09:30:00Z"),
    },
  ],
  "issue_comment.edited.json": [
    {
      kind: "comment.edited",
      repo,
      sender: ada,
      issue: 12,
      commentId: 555,
      body: "/orchestrate run",
      before: "/orchestrate status",
    },
  ],
  "issue_comment.deleted.json": [{ kind: "comment.deleted", repo, sender: ada, issue: 12, commentId: 555 }],
  "pull_request.labeled.json": [
    {
      kind: "issue.labeled",
      repo,
      sender: ada,
      issue: 34,
      label: "autopilot",
      text: { title: "Fix", body: "Text", labels: [] },
      isPull: true,
    },
    { kind: "pull.changed", repo, pull: 34, action: "labeled", sender: ada },
  ],
  "pull_request.unlabeled.json": [
    { kind: "issue.unlabeled", repo, sender: ada, issue: 34, label: "autopilot", isPull: true },
    { kind: "pull.changed", repo, pull: 34, action: "unlabeled", sender: ada },
  ],
  "pull_request_review.submitted.json": [
    { kind: "pull.changed", repo, pull: 34, action: "review_submitted", sender: ada },
  ],
  "pull_request_review_comment.created.json": [
    {
      ...{ kind: "comment.elsewhere", repo, sender: ada, issue: 34 },
      ...{ place: "line", id: 1001, body: "/orchestrate retry" },
    },
  ],
  "check_run.rerequested.json": [{ kind: "check.rerequested", repo, sha: "b".repeat(40), sender: ada }],
  "check_run.requested_action.json": [
    { kind: "check.action", repo, sha: "b".repeat(40), action: "override", sender: ada },
  ],
  "merge_group.checks_requested.json": [
    {
      kind: "group.requested",
      repo,
      sha: "d".repeat(40),
      headRef: `gh-readonly-queue/main/pr-34-${"c".repeat(40)}`,
      baseRef: "main",
      baseSha: "c".repeat(40),
      sender: ada,
    },
  ],
  "merge_group.destroyed.json": [{ kind: "group.destroyed", repo, sha: "d".repeat(40) }],
  "pull_request.edited.json": [{ kind: "pull.changed", repo, pull: 34, action: "edited", sender: ada }],
  "pull_request.enqueued.json": [{ kind: "pull.changed", repo, pull: 34, action: "enqueued", sender: ada }],
  "pull_request.auto_merge_disabled.json": [
    { kind: "pull.changed", repo, pull: 34, action: "auto_merge_disabled", sender: ada },
  ],
  "check_suite.completed.json": [
    { kind: "check.changed", repo, sha: "b".repeat(40), name: "GitHub Actions" },
  ],
  "check_suite.rerequested.json": [{ kind: "check.rerequested", repo, sha: "b".repeat(40), sender: ada }],
  "status.json": [{ kind: "check.changed", repo, sha: "b".repeat(40), name: "ci/legacy" }],
  "workflow_run.completed.json": [
    {
      kind: "run.changed",
      repo,
      runId: 6001,
      title: "generate (T-12.1.0.0)",
      status: "completed",
      conclusion: "success",
      runAttempt: 1,
    },
  ],
  "push.json": [{ kind: "branch.pushed", repo, branch: "main", sha: "c".repeat(40), sender: ada }],
  "repository.renamed.json": [{ kind: "repository.changed", repo }],
  "repository.deleted.json": [{ kind: "repository.removed", repo }],
  "label.edited.json": [{ kind: "label.changed", repo, label: "robot", former: "autopilot" }],
  "label.deleted.json": [{ kind: "label.changed", repo, label: "autopilot", former: null }],
  "installation.created.json": [
    { kind: "repository.added", repo },
    { kind: "repository.added", repo: { ...repo, id: 7002, name: "pricing" } },
  ],
  "installation.suspend.json": [
    { kind: "installation.suspended", repo },
    { kind: "installation.suspended", repo: { ...repo, id: 7002, name: "pricing" } },
  ],
  "installation_repositories.removed.json": [
    { kind: "repository.removed", repo },
    { kind: "repository.removed", repo: { ...repo, id: 7002, name: "pricing" } },
  ],
};

describe("webhook translation", () => {
  it.each(files)("translates %s, which GitHub's contract allows, to events that can be stored", (file) => {
    const payload = readFixture(file);
    const translated = translateFixture(file);

    expect(loadContract().webhook(file.split(".")[0] ?? "", payload)).toEqual([]);
    expect(translated.ignored).toBeNull();
    expect(translated.repoId).toBe(7001);
    expect(translated.action).toBe(payload.action ?? null);
    expect(translated.events.map((event) => Event.parse(event))).toEqual(translated.events);
    expect(translated.events.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(GOLDEN))("says exactly what %s means", (file, events) => {
    expect(translateFixture(file).events).toEqual(events);
  });

  it("has a fixture for every row of the table", () => {
    const covered = new Set(files.map((file) => file.split(".")[0]));

    expect(WEBHOOK_ROWS.map((row) => row.event).filter((event) => !covered.has(event))).toEqual([]);
  });
});

describe("F176 a command in the text of a review", () => {
  const withText = (action: string, body: string) =>
    translateFixture("pull_request_review.submitted.json", { action, review: { id: 1000, body } }).events;

  it("is told of beside the review, once it is handed in", () => {
    const body = "Well done!\n\n/orchestrate approve 1234567";

    expect(withText("submitted", body)).toEqual([
      { kind: "pull.changed", repo, pull: 34, action: "review_submitted", sender: ada },
      { kind: "comment.elsewhere", repo, sender: ada, issue: 34, place: "review", id: 1000, body },
    ]);
    expect(withText("edited", body)).toHaveLength(1);
    expect(withText("submitted", "Well done!")).toHaveLength(1);
  });

  it("is not looked for beside a line where nothing mentions one", () => {
    const change = { comment: { id: 1001, body: "Why?" } };

    expect(translateFixture("pull_request_review_comment.created.json", change)).toMatchObject({
      ...{ events: [], ignored: "no command" },
    });
  });
});

describe("what is not ours to react to", () => {
  it("F014 ignores unknown events and unknown actions with a reason", () => {
    expect(translate("sponsorship", {}, own)).toMatchObject({ events: [], ignored: "event is not used" });
    expect(translateFixture("issues.labeled.json", { action: "levitated" })).toEqual({
      events: [],
      ignored: "action is not used",
      repoId: 7001,
      action: "levitated",
    });
  });

  it("F103 ignores labels that issues lost because the label was deleted, and labels that only look otherwise", () => {
    const { label: _deleted, ...bare } = readFixture("issues.unlabeled.json");
    const recoloured = { changes: { color: { from: "ffffff" } } };

    expect(translate("issues", bare, own)).toMatchObject({ events: [], ignored: "names no label" });
    expect(translateFixture("label.edited.json", recoloured).ignored).toBe("the name did not change");
  });

  it.each(["__proto__", "constructor", "toString", "*", "error", ""])(
    "F011 ignores an event named %j",
    (name) => {
      expect(translate(name, {}, own).ignored).toBe("event is not used");
    },
  );

  it.each([null, [], 42, "x", true, {}])("F009 ignores a body that is %j", (body) => {
    for (const { event } of WEBHOOK_ROWS) expect(translate(event, body, own).events).toEqual([]);
  });

  it("F012 leaves the object prototype alone", () => {
    const payload = JSON.parse(
      '{"__proto__":{"action":"labeled"},"constructor":{"prototype":{"action":"labeled"}}}',
    );

    expect(translate("issues", payload, own).action).toBeNull();
    expect("action" in {}).toBe(false);
  });

  it("F020 takes a deleted account for one that can do nothing, and needs an installation", () => {
    const ghost = translateFixture("issues.labeled.json", { sender: null });
    const homeless = translateFixture("issues.labeled.json", { installation: undefined });

    expect(ghost.events[0]).toMatchObject({ sender: { id: 0, type: "Mannequin" } });
    expect(homeless).toMatchObject({ events: [], ignored: "names no installation", repoId: 7001 });
  });

  it("F020 says which field is missing instead of failing", () => {
    expect(translateFixture("issues.labeled.json", { issue: null }).ignored).toBe("payload lacks issue");
  });

  it("F185 drops what our own account did, whatever it is called", () => {
    const bot = { id: 4242, login: "renamed", type: "Bot" };

    for (const file of ["issues.labeled.json", "issue_comment.deleted.json", "pull_request.opened.json"]) {
      expect(translateFixture(file, { sender: bot }).ignored).toBe("caused by this app itself");
    }
  });

  it("F185 keeps what an account of the same name did", () => {
    const impostor = { id: 777, login: "orchestrator[bot]", type: "Bot" };

    expect(translateFixture("issues.labeled.json", { sender: impostor }).events).toHaveLength(1);
  });

  it("F185 drops comments and checks written through our app", () => {
    const { comment } = readFixture("issue_comment.created.json");
    const { check_suite: suite } = readFixture("check_suite.completed.json");

    const ours = { ...comment, performed_via_github_app: { id: 42 } };
    expect(translateFixture("issue_comment.created.json", { comment: ours }).events).toEqual([]);
    expect(
      translateFixture("check_suite.completed.json", { check_suite: { ...suite, app: { id: 42 } } }).events,
    ).toEqual([]);
  });

  it("hears when somebody deletes a comment of ours", () => {
    const { comment } = readFixture("issue_comment.deleted.json");

    const ours = { ...comment, performed_via_github_app: { id: 42 } };
    expect(translateFixture("issue_comment.deleted.json", { comment: ours }).events).toHaveLength(1);
  });

  it.each([
    ["check_run.rerequested.json", "check_run"],
    ["check_run.requested_action.json", "check_run"],
    ["check_suite.rerequested.json", "check_suite"],
  ] as const)("F158 leaves %s to the app whose check it is", (file, what) => {
    const check = readFixture(file)[what];

    for (const app of [{ id: 15368, name: "orchestrator", slug: "orchestrator" }, null, undefined])
      expect(translateFixture(file, { [what]: { ...check, app } }).ignored).toBe("a check of another app");
  });

  it.each([
    [{ identifier: "rerun" }, "rerun"],
    [{ identifier: "explain" }, "explain"],
    [{ identifier: "override" }, "override"],
  ])("F158 hears that somebody pressed %j", (requested_action, action) => {
    const file = "check_run.requested_action.json";

    expect(translateFixture(file, { requested_action }).events).toMatchObject([{ action, sender: ada }]);
  });

  it.each([{ identifier: "merge" }, { identifier: "toString" }, { identifier: 7 }, {}, null, undefined])(
    "F158 ignores the button %j",
    (requested_action) => {
      const { ignored } = translateFixture("check_run.requested_action.json", { requested_action });

      expect(ignored).toBe("unknown button");
    },
  );

  it("ignores a merge group that is on no branch", () => {
    const { merge_group: group } = readFixture("merge_group.checks_requested.json");

    for (const change of [{ head_ref: "refs/tags/x" }, { base_ref: "main" }]) {
      const merge_group = { ...(group as object), ...change };
      const { ignored } = translateFixture("merge_group.checks_requested.json", { merge_group });
      expect(ignored).toBe("not a branch");
    }
  });

  it("F163 hears of a merge group that our own account has caused", () => {
    const bot = { id: 4242, login: "orchestrator[bot]", type: "Bot" };

    expect(translateFixture("merge_group.checks_requested.json", { sender: bot }).events).toHaveLength(1);
  });

  it.each([
    [{ title: { from: "x" } }, 1],
    [{ body: { from: null } }, 1],
    [{ base: { ref: { from: "x" }, sha: { from: "y" } } }, 1],
    [{}, 0],
    [undefined, 0],
    [{ milestone: {} }, 0],
  ])("F144 hears of an edit that changed %j or not", (changes, count) => {
    expect(translateFixture("pull_request.edited.json", { changes }).events).toHaveLength(count);
  });

  it("S30 does not hear of runs that nobody dispatched", () => {
    const { workflow_run: run } = readFixture("workflow_run.completed.json");
    const change = { workflow_run: { ...Object(run), event: "pull_request" } };

    expect(translateFixture("workflow_run.completed.json", change)).toMatchObject({
      ...{ events: [], ignored: "was not dispatched" },
    });
  });

  it("hears of runs and pushes that our own account caused", () => {
    const bot = { id: 4242, login: "orchestrator[bot]", type: "Bot" };

    expect(translateFixture("workflow_run.completed.json", { sender: bot }).events).toHaveLength(1);
    expect(translateFixture("push.json", { sender: bot }).events).toHaveLength(1);
  });

  it.each([
    [{ ref: "refs/tags/v1" }, "not a branch"],
    [{ deleted: true }, "the branch was deleted"],
    [{ ref: "refs/heads/topic" }, "neither the default branch nor the configuration"],
  ])("ignores a push with %j", (change, reason) => {
    expect(translateFixture("push.json", change).ignored).toBe(reason);
  });

  it("hears of a push that changes the configuration on any branch", () => {
    const commits = [{ added: [], modified: [".github/orchestrator.yml"], removed: [] }];
    const [event] = translateFixture("push.json", { ref: "refs/heads/topic", commits }).events;

    expect(event).toMatchObject({ kind: "branch.pushed", branch: "topic" });
  });

  it("F112 cuts texts to GitHub's own limit, without NUL and half characters", () => {
    const { issue } = readFixture("issues.edited.json");
    const body = `\u0000${"a".repeat(65_534)}😀😀`;
    const [event] = translateFixture("issues.edited.json", { issue: { ...issue, body } }).events;

    expect(event).toMatchObject({ text: { body: `${"a".repeat(65_534)}😀` } });
  });

  it("reads a run without a title by its workflow's name", () => {
    expect(translateFixture("workflow_run.in_progress.json").events[0]).toMatchObject({ title: "generate" });
  });
});

describe("app.yml", () => {
  const manifest = load(readFileSync(new URL("../../../app.yml", import.meta.url), "utf8"));

  it("subscribes to every event of the table that an app can subscribe to", () => {
    const events = WEBHOOK_ROWS.filter((row) => !row.always).map((row) => row.event);

    expect(manifest).toMatchObject({ default_events: expect.toSatisfy(isSameSet(events)) });
  });

  it("S27 asks for these permissions and no others", () => {
    expect(manifest).toEqual(
      expect.objectContaining({
        default_permissions: {
          metadata: "read",
          issues: "write",
          pull_requests: "write",
          checks: "write",
          contents: "write",
          actions: "write",
          statuses: "read",
          merge_queues: "read",
          members: "read",
        },
      }),
    );
  });
});

function isSameSet(wanted: readonly string[]) {
  return (given: unknown) => Array.isArray(given) && given.toSorted().join() === wanted.toSorted().join();
}
