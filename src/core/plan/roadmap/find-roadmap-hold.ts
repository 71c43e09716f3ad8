import { type Autonomy, allows } from "../../autonomy/autonomy.ts";
import type { Effect } from "../../effects.ts";
import type { RepositoryRecord } from "../repository/repository.ts";
import { autonomyOf, viewRepository } from "../repository/repository-view.ts";

/** What has to be granted at the moment of an effect. */
interface RoadmapNeeds {
  readonly autonomy: Autonomy;
  /** Whose level is asked; without one, that of the file. */
  readonly role?: string;
}

/** What an effect of the roadmap needs; undefined for everything else. */
export function roadmapNeeds(effect: Effect): RoadmapNeeds | undefined {
  if (effect.sort === "action") {
    if (effect.action.kind !== "open-issue") return undefined;
    const { label, role } = effect.action;
    return { autonomy: label === null ? "suggest" : "draft-pr", ...(role !== undefined && { role }) };
  }
  const { projection } = effect;
  return projection.kind === "file-pull" && projection.state === "open"
    ? { autonomy: "draft-pr" }
    : undefined;
}

/** Why an effect of the roadmap waits; it belongs to no task whose wishes could be asked. */
export function findRoadmapHold(needs: RoadmapNeeds, repository: RepositoryRecord): string | undefined {
  const { record, config } = viewRepository(repository);
  if (record.status !== "active") return `the installation is ${record.status}`;
  if (record.stored.pausedBy !== null) return "the repository is paused";
  if (config === null || config.mode !== "active") return "the repository is not in active mode";
  const granted = autonomyOf(config, needs.role ?? "");
  return allows(granted, needs.autonomy) ? undefined : "the autonomy was lowered";
}
