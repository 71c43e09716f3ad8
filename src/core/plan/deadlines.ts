const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long GitHub may take to confirm a dispatch before the watchdog looks. */
export const RECEIPT_MS = 2 * MINUTE_MS;
/** How long a run may stay away after GitHub took its dispatch, before it is dispatched again (F120). */
export const NO_RUN_MS = 15 * MINUTE_MS;
/** How long a run may wait for its first job before that is said. */
export const FIRST_JOB_MS = 15 * MINUTE_MS;
/** How long after its dispatch a run that works may go without a first step before that is said. */
export const FIRST_STEP_MS = 20 * MINUTE_MS;
/** How often a run is looked at while it works, in case its webhook was lost (F123). */
export const RUN_POLL_MS = 5 * MINUTE_MS;
/** How often a pull request is looked at while it is verified. */
export const PULL_POLL_MS = 5 * MINUTE_MS;
/** How soon a judged pull request without a task is looked at again, in case an event was lost; later the older its head is. */
export const JUDGED_POLL_MS = HOUR_MS;
/** How soon a pull request is looked at again whose mergeability GitHub has not computed yet. */
export const MERGEABLE_POLL_MS = 10 * SECOND_MS;
/** How often a queued task's reasons are worked out again without an event. */
export const QUEUE_POLL_MS = 10 * MINUTE_MS;
/** How often that is done for a task so far back that nothing it does itself can bring its turn nearer. */
export const FAR_QUEUE_POLL_MS = HOUR_MS;
/** By how much those that were looked at with another task may come later than that one, which looks at them again. */
export const TOGETHER_MS = 2 * MINUTE_MS;
/** How often a task that waits for a person is looked at again. */
export const HUMAN_POLL_MS = 24 * HOUR_MS;
/** Grace between an effect's order and its outcome before the watchdog looks. */
export const EFFECT_MS = 10 * MINUTE_MS;
/** Pauses before a stage is dispatched again after trouble that was not the task's own. */
export const RETRY_PAUSES_MS: readonly number[] = [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS];
/** How long a session finds nothing to do before it is over: what has just ended may let something else begin. */
export const SESSION_IDLE_MS = MINUTE_MS;
/** A command older than this has to be confirmed by writing it again (F034). */
export const COMMAND_MAX_AGE_MS = HOUR_MS;
