import type { Task } from "../../src/core/task/task.ts";

/** The moment at which built things stand: Wednesday, 18 November 2026, 14:00 UTC. */
export const NOW = Date.UTC(2026, 10, 18, 14);
export const HOUR_MS = 3_600_000;

/** A queued task for issue #42, handed over an hour ago by @robin; id and rank follow issue, generation and time. */
export function buildTask(overrides: Partial<Task> = {}): Task {
  const { repoId = 1001, issue = 42, generation = 1, enqueuedAt = NOW - HOUR_MS } = overrides;
  return {
    id: `${repoId}.${issue}.${generation}`,
    repoId,
    issue,
    generation,
    roadmapId: null,
    title: "Forecast demand of small shops",
    body: "Promotions are on file.",
    labels: ["autopilot", "bug"],
    kind: "bugfix",
    role: "bugfix",
    team: "qa",
    priority: "p2",
    revenue: false,
    requestedBy: { id: 7, login: "robin", type: "User" },
    enqueuedAt,
    rankAt: enqueuedAt + 48 * HOUR_MS,
    state: "queued",
    reasons: [],
    held: false,
    dependencies: [],
    stage: 0,
    attempt: 1,
    spent: 0,
    budget: 15,
    correlation: null,
    retries: 0,
    feedback: [],
    fingerprints: [],
    pull: null,
    trigger: "label",
    renewedAt: 0,
    lastRunId: null,
    notBefore: null,
    position: null,
    timeline: [],
    usage: { minutes: 0, tokens: 0, usd: 0 },
    history: [],
    updatedAt: enqueuedAt,
    wakeAt: NOW + HOUR_MS,
    ...overrides,
  };
}

/** The pull request of a task, at a head nobody has judged. */
export function buildTaskPull(overrides: Partial<NonNullable<Task["pull"]>> = {}): NonNullable<Task["pull"]> {
  return {
    number: 77,
    branch: "fix/42-forecast-demand-of-small-shops",
    baseRef: "main",
    headSha: "c0ffee1234567890c0ffee1234567890c0ffee12",
    headSince: NOW - HOUR_MS,
    verdict: null,
    verdictSha: null,
    mergeOrders: 0,
    approvals: [],
    overrides: [],
    ...overrides,
  };
}
