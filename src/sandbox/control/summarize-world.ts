import type { World } from "../world/world.ts";
import { countActiveRuns } from "./active-runs.ts";

export type WorldSummary = ReturnType<typeof summarizeWorld>;

/** How much of everything there is. */
export function summarizeWorld(world: World, pendingDeliveries: number) {
  return {
    repositories: [...world.repos.values()].map((repo) => ({
      id: repo.id,
      fullName: `${repo.owner.login}/${repo.name}`,
      private: repo.private,
      archived: repo.archived,
      issues: [...repo.issues.values()].filter((issue) => !issue.isPull).length,
      pulls: repo.pulls.size,
      queued: repo.queue.length,
      comments: repo.comments.size,
      checkRuns: repo.checkRuns.size,
      runs: repo.runs.size,
      activeRuns: countActiveRuns(repo),
    })),
    installations: [...world.installations.values()].map((installation) => ({
      id: installation.id,
      account: installation.account.login,
      repositories: installation.repositoryIds.size,
      suspended: installation.suspendedAt !== null,
    })),
    deliveries: {
      total: world.deliveries.length,
      failed: world.deliveries.filter((delivery) => delivery.statusCode >= 400).length,
      pending: pendingDeliveries,
    },
    writes: world.history.filter((entry) => entry.kind === "request").length,
  };
}
