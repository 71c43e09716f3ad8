import { afterEach, beforeEach, expect, it } from "vitest";
import { startTour } from "./start-tour.ts";

let tour: Awaited<ReturnType<typeof startTour>>;

beforeEach(async () => {
  tour = await startTour();
});

afterEach(async () => {
  expect(tour.problems).toEqual([]);
  await tour.close();
});

it("lists who labelled, unlabelled and closed an issue, oldest first", async () => {
  const { ask, admin: token } = tour;
  const issues = "/repos/acme/demo/issues";
  await ask("POST", issues, { token, body: { title: "Sort the list" } });
  await ask("POST", `${issues}/1/labels`, { token, body: { labels: ["autopilot"] } });
  await ask("DELETE", `${issues}/1/labels/autopilot`, { token });
  await ask("PATCH", `${issues}/1`, { token, body: { state: "closed" } });

  const { status, json } = await ask("GET", `${issues}/1/events`, { token });

  expect(status).toBe(200);
  expect(json.map((line: { event: string }) => line.event)).toEqual(["labeled", "unlabeled", "closed"]);
  expect(json[0]).toMatchObject({ actor: { login: "admin" }, label: { name: "autopilot" } });
});
