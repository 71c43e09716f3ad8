import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTour } from "./start-tour.ts";

let tour: Awaited<ReturnType<typeof startTour>>;
let token: string;
const DEMO = "/repos/acme/demo";

beforeEach(async () => {
  tour = await startTour();
  token = await tour.installed();
});

afterEach(async () => {
  expect(tour.problems).toEqual([]);
  await tour.close();
});

const asAdmin = (method: string, path: string, body?: unknown) =>
  tour.ask(method, path, { token: tour.admin, body });

async function hooks(...events: readonly string[]) {
  await tour.control.idle();
  return tour.hooks.filter(({ headers }) => events.includes(String(headers["x-github-event"])));
}

describe("a label of the repository", () => {
  beforeEach(async () => {
    for (const title of ["One", "Two"])
      await asAdmin("POST", `${DEMO}/issues`, { title, labels: ["autopilot"] });
    await asAdmin("POST", `${DEMO}/issues`, { title: "Three" });
    await tour.control.idle();
    tour.hooks.length = 0;
  });

  it("that is deleted leaves every issue, each with an `unlabeled` that names no label", async () => {
    expect((await asAdmin("DELETE", `${DEMO}/labels/autopilot`)).status).toBe(204);

    const sent = await hooks("label", "issues");
    expect(sent.map(({ payload }) => [payload.action, payload.issue?.number, payload.label?.name])).toEqual([
      ["deleted", undefined, "autopilot"],
      ["unlabeled", 1, undefined],
      ["unlabeled", 2, undefined],
    ]);
    expect((await asAdmin("GET", `${DEMO}/issues?labels=autopilot`)).json).toEqual([]);
    const { json: history } = await asAdmin("GET", `${DEMO}/issues/1/events`);
    expect(history.map(({ event }: { event: string }) => event)).toEqual(["labeled"]);
  });

  it("that is renamed keeps its issues, and nothing is said of them", async () => {
    await asAdmin("PATCH", `${DEMO}/labels/Autopilot`, { new_name: "🤖 robot" });

    const sent = await hooks("label", "issues");
    expect(sent.map(({ payload }) => [payload.action, payload.label.name, payload.changes])).toEqual([
      ["edited", "🤖 robot", { name: { from: "autopilot" } }],
    ]);
    expect((await asAdmin("GET", `${DEMO}/issues?labels=🤖 ROBOT`)).json).toHaveLength(2);
    expect((await asAdmin("GET", `${DEMO}/labels/${encodeURIComponent("🤖 robot")}`)).status).toBe(200);
  });
});

describe("a locked conversation", () => {
  it("takes nothing from an app, and from people who may push everything but reactions", async () => {
    await asAdmin("POST", `${DEMO}/issues`, { title: "One" });
    const { json: own } = await tour.ask("POST", `${DEMO}/issues/1/comments`, { token, body: { body: "x" } });
    await asAdmin("PUT", `${DEMO}/issues/1/lock`, {});
    const asApp = (method: string, path: string, body: unknown) =>
      tour.ask(method, DEMO + path, { token, body });

    expect((await asApp("POST", "/issues/1/comments", { body: "y" })).json.message).toBe(
      "Unable to create comment because issue is locked.",
    );
    expect((await asApp("PATCH", `/issues/comments/${own.id}`, { body: "y" })).json.message).toBe(
      "Unable to update comment because issue is locked.",
    );
    expect((await asApp("POST", "/issues/1/reactions", { content: "eyes" })).status).toBe(403);
    expect((await asApp("POST", "/issues/1/labels", { labels: ["bug"] })).status).toBe(200);
    expect((await asAdmin("POST", `${DEMO}/issues/1/comments`, { body: "y" })).status).toBe(201);
    expect((await asAdmin("POST", `${DEMO}/issues/1/reactions`, { content: "eyes" })).status).toBe(403);
  });
});

describe("an issue that leaves", () => {
  it("is opened elsewhere with what goes with it, and its old number leads there", async () => {
    await tour.control.createRepository({ owner: "acme", name: "other" });
    tour.control.setRole({ repository: "acme/other", login: "admin", role: "admin" });
    tour.control.install({ repositories: ["acme/other"] });
    await asAdmin("POST", `${DEMO}/issues`, { title: "One", body: "Text", labels: ["autopilot", "lonely"] });
    await asAdmin("POST", `${DEMO}/issues/1/comments`, { body: "Said here" });
    await asAdmin("POST", "/repos/acme/other/labels", { name: "Autopilot" });
    await asAdmin("POST", "/repos/acme/other/issues", { title: "First there" });
    await tour.control.idle();
    tour.hooks.length = 0;

    const { json } = await tour.ask("POST", "/_sandbox/transfer-issue", {
      body: { repository: "acme/demo", number: 1, to: "acme/other", login: "admin" },
    });

    expect(json).toEqual({ number: 2 });
    const sent = await hooks("issues");
    expect(
      sent.map(({ payload }) => [payload.action, payload.repository.name, payload.issue.number]),
    ).toEqual([
      ["opened", "other", 2],
      ["transferred", "demo", 1],
    ]);
    expect(sent[0]?.payload.changes.old_issue.number).toBe(1);
    expect(sent[1]?.payload.changes).toMatchObject({
      new_issue: { number: 2 },
      new_repository: { full_name: "acme/other" },
    });
    const old = await asAdmin("GET", `${DEMO}/issues/1`);
    expect(old.status).toBe(301);
    const { json: moved } = await asAdmin("GET", old.headers.get("location") ?? "");
    expect(moved).toMatchObject({ number: 2, title: "One", body: "Text", comments: 1 });
    expect(moved.labels.map(({ name }: { name: string }) => name)).toEqual(["Autopilot"]);
    const { json: history } = await asAdmin("GET", "/repos/acme/other/issues/2/events");
    expect(history.map(({ event }: { event: string }) => event)).toEqual([
      ...["labeled", "labeled", "transferred"],
    ]);
    expect((await asAdmin("POST", `${DEMO}/issues/1/labels`, { labels: ["x"] })).status).toBe(301);
    expect((await asAdmin("GET", `${DEMO}/issues/1/comments`)).status).toBe(404);
    const { status } = await tour.ask("POST", "/_sandbox/transfer-issue", {
      body: { repository: "acme/other", number: 2, to: "acme/other" },
    });
    expect(status).toBe(422);
  });

  it("is closed and locked as a discussion, and only said to be pinned", async () => {
    await asAdmin("POST", `${DEMO}/issues`, { title: "One" });
    await tour.control.idle();
    tour.hooks.length = 0;
    for (const name of ["pin-issue", "convert-to-discussion"])
      await tour.ask("POST", `/_sandbox/${name}`, { body: { repository: "acme/demo", number: 1 } });

    const sent = await hooks("issues");
    expect(sent.map(({ payload }) => payload.action)).toEqual(["pinned", "locked", "closed"]);
    expect((await asAdmin("GET", `${DEMO}/issues/1`)).json).toMatchObject({ state: "closed", locked: true });
  });
});
