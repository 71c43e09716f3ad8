import { expect, it } from "vitest";
import { labelMany, RUNNING } from "./label-many.ts";

it("F111 takes every issue of a bulk edit, starts as many as the limit says, and comments where the turn is near", async () => {
  const { accepted, tasks, effects, waiting } = await labelMany(120);

  expect(accepted).toBe(120);
  expect(tasks).toEqual({ running: RUNNING, queued: 120 - RUNNING });
  expect(effects).toMatchObject({ dispatch: RUNNING, labels: 120, comment: RUNNING + 50 });
  expect(waiting).toHaveLength(50);
  expect(new Set(waiting.map((text) => /position (\d+) of \d+/u.exec(text)?.[1])).size).toBe(50);
});
