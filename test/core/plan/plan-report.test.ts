import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import type { Draft } from "../../../src/core/plan/draft.ts";
import { planReportDue } from "../../../src/core/plan/events/plan-report.ts";
import { buildConfigText, buildDraft, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { endedTask, HOUR, MONDAY } from "../report/build-week.ts";

const tasks = [
  endedTask(11, { endedAt: MONDAY + HOUR, usage: { minutes: 3, tokens: 0, usd: 1.5 } }),
  endedTask(12, { endedAt: MONDAY - HOUR, enqueuedAt: MONDAY - 2 * HOUR }),
  endedTask(13, { repoId: 2002, endedAt: MONDAY - HOUR, title: "Secret" }),
];

const USED = { week: { minutes: 3, usd: 1.5 }, before: { minutes: 20, usd: 4 } };

function draftOf(
  snapshot: Parameters<typeof buildSnapshot>[0] = {},
  more: Parameters<typeof buildDraft>[0] = {},
) {
  return buildDraft({
    snapshot: buildSnapshot(snapshot),
    gathered: { history: { tasks, attempts: [] }, used: USED },
    ...more,
  });
}

function plan(draft: Draft, week = "2026-W47") {
  const event: EventOf<"report.due"> = { kind: "report.due", repo: REPO, week };
  planReportDue(draft, event);
  return draft.toPlan();
}

describe("planReportDue", () => {
  it("writes one comment to the configured issue", () => {
    const { effects, outcome, audit } = plan(draftOf());
    expect(outcome).toEqual({ status: "processed", reason: "report written" });
    expect(effects).toMatchObject([
      {
        sort: "projection",
        key: "1001:report:2026-W47",
        subject: "1001:report:2026-W47",
        taskId: null,
        projection: { kind: "comment", issue: 1 },
      },
    ]);
    expect(audit).toMatchObject([
      { kind: "report.written", data: { week: "2026-W47", issue: 1, accepted: 1, failed: 0, usd: 1.5 } },
    ]);
  });

  it("compares with the week before, of this repository only", () => {
    const text = JSON.stringify(plan(draftOf()).effects);
    expect(text).toContain("| Accepted | 1 | ±0 | #11 |");
    expect(text).toContain("| Cost | $1.50 | −$2.50 | runs that ended in the week |");
    expect(text).not.toContain("Secret");
  });

  it("F191 has the same key at every time of the week, and another one for another week", () => {
    const later = draftOf({}, { now: MONDAY + 8 * 24 * HOUR });
    const keys = [draftOf(), later].map((draft) => plan(draft).effects.map(({ key }) => key));
    expect(keys[0]).toEqual(keys[1]);
    expect(plan(draftOf(), "2026-W46").effects.map(({ key }) => key)).toEqual(["1001:report:2026-W46"]);
  });

  it("F191 writes the report of a 53rd week, and compares the first week of the year after with it", () => {
    const sunday = Date.UTC(2027, 0, 3, 23, 59);
    const monday = Date.UTC(2027, 0, 4, 9);
    const history = { tasks: [endedTask(21, { endedAt: sunday, enqueuedAt: sunday - HOUR })], attempts: [] };
    const bodyOf = (week: string) =>
      JSON.stringify(plan(draftOf({}, { now: monday, gathered: { history, used: USED } }), week).effects);
    expect(bodyOf("2026-W53")).toContain("Orchestrator report 2026-W53 – 1 accepted");
    expect(bodyOf("2027-W01")).toContain("| Accepted | 0 | −1 |");
  });

  it.each([
    [
      "no report is configured",
      { configText: buildConfigText().replace(/^ {2}weekly.*$/mu, "  {}") },
      /not configured/u,
    ],
    ["no configuration is in force", { configText: null }, /not configured/u],
    ["the repository was removed", { status: "removed" }, /removed/u],
    ["the installation is suspended", { status: "suspended" }, /suspended/u],
  ] as const)("F192 writes nothing where %s, and says so", (_case, snapshot, reason) => {
    const { effects, outcome } = plan(draftOf(snapshot));
    expect(effects).toEqual([]);
    expect(outcome.status).toBe("ignored");
    expect(outcome.reason).toMatch(reason);
  });

  it.each([
    ["2026-W60", "not an ISO week"],
    ["2025-W53", "not an ISO week"],
    ["yesterday", "not an ISO week"],
    ["2026-W48", "the week has not begun"],
  ])("writes nothing for %s: %s", (week, reason) => {
    const { effects, outcome } = plan(draftOf(), week);
    expect(effects).toEqual([]);
    expect(outcome).toEqual({ status: "ignored", reason });
  });

  it.each<Draft["gathered"]>([{}, { used: USED }, { history: { tasks, attempts: [] } }])(
    "writes nothing when not all was read",
    (gathered) => {
      expect(plan(draftOf({}, { gathered })).outcome.status).toBe("ignored");
    },
  );
});
