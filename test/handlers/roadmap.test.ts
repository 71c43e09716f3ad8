import { describe, expect, it } from "vitest";
import type { Effect, Projection } from "../../src/core/effects.ts";
import type { Event } from "../../src/core/events.ts";
import type { IssueNow } from "../../src/core/facts.ts";
import type { RoadmapRecord } from "../../src/core/roadmap/roadmap-record.ts";
import { gather } from "../../src/handlers/gather.ts";
import { performEffect } from "../../src/handlers/perform-effect.ts";
import { buildIssue } from "../core/plan/plan-with.ts";
import { buildConfigText, buildRepository, buildSnapshot, REPO } from "../support/build-snapshot.ts";
import { NOW } from "../support/build-task.ts";
import { fakeReaders } from "./fake-readers.ts";

const about = { key: "1001:k", subject: "1001:s", repo: REPO, taskId: null };

function openIssue(label: string | null) {
  const issue = { about: "roadmap:A", title: "A: Alpha", body: "b", role: "bugfix" };
  return { sort: "action", ...about, action: { kind: "open-issue", ...issue, label } } as const;
}

function filePull(state: "open" | "absent"): Effect {
  const projection: Projection = {
    kind: "file-pull",
    branch: "orchestrator/roadmap",
    baseRef: "main",
    title: "t",
    body: "b",
    files: [],
    state,
  };
  return { sort: "projection", ...about, projection };
}

type Place = Parameters<typeof buildSnapshot>[0];

async function perform(effect: Effect, place: Place = {}) {
  let isSent = false;
  const { outcome } = await performEffect(
    { effect, mayHaveHappened: false, firstTriedAt: null, tries: 0, remoteId: null, lease: "token" },
    {
      effector: {
        async perform() {
          isSent = true;
          return { outcome: { kind: "done", facts: {} }, remoteId: null, event: null };
        },
      },
      stops: { of: async () => [] },
      ledger: { snapshot: async () => buildSnapshot(place) },
      now: () => NOW,
    },
  );
  return { outcome, isSent };
}

const atLevel = (autonomy: string): Place => ({
  configText: buildConfigText().replace("merge-with-approval", autonomy),
});

describe("an effect of the roadmap, at the moment it is done", () => {
  it.each([
    ["an issue that starts work", openIssue("autopilot"), "draft-pr"],
    ["an issue that only suggests", openIssue(null), "suggest"],
    ["the pull request", filePull("open"), "draft-pr"],
  ])("%s is done from its level of autonomy on, and waits below it", async (_, effect, needed) => {
    expect(await perform(effect, atLevel(needed))).toMatchObject({ isSent: true });
    expect(await perform(effect, atLevel(needed === "draft-pr" ? "suggest" : "observe"))).toEqual({
      isSent: false,
      outcome: { kind: "later", at: NOW + 30_000, why: "the autonomy was lowered" },
    });
  });

  it.each([
    ["draft-pr", "draft-pr", true],
    ["draft-pr", "suggest", false],
    ["suggest", "suggest", true],
    ["suggest", "observe", false],
  ])(
    "F198 an issue that needs %s, where its role has %s by then: whether it is opened",
    async (needed, autonomy, isSent) => {
      const lines = [`roles: { bugfix: { autonomy: ${autonomy} } }`];
      const issue = openIssue(needed === "suggest" ? null : "autopilot");

      expect(await perform(issue, { configText: buildConfigText({ lines }) })).toMatchObject({ isSent });
    },
  );

  it("F198 an issue of an order of an earlier version, or of a role that is gone, is opened by the file's level", async () => {
    const configText = buildConfigText({ lines: ["roles: { bugfix: { autonomy: observe } }"] });
    const issue = openIssue("autopilot");
    const { role: _, ...action } = issue.action;

    expect(await perform({ ...issue, action }, { configText })).toMatchObject({ isSent: true });
    expect(await perform({ ...issue, action: { ...action, role: "gone" } }, { configText })).toMatchObject({
      isSent: true,
    });
  });

  it.each<[string, Place, string]>([
    ["paused", { pausedBy: "@ada" }, "the repository is paused"],
    ["suspended", { status: "suspended" }, "the installation is suspended"],
    [
      "in shadow mode",
      { configText: buildConfigText().replace("mode: active", "mode: shadow") },
      "the repository is not in active mode",
    ],
    ["without a configuration", { configText: null }, "the repository is not in active mode"],
  ])("waits while the repository is %s", async (_, place, why) => {
    expect(await perform(openIssue("autopilot"), place)).toMatchObject({
      isSent: false,
      outcome: { kind: "later", why },
    });
  });

  it("is done whatever the autonomy when it only ends a pull request", async () => {
    expect(await perform(filePull("absent"), atLevel("observe"))).toMatchObject({ isSent: true });
  });
});

describe("what is read for the roadmap", () => {
  const entry = { isOpened: true, tries: 1, refusal: null, evidence: null, isWritten: false } as const;

  /** The issues that a reconciliation reads where these entries are known. */
  async function readIssues({
    entries,
    issues = [],
    now = NOW,
  }: {
    readonly entries: RoadmapRecord["entries"];
    readonly issues?: readonly IssueNow[];
    readonly now?: number;
  }) {
    const built = buildRepository();
    const roadmap = { entries, milestones: {}, hasPull: false, pull: null, trouble: null, renewal: 0 };
    const repository = { ...built, stored: { ...built.stored, roadmap } };
    const readers = fakeReaders({ snapshot: { ...buildSnapshot(), repository }, issues });
    return (await gather({ kind: "repository.reconcile", repo: REPO }, readers, now)).gathered.roadmapIssues;
  }

  it("is the task of an issue that was opened, by its number", async () => {
    const event: Event = {
      kind: "effect.settled",
      repo: REPO,
      key: "1001:roadmap-issue:A:1",
      effect: "open-issue",
      taskId: null,
      outcome: { kind: "done", facts: { issue: 42 } },
    };
    const readers = fakeReaders();
    await gather(event, readers, NOW);

    expect(readers.focuses).toEqual([{ by: "issue", issue: 42 }]);
  });

  it("is, in the reconciliation, every issue that the app opened and that no task works on", async () => {
    const entries = {
      A: { ...entry, issue: 42, state: "open" },
      B: { ...entry, issue: 43, state: "stopped" },
      C: { ...entry, issue: 44, state: "active" },
      D: { ...entry, issue: 45, state: "open", isOpened: false },
    } as const;
    const closed = buildIssue({ number: 42, state: "closed" });

    expect(await readIssues({ entries, issues: [closed] })).toEqual(
      new Map([
        [42, closed],
        [43, null],
      ]),
    );
  });

  it("F115 is thirty of them where there are more, and others in other rounds", async () => {
    const many = Array.from({ length: 90 }, (_, index) => index + 1);
    const entries = Object.fromEntries(
      many.map((issue) => [`R${issue}`, { ...entry, issue, state: "open" as const }]),
    );
    const seen = new Set<number>();
    for (let round = 0; round < 12; round += 1) {
      const read = await readIssues({ entries, now: NOW + round * 300_000 });
      expect(read?.size).toBe(30);
      for (const issue of read?.keys() ?? []) seen.add(issue);
    }

    expect(seen.size).toBe(90);
  });
});
