import type { OwnIdentity } from "../core/plan/draft.ts";
import type { Plan } from "../core/plan/plan.ts";
import { planEvent } from "../core/plan/plan-event.ts";
import type { InboxJob } from "../ports/inbox.ts";
import { gather } from "./gather.ts";
import type { Readers } from "./readers.ts";

export interface HandleDeps extends Readers {
  readonly own: OwnIdentity;
  readonly now: () => number;
}

/** Gather, plan, apply: every event goes through these three steps and no others. */
export async function handleEvent(job: InboxJob, deps: HandleDeps): Promise<Plan> {
  const now = deps.now();
  const { snapshot, gathered } = await gather(job.event, deps, now);
  const plan = planEvent({ snapshot, gathered, now, own: deps.own }, job.event);
  await deps.ledger.settle(job, plan);
  return plan;
}
