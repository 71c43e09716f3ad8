import type { Action, Projection } from "../../../src/core/effects.ts";
import type { Event, EventOf } from "../../../src/core/events.ts";
import type { WorkerResult } from "../../../src/core/evidence/worker-result.ts";
import type { IssueNow, ResultFile, RunNow, RunOrigin } from "../../../src/core/facts.ts";
import type { Draft, OwnIdentity } from "../../../src/core/plan/draft.ts";
import type { Gathered } from "../../../src/core/plan/gathered.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { planEvent } from "../../../src/core/plan/plan-event.ts";
import type { Attempt } from "../../../src/core/task/attempt.ts";
import type { Task } from "../../../src/core/task/task.ts";
import { buildAttempt, buildConfigText, buildSnapshot, REPO } from "../../support/build-snapshot.ts";
import { buildTask, NOW } from "../../support/build-task.ts";

export const ROBIN = { id: 7, login: "robin", type: "User" } as const;

/** Somebody puts the trigger label on issue 42. */
export function buildLabeled(overrides: Partial<EventOf<"issue.labeled">> = {}): EventOf<"issue.labeled"> {
  return {
    kind: "issue.labeled",
    repo: REPO,
    issue: 42,
    sender: ROBIN,
    label: "autopilot",
    text: { title: "T", body: "B", labels: ["autopilot", "bug"] },
    isPull: false,
    ...overrides,
  };
}
export const MALLORY = { id: 66, login: "mallory", type: "User" } as const;
export const OWN = { appId: 99, slug: "orchestrator", botId: 990 };
export const MINUTE_MS = 60_000;

/** A configuration under which work goes as far as it may without anybody's approval. */
export const MERGING = buildConfigText().replace("merge-with-approval", "merge");

/** The whole plan for an event, at `NOW` unless the test says otherwise. */
export function planWith(
  event: Event,
  given: {
    readonly snapshot?: Parameters<typeof buildSnapshot>[0];
    readonly gathered?: Gathered;
    readonly now?: number;
    readonly own?: OwnIdentity;
  } = {},
): Plan {
  const { gathered = {}, now = NOW, own = OWN } = given;
  return planEvent({ snapshot: buildSnapshot(given.snapshot), gathered, now, own }, event);
}

export function buildIssue(overrides: Partial<IssueNow> = {}): IssueNow {
  const { title, body, labels } = buildTask();
  return {
    number: 42,
    state: "open",
    stateReason: null,
    title,
    body,
    labels,
    isPull: false,
    locked: false,
    ...overrides,
  };
}

/** How the built attempt's run was started. */
export const DISPATCHED: RunOrigin = {
  event: "workflow_dispatch",
  path: ".github/workflows/agent.yml",
  actorId: OWN.botId,
  headRepoId: REPO.id,
};

/** The run of the built attempt, at work since a minute. */
export function buildRun(overrides: Partial<RunNow> = {}): RunNow {
  return {
    origin: DISPATCHED,
    id: 900,
    title: "agent 1001.42.1.1.0.0",
    status: "in_progress",
    conclusion: null,
    runAttempt: 1,
    headSha: "ba5eba11ba5eba11ba5eba11ba5eba11ba5eba11",
    url: "https://github.test/acme/shop/actions/runs/900",
    startedAt: NOW - MINUTE_MS,
    updatedAt: NOW,
    ...overrides,
  };
}

export function endedRun(conclusion: string | null = "success", overrides: Partial<RunNow> = {}): RunNow {
  return buildRun({ status: "completed", conclusion, ...overrides });
}

/** A change that is in nobody's way. */
export const CHANGE = { path: "src/price.ts", mode: "100644", contentBase64: "YQ==" } as const;

/** What an honest worker writes about an attempt. */
export function buildResult(
  attempt: Attempt = buildAttempt(),
  overrides: Partial<Record<keyof WorkerResult, unknown>> = {},
): ResultFile {
  const result = {
    schema: "orchestrator-result/1",
    task: attempt.taskId,
    attempt: attempt.number,
    correlation: attempt.correlation,
    baseSha: attempt.baseSha,
    outcome: "completed",
    summary: "All is well.",
    ...overrides,
  };
  return { kind: "found", text: JSON.stringify(result), url: "https://github.test/artifact" };
}

/** A task whose first stage is under way, with the attempt that the built attempt is. */
export function buildRunning(overrides: Partial<Task> = {}): Task {
  const { correlation } = buildAttempt();
  return buildTask({
    state: "running",
    correlation,
    timeline: [
      {
        attempt: 1,
        stage: "change",
        correlation,
        state: "running",
        runUrl: null,
        startedAt: NOW - MINUTE_MS,
        endedAt: null,
        note: "",
      },
    ],
    ...overrides,
  });
}

/** A task of the three-stage kind, about to start with its first stage. */
export function buildDataTask(overrides: Partial<Task> = {}): Task {
  return buildTask({
    kind: "data",
    role: "data-engineer",
    team: "dev",
    labels: ["autopilot", "data"],
    ...overrides,
  });
}

export function taskIn(plan: Plan, issue = 42): Task {
  const task = plan.tasks.findLast((known) => known.issue === issue);
  if (task === undefined) throw new Error(`the plan changes no task of #${issue}`);
  return task;
}

export function codesOf({ reasons }: Pick<Task, "reasons">): readonly string[] {
  return reasons.map(({ code }) => code);
}

type Kinded<Union extends { readonly kind: string }, K extends Union["kind"]> = Extract<Union, { kind: K }>;

/** Actions of one kind with their keys, in order. */
export function actionsIn<K extends Action["kind"]>(
  plan: Plan,
  kind: K,
): readonly (Kinded<Action, K> & { readonly key: string })[] {
  return plan.effects.flatMap((effect) =>
    effect.sort === "action" && isKind(effect.action, kind) ? [{ ...effect.action, key: effect.key }] : [],
  );
}

/** Projections of one kind with their keys, in order. */
export function projectionsIn<K extends Projection["kind"]>(
  plan: Plan,
  kind: K,
): readonly (Kinded<Projection, K> & { readonly key: string })[] {
  return plan.effects.flatMap((effect) =>
    effect.sort === "projection" && isKind(effect.projection, kind)
      ? [{ ...effect.projection, key: effect.key }]
      : [],
  );
}

function isKind<Union extends { readonly kind: string }, K extends Union["kind"]>(
  value: Union,
  kind: K,
): value is Kinded<Union, K> {
  return value.kind === kind;
}

/** Keys of every action, without the repository's id. */
export function orderedIn(plan: Plan): readonly string[] {
  return plan.effects.filter(({ sort }) => sort === "action").map(({ key }) => key.replace(/^\d+:/u, ""));
}

/** What a draft holds by now. */
export function currentIn(draft: Draft): Task {
  return taskIn(draft.toPlan());
}
