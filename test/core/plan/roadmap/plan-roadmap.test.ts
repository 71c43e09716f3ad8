import { describe, expect, it } from "vitest";
import type { Event, EventOf } from "../../../../src/core/events.ts";
import type { Plan } from "../../../../src/core/plan/plan.ts";
import { planEvent } from "../../../../src/core/plan/plan-event.ts";
import type { RepositoryRecord } from "../../../../src/core/plan/repository/repository.ts";
import type { RoadmapEntry } from "../../../../src/core/roadmap/roadmap-record.ts";
import type { Task } from "../../../../src/core/task/task.ts";
import { buildConfigText, buildRepository, buildSnapshot, REPO } from "../../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../../support/build-task.ts";
import { actionsIn, buildIssue, MINUTE_MS, OWN, projectionsIn, ROBIN, taskIn } from "../plan-with.ts";

const DAY_MS = 24 * 60 * MINUTE_MS;
const RUN_URL = "https://github.test/acme/shop/actions/runs/900";

const ROADMAP = `version: 1
milestones:
  - { id: M1, title: Beta, date: 2026-09-30 }
tasks:
  - { id: A, title: Alpha, kind: bugfix, milestone: M1, priority: p3 }
  - { id: B, title: Beta, kind: bugfix, priority: p1 } # soon
  - { id: C, title: Gamma, kind: bugfix, dependsOn: [A] }
  - { id: D, title: Delta, kind: data, priority: p2 }
`;

function configText(more: Readonly<Record<string, string>> = {}): string {
  const { autonomy = "merge", mode = "active", ...keys } = more;
  const lines = { roadmap: ".github/roadmap.yml", ...keys };
  return buildConfigText({ lines: Object.entries(lines).map(([key, value]) => `${key}: ${value}`) })
    .replace("merge-with-approval", autonomy)
    .replace("mode: active", `mode: ${mode}`);
}

interface Place {
  readonly repository?: RepositoryRecord;
  readonly config?: Readonly<Record<string, string>>;
  readonly roadmapText?: string;
  readonly paths?: Readonly<Record<string, boolean>>;
  readonly contextText?: string | null;
  readonly active?: readonly Task[];
  readonly focus?: Task;
  readonly now?: number;
  readonly gathered?: Parameters<typeof planEvent>[0]["gathered"];
}

function repositoryWith({ config, roadmapText = ROADMAP, paths = {}, contextText }: Place): RepositoryRecord {
  const built = buildRepository({ configText: configText(config), roadmapText });
  const { facts } = built.stored;
  if (facts === null) throw new Error("the built repository was read");
  const read = { ...facts, paths, ...(contextText !== undefined && { contextText }) };
  return { ...built, stored: { ...built.stored, facts: read } };
}

const RECONCILE: Event = { kind: "repository.reconcile", repo: REPO };

function planAt(place: Place = {}, event: Event = RECONCILE): Plan {
  const { active = [], focus = null, now = NOW, gathered = {} } = place;
  const snapshot = {
    ...buildSnapshot({ active, focus }),
    repository: place.repository ?? repositoryWith(place),
  };
  return planEvent({ snapshot, gathered, now, own: OWN }, event);
}

/** The repository as a plan leaves it. */
function repositoryOf(plan: Plan): RepositoryRecord {
  if (plan.repository === null) throw new Error("the plan changes nothing of the repository");
  return plan.repository;
}

function entriesIn(plan: Plan): Readonly<Record<string, RoadmapEntry>> {
  return repositoryOf(plan).stored.roadmap?.entries ?? {};
}

function statesIn(plan: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entriesIn(plan)).map(([id, { state }]) => [id, state]));
}

function titlesIn(plan: Plan): readonly string[] {
  return actionsIn(plan, "open-issue").map(({ title }) => title);
}

function openedEvent(id: string, facts: Readonly<Record<string, string | number | null>>): Event {
  return {
    kind: "effect.settled",
    repo: REPO,
    key: `${REPO.id}:roadmap-issue:${id}:1`,
    effect: "open-issue",
    taskId: null,
    outcome: { kind: "done", facts },
  };
}

const OPENED = { issue: 42, url: "https://github.test/acme/shop/issues/42", state: "open", reason: null };

describe("issues of the roadmap", () => {
  it("are ordered for what is ready, in the order of rank, with the label that starts the work", () => {
    const plan = planAt();

    expect(titlesIn(plan)).toEqual(["B: Beta", "D: Delta", "A: Alpha"]);
    expect(
      actionsIn(plan, "open-issue").map(({ label, about, role, key }) => [label, about, role, key]),
    ).toContainEqual(["autopilot", "roadmap:B", "bugfix", "1001:roadmap-issue:B:1"]);
    expect(statesIn(plan)).toEqual({ A: "ordered", B: "ordered", D: "ordered" });
  });

  it("are ordered once, whatever happens afterwards", () => {
    const first = planAt();

    expect(titlesIn(planAt({ repository: repositoryOf(first) }))).toEqual([]);
    expect(titlesIn(planAt({ repository: repositoryOf(first), now: NOW + 30 * DAY_MS }))).toEqual([]);
  });

  it("are no more than `roadmapIssues.open` at once, and none when that is 0", () => {
    expect(titlesIn(planAt({ config: { roadmapIssues: "{ open: 1 }" } }))).toEqual(["B: Beta"]);
    expect(titlesIn(planAt({ config: { roadmapIssues: "{ open: 0 }" } }))).toEqual([]);
  });

  it("carry no label and say which one would start them where the autonomy ends at suggesting", () => {
    const [issue] = actionsIn(planAt({ config: { autonomy: "suggest" } }), "open-issue");

    expect(issue?.label).toBeNull();
    expect(issue?.body).toContain("The label `autopilot`, by somebody with write access, starts the work");
  });

  it.each([
    ["observing only", { autonomy: "observe" }],
    ["shadow mode", { mode: "shadow" }],
  ])("are not opened in %s", (_, config) => {
    expect(titlesIn(planAt({ config }))).toEqual([]);
  });

  it("are not opened while the repository is paused", () => {
    const built = repositoryWith({});
    const repository = { ...built, stored: { ...built.stored, pausedBy: "@ada" } };

    expect(titlesIn(planAt({ repository }))).toEqual([]);
  });

  it("wait for a file that the task requires, and for its design to be merged", () => {
    const roadmapText = `version: 1
tasks:
  - { id: A, title: Alpha, kind: bugfix, requires: { paths: [src/a.ts] } }
  - { id: B, title: Beta, kind: bugfix, designReview: docs/b.md }
`;

    expect(titlesIn(planAt({ roadmapText }))).toEqual([]);
    expect(titlesIn(planAt({ roadmapText, paths: { "src/a.ts": true, "docs/b.md": true } }))).toEqual([
      "A: Alpha",
      "B: Beta",
    ]);
  });

  it("are not opened for a task that somebody handed over already, or that the file says is in progress", () => {
    const roadmapText = ROADMAP.replace("id: D,", "id: D, status: in-progress,");
    const active = [buildTask({ issue: 9, roadmapId: "B", state: "running" })];
    const plan = planAt({ roadmapText, active });

    expect(titlesIn(plan)).toEqual(["A: Alpha"]);
    expect(entriesIn(plan).B).toMatchObject({ issue: 9, isOpened: false, state: "active" });
  });

  it("start the work when GitHub has opened them, asked for by the app", () => {
    const repository = repositoryOf(planAt());
    const plan = planAt({ repository }, openedEvent("B", { ...OPENED, isLabelled: 1 }));
    const task = taskIn(plan);

    expect(task).toMatchObject({ roadmapId: "B", kind: "bugfix", trigger: "label", priority: "p1" });
    expect(task.requestedBy).toEqual({ id: 0, login: "orchestrator[bot]", type: "Bot" });
    expect(actionsIn(plan, "dispatch")).toHaveLength(1);
    expect(entriesIn(plan).B).toMatchObject({ issue: 42, isOpened: true, state: "active" });
  });

  it("start nothing without the label, and keep their place", () => {
    const config = { autonomy: "suggest", roadmapIssues: "{ open: 1 }" };
    const plan = planAt(
      { repository: repositoryOf(planAt({ config })) },
      openedEvent("B", { ...OPENED, isLabelled: 0 }),
    );

    expect(plan.tasks).toEqual([]);
    expect(entriesIn(plan).B).toMatchObject({ issue: 42, state: "open" });
    expect(titlesIn(planAt({ repository: repositoryOf(plan) }))).toEqual([]);
  });

  it("that were closed before the database forgot them are not opened again", () => {
    const facts = { ...OPENED, state: "closed", reason: "not_planned", isLabelled: 1 };
    const plan = planAt({ repository: repositoryOf(planAt()) }, openedEvent("B", facts));

    expect(plan.tasks).toEqual([]);
    expect(entriesIn(plan).B?.state).toBe("closed");
  });

  it("are closed again when somebody was faster with an issue for the same task", () => {
    const active = [buildTask({ issue: 9, roadmapId: "B", state: "running" })];
    const taken = repositoryOf(planAt({ repository: repositoryOf(planAt()), active }));
    const plan = planAt({ repository: taken, active }, openedEvent("B", { ...OPENED, isLabelled: 1 }));

    expect(plan.tasks.filter(({ issue }) => issue === 42)).toEqual([]);
    expect(actionsIn(plan, "close-issue")).toMatchObject([{ issue: 42, reason: "not_planned" }]);
  });

  it("that GitHub refuses are asked for again after a day, under another key", () => {
    const refusal: Event = {
      kind: "effect.settled",
      repo: REPO,
      key: "1001:roadmap-issue:B:1",
      effect: "open-issue",
      taskId: null,
      outcome: { kind: "refused", status: 410, message: "Issues are disabled" },
    };
    const repository = repositoryOf(planAt({ repository: repositoryOf(planAt()) }, refusal));

    expect(repository.stored.roadmap?.entries.B).toMatchObject({ state: "refused" });
    expect(titlesIn(planAt({ repository, now: NOW + DAY_MS - 1 }))).toEqual([]);
    expect(actionsIn(planAt({ repository, now: NOW + DAY_MS }), "open-issue").map(({ key }) => key)).toEqual([
      "1001:roadmap-issue:B:2",
    ]);
  });

  it("closed by a person as not planned free their place and do not come back", () => {
    const config = { autonomy: "suggest", roadmapIssues: "{ open: 1 }" };
    const opened = planAt(
      { repository: repositoryOf(planAt({ config })) },
      openedEvent("B", { ...OPENED, isLabelled: 0 }),
    );
    const plan = planAt({ repository: repositoryOf(opened) }, closedBy("not_planned"));

    expect(entriesIn(plan).B?.state).toBe("closed");
    expect(titlesIn(plan)).toEqual(["D: Delta"]);
  });

  it("closed by a person as completed are done, with the issue as evidence", () => {
    const opened = planAt(
      { repository: repositoryOf(planAt({ config: { autonomy: "suggest" } })) },
      openedEvent("B", { ...OPENED, isLabelled: 0 }),
    );

    expect(entriesIn(planAt({ repository: repositoryOf(opened) }, closedBy("completed"))).B).toMatchObject({
      state: "done",
      evidence: "acme/shop#42",
    });
  });

  it("whose closing nobody heard of are asked about by the reconciliation", () => {
    const opened = planAt(
      { repository: repositoryOf(planAt({ config: { autonomy: "suggest" } })) },
      openedEvent("B", { ...OPENED, isLabelled: 0 }),
    );
    const closed = buildIssue({ number: 42, state: "closed", stateReason: "not_planned" });
    const plan = planAt({
      repository: repositoryOf(opened),
      gathered: { roadmapIssues: new Map([[42, closed]]) },
    });

    expect(plan.events).toMatchObject([{ kind: "issue.closed", issue: 42, reason: "not_planned" }]);
  });

  it("are not opened for ids that every object has", () => {
    const roadmapText = "version: 1\ntasks:\n  - { id: constructor, title: One, kind: bugfix }\n";
    const first = planAt({ roadmapText });

    expect(titlesIn(first)).toEqual(["constructor: One"]);
    expect(titlesIn(planAt({ repository: repositoryOf(first) }))).toEqual([]);
  });
});

function closedBy(reason: "completed" | "not_planned"): Event {
  return { kind: "issue.closed", repo: REPO, issue: 42, sender: ROBIN, reason };
}

/** A task of the roadmap whose pull request was merged. */
function doneTask(id: string, issue = 42): Task {
  const line = {
    attempt: 1,
    stage: "change",
    correlation: "c",
    state: "PASS",
    runUrl: RUN_URL,
    startedAt: NOW,
    endedAt: NOW,
    note: "",
  } as const;
  return buildTask({
    issue,
    roadmapId: id,
    state: "verifying",
    pull: buildTaskPull({ number: 7 }),
    timeline: [line],
  });
}

/** The plan in which the tasks are merged, one after the other. */
function finish(place: Place, ...ids: readonly string[]): Plan {
  let plan = planAt({ config: { roadmapIssues: "{ open: 0 }" }, ...place });
  for (const [index, id] of ids.entries()) {
    const task = doneTask(id, 42 + index);
    plan = planAt(
      { ...place, repository: repositoryOf(plan), active: [task], focus: task, gathered: { pull: MERGED } },
      { kind: "pull.changed", repo: REPO, pull: 7, action: "closed", sender: ROBIN },
    );
  }
  return plan;
}

const MERGED = {
  number: 7,
  url: "https://github.test/acme/shop/pull/7",
  state: "closed",
  merged: true,
  draft: false,
  headSha: "a".repeat(40),
  headRef: "fix/42",
  headRepoId: REPO.id,
  baseRef: "main",
  mergeable: null,
  author: ROBIN,
  title: "",
  body: "",
  changedFiles: 0,
  files: [],
  checks: [],
  pendingSuites: [],
} as const;

function pullIn(plan: Plan) {
  return projectionsIn(plan, "file-pull")[0];
}

describe("the pull request that writes progress into the roadmap", () => {
  const quiet = { roadmapIssues: "{ open: 0 }" };

  it("says what is done, with its evidence, and nothing else", () => {
    const pull = pullIn(finish({ config: quiet }, "B"));

    expect(pull).toMatchObject({ branch: "orchestrator/roadmap", baseRef: "main", state: "open" });
    expect(pull?.title).toBe("Roadmap: B done");
    expect(pull?.files).toEqual([
      {
        path: ".github/roadmap.yml",
        before: ROADMAP,
        after: ROADMAP.replace(
          "id: B,",
          'id: B, status: done, evidence: ["https://github.test/acme/shop/pull/7"],',
        ),
      },
    ]);
  });

  it("is not there for what has only begun, but takes it along", () => {
    const running = buildTask({ issue: 9, roadmapId: "D", state: "running" });
    const begun = planAt({ config: quiet, active: [running] });
    const plan = planAt({ repository: repositoryOf(finish({ config: quiet }, "B")), active: [running] });

    expect(pullIn(begun)).toBeUndefined();
    expect(pullIn(plan)?.files[0]?.after).toContain("id: D, status: in-progress,");
  });

  it("is the same wish with every event until something changes", () => {
    const first = finish({ config: quiet }, "B");

    expect(pullIn(planAt({ repository: repositoryOf(first) }))).toEqual(pullIn(first));
  });

  it("grows with what is done next, as the same pull request", () => {
    const [one, two] = [finish({ config: quiet }, "B"), finish({ config: quiet }, "B", "A")];

    expect(pullIn(two)?.key).toBe(pullIn(one)?.key);
    expect(pullIn(two)?.title).toBe("Roadmap: A, B done");
  });

  it("ends when the file says everything, once", () => {
    const merged = withRoadmap(
      repositoryOf(finish({ config: quiet }, "B")),
      ROADMAP.replace("id: B,", "id: B, status: done,"),
    );
    const plan = planAt({ repository: merged });

    expect(pullIn(plan)).toMatchObject({ state: "absent", files: [] });
    expect(pullIn(planAt({ repository: repositoryOf(plan) }))).toBeUndefined();
  });

  it("does not come back for a task that people call open again in the file", () => {
    const done = withRoadmap(
      repositoryOf(finish({ config: quiet }, "B")),
      ROADMAP.replace("id: B,", "id: B, status: done,"),
    );
    const reverted = withRoadmap(repositoryOf(planAt({ repository: done })), ROADMAP);

    expect(pullIn(planAt({ repository: reverted }))).toBeUndefined();
  });

  it.each([
    ["the autonomy ends at suggesting", { autonomy: "suggest" }],
    ["the repository is in shadow mode", { mode: "shadow" }],
    ["it is switched off", { roadmapUpdates: "{ pullRequest: false }" }],
  ])("is not there when %s", (_, config) => {
    expect(pullIn(finish({ config: { ...quiet, ...config } }, "B"))).toBeUndefined();
  });

  it("is not there while the file on the branch is broken", () => {
    const repository = withRoadmap(repositoryOf(finish({ config: quiet }, "B")), "version: 2");

    expect(repository.stored.goodRoadmap?.text).toBe(ROADMAP);
    expect(pullIn(planAt({ repository }))).toBeUndefined();
  });

  it("leaves a task alone whose lines it does not understand, and says so", () => {
    const roadmapText = ROADMAP.replace(
      "  - { id: D, title: Delta, kind: data, priority: p2 }\n",
      "  - id: D\n    title: Delta\n    status: >-\n      todo\n",
    );
    const pull = pullIn(finish({ config: quiet, roadmapText }, "D", "B"));

    expect(pull?.title).toBe("Roadmap: B done");
    expect(pull?.body).toContain("Left for you to write: `D`, since its lines");
  });

  it("keeps what GitHub said when it refused it, and tries again after a day", () => {
    const first = repositoryOf(finish({ config: quiet }, "B"));
    const refusal: EventOf<"effect.settled"> = {
      kind: "effect.settled",
      repo: REPO,
      key: "1001:roadmap-pull",
      effect: "file-pull",
      taskId: null,
      outcome: { kind: "refused", status: 409, message: "The branch was changed by somebody else." },
    };
    const refused = repositoryOf(planAt({ repository: first }, refusal));

    expect(refused.stored.roadmap?.trouble?.why).toContain("changed by somebody else");
    const made: Event = { ...refusal, outcome: { kind: "done", facts: { pull: 12 } } };
    expect(repositoryOf(planAt({ repository: refused }, made)).stored.roadmap).toMatchObject({
      pull: 12,
      trouble: null,
    });
    const known = repositoryOf(planAt({ repository: refused }, made));
    const closed: Event = { kind: "pull.changed", repo: REPO, pull: 12, action: "closed", sender: ROBIN };
    expect(repositoryOf(planAt({ repository: known }, closed)).stored.roadmap?.pull).toBeNull();
    expect(pullIn(planAt({ repository: refused, now: NOW + DAY_MS - 1 }))?.renewal).toBe(0);
    expect(pullIn(planAt({ repository: refused, now: NOW + DAY_MS }))?.renewal).toBe(NOW + DAY_MS);
  });
});

describe("the pull request that writes progress, once a person has closed it", () => {
  const quiet = { roadmapIssues: "{ open: 0 }" };
  const pullEvent = (action: string, pull = 12): Event => ({
    kind: "pull.changed",
    repo: REPO,
    pull,
    action,
    sender: ROBIN,
  });
  const opened = (pull: number): EventOf<"effect.settled"> => ({
    kind: "effect.settled",
    repo: REPO,
    key: "1001:roadmap-pull",
    effect: "file-pull",
    taskId: null,
    outcome: { kind: "done", facts: { pull } },
  });
  const then = (repository: RepositoryRecord, event?: Event) =>
    planAt({ repository }, event).repository ?? repository;
  /** The repository after #12 said that B is done, and somebody closed it. */
  const closed = () =>
    then(then(repositoryOf(finish({ config: quiet }, "B")), opened(12)), pullEvent("closed"));
  const edited = (repository: RepositoryRecord) => withRoadmap(repository, `${ROADMAP}# for people\n`);
  const done = (repository: RepositoryRecord, id: string) => {
    const focus = doneTask(id, 50);
    return planAt({ repository, active: [focus], focus, gathered: { pull: MERGED } }, pullEvent("closed", 7));
  };

  it("does not come back because somebody edits the file, nor for what has only begun", () => {
    const running = buildTask({ issue: 9, roadmapId: "D", state: "running" });

    expect(pullIn(planAt({ repository: closed() }))).toBeUndefined();
    expect(pullIn(planAt({ repository: edited(closed()) }))).toBeUndefined();
    expect(pullIn(planAt({ repository: edited(closed()), active: [running] }))).toBeUndefined();
    expect(pullIn(planAt({ repository: edited(then(closed())), now: NOW + 9 * DAY_MS }))).toBeUndefined();
  });

  it("comes back when there is more to write, with all of it, and is closed again for that", () => {
    const more = done(edited(closed()), "A");
    expect(pullIn(more)).toMatchObject({ state: "open", title: "Roadmap: A, B done" });

    const again = then(then(repositoryOf(more), opened(13)), pullEvent("closed", 13));
    expect(pullIn(planAt({ repository: withRoadmap(again, `${ROADMAP}# more\n`) }))).toBeUndefined();
  });

  it("does not come back for the rest when people write a part of it themselves", () => {
    const both = repositoryOf(finish({ config: quiet }, "B", "A"));
    const known = then(then(both, opened(12)), pullEvent("closed"));
    const written = withRoadmap(known, ROADMAP.replace("id: B,", "id: B, status: done,"));

    expect(pullIn(planAt({ repository: written }))).toBeUndefined();
  });

  it("comes back for what was done while nothing could be written", () => {
    const offered = then(repositoryOf(finish({ config: quiet }, "B")), opened(12));
    const broken = withRoadmap(offered, "version: 2");
    const closedThen = then(repositoryOf(done(broken, "A")), pullEvent("closed"));

    expect(pullIn(planAt({ repository: withRoadmap(closedThen, ROADMAP) }))?.title).toBe(
      "Roadmap: A, B done",
    );
  });

  it("is kept up to date again once somebody opens it again, or another one is there", () => {
    const reopened = then(closed(), pullEvent("reopened"));
    expect(reopened.stored.roadmap?.pull).toBe(12);
    expect(pullIn(planAt({ repository: edited(reopened) }))?.files[0]?.before).toContain("# for people");
    expect(pullIn(planAt({ repository: edited(then(closed(), pullEvent("reopened", 11))) }))).toBeUndefined();

    const another = then(closed(), opened(13));
    expect(pullIn(planAt({ repository: edited(another) }))).toMatchObject({ state: "open" });
  });

  it("stays closed although the answer to its last update comes only then", () => {
    expect(pullIn(planAt({ repository: edited(then(closed(), opened(12))) }))).toBeUndefined();
  });

  it("leaves nothing behind when the file says everything, merged or by hand", () => {
    const merged = withRoadmap(closed(), ROADMAP.replace("id: B,", "id: B, status: done,"));

    expect(pullIn(planAt({ repository: merged }))).toMatchObject({ state: "absent", files: [] });
    expect(pullIn(planAt({ repository: then(merged) }))).toBeUndefined();
  });

  it("comes back for a milestone that is reached, where a file is to tell of it", () => {
    const config = { ...quiet, roadmapUpdates: "{ context: docs/context.md }" };
    const first = repositoryOf(finish({ config, contextText: null }, "A"));
    const known = then(then(first, opened(12)), pullEvent("closed"));
    const other = edited(known);

    expect(pullIn(planAt({ repository: other }))).toBeUndefined();
    const { roadmap } = other.stored;
    if (roadmap === undefined) throw new Error("nothing is known of the roadmap");
    const unclosed = { ...roadmap, closed: { pull: 12, items: roadmap.closed?.items.slice(0, 1) ?? [] } };
    const news = { ...other, stored: { ...other.stored, roadmap: unclosed } };
    expect(pullIn(planAt({ repository: news }))?.body).toContain("is told of `M1`");
  });
});

function withRoadmap(repository: RepositoryRecord, text: string): RepositoryRecord {
  const { stored } = repository;
  const isValid = text.startsWith("version: 1");
  const goodRoadmap = isValid ? { text, sha: "b".repeat(40) } : stored.goodRoadmap;
  const facts = stored.facts === null ? null : { ...stored.facts, roadmapText: text };
  return { ...repository, stored: { ...stored, facts, goodRoadmap } };
}

describe("a milestone", () => {
  const config = { roadmapIssues: "{ open: 0 }", roadmapUpdates: "{ context: docs/context.md }" };

  it("is an event of the audit when its last task is done, once", () => {
    const plan = finish({ config, contextText: null }, "A");
    const reached = (of: Plan) => of.audit.filter(({ kind }) => kind === "milestone.reached");

    expect(reached(plan)).toMatchObject([{ data: { milestone: "M1", title: "Beta", tasks: ["A"] } }]);
    expect(reached(planAt({ repository: repositoryOf(plan) }))).toEqual([]);
  });

  it("gets a section at the end of the context file, in the same pull request", () => {
    const before = "# Context\r\n\r\nWe sell shoes.\r\n";
    const files = pullIn(finish({ config, contextText: before }, "A"))?.files ?? [];

    expect(files.map(({ path }) => path)).toEqual([".github/roadmap.yml", "docs/context.md"]);
    expect(files[1]?.after).toBe(
      `${before}\r\n<!-- orchestrator:milestone key=M1 -->\r\n## Milestone \`M1\` is reached: Beta\r\n\r\n` +
        `Reached on ${new Date(NOW).toISOString().slice(0, 10)}, due on 2026-09-30. What was done for it:\r\n\r\n` +
        "- `A` Alpha: [evidence](https://github.test/acme/shop/pull/7)\r\n",
    );
  });

  it("makes a context file that is not there yet", () => {
    const files = pullIn(finish({ config, contextText: null }, "A"))?.files ?? [];

    expect(files[1]).toMatchObject({ path: "docs/context.md", before: null });
    expect(files[1]?.after).toMatch(/^<!-- orchestrator:milestone key=M1 -->\n## Milestone/u);
  });

  it("is told once, also when people delete its section later", () => {
    const reached = finish({ config, contextText: null }, "A");
    const [, context] = pullIn(reached)?.files ?? [];
    const merged = withContext(
      withRoadmap(repositoryOf(reached), ROADMAP.replace("id: A,", "id: A, status: done,")),
      context?.after ?? "",
    );
    const told = repositoryOf(planAt({ repository: merged }));

    expect(told.stored.roadmap?.milestones.M1).toEqual({ at: NOW, isTold: true });
    expect(pullIn(planAt({ repository: withContext(told, "") }))).toBeUndefined();
  });

  it("that was reached before the roadmap was first looked at is no news", () => {
    const plan = planAt({
      config,
      roadmapText: ROADMAP.replace("id: A,", "id: A, status: done,"),
      contextText: "",
    });

    expect(plan.audit.filter(({ kind }) => kind === "milestone.reached")).toEqual([]);
    expect(pullIn(plan)).toBeUndefined();
  });

  it("without tasks is never reached", () => {
    const roadmapText = "version: 1\nmilestones: [{ id: M1, title: Beta }]\n";

    expect(planAt({ config, roadmapText }).audit).toEqual([]);
  });
});

function withContext(repository: RepositoryRecord, contextText: string): RepositoryRecord {
  const { stored } = repository;
  return {
    ...repository,
    stored: { ...stored, facts: stored.facts === null ? null : { ...stored.facts, contextText } },
  };
}
