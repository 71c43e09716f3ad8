import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { estimateStart } from "../../../src/core/queue/estimate-start.ts";
import type { StageLine } from "../../../src/core/task/task.ts";
import { buildConfigText } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";

const MINUTE_MS = 60_000;
const parsed = parseConfig(buildConfigText());
const config = parsed.ok ? parsed.config : null;

function lines(
  minutes: readonly (number | null)[],
  state: StageLine["state"] = "PASS",
): readonly StageLine[] {
  return minutes.map((took, index) => ({
    ...{ attempt: index + 1, stage: "change", correlation: `c${index}`, state, runUrl: null, note: "" },
    startedAt: NOW,
    endedAt: took === null ? null : NOW + took * MINUTE_MS,
  }));
}

const waiting = (rank: number) => buildTask({ position: { rank, of: 100, at: NOW } });
const known = (...given: Parameters<typeof lines>) => [buildTask({ issue: 1, timeline: lines(...given) })];

describe("when a queued task may start", () => {
  it("is the middle of how long stages took, times the rounds until its turn", () => {
    const others = known([10, 2, 300]);

    expect([1, 2, 3, 50].map((rank) => estimateStart(waiting(rank), others, config))).toEqual(
      [10, 10, 20, 250].map((minutes) => minutes * MINUTE_MS),
    );
  });

  it.each([
    ["too few stages have ended", waiting(3), known([10, 20])],
    ["stages are under way", waiting(3), known([null, null, null])],
    ["stages were broken off", waiting(3), known([1, 1, 1], "cancelled")],
    ["it was told no place", buildTask(), known([10, 10, 10])],
    ["it does not wait", buildTask({ state: "running" }), known([10, 10, 10])],
  ])("is not said when %s", (_, task, others) => {
    expect(estimateStart(task, others, config)).toBeNull();
  });

  it("is not said where no configuration is in force", () => {
    expect(estimateStart(waiting(3), known([10, 10, 10]), null)).toBeNull();
  });
});
