import type { Event } from "../../src/core/events.ts";
import { planEvent } from "../../src/core/plan/plan-event.ts";
import type { Focus } from "../../src/ports/ledger.ts";
import {
  FIRST_QUEUED_ISSUE,
  fillQueue,
  type OpenQueue,
  openQueue,
  REPO,
  RUNNING_ISSUES,
} from "../fill-queue.ts";
import { answerParent } from "../start-child.ts";
import { percentile } from "../statistics.ts";

/** Two queues of different length, asked in turn, so that noise meets both alike. */
export interface ChooseOrder {
  readonly queues: readonly ChooseQueue[];
  readonly seed: number;
  readonly times: number;
}

export interface ChooseQueue {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly count: number;
}

export interface ChooseResult {
  readonly count: number;
  readonly question: Question;
  readonly p50: number;
  readonly p99: number;
  readonly snapshotP50: number;
}

const SENDER = { id: 5, login: "ada", type: "User" } as const;
const OWN = { appId: 1, slug: "orchestrator" };
const WARM_UP = 30;

/** What is asked of a queue: which task is next now that a slot is free, and how one far behind stands. */
const QUESTIONS = {
  next: (): readonly [Event, Focus] => {
    const [issue] = RUNNING_ISSUES;
    return [
      { kind: "issue.closed", repo: REPO, issue, sender: SENDER, reason: "not_planned" },
      { by: "issue", issue },
    ];
  },
  place: (count: number): readonly [Event, Focus] => {
    const issue = FIRST_QUEUED_ISSUE + Math.floor(count / 2);
    return [
      { kind: "issue.reopened", repo: REPO, issue, sender: SENDER },
      { by: "issue", issue },
    ];
  },
};
export type Question = keyof typeof QUESTIONS;

answerParent<ChooseOrder>(async ({ queues, seed, times }) => {
  const open: Asked[] = [];
  for (const { count, ...where } of queues) {
    const queue = await openQueue(where);
    await fillQueue(queue, { count, seed });
    open.push({ queue, count });
  }
  const results: ChooseResult[] = [];
  for (const question of Object.keys(QUESTIONS) as Question[]) {
    results.push(...(await askInTurn(open, question, times)));
  }
  for (const { queue } of open) await queue.close();
  return results;
});

interface Asked {
  readonly queue: OpenQueue;
  readonly count: number;
}

async function askInTurn(open: readonly Asked[], question: Question, times: number): Promise<ChooseResult[]> {
  const asked = open.map((one) => ({ ...one, all: [] as number[], snapshot: [] as number[] }));
  for (let turn = -WARM_UP; turn < times; turn += 1) {
    for (const { queue, count, all, snapshot } of asked) {
      const taken = await choose(queue, QUESTIONS[question](count));
      if (turn < 0) continue;
      all.push(taken.all);
      snapshot.push(taken.snapshot);
    }
  }
  return asked.map(({ count, all, snapshot }) => ({
    count,
    question,
    p50: percentile(all, 0.5),
    p99: percentile(all, 0.99),
    snapshotP50: percentile(snapshot, 0.5),
  }));
}

async function choose(
  { store }: OpenQueue,
  [event, focus]: readonly [Event, Focus],
): Promise<{ readonly all: number; readonly snapshot: number }> {
  const startedAt = performance.now();
  const snapshot = await store.ledger.snapshot(REPO, focus, 0);
  const snapshotAt = performance.now();
  const plan = planEvent({ snapshot, gathered: {}, now: Date.now(), own: OWN }, event);
  const endedAt = performance.now();
  if (event.kind === "issue.closed" && plan.attempts.length < 2) throw new Error("No task was chosen.");
  return { all: endedAt - startedAt, snapshot: snapshotAt - startedAt };
}
