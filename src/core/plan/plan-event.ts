import type { Event, EventKind, EventOf } from "../events.ts";
import { Draft, type PlanInput } from "./draft.ts";
import { planCommentCreated, planCommentDeleted, planCommentEdited } from "./events/plan-comment.ts";
import { planTaskDue } from "./events/plan-due.ts";
import { planIssueLabeled } from "./events/plan-intake.ts";
import {
  planIssueClosed,
  planIssueEdited,
  planIssueGone,
  planIssueReopened,
  planIssueUnlabeled,
} from "./events/plan-issue.ts";
import { planPullChanged } from "./events/plan-pull.ts";
import { planReportDue } from "./events/plan-report.ts";
import {
  planRepositoryRead,
  planRepositoryRemoved,
  planSuspension,
  planWhileRemoved,
} from "./events/plan-repository.ts";
import { planRunChanged } from "./events/plan-run.ts";
import { planEffectSettled } from "./events/plan-settled.ts";
import type { Plan } from "./plan.ts";
import { planQueue } from "./plan-queue.ts";
import { projectTasks } from "./project-tasks.ts";

type Planner<K extends EventKind> = (draft: Draft, event: EventOf<K>) => void;

/** What each kind of event means; one row each, and a missing row does not compile. */
const PLANNERS: { readonly [K in EventKind]: Planner<K> } = {
  "issue.labeled": planIssueLabeled,
  "issue.unlabeled": planIssueUnlabeled,
  "issue.edited": planIssueEdited,
  "issue.closed": planIssueClosed,
  "issue.reopened": planIssueReopened,
  "issue.gone": planIssueGone,
  "comment.created": planCommentCreated,
  "comment.edited": planCommentEdited,
  "comment.deleted": planCommentDeleted,
  "pull.changed": planPullChanged,
  "check.changed": planPullChanged,
  "check.rerequested": planPullChanged,
  "run.changed": planRunChanged,
  "branch.pushed": planRepositoryRead,
  "repository.added": planRepositoryRead,
  "repository.removed": planRepositoryRemoved,
  "repository.changed": planRepositoryRead,
  "installation.suspended": planSuspension,
  "installation.unsuspended": planSuspension,
  "effect.settled": planEffectSettled,
  "task.due": planTaskDue,
  "repository.reconcile": planRepositoryRead,
  "report.due": planReportDue,
};

/** What is heard of a repository that the app was removed from: that it may work there again. */
const RETURNS: ReadonlySet<EventKind> = new Set(["repository.added", "repository.reconcile"]);

/**
 * The whole decision about one event: what it means, what may start now, and what people are shown. Pure: the same
 * snapshot, facts and moment give the same plan.
 */
export function planEvent(input: PlanInput, event: Event): Plan {
  const draft = new Draft(input);
  const isGone = draft.view.record.status === "removed" && !RETURNS.has(event.kind);
  if (isGone) planWhileRemoved(draft);
  else planOne(draft, event);
  if (draft.view.record.status === "active") planQueue(draft);
  projectTasks(draft);
  return draft.toPlan();
}

function planOne<K extends EventKind>(draft: Draft, event: EventOf<K>): void {
  const planner: Planner<K> = PLANNERS[event.kind as K];
  planner(draft, event);
}
