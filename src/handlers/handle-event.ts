import type { Event } from "../core/events.ts";
import type { OwnIdentity } from "../core/plan/draft.ts";
import type { Plan } from "../core/plan/plan.ts";
import { planEvent } from "../core/plan/plan-event.ts";
import type { Inbox, InboxJob } from "../ports/inbox.ts";
import { isOutsideTrouble } from "../ports/outside-trouble.ts";
import { gather, takeSnapshot } from "./gather.ts";
import type { Readers } from "./readers.ts";
import { tellRepositories } from "./tell-repositories.ts";

export interface HandleDeps extends Readers {
  readonly own: OwnIdentity;
  readonly now: () => number;
  /** Where other repositories are told of what concerns them too. */
  readonly inbox?: Pick<Inbox, "send">;
}

/** Gather, plan, apply: every event goes through these three steps and no others. */
export async function handleEvent(job: InboxJob, deps: HandleDeps): Promise<Plan> {
  const now = deps.now();
  const reading = await gatherOrExplain(job, deps, now);
  const plan = planEvent({ ...reading, now, own: deps.own }, job.event);
  const { inbox, ledger } = deps;
  if (inbox !== undefined) await tellRepositories(job.event, reading, { ledger, inbox });
  await ledger.settle(job, plan);
  return plan;
}

/** Events that are about the verdict of a pull request. */
const VERDICT_EVENTS: ReadonlySet<Event["kind"]> = new Set([
  "pull.changed",
  "check.changed",
  "check.rerequested",
  "group.requested",
  "group.changed",
  "task.due",
]);

/**
 * What cannot be read in the end is no verdict, but it is told as what it is: without this, an old verdict would stand, or a
 * check would wait for ever.
 */
async function gatherOrExplain(job: InboxJob, deps: HandleDeps, now: number): ReturnType<typeof gather> {
  const { event, isLastTry } = job;
  try {
    return await gather(event, deps, now);
  } catch (error) {
    if (!isLastTry || isOutsideTrouble(error) || !VERDICT_EVENTS.has(event.kind)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return { snapshot: await takeSnapshot(event, deps, now), gathered: { pullTrouble: why } };
  }
}
