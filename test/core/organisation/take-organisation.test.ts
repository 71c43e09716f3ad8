import { describe, expect, it } from "vitest";
import type { Event } from "../../../src/core/events.ts";
import type { BranchFacts, RepositoryRecord } from "../../../src/core/plan/repository/repository.ts";
import { absorbFacts, viewRepository } from "../../../src/core/plan/repository/repository-view.ts";
import { reason } from "../../../src/core/reasons.ts";
import { buildConfigText, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { planFor, replyIn } from "../commands/comment-on.ts";
import { buildRunning, codesOf, MERGING, planWith, projectionsIn, taskIn } from "../plan/plan-with.ts";
import { repositoryUnder } from "./govern-with.ts";

const LOW = "version: 1\nautonomy: draft-pr\nlimits: { running: 1 }\n";
const BROKEN = "version: 1\nautonmy: observe\n";
const RECONCILE: Event = { kind: "repository.reconcile", repo: REPO };

/** The facts of a repository with another file of its owner's. */
function factsWith(record: RepositoryRecord, text: string | null, owner = "acme"): BranchFacts {
  const { facts } = record.stored;
  if (facts === null) throw new Error("the repository was never read");
  return { ...facts, organisation: { owner, text } };
}

function absorb(record: RepositoryRecord, text: string | null, owner?: string): RepositoryRecord {
  return { ...record, stored: absorbFacts(record.stored, factsWith(record, text, owner)) };
}

describe("the owner's file", () => {
  const without = repositoryUnder(null, { configText: MERGING });

  it("lowers what a repository says, and is told apart from it", () => {
    const view = viewRepository(absorb(without, LOW));

    expect(view.config).toMatchObject({ autonomy: "draft-pr", limits: { running: 1, openPulls: 8 } });
    expect(view.ownConfig).toMatchObject({ autonomy: "merge", limits: { running: 2 } });
    expect(viewRepository(without).config?.autonomy).toBe("merge");
  });

  it("counts by the name of the repository, whatever its case", () => {
    const text =
      "version: 1\ngoverned: [SH*]\nrepositories: { shop: { mode: shadow }, other: { autonomy: observe } }\n";

    expect(viewRepository(absorb(without, text))).toMatchObject({
      governed: true,
      config: { mode: "shadow", autonomy: "merge-with-approval" },
    });
  });

  it("stays in force as it was last valid, and goes with the file", () => {
    const broken = absorb(absorb(without, LOW), BROKEN);

    expect(viewRepository(broken)).toMatchObject({
      config: { autonomy: "draft-pr" },
      organisation: { text: LOW, problems: [{ line: 2, column: 1 }] },
    });
    expect(viewRepository(absorb(broken, null))).toMatchObject({
      config: { autonomy: "merge" },
      organisation: null,
    });
  });

  it("allows nothing while it was never valid, and nothing is told elsewhere", () => {
    expect(viewRepository(absorb(without, BROKEN))).toMatchObject({
      config: { autonomy: "observe" },
      governed: true,
      organisation: { text: null },
    });
  });

  it("F182 is the new owner's after a move, whose broken file does not leave the old owner's in force", () => {
    const moved = absorb(absorb(without, "version: 1\n"), BROKEN, "other");

    expect(viewRepository(moved)).toMatchObject({
      config: { autonomy: "observe" },
      organisation: { owner: "other" },
    });
    expect(viewRepository(absorb(absorb(without, BROKEN), null, "other")).config?.autonomy).toBe("merge");
  });

  it("makes every task wait with a reason of its own while it was never valid", () => {
    const repository = repositoryUnder(BROKEN, { good: null });
    const plan = planWith(
      { kind: "task.due", repo: REPO, taskId: "x" },
      { snapshot: { repository, queue: [buildTask()] } },
    );

    expect(codesOf(taskIn(plan))).toEqual(["organisation.invalid"]);
    expect(taskIn(plan).reasons[0]?.message).toBe(
      "`.github/orchestrator-organisation.yml` of `acme/.github` was never valid; the check `orchestrator / organisation` there names every error.",
    );
  });
});

describe("a reading with another file of the owner's", () => {
  const repository = repositoryUnder(null, { configText: MERGING });
  const read = (text: string | null, more: Parameters<typeof buildSnapshot>[0] = {}, record = repository) =>
    planWith(RECONCILE, {
      snapshot: { repository: record, ...more },
      gathered: { facts: factsWith(record, text), openPulls: [] },
    });

  it("F198 has verdicts asked again, so that what is ordered is not merged under the old one", () => {
    const task = buildRunning({
      ...{ state: "verifying", correlation: null, reasons: [reason("merge.pending", "m")] },
      pull: buildTaskPull(),
    });
    const plan = read(LOW, { active: [task] });

    expect(codesOf(taskIn(plan))).toEqual(["checks.pending"]);
    expect(plan.events).toMatchObject([{ kind: "pull.changed", action: "configuration" }]);
    expect(plan.audit).toContainEqual(
      expect.objectContaining({ kind: "organisation.taken", data: { mode: "valid" } }),
    );
  });

  it("is shown in the repository's check, with the line that decides", () => {
    const [check] = projectionsIn(read(LOW), "check");

    expect(check).toMatchObject({ name: "orchestrator / config", conclusion: "success" });
    expect(check?.output.summary).toContain("| `autonomy` | `merge` | `draft-pr` | organisation, line 2 |");
    expect(check?.output.summary).toContain("| `limits.running` | `2` | `1` | organisation, line 3 |");
  });

  it("says nothing when nothing is new", () => {
    const record = repositoryUnder(LOW, { configText: MERGING });
    const plan = read(LOW, {}, record);

    expect(projectionsIn(plan, "check")).toEqual([]);
    expect(plan.audit).toEqual([]);
  });

  it("counts errors in the repositories, and names them where the file is", () => {
    const [elsewhere] = projectionsIn(read(BROKEN), "check");
    const own = { ...repository, repo: { ...REPO, name: ".github" } };
    const checks = projectionsIn(read(BROKEN, {}, own), "check");
    const atHome = checks.find(({ name }) => name === "orchestrator / organisation");

    expect(elsewhere?.output.summary).toContain(
      "has 1 error; the check `orchestrator / organisation` there names them",
    );
    expect(elsewhere?.output.summary).not.toContain("autonmy");
    expect(atHome).toMatchObject({ conclusion: "failure", output: { title: "1 error" } });
    expect(atHome?.output.summary).toContain('2:1: unknown key "autonmy" (did you mean "autonomy"?)');
    expect(atHome?.annotations).toMatchObject([{ startLine: 2, level: "failure" }]);
  });
});

describe("what a repository is shown of the owner's file", () => {
  it("is the line of the file beside each value that it decides", () => {
    const file = [
      "version: 1",
      "limits: { running: 1 }",
      "gates:",
      "  approvals: 2",
      "governed: [shop]",
      "repositories:",
      "  sh*: { limits: { openPulls: 3 } }",
    ].join("\n");
    const repository = repositoryUnder(file, { configText: MERGING });
    const reply = replyIn(
      planFor("/orchestrate explain-config", { snapshot: buildSnapshot({ repository }) }),
    );

    expect(reply).toContain("| `autonomy` | `merge-with-approval` | organisation, lines 4 and 5 |");
    expect(reply).toContain("| `limits.running` | `1` | organisation, line 2 |");
    expect(reply).toContain("| `limits.openPulls` | `3` | organisation, line 7 |");
    expect(reply).toContain("| `gates.approvals` | `2` | organisation, line 4 |");
    expect(reply).toContain("| `mode` | `active` | line 2 |");
    expect(reply).toContain("This repository is **governed**");
  });

  it("is that governance decides, where nobody but the repository says so", () => {
    const configText = MERGING.concat("governed: true\n");
    const repository = repositoryUnder(null, { configText });
    const reply = replyIn(
      planFor("/orchestrate explain-config", { snapshot: buildSnapshot({ repository }) }),
    );

    expect(reply).toContain("| `autonomy` | `merge-with-approval` | governed |");
  });

  it("F165 is what a branch says in vain, before it is merged", () => {
    const repository = repositoryUnder(LOW, { configText: buildConfigText() });
    const plan = planWith(
      {
        ...{ kind: "branch.pushed", repo: REPO, branch: "topic", sha: "f".repeat(40) },
        sender: { id: 8, login: "mallory", type: "User" },
      },
      { snapshot: { repository }, gathered: { branchFiles: { config: MERGING, roadmap: null } }, now: NOW },
    );
    const [check] = projectionsIn(plan, "check");

    expect(check?.output.title).toBe("Valid, changes no key");
    expect(check?.output.summary).toContain("| `autonomy` | `merge` | `draft-pr` | organisation, line 2 |");
  });
});
