import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/core/events.ts";
import type { Permission } from "../../../src/core/repo.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull } from "../../support/build-task.ts";
import { HEAD, OTHER_SHA } from "../gate/build-subject.ts";
import { planWith, projectionsIn, ROBIN } from "./plan-with.ts";

const blocked = {
  value: "BLOCKED",
  gates: [
    { gate: "integrity", verdict: "BLOCKED", message: "It changes a threshold.", seen: "1", wanted: "0" },
  ],
} as const;

function press(
  action: EventOf<"check.action">["action"],
  permission: Permission,
  more: { readonly sha?: string; readonly sender?: EventOf<"check.action">["sender"] } = {},
) {
  const { sha = HEAD, sender = ROBIN } = more;
  const task = buildTask({
    state: "blocked",
    pull: buildTaskPull({ number: 77, verdict: blocked, verdictSha: HEAD }),
  });
  return planWith(
    { kind: "check.action", repo: REPO, sha, action, sender },
    {
      snapshot: { focus: task, active: [task], pulls: [buildPullRecord({ verdict: blocked })] },
      gathered: { permission },
    },
  );
}

describe("F158 the buttons of a verdict's check", () => {
  it("Re-run has every pull request at the commit asked again, once each", () => {
    expect(press("rerun", "write").events).toMatchObject([
      { kind: "pull.changed", pull: 77 },
      { kind: "pull.changed", pull: 90 },
    ]);
  });

  it("Explain writes one comment for each pull request, however often it is pressed", () => {
    const comments = projectionsIn(press("explain", "read"), "comment");

    expect(comments.map(({ key, issue }) => [key, issue])).toEqual([
      ["1001:verdict-note:77", 77],
      ["1001:verdict-note:90", 90],
    ]);
    expect(comments[0]?.body).toContain("It changes a threshold.");
  });

  it("Override decides nothing: it says how, since a reason is needed", () => {
    const plan = press("override", "write");

    expect(projectionsIn(plan, "comment")[0]?.body).toContain("/orchestrate override integrity -- ");
    expect(plan.pulls).toEqual([]);
    expect(plan.events).toEqual([]);
  });

  it.each([
    ["rerun", "read"],
    ["override", "triage"],
    ["explain", "none"],
  ] as const)("%s is not for somebody with the permission %s, and that is audited", (action, permission) => {
    const plan = press(action, permission);

    expect(plan.outcome.status).toBe("ignored");
    expect(plan.effects).toEqual([]);
    expect(plan.events).toEqual([]);
    expect(plan.audit).toMatchObject([{ kind: "check.action", data: { allowed: false } }]);
  });

  it("do nothing for a commit that is not the head any more, and for bots", () => {
    expect(press("rerun", "admin", { sha: OTHER_SHA }).outcome.status).toBe("ignored");
    expect(press("rerun", "admin", { sender: { ...ROBIN, type: "Bot" } }).outcome.status).toBe("ignored");
  });
});
