import type { Event } from "../../../src/core/events.ts";
import type { PullNow, RunNow } from "../../../src/core/facts.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { RepositoryRecord } from "../../../src/core/plan/repository/repository.ts";
import { reason } from "../../../src/core/reasons.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { applyPlan, type PlanLedger, startLedger, takeSnapshot } from "../../support/apply-plan.ts";
import { buildConfigText, buildRepository, REPO } from "../../support/build-snapshot.ts";
import { buildTask, buildTaskPull, NOW } from "../../support/build-task.ts";
import { buildPull, HEAD } from "../gate/build-subject.ts";
import { actionsIn, buildRun, OWN, ROBIN } from "./plan-with.ts";

export const MERGE_SHA = "feedface".repeat(5);
const INPUTS = ["task", "attempt", "correlation", "base_sha", "brief", "suite"];

/** A repository whose merges have to stand before critics. */
export function buildCriticsRepository(
  lines: readonly string[] = ["critics: { workflow: critics.yml }"],
  workflows: Readonly<Record<string, readonly string[] | null>> = { "critics.yml": INPUTS },
): RepositoryRecord {
  const configText = buildConfigText({ lines }).replace("merge-with-approval", "merge");
  const record = buildRepository({ configText });
  const { facts } = record.stored;
  if (facts === null) throw new Error("the repository was not read");
  const known = { ...facts, workflows: { ...facts.workflows, ...workflows } };
  return { ...record, stored: { ...record.stored, facts: known } };
}

/** A task whose pull request was asked to be merged. */
export function buildMerging(overrides: Partial<Task> = {}): Task {
  return buildTask({
    state: "verifying",
    reasons: [reason("merge.pending", "It is being merged.")],
    pull: buildTaskPull({ headSha: HEAD }),
    wakeAt: NOW,
    ...overrides,
  });
}

/** A task and a repository that events happen to, one after another. */
export function playCritics(
  repository = buildCriticsRepository(),
  tasks: readonly Task[] = [buildMerging()],
) {
  const started = startLedger(repository);
  let ledger: PlanLedger = { ...started, tasks: new Map(tasks.map((task) => [task.id, task])) };
  let now = NOW;
  const plans: Plan[] = [];
  const [first] = tasks;
  const mainId = first?.id ?? "";

  function task(id = mainId): Task {
    const found = ledger.tasks.get(id);
    if (found === undefined) throw new Error(`there is no task ${id}`);
    return found;
  }

  function happen(event: Event, gathered: Gathered = {}, focus: string | null = mainId): Plan {
    const snapshot = takeSnapshot(ledger, (known) => known.id === focus);
    const plan = planEvent({ snapshot, gathered, now, own: OWN }, event);
    ledger = applyPlan(ledger, plan);
    plans.push(plan);
    return plan;
  }

  function settle(
    effect: string,
    key: string,
    facts: Record<string, string | number | null>,
    id = mainId,
  ): Plan {
    const about = { kind: "effect.settled", repo: REPO, key, effect, taskId: id } as const;
    return happen({ ...about, outcome: { kind: "done", facts } }, {}, id);
  }

  return {
    task,
    happen,
    settle,
    plans,
    repository: () => ledger.repository,
    attempt: (correlation: string | null) =>
      correlation === null ? undefined : ledger.attempts.get(correlation),
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
    /** The default branch has other files. */
    install: (record: RepositoryRecord) => {
      ledger = { ...ledger, repository: record };
    },
    /** GitHub says that the merge is done. */
    merge: (): Plan => settle("merge", `1001:merge:${mainId}:1:${HEAD}`, { sha: MERGE_SHA }),
    /** GitHub shows the pull request as it is now. */
    seePull: (pull: Partial<PullNow>): Plan =>
      happen(
        { kind: "pull.changed", repo: REPO, pull: 77, action: "closed", sender: ROBIN },
        { pull: buildPull({ state: "closed", merged: true, mergeSha: MERGE_SHA, ...pull }) },
      ),
    confirm: (runId: number): Plan => {
      const { correlation } = task();
      return settle("dispatch", `1001:dispatch:${correlation}`, {
        runId,
        runUrl: `https://github.test/runs/${runId}`,
      });
    },
    /** The run that the task waits for has moved. */
    seeRun: (run: Partial<RunNow> & Pick<RunNow, "id">, gathered: Gathered = {}): Plan => {
      const { correlation } = task();
      const seen = buildRun({
        title: `critics ${correlation}`,
        url: `https://github.test/runs/${run.id}`,
        headSha: MERGE_SHA,
        startedAt: now,
        updatedAt: now,
        ...run,
      });
      const { id: runId, title, status, conclusion, runAttempt } = seen;
      return happen(
        { kind: "run.changed", repo: REPO, runId, title, status, conclusion, runAttempt },
        { run: seen, ...gathered },
      );
    },
    due: (gathered: Gathered = {}): Plan =>
      happen({ kind: "task.due", repo: REPO, taskId: mainId }, gathered),
    /** How often each audit row was written. */
    audits: (): readonly string[] => plans.flatMap((plan) => plan.audit.map(({ kind }) => kind)),
    reverts: () => plans.flatMap((plan) => actionsIn(plan, "revert")),
  };
}

export type CriticsPlay = ReturnType<typeof playCritics>;
