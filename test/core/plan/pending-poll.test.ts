import { describe, expect, it } from "vitest";
import { pendingPollMs } from "../../../src/core/plan/pull/pending-poll.ts";
import { HOUR_MS } from "../../support/build-task.ts";

const MINUTE_MS = HOUR_MS / 60;
const SECOND_MS = MINUTE_MS / 60;

describe("pendingPollMs", () => {
  it.each([
    ["when checks have had the time to appear", true, 4 * MINUTE_MS, MINUTE_MS],
    ["every five minutes from then on", true, 5 * MINUTE_MS, 5 * MINUTE_MS],
    ["every ten seconds while it is not known whether the head can be merged", null, 0, 10 * SECOND_MS],
  ])("looks again %s", (_when, mergeable, ageMs, pauseMs) => {
    expect(pendingPollMs({ mergeable }, ageMs)).toBe(pauseMs);
  });
});
