import type { RunNow } from "../../facts.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { StageLine, Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";
import { changeStageLine } from "../task/change-task.ts";
import { settleCost } from "./settle-cost.ts";

const MINUTE_MS = 60_000;

/** What a worker says it used. */
interface Usage {
  readonly minutes?: number | undefined;
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
}

/** Counts a run that GitHub says has ended, by its clock or by what its worker says, and ends its line. */
export function settleRun(
  draft: Draft,
  task: Task,
  end: {
    readonly attempt: Attempt;
    readonly run: RunNow;
    readonly usage: Usage | null;
    readonly line: StageLine["state"];
  },
): Task {
  const { attempt, run, usage, line } = end;
  const minutes = Math.max(0, run.updatedAt - run.startedAt) / MINUTE_MS;
  const settled = settleCost(draft, task, {
    minutes: Math.max(minutes, usage?.minutes ?? 0),
    tokens: usage?.tokens ?? 0,
    ...(usage?.usd !== undefined && { usd: usage.usd }),
    workflow: attempt.workflow,
    isWhole: run.conclusion !== "cancelled",
  });
  return changeStageLine(settled, attempt.correlation, {
    state: line,
    runUrl: run.url,
    endedAt: draft.now,
  });
}

/** Counts a run that is broken off or lost by the time since its dispatch, and ends its line; its worker may tell the rest later. */
export function settleBroken(
  draft: Draft,
  task: Task,
  end: {
    readonly attempt: Attempt;
    readonly line: "cancelled" | "trouble";
    /** The most that can have been used of that time. */
    readonly mostMs?: number;
    /** A run that was broken off says nothing of what one takes. */
    readonly isWhole: boolean;
  },
): Task {
  const { attempt, line, isWhole, mostMs = Number.POSITIVE_INFINITY } = end;
  const ms = Math.min(Math.max(0, draft.now - attempt.dispatchedAt), mostMs);
  const settled = settleCost(draft, task, {
    ...{ minutes: ms / MINUTE_MS, tokens: 0 },
    ...{ workflow: attempt.workflow, isWhole },
  });
  return changeStageLine(settled, attempt.correlation, {
    state: line,
    endedAt: draft.now,
    awaitsUsage: true,
  });
}

/** Counts what the worker of a run that was broken off says it used after all, once; the time was counted then. */
export function settleLate(
  draft: Draft,
  task: Task,
  { attempt, usage }: { readonly attempt: Attempt; readonly usage: Usage | null },
): Task {
  const { correlation, workflow } = attempt;
  const line = task.timeline.find((known) => known.correlation === correlation);
  if (line?.awaitsUsage !== true || usage === null) return task;
  const { tokens = 0, usd = 0 } = usage;
  const settled = settleCost(draft, task, { minutes: 0, tokens, usd, workflow, isWhole: false });
  return changeStageLine(settled, correlation, { awaitsUsage: false });
}
