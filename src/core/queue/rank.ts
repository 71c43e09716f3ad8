import type { Priority } from "../task/task.ts";

const HOUR_MS = 3_600_000;

/** Slack per priority: how long a task may wait behind younger, more urgent ones. */
export const SLACK_MS: Readonly<Record<Priority, number>> = {
  p0: 0,
  p1: 8 * HOUR_MS,
  p2: 48 * HOUR_MS,
  p3: 168 * HOUR_MS,
};

const REVENUE_BOOST_MS = 12 * HOUR_MS;
const UNBLOCK_BOOST_MS = 2 * HOUR_MS;
const MAX_UNBLOCK_BOOST_MS = 24 * HOUR_MS;

export interface RankFacts {
  readonly enqueuedAt: number;
  readonly priority: Priority;
  readonly revenue: boolean;
  /** How many tasks wait for this one, directly or not. */
  readonly unblocks: number;
}

/**
 * The virtual deadline that orders the queue, ms since epoch. It never changes with the clock, so the order is one indexed
 * column, and since every younger task's deadline lies later, nothing starves.
 */
export function rankTask({ enqueuedAt, priority, revenue, unblocks }: RankFacts): number {
  const revenueBoost = revenue ? REVENUE_BOOST_MS : 0;
  const unblockBoost = Math.min(Math.max(0, unblocks) * UNBLOCK_BOOST_MS, MAX_UNBLOCK_BOOST_MS);
  return enqueuedAt + SLACK_MS[priority] - revenueBoost - unblockBoost;
}
