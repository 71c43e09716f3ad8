import type { Kind } from "../../config/config.ts";
import type { EventOf } from "../../events.ts";
import { intakeRefusal } from "../../messages/intake.ts";
import { readPaths } from "../../queue/overlap/read-paths.ts";
import { rankTask } from "../../queue/rank.ts";
import { reason } from "../../reasons.ts";
import { type Actor, hasPermission, type Permission } from "../../repo.ts";
import { countUnblocked, findRoadmapTask, isOnRevenuePath } from "../../roadmap/query-roadmap.ts";
import type { RoadmapTask } from "../../roadmap/roadmap.ts";
import { isTerminal, PRIORITIES, type Priority, type Task } from "../../task/task.ts";
import { QUEUE_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { kindOf, roleOf, triggerLabel } from "../repository/repository-view.ts";
import { moveTask } from "../task/change-task.ts";
import { isStateLabel, renewTask } from "../task/renew-task.ts";
import { cancelTask } from "./plan-issue.ts";

/** A label came: the trigger starts a task, another one may settle what kind a waiting task is. */
export function planIssueLabeled(draft: Draft, event: EventOf<"issue.labeled">): void {
  if (event.label.toLowerCase() !== triggerLabel(draft.view.config).toLowerCase())
    return planOtherLabel(draft, event);
  const obstacle = findObstacle(draft, event);
  if (obstacle !== undefined) return draft.conclude("ignored", obstacle);
  const permission = draft.gathered.permission ?? "none";
  if (!hasPermission(permission, neededToHandOver(draft))) return refuse(draft, event, permission);
  if (draft.focus !== null && awaitsLabel(draft.focus)) {
    const why = `@${event.sender.login} handed the issue over again, with its new text`;
    cancelTask(draft, draft.focus, { why, actor: event.sender.login });
  }
  startTask(draft, {
    issue: event.issue,
    requestedBy: event.sender,
    trigger: "label",
    title: event.text.title,
    body: event.text.body,
    labels: event.text.labels,
  });
}

/**
 * What handing an issue over needs: in a governed repository, what letting its task start does. As long as nobody knows what
 * the owner wants, the task is taken and waits.
 */
export function neededToHandOver({ view }: Draft): Permission {
  return view.governed && view.organisation?.text !== null ? "maintain" : "write";
}

/** Why this label starts nothing although it is the trigger; undefined when it may. */
function findObstacle(draft: Draft, event: EventOf<"issue.labeled">): string | undefined {
  const { issue } = draft.gathered;
  if (event.isPull) return "the label is on a pull request, not on an issue";
  if (isForeignBot(draft, event.sender)) return "labelled by a bot that is not allowed";
  if (!issue) return "the issue is gone";
  if (issue.isPull) return "the number is a pull request's";
  if (issue.state === "closed") return "the issue is closed";
  if (!issue.labels.some((label) => label.toLowerCase() === event.label.toLowerCase()))
    return "the label is gone again";
  if (draft.focus !== null && !isTerminal(draft.focus) && !awaitsLabel(draft.focus))
    return "the issue has a live task";
  return undefined;
}

/** Whether a new label hands a live task over again: its text was changed by a stranger. */
export function awaitsLabel(task: Task): boolean {
  return task.state === "blocked" && task.reasons.some((known) => known.code === "issue.text-changed");
}

/** Bots count only when the configuration names their account id. */
export function isForeignBot(draft: Draft, actor: Actor): boolean {
  return actor.type !== "User" && !(draft.view.config?.allowedBots ?? []).includes(actor.id);
}

function refuse(draft: Draft, event: EventOf<"issue.labeled">, permission: Permission): void {
  const needed = neededToHandOver(draft);
  draft.conclude("processed", `refused: ${permission} is not enough`);
  draft.audit("intake.refused", {
    actor: event.sender.login,
    data: { issue: event.issue, permission, needed },
  });
  draft.act(
    `intake-refused:${event.issue}:${event.sender.id}`,
    {
      kind: "reply",
      issue: event.issue,
      body: intakeRefusal({ login: event.sender.login, permission, needed, label: event.label }),
    },
    { subject: `issue:${event.issue}`, taskId: null },
  );
}

export interface IntakeRequest {
  readonly issue: number;
  readonly requestedBy: Actor;
  readonly trigger: Task["trigger"];
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Absent where a person asked. */
  readonly origin?: "roadmap";
}

/** The task that an issue would become; everything the roadmap and the labels say is settled now, as of this moment. */
export function describeTask(draft: Draft, request: IntakeRequest): Task {
  const { view, now } = draft;
  const generation =
    (draft.snapshot.focus?.issue === request.issue ? draft.snapshot.focus.generation : 0) + 1;
  const entry = view.roadmap === null ? undefined : findRoadmapTask(view.roadmap, { title: request.title });
  const kind = chooseKind(draft, request.labels, entry);
  const role = kind === undefined ? undefined : roleOf(view.config, kind.role);
  const priority = choosePriority(request.labels, entry);
  const revenue = entry !== undefined && view.roadmap !== null && isOnRevenuePath(view.roadmap, entry.id);
  const unblocks = entry === undefined || view.roadmap === null ? 0 : countUnblocked(view.roadmap, entry.id);
  return {
    id: `${draft.repo.id}.${request.issue}.${generation}`,
    repoId: draft.repo.id,
    issue: request.issue,
    generation,
    roadmapId: entry?.id ?? null,
    title: request.title,
    body: request.body,
    labels: request.labels,
    ...pathsOf(request.body),
    kind: kind?.name ?? "unknown",
    role: role?.name ?? "unknown",
    team: role?.team ?? "unknown",
    priority,
    revenue,
    requestedBy: request.requestedBy,
    trigger: request.trigger,
    enqueuedAt: now,
    rankAt: rankTask({ enqueuedAt: now, priority, revenue, unblocks }),
    ...freshProgress(role?.attempts ?? 1),
    dependencies: draft.gathered.dependencies ?? [],
    updatedAt: now,
    wakeAt: now + QUEUE_POLL_MS,
  };
}

function pathsOf(body: string): Pick<Task, "paths"> {
  const paths = readPaths(body);
  return paths.length === 0 ? {} : { paths };
}

/** Makes a task of an issue. */
export function startTask(draft: Draft, request: IntakeRequest): void {
  const task = describeTask(draft, request);
  const { priority, revenue } = task;
  const { login } = request.requestedBy;
  const actor = request.origin === undefined ? login : draft.own.slug;
  draft.conclude("processed", "task queued");
  draft.audit("task.created", {
    actor,
    taskId: task.id,
    data: { issue: request.issue, kind: task.kind, priority, revenue, roadmapId: task.roadmapId },
  });
  moveTask(draft, task, {
    state: "queued",
    reasons: [reason("queue.behind", "The task is being looked at.")],
    wakeAt: draft.now + QUEUE_POLL_MS,
    note: `Handed over by ${request.origin === undefined ? `@${login}` : "the roadmap"}`,
    actor,
  });
  draft.act(
    `seen:${task.id}`,
    { kind: "react", target: { kind: "issue", id: request.issue }, content: "eyes" },
    { subject: `reaction:issue:${request.issue}`, taskId: task.id },
  );
}

/** The progress fields of a task that has not been tried. */
export function freshProgress(budget: number) {
  return {
    state: "queued",
    reasons: [],
    held: false,
    stage: 0,
    attempt: 1,
    spent: 0,
    budget,
    correlation: null,
    retries: 0,
    feedback: [],
    fingerprints: [],
    pull: null,
    lastRunId: null,
    notBefore: null,
    position: null,
    timeline: [],
    usage: { minutes: 0, tokens: 0, usd: 0 },
    history: [],
    renewedAt: 0,
  } satisfies Partial<Task>;
}

function chooseKind(
  draft: Draft,
  labels: readonly string[],
  entry: RoadmapTask | undefined,
): Kind | undefined {
  const { config } = draft.view;
  if (config === null) return undefined;
  const named = entry?.kind === undefined ? undefined : kindOf(config, entry.kind);
  const carried = new Set(labels.map((label) => label.toLowerCase()));
  const matching = Object.values(config.kinds).find((kind) => matchesLabels(kind, carried));
  return named ?? matching;
}

/** A kind matches an issue that carries all of its labels. */
function matchesLabels(kind: Kind, carried: ReadonlySet<string>): boolean {
  const { labels } = kind.match;
  return labels.length > 0 && labels.every((label) => carried.has(label.toLowerCase()));
}

/** A label `priority:p1` (or plain `p1`) wins over the roadmap. */
function choosePriority(labels: readonly string[], entry: RoadmapTask | undefined): Priority {
  const labelled = PRIORITIES.find((priority) =>
    labels.some((label) => [`priority:${priority}`, priority].includes(label.toLowerCase())),
  );
  return labelled ?? entry?.priority ?? "p2";
}

/** A task that waits because nobody said what kind it is gets its kind from a later label or configuration. */
function planOtherLabel(draft: Draft, event: EventOf<"issue.labeled">): void {
  const task = draft.focus;
  if (task === null || isTerminal(task)) return draft.conclude("ignored", "not the trigger label");
  if (isStateLabel(draft, event.label)) return renewTask(draft, task);
  if (task.kind !== "unknown") return draft.conclude("ignored", "not the trigger label");
  draft.conclude("processed", "labels of a waiting task");
  draft.saveTask(settleKind(draft, { ...task, labels: [...new Set([...task.labels, event.label])] }));
}

/** Settles kind, role and team of a task that has none, as far as the configuration in force knows them. */
export function settleKind(draft: Draft, task: Task): Task {
  if (task.kind !== "unknown") return task;
  const { roadmap, config } = draft.view;
  const entry = roadmap === null ? undefined : findRoadmapTask(roadmap, { title: task.title });
  const kind = chooseKind(draft, task.labels, entry);
  const role = kind === undefined ? undefined : roleOf(config, kind.role);
  if (kind === undefined || role === undefined) return task;
  return {
    ...task,
    kind: kind.name,
    role: role.name,
    team: role.team,
    budget: role.attempts,
    roadmapId: entry?.id ?? task.roadmapId,
  };
}
