import { type Autonomy, allows } from "../../autonomy/autonomy.ts";
import type { Effect } from "../../effects.ts";
import type { RepositoryRecord } from "../repository/repository.ts";
import { viewRepository } from "../repository/repository-view.ts";

/** What an effect of the roadmap needs at the moment it is done; undefined for everything else. */
export function roadmapNeeds(effect: Effect): Autonomy | undefined {
  if (effect.sort === "action")
    return effect.action.kind === "open-issue" ? needsOf(effect.action) : undefined;
  const { projection } = effect;
  return projection.kind === "file-pull" && projection.state === "open" ? "draft-pr" : undefined;
}

function needsOf({ label }: { readonly label: string | null }): Autonomy {
  return label === null ? "suggest" : "draft-pr";
}

/** Why an effect of the roadmap waits; it belongs to no task whose wishes could be asked. */
export function findRoadmapHold(needs: Autonomy, repository: RepositoryRecord): string | undefined {
  const { record, config } = viewRepository(repository);
  if (record.status !== "active") return `the installation is ${record.status}`;
  if (record.stored.pausedBy !== null) return "the repository is paused";
  if (config === null || config.mode !== "active") return "the repository is not in active mode";
  return allows(config.autonomy, needs) ? undefined : "the autonomy was lowered";
}
