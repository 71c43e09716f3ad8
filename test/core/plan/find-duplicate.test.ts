import { describe, expect, it } from "vitest";
import {
  findDuplicate,
  findTwin,
  forgetPublished,
  notePublished,
} from "../../../src/core/plan/attempt/find-duplicate.ts";
import type { Draft } from "../../../src/core/plan/draft.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull } from "../../support/build-task.ts";
import { CHANGE } from "./plan-with.ts";

const OTHER = { ...CHANGE, path: "src/other.ts" };
const second = buildTask({ issue: 43 });

/** A draft in which a task of #42 has published, and stands as it is given. */
function published(first: Partial<Task>, changes: readonly (typeof CHANGE | typeof OTHER)[] = [CHANGE]) {
  const task = buildTask({ state: "verifying", ...first });
  const draft: Draft = buildDraft({ snapshot: buildSnapshot({ active: [task] }) });
  notePublished(draft, task, changes);
  return { draft, task };
}

describe("F110 a change that another task has published", () => {
  it("is named with its pull request and its issue", () => {
    const { draft } = published({ pull: buildTaskPull() });

    expect(findDuplicate(draft, second, [CHANGE])).toMatchObject({
      code: "publish.duplicate",
      message: "The same change is in pull request #77 for #42 already, so it is not published again.",
    });
  });

  it("is named also while the pull request is being opened", () => {
    const { draft } = published({ reasons: [reason("publish.pending", "m")] });

    expect(findDuplicate(draft, second, [CHANGE])?.message).toContain("is being published for #42");
  });

  it("is the same in whatever order its files come", () => {
    const { draft } = published({ pull: buildTaskPull() }, [CHANGE, OTHER]);

    expect(findDuplicate(draft, second, [OTHER, CHANGE])).toBeDefined();
  });

  it.each([
    ["another file", [OTHER]],
    ["one file more", [CHANGE, OTHER]],
    ["another content", [{ ...CHANGE, contentBase64: "Yg==" }]],
    ["another mode", [{ ...CHANGE, mode: "100755" as const }]],
    ["the file deleted", [{ ...CHANGE, contentBase64: null }]],
  ])("is another one with %s", (_, changes) => {
    const { draft } = published({ pull: buildTaskPull() });

    expect(findDuplicate(draft, second, changes)).toBeUndefined();
  });

  it("is no duplicate of the issue's own, as another attempt may make it", () => {
    const { draft, task } = published({ pull: buildTaskPull() });

    expect(findDuplicate(draft, { ...task, attempt: 2 }, [CHANGE])).toBeUndefined();
    expect(findTwin(draft, task)).toBeUndefined();
  });

  it("is in nobody's way when the other task was cancelled", () => {
    const { draft, task } = published({ pull: buildTaskPull() });
    forgetPublished(draft, task);

    expect(findDuplicate(draft, second, [CHANGE])).toBeUndefined();
  });

  it("is in nobody's way when the other task has ended, but is found when GitHub finds nothing to change", () => {
    const { draft, task } = published({ pull: buildTaskPull() });
    draft.saveTask({ ...task, state: "done" });

    expect(findDuplicate(draft, second, [CHANGE])).toBeUndefined();
    notePublished(draft, second, [CHANGE]);
    expect(findTwin(draft, second)).toMatchObject({ issue: 42 });
  });

  it("is remembered for the last hundred of them", () => {
    const { draft } = published({ pull: buildTaskPull() });
    for (let issue = 100; issue < 200; issue += 1) notePublished(draft, buildTask({ issue }), [OTHER]);

    expect(draft.view.record.stored.published).toHaveLength(100);
    expect(findDuplicate(draft, second, [CHANGE])).toBeUndefined();
  });
});
