import type { OwnIdentity } from "../core/plan/draft.ts";
import { planEvent } from "../core/plan/plan-event.ts";
import type { InboxJob } from "../ports/inbox.ts";
import { gather, type Readers } from "./gather.ts";

export interface HandleDeps extends Readers {
  readonly own: OwnIdentity;
  readonly now: () => number;
}

/** Gather, plan, apply: every event goes through these three steps and no others. */
export async function handleEvent(job: InboxJob, deps: HandleDeps): Promise<void> {
  const now = deps.now();
  const { snapshot, gathered } = await gather(job.event, deps, now);
  const plan = planEvent({ snapshot, gathered, now, own: deps.own }, job.event);
  await deps.ledger.settle(job, plan);
}
