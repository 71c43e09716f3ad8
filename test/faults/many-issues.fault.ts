import { expect, it } from "vitest";
import { labelMany, RUNNING } from "../handlers/label-many.ts";

const ISSUES = Number(process.env.ISSUES ?? 5_000);

it(`F111 takes ${ISSUES} issues of a bulk edit, starts as many as the limit says, and comments where the turn is near`, async () => {
  const { accepted, tasks, effects } = await labelMany(ISSUES);

  expect(accepted).toBe(ISSUES);
  expect(tasks).toEqual({ running: RUNNING, queued: ISSUES - RUNNING });
  expect(effects).toMatchObject({ dispatch: RUNNING, labels: ISSUES, comment: RUNNING + 50 });
});
