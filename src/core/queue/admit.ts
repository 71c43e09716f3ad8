import type { Config } from "../config/config.ts";
import { be, plural } from "../messages/text.ts";
import { type Reason, reason } from "../reasons.ts";
import type { Task } from "../task/task.ts";
import { createRecord } from "../yaml/create-record.ts";

/** What is under way in a repository, as far as limits go. */
export interface Load {
  readonly running: number;
  readonly perTeam: Readonly<Record<string, number>>;
  readonly openPulls: number;
}

/** Counts what the active tasks occupy. */
export function measureLoad(active: readonly Task[]): Load {
  const running = active.filter((task) => task.state === "running");
  const teams = new Map<string, number>();
  for (const task of running) teams.set(task.team, (teams.get(task.team) ?? 0) + 1);
  return {
    running: running.length,
    perTeam: createRecord(teams),
    openPulls: active.filter((task) => task.pull !== null).length,
  };
}

/** Every limit on how much is under way at once that a ready task would exceed now; the same answer serves the queue and `/orchestrate why`. */
export function admit(task: Task, config: Config, load: Load): readonly Reason[] {
  const { limits } = config;
  const teamLimit = Object.hasOwn(limits.perTeam, task.team) ? limits.perTeam[task.team] : undefined;
  const ofTeam = Object.hasOwn(load.perTeam, task.team) ? (load.perTeam[task.team] ?? 0) : 0;
  const reasons: Reason[] = [];
  if (load.running >= limits.running) {
    reasons.push(
      reason(
        "limit.running",
        `${load.running} of ${plural(limits.running, "task")} ${be(load.running)} running (\`limits.running\`).`,
      ),
    );
  }
  if (teamLimit !== undefined && ofTeam >= teamLimit) {
    reasons.push(
      reason(
        "limit.team",
        `${ofTeam} of ${plural(teamLimit, "task")} of team ${task.team} ${be(ofTeam)} running (\`limits.perTeam\`).`,
      ),
    );
  }
  // A task that has its pull request opens no other one; waiting for itself to be merged would be for ever.
  if (task.pull === null && load.openPulls >= limits.openPulls) {
    reasons.push(
      reason(
        "limit.pulls",
        `${load.openPulls} of ${plural(limits.openPulls, "pull request")} ${be(load.openPulls)} open (\`limits.openPulls\`).`,
      ),
    );
  }
  return reasons;
}
