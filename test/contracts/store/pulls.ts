import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Pull } from "../../../src/core/pull/pull.ts";
import type { RepoRef } from "../../../src/core/repo.ts";
import type { Focus } from "../../../src/ports/ledger.ts";
import { buildPullRecord } from "../../support/build-pull-record.ts";
import { buildTaskPull } from "../../support/build-task.ts";
import { makeRepo, makeTask, START } from "../../support/store.ts";
import type { StoreSuite } from "./store-suite.ts";

const [A, B, C] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)] as const;

function makePull(repo: RepoRef, changes: Partial<Pull> = {}): Pull {
  const { kind = "pull", number = 90, headSha = A } = changes;
  const id = kind === "group" ? `${repo.id}.group.${headSha}` : `${repo.id}.${number}`;
  return buildPullRecord({ ...changes, id, repoId: repo.id, kind, number, headSha });
}

/** Pull requests without a task: what an event is given of them. */
export function describePulls(suite: StoreSuite): void {
  const ledger = () => suite.store().ledger;
  const pullsOf = async (repo: RepoRef, focus: Focus) =>
    (await ledger().snapshot(repo, focus, START)).pulls
      .map(({ id }) => id.split(".").slice(1).join("."))
      .sort();

  describe("pulls without a task", () => {
    it("are given back as a plan wrote them, and as the next plan changed them", async () => {
      const repo = makeRepo();
      const pull = makePull(repo, { waitingFor: ["waiting for `test`"] });
      const judged = { ...pull, headSha: B, verdict: { value: "PASS" as const, gates: [] }, waitingFor: [] };

      await suite.settle(repo, { pulls: [pull] });
      expect((await ledger().snapshot(repo, { by: "pull", pull: 90 }, START)).pulls).toEqual([pull]);

      await suite.settle(repo, { pulls: [judged] });
      expect((await ledger().snapshot(repo, { by: "sha", sha: B }, START)).pulls).toEqual([judged]);
      expect(await pullsOf(repo, { by: "sha", sha: A })).toEqual([]);
    });

    it("F145 F146 are those of the event and the open ones with the same head, in their own repository only", async () => {
      const [repo, other] = [makeRepo(), makeRepo()];
      await suite.settle(repo, {
        pulls: [
          makePull(repo, { number: 1 }),
          makePull(repo, { number: 2 }),
          makePull(repo, { number: 3, state: "closed", wakeAt: null }),
          makePull(repo, { number: 4, headSha: B }),
        ],
      });
      await suite.settle(other, { pulls: [makePull(other, { number: 1 })] });

      expect(await pullsOf(repo, { by: "pull", pull: 1 })).toEqual(["1", "2"]);
      expect(await pullsOf(repo, { by: "pull", pull: 3 })).toEqual(["1", "2", "3"]);
      expect(await pullsOf(repo, { by: "sha", sha: A })).toEqual(["1", "2"]);
      expect(await pullsOf(repo, { by: "pull", pull: 9 })).toEqual([]);
      expect(await pullsOf(repo, { by: "nothing" })).toEqual([]);
    });

    it("F146 are those with the head of the task that an event is about", async () => {
      const repo = makeRepo();
      const task = makeTask(repo, {
        issue: 7,
        state: "verifying",
        pull: buildTaskPull({ number: 70, headSha: A }),
      });
      await suite.settle(repo, {
        tasks: [task],
        pulls: [makePull(repo, { number: 1 }), makePull(repo, { number: 2, headSha: B })],
      });

      expect(await pullsOf(repo, { by: "task", taskId: task.id })).toEqual(["1"]);
      expect(await pullsOf(repo, { by: "pull", pull: 70 })).toEqual(["1"]);
    });

    it("F163 are the merge groups of a pull request, and the pull request of a merge group", async () => {
      const repo = makeRepo();
      const task = makeTask(repo, {
        issue: 7,
        state: "verifying",
        pull: buildTaskPull({ number: 70, headSha: C }),
      });
      await suite.settle(repo, {
        tasks: [task],
        pulls: [
          makePull(repo, { number: 90 }),
          makePull(repo, { kind: "group", number: 90, headSha: B }),
          makePull(repo, { kind: "group", number: 70, headSha: "d".repeat(40) }),
        ],
      });

      expect(await pullsOf(repo, { by: "pull", pull: 90 })).toEqual(["90", `group.${B}`]);
      expect(await pullsOf(repo, { by: "sha", sha: B })).toEqual(["90", `group.${B}`]);
      expect(await pullsOf(repo, { by: "pull", pull: 70 })).toEqual([`group.${"d".repeat(40)}`]);
    });

    it("are woken when their deadline has passed, the oldest first, unless they or their repository are at rest", async () => {
      const [repo, suspended] = [makeRepo(), makeRepo()];
      const due = [5, 3, 9].map((ago) => makePull(repo, { number: ago, headSha: B, wakeAt: START - ago }));
      await suite.settle(repo, {
        pulls: [
          ...due,
          makePull(repo, { number: 20, wakeAt: START + 1 }),
          makePull(repo, { number: 21, wakeAt: null, state: "closed" }),
        ],
      });
      const record = (await ledger().snapshot(suspended, { by: "nothing" }, START)).repository;
      await suite.settle(suspended, {
        repository: { ...record, status: "suspended" },
        pulls: [makePull(suspended, { wakeAt: START - 100 })],
      });

      const woken = await ledger().duePulls(START, 10);

      expect(woken.map(({ repo: where, pull }) => [where, pull.number])).toEqual([
        [repo, 9],
        [repo, 5],
        [repo, 3],
      ]);
      expect(await ledger().duePulls(START, 1)).toHaveLength(1);
    });

    it("are listed while they are open, up to a limit", async () => {
      const repo = makeRepo();
      const pulls = [1, 2, 3].map((number) => makePull(repo, { number }));
      await suite.settle(repo, {
        pulls: [...pulls, makePull(repo, { number: 4, state: "closed", wakeAt: null })],
      });

      expect((await ledger().openPulls(repo.id, 10)).map(({ number }) => number).sort()).toEqual([1, 2, 3]);
      expect(await ledger().openPulls(repo.id, 2)).toHaveLength(2);
    });

    it("F058 are left out when they cannot be read, and that is said", async () => {
      const repo = makeRepo();
      await suite.settle(repo, { pulls: [makePull(repo, { number: 1 }), makePull(repo, { number: 2 })] });
      await suite.harness().query(sql`update pulls set data = '{}' where id = ${`${repo.id}.1`}`);

      expect(await pullsOf(repo, { by: "sha", sha: A })).toEqual(["2"]);
      expect(suite.harness().problems.map(({ where }) => where)).toContain(
        `stored pull request ${repo.id}.1 cannot be read`,
      );
    });
  });
}
