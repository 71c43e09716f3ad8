import { describe, expect, it } from "vitest";
import { roadmapIssueText } from "../../../../src/core/messages/roadmap/roadmap-issue.ts";
import { roadmapMessage } from "../../../../src/core/messages/roadmap/roadmap-list.ts";
import { planEvent } from "../../../../src/core/plan/plan-event.ts";
import { describeRoadmap } from "../../../../src/core/plan/roadmap/describe-roadmap.ts";
import { listReady } from "../../../../src/core/plan/roadmap/explain-roadmap.ts";
import { NO_COST } from "../../../../src/core/queue/cost/cost.ts";
import { isoWeekOf } from "../../../../src/core/report/iso-week.ts";
import { parseRoadmap } from "../../../../src/core/roadmap/parse-roadmap.ts";
import type { Roadmap } from "../../../../src/core/roadmap/roadmap.ts";
import type { RoadmapRecord } from "../../../../src/core/roadmap/roadmap-record.ts";
import {
  buildConfigText,
  buildDraft,
  buildRepository,
  buildSnapshot,
  REPO,
} from "../../../support/build-snapshot.ts";
import { NOW } from "../../../support/build-task.ts";
import { planFor, replyIn } from "../../commands/comment-on.ts";
import { OWN, projectionsIn } from "../plan-with.ts";

const CONFIG = buildConfigText({ lines: ["roadmap: .github/roadmap.yml"] });

const ROADMAP = `version: 1
tasks:
  - { id: A, title: Alpha, kind: bugfix, status: done }
  - { id: B, title: "Beta | <b>@team</b>", kind: bugfix, priority: p0, dependsOn: [A] }
  - { id: C, title: Gamma, kind: bugfix, dependsOn: [B], requires: { paths: [c.txt] } }
  - { id: D, title: Delta }
  - { id: E, title: Epsilon, kind: bugfix, status: in-progress }
  - { id: F, title: Phi, status: dropped }
`;

function snapshotOf(roadmapText: string, configText = CONFIG) {
  return buildSnapshot({ roadmapText, configText });
}

function roadmapOf(text: string): Roadmap {
  const parsed = parseRoadmap(text);
  if (!parsed.ok) throw new Error("the roadmap is not valid");
  return parsed.roadmap;
}

describe("/orchestrate roadmap", () => {
  it("lists every open task with where it is and every reason why it has no issue", () => {
    const reply = replyIn(planFor("/orchestrate roadmap", { snapshot: snapshotOf(ROADMAP) })) ?? "";
    const rows = reply.split("\n").filter((line) => line.startsWith("| `"));

    expect(reply).toContain("**1 of 5** tasks of the roadmap is done. 0 of 3 issues");
    expect(rows[0]).toBe("| `B` | Beta \\| \\<b\\>@\u200bteam\\</b\\> | ready | a free place |");
    expect(rows.map((row) => row.split(" | ")[0])).toEqual(["| `B`", "| `C`", "| `D`", "| `E`"]);
    expect(rows[1]).toContain("`requires.path` Path `c.txt` is missing on `main`.");
    expect(rows[1]).toContain("`dependency.open` Roadmap task B is not done yet.");
    expect(rows[2]).toContain("`kind.unknown`");
    expect(rows[3]).toContain("in progress, as the file says");
  });

  it("says why nothing is opened by itself where that is switched off", () => {
    const off = `${CONFIG}roadmapIssues: { open: 0 }\n`;
    const reply = replyIn(planFor("/orchestrate roadmap", { snapshot: snapshotOf(ROADMAP, off) }));

    expect(reply).toContain("No issue is opened by itself now: `roadmapIssues.open` is 0.");
  });

  it("says in a pause who paused, also of an issue that is ordered already", () => {
    const repository = buildRepository({ configText: CONFIG, roadmapText: ROADMAP, pausedBy: "@mia" });
    const entry = { issue: null, isOpened: true, state: "ordered", tries: 1, refusal: null } as const;
    const ordered = {
      entries: { B: { ...entry, evidence: null, isWritten: false } },
      ...{ milestones: {}, hasPull: false, pull: null, trouble: null, renewal: 0 },
    };
    const ask = (pausedBy: string | null) =>
      replyIn(
        planFor("/orchestrate roadmap", {
          snapshot: buildSnapshot({
            repository: { ...repository, stored: { ...repository.stored, pausedBy, roadmap: ordered } },
          }),
        }),
      );

    expect(ask("@mia")).toContain("No issue is opened by itself now: the repository is paused by @mia.");
    expect(ask("@mia")).toContain("| its issue is going to be opened | the repository is paused by @mia |");
    expect(ask(null)).toContain("| its issue is being opened | GitHub |");
    expect(ask(null)).not.toContain("No issue is opened");
  });

  it("says what to do where no roadmap is in force", () => {
    const reply = replyIn(planFor("/orchestrate roadmap", { snapshot: buildSnapshot() }));

    expect(reply).toContain("There is no roadmap in force");
  });

  it("shows what GitHub refused, and how many tasks it leaves out", () => {
    const draft = buildDraft({ snapshot: snapshotOf(ROADMAP) });
    const overview = describeRoadmap(draft);
    if (overview === null) throw new Error("the roadmap is in force");
    const message = roadmapMessage({ ...overview, pull: 12, trouble: "409: changed", limit: 1 });

    expect(message).toContain("And 3 more");
    expect(message).toContain("Pull request #12 writes what was done into the file; people merge it.");
    expect(message).toContain(
      "GitHub refused the pull request that writes progress; it is tried again within a day: `409: changed`.",
    );
  });
});

describe("a pull request that somebody closed", () => {
  const record: RoadmapRecord = {
    entries: {},
    milestones: {},
    hasPull: true,
    pull: null,
    closed: { pull: 12, items: ["aa"] },
    trouble: null,
    renewal: 0,
  };
  const replyWith = (roadmap: RoadmapRecord) => {
    const snapshot = snapshotOf(ROADMAP);
    const { repository } = snapshot;
    const stored = { ...repository.stored, roadmap };
    return replyIn(
      planFor("/orchestrate roadmap", { snapshot: { ...snapshot, repository: { ...repository, stored } } }),
    );
  };

  it("is told of as long as there is no other and something is to be written", () => {
    const line =
      "Pull request #12, which wrote what was done into the file, is closed; one comes back when there is more to write.";

    expect(replyWith(record)).toContain(line);
    expect(replyWith({ ...record, pull: 13 })).not.toContain("#12");
    expect(replyWith({ ...record, hasPull: false })).not.toContain("#12");
  });
});

describe("listReady", () => {
  const EMPTY: RoadmapRecord = {
    entries: {},
    milestones: {},
    hasPull: false,
    pull: null,
    trouble: null,
    renewal: 0,
  };

  it("finds the same tasks as the whole list does", () => {
    const draft = buildDraft({ snapshot: snapshotOf(ROADMAP) });
    const ready = listReady(draft, EMPTY, roadmapOf(ROADMAP));
    const all = describeRoadmap(draft)?.standings ?? [];

    expect(ready.map(({ task }) => task.id)).toEqual(["B"]);
    expect(all.filter(({ state }) => state === "ready").map(({ task }) => task.id)).toEqual(["B"]);
  });

  it("puts the nearer milestone first between equals, and the file decides after that", () => {
    const text = `version: 1
milestones: [{ id: M1, title: Late, date: 2027-01-01 }, { id: M2, title: Soon, date: 2026-01-01 }]
tasks:
  - { id: A, title: a, kind: bugfix }
  - { id: B, title: b, kind: bugfix, milestone: M1 }
  - { id: C, title: c, kind: bugfix, milestone: M2 }
  - { id: D, title: d, kind: bugfix }
  - { id: E, title: e, kind: bugfix, revenue: true }
  - { id: F, title: f, kind: bugfix, dependsOn: [D] }
`;
    const draft = buildDraft({ snapshot: snapshotOf(text) });

    expect(listReady(draft, EMPTY, roadmapOf(text)).map(({ task }) => task.id)).toEqual([
      "E",
      "D",
      "C",
      "B",
      "A",
    ]);
  });
});

describe("the issue of a roadmap's task", () => {
  const [task] = roadmapOf(`version: 1
milestones: [{ id: M1, title: Beta }]
tasks:
  - id: A
    title: Generate the data
    phase: build
    milestone: M1
    owner: "@acme/data"
    supporting: [analyst, "@not a name"]
    deliverables: ["20 data sets, see #4"]
    designReview: docs/a.md
    requires: { inputs: [a licence], secrets: [PARTNER_KEY] }
    acceptance: { metrics: [{ metric: r2, min: 0.65, where: { region: north } }], artifacts: [models] }
`).tasks;
  if (task === undefined) throw new Error("the roadmap has a task");

  it("says what is to be done, for whom it is, what it needs and when it is accepted", () => {
    expect(roadmapIssueText(task, null)).toEqual({
      title: "A: Generate the data",
      body: [
        "Task `A` of the roadmap: Generate the data",
        "",
        "Priority p2, phase build, milestone `M1`, owner @acme/data, supported by analyst, @\u200bnot a name",
        "",
        "**Deliverables**",
        "",
        "- 20 data sets, see #\u200b4",
        "",
        "**Accepted when**",
        "",
        "- `r2` is at least 0.65 where `region=north`",
        "- the result has the artifact `models`",
        "",
        "**Needs**",
        "",
        "- a licence",
        "- the secret `PARTNER_KEY`",
        "- the design in `docs/a.md`",
      ].join("\n"),
    });
  });
});

describe("the weekly report", () => {
  it("says what the app opened, what is ready, and what the file does not say yet", () => {
    const built = snapshotOf(ROADMAP);
    const entry = { issue: 7, isOpened: true, state: "open", tries: 1, refusal: null } as const;
    const entries = {
      D: { ...entry, evidence: null, isWritten: false },
      E: { ...entry, state: "done", evidence: "x", isWritten: false },
    } as const;
    const roadmap = { entries, milestones: {}, hasPull: false, pull: null, trouble: null, renewal: 0 };
    const { repository } = built;
    const snapshot = { ...built, repository: { ...repository, stored: { ...repository.stored, roadmap } } };
    const plan = planEvent(
      {
        snapshot,
        gathered: { history: { tasks: [], attempts: [] }, used: { week: NO_COST, before: NO_COST } },
        now: NOW,
        own: OWN,
      },
      { kind: "report.due", repo: REPO, week: isoWeekOf(NOW) },
    );
    const [report] = projectionsIn(plan, "comment");

    expect(report?.body).toContain("- Issues that the app opened and that are open: #7, of 3 at most");
    expect(report?.body).toContain("- Ready, without an issue: `B`");
    expect(report?.body).toContain("- 1 task of the roadmap not ready: `/orchestrate roadmap`");
    expect(report?.body).toContain("- Done, though the roadmap does not say so yet: `E`");
  });
});
