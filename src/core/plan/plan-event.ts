import type { Event, EventKind, EventOf } from "../events.ts";
import { Draft, type PlanInput } from "./draft.ts";
import { planCheckAction } from "./events/plan-check-action.ts";
import {
  planCommentCreated,
  planCommentDeleted,
  planCommentEdited,
  planCommentElsewhere,
} from "./events/plan-comment.ts";
import { planTaskDue } from "./events/plan-due.ts";
import { planIssueLabeled } from "./events/plan-intake.ts";
import {
  planIssueClosed,
  planIssueEdited,
  planIssueGone,
  planIssueReopened,
  planIssueUnlabeled,
  planIssueUnlocked,
} from "./events/plan-issue.ts";
import { planLabelChanged } from "./events/plan-label.ts";
import { planPullChanged } from "./events/plan-pull.ts";
import { planReportDue } from "./events/plan-report.ts";
import {
  planRepositoryRead,
  planRepositoryRemoved,
  planSuspension,
  planWhileRemoved,
} from "./events/plan-repository.ts";
import { planRunChanged } from "./events/plan-run.ts";
import { planSessionDue, planSessionEnded } from "./events/plan-session.ts";
import { planEffectSettled } from "./events/plan-settled.ts";
import { planStopAsked } from "./events/plan-stop-asked.ts";
import { heedHolds } from "./heed-holds.ts";
import { heedStops, planStopChanged } from "./heed-stops.ts";
import type { Plan } from "./plan.ts";
import { planQueue } from "./plan-queue.ts";
import { projectTasks } from "./project-tasks.ts";
import { planGroup, planGroupDestroyed } from "./pull/take-group.ts";
import { planRoadmap } from "./roadmap/plan-roadmap.ts";
import { closeOverdueSessions, settleSessions } from "./session/follow-sessions.ts";

type Planner<K extends EventKind> = (draft: Draft, event: EventOf<K>) => void;

/** What each kind of event means; one row each, and a missing row does not compile. */
const PLANNERS: { readonly [K in EventKind]: Planner<K> } = {
  "issue.labeled": planIssueLabeled,
  "issue.unlabeled": planIssueUnlabeled,
  "issue.edited": planIssueEdited,
  "issue.closed": planIssueClosed,
  "issue.reopened": planIssueReopened,
  "issue.unlocked": planIssueUnlocked,
  "issue.gone": planIssueGone,
  "comment.created": planCommentCreated,
  "comment.edited": planCommentEdited,
  "comment.deleted": planCommentDeleted,
  "comment.elsewhere": planCommentElsewhere,
  "pull.changed": planPullChanged,
  "check.changed": planPullChanged,
  "check.rerequested": planPullChanged,
  "check.action": planCheckAction,
  "group.requested": planGroup,
  "group.changed": planGroup,
  "group.destroyed": planGroupDestroyed,
  "run.changed": planRunChanged,
  "branch.pushed": planRepositoryRead,
  "repository.added": planRepositoryRead,
  "repository.removed": planRepositoryRemoved,
  "repository.changed": planRepositoryRead,
  "label.changed": planLabelChanged,
  "stop.asked": planStopAsked,
  "stop.changed": planStopChanged,
  "installation.suspended": planSuspension,
  "installation.unsuspended": planSuspension,
  "effect.settled": planEffectSettled,
  "task.due": planTaskDue,
  "repository.reconcile": planRepositoryRead,
  "report.due": planReportDue,
  "session.due": planSessionDue,
  "session.ended": planSessionEnded,
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
  // A stop is asked for beside other events, so what is kept of the repository is theirs to write.
  if (event.kind !== "stop.asked") closeOverdueSessions(draft);
  if (isGone) planWhileRemoved(draft);
  else planOne(draft, event);
  // Handled beside other events of the repository, so it leaves tasks to them.
  if (event.kind === "stop.asked") return draft.toPlan();
  heedStops(draft);
  // Before the queue and sessions are asked: what is held back is not under way.
  heedHolds(draft);
  if (draft.view.record.status === "active") planQueue(draft);
  settleSessions(draft);
  planRoadmap(draft, event);
  projectTasks(draft);
  return draft.toPlan();
}

function planOne<K extends EventKind>(draft: Draft, event: EventOf<K>): void {
  const planner: Planner<K> = PLANNERS[event.kind as K];
  planner(draft, event);
}
