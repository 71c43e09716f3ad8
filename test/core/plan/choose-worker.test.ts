import { describe, expect, it } from "vitest";
import { stickyBody } from "../../../src/core/messages/sticky.ts";
import { chooseWorker } from "../../../src/core/plan/attempt/choose-worker.ts";
import type { Draft } from "../../../src/core/plan/draft.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { explainWait, planQueue } from "../../../src/core/plan/plan-queue.ts";
import { interestsOf } from "../../../src/core/plan/repository/branch-interests.ts";
import type { StoredRepository } from "../../../src/core/plan/repository/repository.ts";
import { branchPrefixOf } from "../../../src/core/plan/repository/repository-view.ts";
import { Task } from "../../../src/core/task/task.ts";
import { buildConfigText, buildDraft, buildSnapshot } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";
import { actionsIn, codesOf, taskIn } from "./plan-with.ts";

const STANDARD = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];
const SPARE = "spare: { team: dev, workflow: spare.yml, branch: spare/, minutesPerWeek: 500 }";
const TEXT = textWith(`bugfix: { backup: spare, minutesPerWeek: 90 }, ${SPARE}`);
const BROKEN = {
  failures: 3,
  last: "The runner was lost.",
  openUntil: NOW + 60_000,
  failedProbes: 0,
  probe: null,
};
const SPENT = { week: "2026-W47", roles: { bugfix: { minutes: 90, usd: 0 } } };

function textWith(roles: string): string {
  return buildConfigText({ lines: [`roles: { ${roles} }`] });
}

function draftOf(
  task: Task,
  stored: Partial<StoredRepository>,
  {
    configText = TEXT,
    spare = STANDARD,
  }: { readonly configText?: string; readonly spare?: string[] | null } = {},
): Draft {
  const draft = buildDraft({ snapshot: buildSnapshot({ configText, queue: [task], focus: task }) });
  const { record } = draft.view;
  const { facts } = record.stored;
  if (facts === null) throw new Error("the repository was read");
  const workflows = { ...facts.workflows, "spare.yml": spare };
  draft.saveRepository({ ...record.stored, facts: { ...facts, workflows }, ...stored }, record.status);
  return draft;
}

function planOf(...given: Parameters<typeof draftOf>): Plan {
  const draft = draftOf(...given);
  planQueue(draft);
  return draft.toPlan();
}

const workflowsIn = (plan: Plan) => actionsIn(plan, "dispatch").map(({ workflow }) => workflow);

describe("a role that cannot work", () => {
  it.each<[string, Partial<StoredRepository>, string]>([
    ["whose workflow has an open breaker", { breakers: { "agent.yml": BROKEN } }, "its breaker is open"],
    ["whose week is spent", { roleWeek: SPENT }, "its week is spent or set aside"],
  ])("%s is stood in for by its backup, and everybody is told", (_name, stored, because) => {
    const plan = planOf(buildTask(), stored);
    const task = taskIn(plan);

    expect(workflowsIn(plan)).toEqual(["spare.yml"]);
    expect(task).toMatchObject({ state: "running", role: "spare", team: "dev" });
    expect(task.history.at(-1)?.text).toBe(
      `Taken over by role \`spare\` from \`bugfix\`, because ${because}`,
    );
    expect(stickyBody(task, { label: "autopilot" })).toContain("· bugfix · spare for bugfix ·");
    expect(plan.audit).toContainEqual(
      expect.objectContaining({
        kind: "role.taken-over",
        taskId: task.id,
        data: { from: "bugfix", to: "spare", because },
      }),
    );
    expect(Task.safeParse(JSON.parse(JSON.stringify(task))).success).toBe(true);
  });

  it("is stood in for where the critics refused its changes", () => {
    const configText = `${TEXT}critics: { workflow: verify.yml }\n`;
    const plan = planOf(buildTask(), { breakers: { "role:bugfix": BROKEN } }, { configText });

    expect(workflowsIn(plan)).toEqual(["spare.yml"]);
  });

  it.each<[string, Parameters<typeof draftOf>[1], Parameters<typeof draftOf>[2]]>([
    ["has no backup", {}, { configText: textWith("bugfix: { backup: false, minutesPerWeek: 90 }") }],
    ["has one whose workflow is missing", {}, { spare: null }],
    ["has one whose workflow takes no correlation", {}, { spare: ["task"] }],
    [
      "has one of the same workflow",
      {},
      { configText: textWith("bugfix: { minutesPerWeek: 90 }, code-quality: { workflow: agent.yml }") },
    ],
    ["has one that rests", { rests: { spare: { until: NOW + 1, issue: 1, what: "Later." } } }, {}],
    ["has one that is in trouble as well", { breakers: { "spare.yml": BROKEN } }, {}],
    [
      "has one that may do more",
      {},
      { configText: textWith(`bugfix: { backup: spare, minutesPerWeek: 90, autonomy: draft-pr }, ${SPARE}`) },
    ],
  ])("is waited for when it %s", (_name, stored, facts) => {
    const plan = planOf(buildTask(), { roleWeek: SPENT, ...stored }, facts);

    expect(workflowsIn(plan)).toEqual([]);
    expect(taskIn(plan)).toMatchObject({ role: "bugfix", state: "queued" });
    expect(codesOf(taskIn(plan))).toEqual(["limit.role"]);
  });

  it("is not stood in for at a stage whose workflow is not its own work", () => {
    const configText = textWith(`data-engineer: { backup: spare }, ${SPARE}`);
    const task = buildTask({ kind: "data", role: "data-engineer", team: "dev" });
    const plan = planOf(task, { breakers: { "generate.yml": BROKEN } }, { configText });

    expect(codesOf(taskIn(plan))).toEqual(["breaker.open"]);
  });
});

describe("a role that can work again", () => {
  const standsIn = { for: "bugfix", team: "qa", attempt: 1, because: "its week is spent or set aside" };
  const begun = { role: "spare", team: "dev", standsIn };

  it("gets its task back with the next attempt", () => {
    const plan = planOf(buildTask({ ...begun, attempt: 2 }), {});
    const { standsIn: left, ...task } = taskIn(plan);

    expect(workflowsIn(plan)).toEqual(["agent.yml"]);
    expect([task.role, task.team, left]).toEqual(["bugfix", "qa", undefined]);
    expect(task.history.at(-1)?.text).toBe("Role `bugfix` works again, `spare` stood in for it");
    expect(plan.audit.map(({ kind }) => kind)).toContain("role.returned");
  });

  it("waits until the attempt that was begun without it is over", () => {
    expect(chooseWorker(draftOf(buildTask(), {}), buildTask(begun))).toMatchObject({ role: "spare" });
  });

  it("is turned to at once when its backup is in trouble itself", () => {
    const draft = draftOf(buildTask(), { breakers: { "spare.yml": BROKEN } });
    expect(chooseWorker(draft, buildTask(begun)).role).toBe("bugfix");
  });

  it("keeps the branch that its backup began, and the other way round", () => {
    const { config } = draftOf(buildTask(), {}).view;
    if (config === null) throw new Error("the configuration is valid");

    expect(branchPrefixOf(config, buildTask(), "spare/42")).toBe("spare/");
    expect(branchPrefixOf(config, buildTask(begun), "fix/42")).toBe("fix/");
    expect(branchPrefixOf(config, buildTask(begun), "spare/42")).toBe("spare/");
    expect(branchPrefixOf(config, buildTask(begun), "other/42")).toBe("spare/");
    expect(branchPrefixOf(config, buildTask({ role: "gone" }), "fix/42")).toBe("");
  });
});

it("why says the same as the queue does", () => {
  const task = buildTask();
  expect(explainWait(draftOf(task, { roleWeek: SPENT }), task)).toEqual([]);
});

it("reads the workflows of backups with those of roles", () => {
  expect(interestsOf(TEXT, null).workflows).toContain("spare.yml");
});
