/**
 * Why a task is not moving. `message` is a sentence. `deadline`, ms since epoch, is a moment of the reason's own, at which it
 * ends or is looked at; null where it is looked at with its task (`wakeAt`).
 */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
  readonly liftedBy: string;
  readonly deadline: number | null;
}

interface ReasonRow {
  /** What the code means, for the documentation. */
  readonly meaning: string;
  readonly liftedBy: string;
}

/** Every reason code, what it means and who lifts it: routing, comments and docs/reasons.md come from these rows. */
export const REASONS = {
  "config.absent": {
    meaning: "The repository has no `.github/orchestrator.yml`.",
    liftedBy: "whoever adds the file",
  },
  "config.invalid": { meaning: "The configuration was never valid.", liftedBy: "whoever corrects the file" },
  "organisation.invalid": {
    meaning: "The owner's file for all repositories was never valid, so nobody knows what it allows.",
    liftedBy: "whoever corrects the file",
  },
  "kind.unknown": {
    meaning: "The configuration has no kind, or no stage of it, for this task.",
    liftedBy: "a label of a configured kind",
  },
  "autonomy.too-low": {
    meaning: "The granted autonomy does not allow this step.",
    liftedBy: "a maintainer, in the configuration",
  },
  "mode.shadow": {
    meaning: "The repository is in shadow mode: decided and shown, not done.",
    liftedBy: "`mode: active`",
  },
  "requires.path": {
    meaning: "A path that the roadmap requires is missing on the default branch.",
    liftedBy: "whoever adds the path",
  },
  "requires.workflow": {
    meaning: "A workflow that the task needs is missing on the default branch.",
    liftedBy: "whoever adds the workflow",
  },
  "requires.input": {
    meaning: "A workflow lacks an input that the dispatch needs.",
    liftedBy: "whoever declares the input",
  },
  "requires.design-review": {
    meaning: "The design that the roadmap names for the task is not merged on the default branch.",
    liftedBy: "whoever merges the design",
  },
  "dependency.open": {
    meaning: "Something this task depends on is not done.",
    liftedBy: "the dependency's completion",
  },
  "dependency.unknown": {
    meaning: "Something this task depends on cannot be read.",
    liftedBy: "a maintainer",
  },
  "dependency.not-done": { meaning: "A dependency ended without being done.", liftedBy: "a maintainer" },
  "dependency.cycle": { meaning: "Dependencies form a circle.", liftedBy: "whoever removes one edge" },
  "approval.dispatch": {
    meaning: "The repository is governed, and no maintainer has let the task start.",
    liftedBy: "`/orchestrate allow` by a maintainer other than the requester",
  },
  "task.held": { meaning: "Somebody put the task on hold.", liftedBy: "`/orchestrate unhold`" },
  "repository.stopped": {
    meaning: "Somebody stopped everything here: nothing is started, written or merged.",
    liftedBy: "`/orchestrate resume` by a maintainer, or the operator who stopped it",
  },
  "role.rate-limited": {
    meaning: "A worker of the role was refused by a limit, and the role rests.",
    liftedBy: "the clock, or `/orchestrate resume`",
  },
  "role.refused": {
    meaning: "Limits refused the workers of the role again and again, so that waiting alone does not help.",
    liftedBy: "whoever gives the role's worker more room",
  },
  "session.over": {
    meaning: "The session that covered the task takes nothing more.",
    liftedBy: "`/orchestrate start` or `/orchestrate resume` by a maintainer",
  },
  "repository.paused": { meaning: "The repository is paused.", liftedBy: "`/orchestrate resume`" },
  "installation.suspended": {
    meaning: "The installation is suspended.",
    liftedBy: "an owner of the account",
  },
  "limit.running": {
    meaning: "As many tasks run as the repository allows.",
    liftedBy: "the end of a running task",
  },
  "limit.team": {
    meaning: "As many tasks of this team run as allowed.",
    liftedBy: "the end of a running task of the team",
  },
  "limit.pulls": {
    meaning: "As many pull requests of tasks are open as allowed.",
    liftedBy: "a merged or closed pull request",
  },
  "overlap.task": {
    meaning: "Another task that is under way, or due first, touches the same paths.",
    liftedBy: "the end of that task",
  },
  "limit.minutes": {
    meaning: "The week's minutes are spent or set aside.",
    liftedBy: "the next week, or a higher limit",
  },
  "limit.usd": {
    meaning: "The week's money is spent or set aside.",
    liftedBy: "the next week, or a higher limit",
  },
  "limit.role": {
    meaning: "The week's minutes or money of the role are spent or set aside.",
    liftedBy: "the next week, or a higher limit",
  },
  "limit.task": {
    meaning: "The next run would take the task beyond what one task may cost.",
    liftedBy: "`/orchestrate retry --reset-budget`, or a higher limit and `/orchestrate retry`",
  },
  "queue.behind": { meaning: "Older or more urgent tasks are first.", liftedBy: "the queue" },
  "dispatch.unconfirmed": {
    meaning: "The dispatch was sent; GitHub has not confirmed a run yet.",
    liftedBy: "GitHub, or the watchdog",
  },
  "dispatch.refused": { meaning: "GitHub refused the dispatch.", liftedBy: "whoever corrects the workflow" },
  "run.waiting": {
    meaning: "The run waits for an approval or a runner.",
    liftedBy: "an approver, or a runner",
  },
  "run.working": { meaning: "The run is working.", liftedBy: "the run" },
  "run.silent": {
    meaning: "No runner has taken the run in time, or its first step does not begin.",
    liftedBy: "the watchdog",
  },
  "publish.pending": { meaning: "The pull request is being written.", liftedBy: "GitHub" },
  "publish.refused": { meaning: "The change could not be published.", liftedBy: "a maintainer" },
  "publish.duplicate": {
    meaning: "Another task has published the same change.",
    liftedBy: "a maintainer",
  },
  "checks.pending": { meaning: "Checks of the pull request have not ended.", liftedBy: "the checks" },
  "gate.blocked": { meaning: "A gate needs a person.", liftedBy: "the named person" },
  "approval.missing": {
    meaning: "The pull request needs an approval of this commit.",
    liftedBy: "`/orchestrate approve <sha>`",
  },
  "github.unreadable": {
    meaning: "GitHub did not let the pull request be read.",
    liftedBy: "GitHub, or the next try",
  },
  "window.closed": {
    meaning: "A window in which nothing is started, or merged, has not ended.",
    liftedBy: "the clock",
  },
  "merge.pending": { meaning: "The merge was asked for.", liftedBy: "GitHub" },
  "merge.refused": { meaning: "GitHub refused the merge.", liftedBy: "a maintainer" },
  "merge.by-hand": {
    meaning: "The granted autonomy leaves the merge to people.",
    liftedBy: "whoever merges",
  },
  "merge.draft": {
    meaning: "The pull request is a draft, which GitHub does not merge.",
    liftedBy: "whoever marks it as ready for review",
  },
  "critics.running": {
    meaning: "The change is merged, and the critics look at the default branch.",
    liftedBy: "the run",
  },
  "critics.blocked": {
    meaning: "The critics could not judge the merged change.",
    liftedBy: "`/orchestrate retry`, which lets the critics look again",
  },
  "critics.reverting": {
    meaning: "The critics refused the merged change; a pull request that takes it back is being written.",
    liftedBy: "GitHub",
  },
  "critics.revert-open": {
    meaning: "The pull request that takes a refused change back is open.",
    liftedBy: "whoever merges or closes it",
  },
  "critics.revert-refused": {
    meaning: "A change that the critics refused could not be taken back by the app.",
    liftedBy: "a maintainer",
  },
  "worker.needs-info": {
    meaning: "The worker cannot go on without something that only people can add.",
    liftedBy: "whoever adds it, then `/orchestrate retry`, which reads the issue anew",
  },
  "work.already-done": {
    meaning: "The worker says that there is nothing left to do, and names files that show it.",
    liftedBy: "closing the issue as completed; or `/orchestrate retry`, if it is not done",
  },
  "issue.incomplete": {
    meaning: "The issue lacks something that its kind asks for before work starts.",
    liftedBy: "an edit of the issue by somebody with write access",
  },
  "breaker.open": {
    meaning: "What the task needs was in trouble too often in a row, and rests.",
    liftedBy: "a probe that ends well, or `/orchestrate resume`",
  },
  "retry.later": {
    meaning: "The last attempt ended by trouble that is not the task's; it is tried again.",
    liftedBy: "the clock",
  },
  "issue.text-changed": {
    meaning: "Somebody without write access changed the text after labelling.",
    liftedBy: "labelling again",
  },
} as const satisfies Record<string, ReasonRow>;

export type ReasonCode = keyof typeof REASONS;

/** Makes a reason whose `liftedBy` is the table's, unless the caller knows a more exact one. */
export function reason(
  code: ReasonCode,
  message: string,
  more: { readonly liftedBy?: string; readonly deadline?: number | null } = {},
): Reason {
  return {
    code,
    message,
    liftedBy: more.liftedBy ?? REASONS[code].liftedBy,
    deadline: more.deadline ?? null,
  };
}
