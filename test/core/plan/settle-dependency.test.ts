import { describe, expect, it } from "vitest";
import { settleDependency, settleReference } from "../../../src/core/plan/task/settle-dependency.ts";
import { buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask } from "../../support/build-task.ts";

const on = (...refs: readonly string[]) =>
  refs.map((ref) => ({ kind: "issue", ref, state: "open" }) as const);

function draftOf(...tasks: Parameters<typeof buildTask>[0][]) {
  return buildDraft({ snapshot: buildSnapshot({ queue: tasks.map((own) => buildTask(own)) }) });
}

describe("a dependency that is settled", () => {
  it("is settled for every queued task that waits for it, in whatever case, and for no other", () => {
    const draft = draftOf(
      { issue: 1, dependencies: on("acme/shop#7", "acme/shop#8") },
      { issue: 2, dependencies: on("Acme/Shop#7") },
      { issue: 3, dependencies: on("acme/shop#77") },
      { issue: 4, dependencies: on("other/shop#7") },
    );
    settleDependency(draft, 7, "done");

    expect(
      draft.changedTasks().map(({ issue, dependencies }) => [issue, dependencies.map(({ state }) => state)]),
    ).toEqual([
      [1, ["done", "open"]],
      [2, ["done"]],
    ]);
  });

  it("is no news when it stands as it stood", () => {
    const draft = draftOf({ dependencies: on("acme/shop#7") });
    settleDependency(draft, 7, "open");

    expect(draft.changedTasks()).toEqual([]);
  });

  it("may be of another repository", () => {
    const draft = draftOf({ dependencies: on("other/place#7") });
    settleReference(draft, "Other/Place#7", "unknown");

    expect(draft.changedTasks()).toMatchObject([{ dependencies: [{ state: "unknown" }] }]);
  });

  it("keeps how it is written and what else is waited for", () => {
    const draft = draftOf({ dependencies: on("Acme/Shop#7", "x/y#1") });
    settleDependency(draft, 7, "not-done");

    expect(draft.changedTasks()[0]?.dependencies).toEqual([
      { kind: "issue", ref: "Acme/Shop#7", state: "not-done" },
      { kind: "issue", ref: "x/y#1", state: "open" },
    ]);
  });
});
