import { Draft, type PlanInput } from "../../src/core/plan/draft.ts";
import type { RepositoryRecord, StoredRepository } from "../../src/core/plan/repository/repository.ts";
import type { Snapshot } from "../../src/core/plan/snapshot.ts";
import type { RepoRef } from "../../src/core/repo.ts";
import type { Session } from "../../src/core/session/session.ts";
import type { Attempt } from "../../src/core/task/attempt.ts";
import { buildTask, NOW } from "./build-task.ts";

export const REPO: RepoRef = { id: 1001, installationId: 5, owner: "acme", name: "shop" };

const BASE_SHA = "ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11";
const STANDARD_INPUTS = ["task", "attempt", "correlation", "base_sha", "from_run", "brief"];

/** A valid configuration that acts: a pipeline of three stages for `data`, one stage for `bug`. */
export function buildConfigText(overrides: { readonly lines?: readonly string[] } = {}): string {
  return [
    "version: 1",
    "mode: active",
    "autonomy: merge-with-approval",
    "limits: { running: 2, perTeam: { qa: 1 }, openPulls: 8, minutesPerWeek: 3000 }",
    "kinds:",
    "  data:",
    "    match: { labels: [data] }",
    "    role: data-engineer",
    "    stages:",
    "      - { name: generate, workflow: generate.yml, inputs: { days: [30, 365, 1095] } }",
    "      - { name: train, workflow: train.yml }",
    "      - name: verify",
    "        workflow: verify.yml",
    "        accept: [{ metric: r2, where: { sensitivity: high }, min: 0.65 }]",
    "  bugfix:",
    "    match: { labels: [bug] }",
    "reports:",
    '  weekly: { issue: 1, cron: "0 9 * * 1", timezone: UTC }',
    ...(overrides.lines ?? []),
    "",
  ].join("\n");
}

export interface RepositoryOverrides {
  /** Null for a repository without a file. */
  readonly configText?: string | null;
  readonly roadmapText?: string | null;
  readonly pausedBy?: string | null;
  readonly status?: RepositoryRecord["status"];
  readonly sessions?: readonly Session[];
}

/** What is stored of a repository whose files were read; a text given here is the one in force, broken or not. */
export function buildRepository(overrides: RepositoryOverrides = {}): RepositoryRecord {
  const { configText = buildConfigText(), roadmapText = null } = overrides;
  const stored: StoredRepository = {
    pausedBy: overrides.pausedBy ?? null,
    facts: {
      branch: "main",
      sha: BASE_SHA,
      configText,
      roadmapText,
      paths: {},
      workflows: {
        "generate.yml": [...STANDARD_INPUTS, "days"],
        "train.yml": STANDARD_INPUTS,
        "verify.yml": STANDARD_INPUTS,
        "agent.yml": STANDARD_INPUTS,
      },
    },
    goodConfig: configText === null ? null : { text: configText, sha: BASE_SHA },
    goodRoadmap: roadmapText === null ? null : { text: roadmapText, sha: BASE_SHA },
    ...(overrides.sessions !== undefined && { sessions: overrides.sessions }),
  };
  return { repo: REPO, status: overrides.status ?? "active", stored };
}

/** A repository with nothing under way; `queueLength` and `focusPosition` follow the tasks unless they are given. */
export function buildSnapshot(overrides: Partial<Snapshot> & RepositoryOverrides = {}): Snapshot {
  const { configText, roadmapText, pausedBy, status, sessions, ...own } = overrides;
  const given = Object.fromEntries(
    Object.entries({ configText, roadmapText, pausedBy, status, sessions }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const queue = own.queue ?? [];
  const focusPosition = queue.findIndex((task) => task.id === own.focus?.id);
  return {
    repository: buildRepository(given),
    active: [],
    queue,
    queuedPulls: queue.filter(({ pull }) => pull !== null),
    queueLength: queue.length,
    focus: null,
    focusPosition: focusPosition === -1 ? null : focusPosition,
    attempts: [],
    pulls: [],
    doneRoadmapIds: [],
    weekUsage: { minutes: 0, usd: 0 },
    ...own,
  };
}

/** An attempt of the default task's first stage whose run is working. */
export function buildAttempt(overrides: Partial<Attempt> = {}): Attempt {
  const task = buildTask();
  return {
    correlation: `${task.id}.1.0.0`,
    taskId: task.id,
    repoId: task.repoId,
    number: 1,
    stage: "change",
    stageIndex: 0,
    retry: 0,
    workflow: "agent.yml",
    ref: "main",
    baseSha: BASE_SHA,
    inputs: {},
    state: "running",
    runId: 900,
    runUrl: "https://github.test/acme/shop/actions/runs/900",
    runAttempt: 1,
    dispatchedAt: NOW - 60_000,
    endedAt: null,
    outcome: null,
    metrics: [],
    ...overrides,
  };
}

/** A draft at `NOW` over a built snapshot. */
export function buildDraft(input: Partial<PlanInput> = {}): Draft {
  return new Draft({
    snapshot: buildSnapshot(),
    gathered: {},
    now: NOW,
    own: { appId: 99, slug: "orchestrator" },
    ...input,
  });
}
