import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appJwt, SECRET, startTour } from "./start-tour.ts";

type Tour = Awaited<ReturnType<typeof startTour>>;

const REPO = "/repos/acme/demo";
let tour: Tour;
let token: string;

beforeEach(async () => {
  tour = await startTour();
  token = await tour.installed();
  await tour.control.idle();
  tour.hooks.length = 0;
});

afterEach(async () => {
  await tour.close();
});

const createIssue = (title: string) => tour.ask("POST", `${REPO}/issues`, { token, body: { title } });
const titles = (): string[] => tour.hooks.map((hook) => hook.payload.issue.title);

async function createIssues(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `issue ${index}`);
  for (const name of names) await createIssue(name);
  return names;
}

describe("delivery", () => {
  it("signs the exact bytes and names the delivery as GitHub does", async () => {
    await createIssue("Ünïcode");
    await tour.control.idle();

    const [hook] = tour.hooks;
    const signature = createHmac("sha256", SECRET)
      .update(hook?.text ?? "")
      .digest("hex");

    expect(hook?.headers).toMatchObject({
      "x-github-event": "issues",
      "x-hub-signature-256": `sha256=${signature}`,
      "x-github-hook-installation-target-id": "4242",
      "x-github-hook-installation-target-type": "integration",
    });
    expect(hook?.headers["x-github-delivery"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(hook?.headers["user-agent"]).toMatch(/^GitHub-Hookshot\//);
    expect(Object.keys(hook?.payload)).toEqual([
      "action",
      "issue",
      "repository",
      "organization",
      "sender",
      "installation",
    ]);
  });

  it("keeps the order of one repository", async () => {
    const names = await createIssues(12);
    await tour.control.idle();

    expect(titles()).toEqual(names);
  });

  it("F031 shuffles when told to, the same way for the same seed", async () => {
    tour.control.setDelivery({ shuffle: true, seed: 7 });
    const names = await createIssues(12);
    await tour.control.idle();

    expect(titles()).not.toEqual(names);
    expect(new Set(titles())).toEqual(new Set(names));
  });

  it("F021 sends twice under one guid when told to double", async () => {
    tour.control.setDelivery({ doubleRate: 1 });
    await createIssue("twice");
    await tour.control.idle();

    expect(titles()).toEqual(["twice", "twice"]);
    expect(new Set(tour.hooks.map((hook) => hook.headers["x-github-delivery"])).size).toBe(1);
  });

  it("sends nothing that the app did not subscribe to, and nothing of other repositories", async () => {
    await tour.control.createRepository({ owner: "acme", name: "other" });
    await tour.ask("POST", "/repos/acme/other/issues", { token: tour.admin, body: { title: "elsewhere" } });
    tour.control.suspend({ account: "acme" });
    await tour.ask("POST", `${REPO}/issues`, { token: tour.admin, body: { title: "while suspended" } });
    await tour.control.idle();

    expect(tour.hooks.map((hook) => hook.headers["x-github-event"])).toEqual(["installation"]);
  });

  it("holds deliveries back while paused", async () => {
    tour.control.pauseDeliveries();
    await createIssue("held");
    await tour.control.idle();
    const during = titles();
    tour.control.resumeDeliveries();
    await tour.control.idle();

    expect(during).toEqual([]);
    expect(titles()).toEqual(["held"]);
  });

  it("shows what was true when it happened, however late it is sent", async () => {
    tour.control.setDelivery({ lagMs: 60 });
    await createIssue("before");
    await tour.ask("PATCH", `${REPO}/issues/1`, { token, body: { title: "after" } });
    await tour.control.idle();

    expect(titles()).toEqual(["before", "after"]);
  });
});

describe("the app's list of deliveries", () => {
  const list = (query = "") => tour.ask("GET", `/app/hook/deliveries${query}`, { token: appJwt() });

  it("F022 redelivers a failed one under its old guid", async () => {
    tour.hookAnswer.status = 500;
    await createIssue("lost");
    await tour.control.idle();
    tour.hookAnswer.status = 200;
    const [failed] = (await list("?status=failure")).json;

    const redelivery = await tour.ask("POST", `/app/hook/deliveries/${failed.id}/attempts`, {
      token: appJwt(),
    });
    await tour.control.idle();
    const [again] = (await list("?status=success")).json;

    expect(failed).toMatchObject({
      status: "Invalid HTTP Response: 500",
      status_code: 500,
      redelivery: false,
    });
    expect(redelivery.status).toBe(202);
    expect(again).toMatchObject({ guid: failed.guid, status: "OK", redelivery: true });
    expect(again.id).not.toBe(failed.id);
    expect(tour.hooks[1]?.text).toBe(tour.hooks[0]?.text);
    expect(tour.problems).toEqual([]);
  });

  it("F024 shows a webhook that never arrived", async () => {
    tour.control.setDelivery({ dropRate: 1 });
    await createIssue("lost");
    await tour.control.idle();

    const [lost] = (await list()).json;
    const detail = await tour.ask("GET", `/app/hook/deliveries/${lost.id}`, { token: appJwt() });

    expect(tour.hooks).toEqual([]);
    expect(lost).toMatchObject({ event: "issues", action: "opened", status_code: 502 });
    expect(detail.json.request.payload.issue.title).toBe("lost");
    expect(detail.json.request.headers["x-github-delivery"]).toBe(lost.guid);
    expect(tour.problems).toEqual([]);
  });

  it("F025 pages by cursor from the newest to the oldest", async () => {
    await createIssues(5);
    await tour.control.idle();
    const seen: string[] = [];
    let next: string | undefined = "/app/hook/deliveries?per_page=2";
    while (next !== undefined) {
      const page = await tour.ask("GET", next, { token: appJwt() });
      seen.push(...page.json.map((delivery: { guid: string }) => delivery.guid));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
    }

    const sent = tour.hooks.map((hook) => hook.headers["x-github-delivery"]);

    expect(seen.slice(0, 5)).toEqual(sent.toReversed());
    expect(new Set(seen).size).toBe(seen.length);
    expect((await list("?cursor=nonsense")).status).toBe(422);
  });
});
