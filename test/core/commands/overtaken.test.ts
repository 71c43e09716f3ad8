import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/core/commands/table.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { Snapshot } from "../../../src/core/plan/snapshot.ts";
import type { Actor } from "../../../src/core/repo.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, HOUR_MS, NOW } from "../../support/build-task.ts";
import { buildIssue, ROBIN } from "../plan/plan-with.ts";
import { ADA, planFor, replyIn } from "./comment-on.ts";

const HEAD = buildTaskPull().headSha;
const BO: Actor = { id: 9, login: "bo", type: "User" };
const QUEUED = buildTask();
const OPEN = buildTask({ state: "verifying", pull: buildTaskPull(), requestedBy: ROBIN });

interface Said {
  readonly body: string;
  readonly commentId: number;
  readonly by?: Actor;
  readonly issue?: number;
}

/** What the next comment is held against, once a plan is carried out. */
function carryOut(plan: Plan, { repository, ...rest }: Snapshot): Snapshot {
  const task = plan.tasks.find(({ issue }) => issue === 42) ?? rest.focus;
  const stored = plan.repository?.stored ?? repository.stored;
  const isQueued = task?.state === "queued";
  return { ...rest, repository: { ...repository, stored }, focus: task, queue: isQueued ? [task] : [] };
}

function say({ body, commentId, by = ADA, issue = 42 }: Said, snapshot: Snapshot): Plan {
  return planFor(`/orchestrate ${body}`, {
    snapshot,
    gathered: { issue: buildIssue() },
    event: { commentId, sender: by, issue },
  });
}

function snapshotOf(task: Task): Snapshot {
  return buildSnapshot({
    focus: task,
    queue: task.state === "queued" ? [task] : [],
    active: task.state === "verifying" ? [task] : [],
    sessions: [],
  });
}

/** The plan for the second of two comments, in the order in which they are heard. */
function hear(first: Said, second: Said, task: Task = QUEUED): Plan {
  const snapshot = snapshotOf(task);
  return say(second, carryOut(say(first, snapshot), snapshot));
}

/** Commands that take another back: what is heard late, after what, and on which task. */
const TAKEN_BACK: readonly (readonly [late: string, after: string, task: Task])[] = [
  [`approve ${HEAD}`, "unapprove", OPEN],
  ["unhold", "hold", QUEUED],
  ["run", "cancel", QUEUED],
  ["retry", "cancel", QUEUED],
  ["resume", "pause", QUEUED],
  ["start", "end", QUEUED],
];

describe("a command whose webhook comes after that of a later comment", () => {
  it("is tested for every command that takes others back", () => {
    const pairs = COMMANDS.flatMap(({ verb, overrules }) =>
      (overrules?.verbs ?? []).map((late) => `${late} ${verb}`),
    );
    const tested = TAKEN_BACK.map(([late, after]) => `${late.split(" ")[0]} ${after}`);

    expect(tested.toSorted()).toEqual(pairs.toSorted());
  });

  it.each(TAKEN_BACK)("F025 %s counts for nothing after %s, and says so", (late, after, task) => {
    const plan = hear({ body: after, commentId: 900 }, { body: late, commentId: 800 }, task);

    expect(replyIn(plan)).toBe(
      `@ada: Nothing changed: this comes only now, and was written before your \`/orchestrate ${after}\`. Whoever still means it writes it again.`,
    );
    expect({ tasks: plan.tasks, events: plan.events, repository: plan.repository }).toEqual({
      tasks: [],
      events: [],
      repository: null,
    });
  });

  it.each(TAKEN_BACK)("%s counts where it was written after %s", (late, after, task) => {
    const plan = hear({ body: after, commentId: 800 }, { body: late, commentId: 900 }, task);

    expect(replyIn(plan)).not.toContain("comes only now");
  });

  it("is refused whoever gave the later one, where that is not about a person's own word", () => {
    const plan = hear({ body: "hold", commentId: 900, by: BO }, { body: "unhold", commentId: 800 });

    expect(replyIn(plan)).toContain("was written before @bo's `/orchestrate hold`");
  });

  it("keeps its approval where somebody else took theirs back", () => {
    const plan = hear(
      { body: "unapprove", commentId: 900, by: BO },
      { body: `approve ${HEAD}`, commentId: 800 },
      OPEN,
    );

    expect(plan.tasks[0]?.pull?.approvals).toEqual([{ sha: HEAD, base: "main", by: ADA, at: NOW }]);
  });

  it("counts where the later one was a dry run, about another issue, or more than two hours ago", () => {
    const held = { ...QUEUED, held: true };
    const isLifted = (first: Said) => hear(first, { body: "unhold", commentId: 800 }, held).tasks[0]?.held;
    const snapshot = snapshotOf(held);
    const old = carryOut(say({ body: "hold", commentId: 900 }, snapshot), snapshot);
    const lastWords = old.repository.stored.lastWords?.map((word) => ({ ...word, at: NOW - 2 * HOUR_MS }));
    const { repository } = old;
    const aged = { ...old, repository: { ...repository, stored: { ...repository.stored, lastWords } } };

    expect(isLifted({ body: "hold --dry-run", commentId: 900 })).toBe(false);
    expect(isLifted({ body: "hold #7", commentId: 900 })).toBe(false);
    expect(isLifted({ body: "hold", commentId: 900 })).toBeUndefined();
    expect(say({ body: "unhold", commentId: 800 }, aged as Snapshot).tasks[0]?.held).toBe(false);
  });

  it("counts in one comment in the order of its lines", () => {
    const plan = planFor("/orchestrate hold\n/orchestrate unhold");

    expect(plan.tasks[0]?.held).toBe(false);
  });

  it("keeps two hundred of what was taken back", () => {
    const given = Array.from({ length: 201 }, (_, index) => ({
      ...{ verb: "hold", about: index, by: ADA.id, login: ADA.login },
      ...{ commentId: index, at: NOW - 1000 },
    }));
    const snapshot = snapshotOf(QUEUED);
    const { repository } = snapshot;
    const full = { ...repository, stored: { ...repository.stored, lastWords: given } };
    const { stored } =
      say({ body: "hold", commentId: 900 }, { ...snapshot, repository: full }).repository ?? {};

    expect(stored?.lastWords).toHaveLength(200);
    expect(stored?.lastWords?.at(-1)).toEqual({
      ...{ verb: "hold", about: 42, by: ADA.id, login: "ada" },
      ...{ commentId: 900, at: NOW },
    });
  });
});
