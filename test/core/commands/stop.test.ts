import { describe, expect, it } from "vitest";
import type { Stop } from "../../../src/core/stop/stop.ts";
import { buildAttempt, buildRepository, buildSnapshot } from "../../support/build-snapshot.ts";
import { NOW } from "../../support/build-task.ts";
import { buildRunning } from "../plan/plan-with.ts";
import { otherKeysIn, planFor, replyIn } from "./comment-on.ts";

const OWN: Stop = {
  scope: "repo:1001",
  source: "command",
  by: "@bo",
  at: NOW - 1000,
  why: null,
  keepsRuns: false,
  commentId: 500,
};
const OPERATORS: Stop = { ...OWN, scope: "all", source: "operator", by: "the operator", commentId: null };

function snapshotWith(stops: readonly Stop[]) {
  const task = buildRunning();
  const attempts = [buildAttempt({ correlation: task.correlation ?? "" })];
  const repository = { ...buildRepository(), stops };
  return buildSnapshot({ repository, active: [task], focus: task, attempts });
}

describe("stop", () => {
  it("F190 is stored with who, when, why and the comment whose answer is still written", () => {
    const plan = planFor("/orchestrate stop -- wrong edits", { snapshot: snapshotWith([]) });

    expect(plan.stopChanges).toEqual([
      {
        kind: "set",
        stop: { ...OWN, by: "@ada", byId: 8, at: NOW, why: "wrong edits", commentId: 555 },
      },
    ]);
    expect(otherKeysIn(plan)).toEqual(["1001:cancel-run:900"]);
    expect(replyIn(plan)).toBe(
      "@ada: ⛔ Everything here is stopped. Runs being cancelled: 1. Nothing else is written until `/orchestrate resume`, not even answers.",
    );
  });

  it("lets runs go on when it is asked to", () => {
    const plan = planFor("/orchestrate stop --keep-runs", { snapshot: snapshotWith([]) });

    expect(plan.stopChanges).toMatchObject([{ stop: { keepsRuns: true, why: null } }]);
    expect(otherKeysIn(plan)).toEqual([]);
    expect(replyIn(plan)).toContain("Runs that are under way go on.");
  });

  it("answers as what set it when the stop was in force before the comment's turn", () => {
    const plan = planFor("/orchestrate stop", { snapshot: snapshotWith([{ ...OWN, commentId: 555 }]) });

    expect(plan.stopChanges).toEqual([]);
    expect(plan.audit.map(({ kind }) => kind)).toContain("repository.stopped");
    expect(replyIn(plan)).toContain("⛔ Everything here is stopped. Runs being cancelled: 1.");
  });

  it("changes nothing when it is stopped already, and adds to a stop of the operator's", () => {
    expect(planFor("/orchestrate stop", { snapshot: snapshotWith([OWN]) }).stopChanges).toEqual([]);
    expect(planFor("/orchestrate stop", { snapshot: snapshotWith([OPERATORS]) }).stopChanges).toHaveLength(1);
  });

  it("ends the runs as well where the stop before it let them go on, and answers", () => {
    const kept: Stop = { ...OWN, keepsRuns: true };
    const plan = planFor("/orchestrate stop -- now really", { snapshot: snapshotWith([kept]) });

    expect(plan.stopChanges).toEqual([
      {
        kind: "set",
        stop: { ...kept, by: "@ada", byId: 8, at: NOW, why: "now really", keepsRuns: false, commentId: 555 },
      },
    ]);
    expect(otherKeysIn(plan)).toEqual(["1001:cancel-run:900"]);
    expect(replyIn(plan)).toContain("Runs being cancelled: 1.");
    const again = planFor("/orchestrate stop --keep-runs", { snapshot: snapshotWith([kept]) });
    expect([again.stopChanges, otherKeysIn(again)]).toEqual([[], []]);
    expect(replyIn(again)).toContain("Nothing changed.");
  });

  it("shows what it would do and does none of it on a dry run", () => {
    const plan = planFor("/orchestrate stop --dry-run", { snapshot: snapshotWith([]) });

    expect(plan.stopChanges).toEqual([]);
    expect(replyIn(plan)).toContain("| repository: stopped by | nobody | @ada |");
    expect(replyIn(plan)).toContain("cancel run 900");
  });

  it("needs maintain", () => {
    const plan = planFor("/orchestrate stop", {
      snapshot: snapshotWith([]),
      gathered: { permission: "write" },
    });
    expect(plan.stopChanges).toEqual([]);
    expect(replyIn(plan)).toContain("**maintain**");
  });
});

describe("resume", () => {
  it("lifts the stop of a maintainer", () => {
    const plan = planFor("/orchestrate resume", { snapshot: snapshotWith([OWN]) });

    expect(plan.stopChanges).toEqual([{ kind: "lifted", scope: "repo:1001", source: "command" }]);
    expect(replyIn(plan)).toContain("The stop by @bo is lifted.");
  });

  it("does not lift the operator's, and says who does", () => {
    const plan = planFor("/orchestrate resume", { snapshot: snapshotWith([OPERATORS]) });

    expect(plan.stopChanges).toEqual([]);
    expect(replyIn(plan)).toContain("Lifted by the operator, with `orchestrator resume`.");
  });

  it("lifts what it may and names what stays", () => {
    const plan = planFor("/orchestrate resume", { snapshot: snapshotWith([OPERATORS, OWN]) });

    expect(plan.stopChanges).toHaveLength(1);
    expect(replyIn(plan)).toContain(
      "The stop by @bo is lifted. ⛔ Everything in every repository was stopped",
    );
  });

  it("does not lift a stop that was ordered by a later comment", () => {
    const plan = planFor("/orchestrate resume", { snapshot: snapshotWith([{ ...OWN, commentId: 556 }]) });

    expect(plan.stopChanges).toEqual([]);
    expect(replyIn(plan)).toContain("Nothing changed");
  });
});
