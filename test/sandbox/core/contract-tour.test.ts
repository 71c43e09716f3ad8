import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appJwt, startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const REPO = "/repos/acme/demo";
let tour: Tour;

beforeEach(async () => {
  tour = await startTour();
});

afterEach(async () => {
  await tour.close();
});

function actions(event: string): string[] {
  return tour.hooks
    .filter((hook) => hook.headers["x-github-event"] === event)
    .map((hook) => hook.payload.action);
}

describe("contract", () => {
  it("answers and announces the whole life of an issue in GitHub's own shapes", async () => {
    const token = await tour.installed();
    const bob = tour.control.createUser("bob");
    tour.control.setRole({ repository: "acme/demo", login: "bob", role: "write" });
    const ask = (method: string, path: string, body?: unknown) =>
      tour.ask(method, REPO + path, { token, body });

    const created = await tour.ask("POST", `${REPO}/issues`, {
      token: bob,
      body: { title: "Discount twice", body: "Seen today", labels: ["bug"], assignees: ["bob"] },
    });
    expect(created.status).toBe(201);
    expect(created.json.labels.map((label: { name: string }) => label.name)).toEqual(["bug"]);
    expect((await ask("POST", "/issues", { title: "By the app" })).json.performed_via_github_app.slug).toBe(
      "orchestrator",
    );
    expect(
      (await ask("PATCH", "/issues/1", { title: "Discount applied twice", body: "Seen again" })).status,
    ).toBe(200);
    expect((await ask("POST", "/issues/1/labels", { labels: ["autopilot", "bug"] })).json).toHaveLength(2);
    expect((await ask("PUT", "/issues/1/labels", { labels: ["autopilot"] })).json).toHaveLength(1);
    expect((await ask("GET", "/issues/1/labels")).json).toHaveLength(1);
    expect((await ask("DELETE", "/issues/1/labels/autopilot")).json).toEqual([]);
    expect((await ask("DELETE", "/issues/1/labels/autopilot")).json.message).toBe("Label does not exist");
    expect((await ask("DELETE", "/issues/1/labels")).status).toBe(204);
    expect((await ask("DELETE", "/issues/1/assignees", { assignees: ["bob"] })).json.assignees).toEqual([]);
    expect(
      (await ask("POST", "/issues/1/assignees", { assignees: ["bob", "nobody"] })).json.assignees,
    ).toHaveLength(1);
    expect((await ask("GET", "/assignees")).json.map((one: { login: string }) => one.login)).toEqual([
      "admin",
      "bob",
    ]);
    const comment = await ask("POST", "/issues/1/comments", { body: "On it." });
    expect(comment.status).toBe(201);
    expect(comment.json.performed_via_github_app.id).toBe(4242);
    const commentPath = `/issues/comments/${comment.json.id}`;
    expect((await ask("PATCH", commentPath, { body: "Done." })).json.body).toBe("Done.");
    expect((await ask("GET", commentPath)).json.body).toBe("Done.");
    expect((await ask("GET", "/issues/1/comments")).json).toHaveLength(1);
    expect((await ask("GET", "/issues/comments?sort=updated&direction=desc")).json).toHaveLength(1);
    expect((await ask("POST", "/issues/1/reactions", { content: "eyes" })).status).toBe(201);
    const again = await ask("POST", "/issues/1/reactions", { content: "eyes" });
    expect(again.status).toBe(200);
    expect((await ask("GET", "/issues/1/reactions")).json).toHaveLength(1);
    expect((await ask("DELETE", `/issues/1/reactions/${again.json.id}`)).status).toBe(204);
    expect((await ask("POST", `${commentPath}/reactions`, { content: "rocket" })).status).toBe(201);
    expect((await ask("GET", commentPath)).json.reactions.rocket).toBe(1);
    expect((await ask("PUT", "/issues/1/lock", { lock_reason: "resolved" })).status).toBe(204);
    expect((await ask("POST", "/issues/1/comments", { body: "More" })).status).toBe(403);
    expect((await ask("DELETE", "/issues/1/lock")).status).toBe(204);
    expect(
      (await ask("PATCH", "/issues/1", { state: "closed", state_reason: "not_planned" })).json.closed_by
        .login,
    ).toBe("orchestrator[bot]");
    expect((await ask("PATCH", "/issues/1", { state: "open" })).json.state_reason).toBe("reopened");
    expect((await ask("GET", "/issues?state=all&labels=bug&creator=bob&sort=comments")).json).toEqual([]);
    expect((await ask("DELETE", commentPath)).status).toBe(204);
    tour.control.deleteIssue({ repository: "acme/demo", number: 1, login: "admin" });
    expect((await ask("GET", "/issues/1")).status).toBe(410);

    await tour.control.idle();
    expect(actions("issues")).toEqual([
      ...["opened", "labeled", "opened", "edited", "labeled", "unlabeled", "unlabeled"],
      ...["unassigned", "assigned", "locked", "unlocked", "closed", "reopened", "deleted"],
    ]);
    expect(actions("issue_comment")).toEqual(["created", "edited", "deleted"]);
    expect(tour.problems).toEqual([]);
  });

  it("keeps labels, dependencies, repositories and collaborators in GitHub's own shapes", async () => {
    const token = await tour.installed();
    const ask = (method: string, path: string, body?: unknown) =>
      tour.ask(method, REPO + path, { token, body });
    tour.control.createUser("carol");

    await ask("POST", "/issues", { title: "First", labels: ["bug"] });
    const second = await ask("POST", "/issues", { title: "Second" });
    expect(
      (await ask("POST", "/labels", { name: "p1", color: "FF0000", description: "Now" })).json.color,
    ).toBe("ff0000");
    expect((await ask("POST", "/labels", { name: "P1" })).json.errors[0].code).toBe("already_exists");
    expect((await ask("PATCH", "/labels/bug", { new_name: "defect", color: "00ff00" })).json.name).toBe(
      "defect",
    );
    expect((await ask("GET", "/issues/1")).json.labels[0].name).toBe("defect");
    expect((await ask("GET", "/labels")).json).toHaveLength(2);
    expect((await ask("GET", "/labels/p1")).status).toBe(200);
    expect((await ask("DELETE", "/labels/p1")).status).toBe(204);

    const blocked = await ask("POST", "/issues/1/dependencies/blocked_by", { issue_id: second.json.id });
    expect(blocked.status).toBe(201);
    expect(blocked.json.issue_dependencies_summary).toEqual({
      blocked_by: 1,
      blocking: 0,
      total_blocked_by: 1,
      total_blocking: 0,
    });
    expect((await ask("GET", "/issues/1/dependencies/blocked_by")).json[0].number).toBe(2);
    expect((await ask("GET", "/issues/2/dependencies/blocking")).json[0].number).toBe(1);
    expect((await ask("DELETE", `/issues/1/dependencies/blocked_by/${second.json.id}`)).status).toBe(200);

    expect(
      (
        await tour.ask("PUT", `${REPO}/collaborators/carol`, {
          token: tour.admin,
          body: { permission: "triage" },
        })
      ).status,
    ).toBe(204);
    const permission = await ask("GET", "/collaborators/carol/permission");
    expect(permission.json).toMatchObject({
      permission: "read",
      role_name: "triage",
      user: { role_name: "triage" },
    });
    tour.control.setRole({ repository: "acme/demo", login: "carol", role: "maintain" });
    expect((await ask("GET", "/collaborators/carol/permission")).json).toMatchObject({
      permission: "write",
      role_name: "maintain",
    });
    expect((await ask("GET", "/collaborators")).json).toHaveLength(2);
    expect((await tour.ask("DELETE", `${REPO}/collaborators/carol`, { token: tour.admin })).status).toBe(204);
    expect((await ask("GET", "/collaborators/nobody/permission")).json.message).toBe("nobody is not a user");

    expect((await ask("GET", "")).json.full_name).toBe("acme/demo");
    expect((await ask("PATCH", "", { description: "A demo", archived: true })).json.archived).toBe(true);
    expect((await ask("POST", "/issues", { title: "Third" })).json.message).toBe(
      "Repository was archived so is read-only.",
    );
    expect((await ask("PATCH", "", { archived: false })).json.archived).toBe(false);
    expect((await ask("PATCH", "", { name: "renamed" })).json.full_name).toBe("acme/renamed");
    const moved = await ask("GET", "/issues/1");
    expect(moved.status).toBe(301);
    expect((await tour.ask("GET", moved.headers.get("location") ?? "", { token })).json.number).toBe(1);
    expect((await ask("PATCH", "/issues/1", { title: "x" })).status).toBe(307);

    await tour.control.idle();
    expect(actions("label")).toEqual(["created", "created", "edited", "deleted"]);
    expect(actions("issue_dependencies")).toEqual([
      ...["blocked_by_added", "blocking_added", "blocked_by_removed", "blocking_removed"],
    ]);
    expect(actions("member")).toEqual(["added", "edited", "removed"]);
    expect(actions("repository")).toEqual(["archived", "unarchived", "renamed"]);
    expect(
      tour.problems.filter((problem) => !/no operation (PUT|DELETE) .*collaborators|307/.test(problem)),
    ).toEqual([]);
  });

  it("shows accounts, the app and its installations in GitHub's own shapes", async () => {
    const token = await tour.installed();
    await tour.control.createRepository({ owner: "acme", name: "second" });
    tour.control.install({ repositories: ["acme/second"] });
    const jwt = appJwt();

    expect((await tour.ask("GET", "/app", { token: jwt })).json).toMatchObject({
      id: 4242,
      installations_count: 1,
    });
    const [installation] = (await tour.ask("GET", "/app/installations", { token: jwt })).json;
    expect(installation.account.login).toBe("acme");
    expect((await tour.ask("GET", `/app/installations/${installation.id}`, { token: jwt })).json.id).toBe(
      installation.id,
    );
    expect((await tour.ask("GET", `${REPO}/installation`, { token: jwt })).json.id).toBe(installation.id);
    expect((await tour.ask("GET", "/installation/repositories", { token })).json.total_count).toBe(2);
    expect((await tour.ask("GET", "/user", { token: tour.admin })).json.login).toBe("admin");
    expect((await tour.ask("GET", "/users/acme")).json.type).toBe("Organization");
    expect((await tour.ask("GET", "/users/orchestrator[bot]")).json.type).toBe("Bot");
    expect((await tour.ask("GET", "/rate_limit", { token })).json.rate.limit).toBe(5000);
    tour.control.suspend({ account: "acme" });
    expect((await tour.ask("GET", REPO, { token })).json.message).toBe(
      "This installation has been suspended",
    );
    tour.control.unsuspend({ account: "acme" });
    tour.control.uninstall({ account: "acme", repositories: ["acme/second"] });
    expect((await tour.ask("GET", "/installation/repositories", { token })).json.total_count).toBe(1);
    tour.control.uninstall({ account: "acme" });
    expect((await tour.ask("GET", REPO, { token })).json.message).toBe("Bad credentials");

    await tour.control.idle();
    expect(actions("installation")).toEqual(["created", "suspend", "unsuspend", "deleted"]);
    expect(actions("installation_repositories")).toEqual(["added", "removed"]);
    expect(tour.problems).toEqual([]);
  });

  it("F109 treats a pull request as an issue, and speaks of it as a pull request", async () => {
    const token = await tour.installed();
    const repository = "acme/demo";
    const files = { "a.txt": "one\n" };
    tour.control.commitFiles({ repository, login: "admin", branch: "topic", files, message: "Add a" });
    const opened = await tour.ask("POST", `${REPO}/pulls`, {
      token,
      body: { title: "Add a", head: "topic", base: "main" },
    });
    const path = `${REPO}/issues/${opened.json.number}`;
    await tour.ask("POST", `${path}/labels`, { token, body: { labels: ["autopilot"] } });
    await tour.ask("POST", `${path}/comments`, { token, body: { body: "Look." } });
    const closed = await tour.ask("PATCH", path, { token, body: { state: "closed" } });
    const [listed] = (await tour.ask("GET", `${REPO}/issues?state=closed`, { token })).json;
    await tour.control.idle();

    expect(closed.json).toMatchObject({ draft: false, state: "closed", state_reason: null });
    expect(listed.pull_request.url).toBe(opened.json.url);
    expect(actions("pull_request")).toEqual(["opened", "labeled", "closed"]);
    expect(actions("issues")).toEqual([]);
    expect(actions("issue_comment")).toEqual(["created"]);
    expect(tour.problems).toEqual([]);
  });
});
