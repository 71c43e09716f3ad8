import type { Acceptance } from "../../config/config.ts";
import type { Task } from "../../task/task.ts";
import { kindOf, type RepositoryView } from "../repository/repository-view.ts";

/** What a result is held against, each with the words by which people find where it is asked for. */
export interface StageDemands {
  readonly metrics: readonly { readonly acceptance: Acceptance; readonly key: string }[];
  /** Names of artifacts that the run has to leave and its result to name. */
  readonly artifacts: readonly { readonly name: string; readonly key: string }[];
  /** Whether it has to return changes: the last stage of a pipeline that accepts nothing else of its own. */
  readonly needsChanges: boolean;
}

/** What the stage of a task asks for and, at the end of the pipeline, `gates.evidence` and the roadmap; absent without the stage. */
export function demandsOf(
  { config, roadmap }: RepositoryView,
  { kind, roadmapId }: Pick<Task, "kind" | "roadmapId">,
  stageIndex: number,
): StageDemands | undefined {
  const stages = kindOf(config, kind)?.stages ?? [];
  const stage = stages[stageIndex];
  if (stage === undefined) return undefined;
  const metrics = stage.accept.map((acceptance) => ({ acceptance, key: "accept" }));
  if (stageIndex < stages.length - 1) return { metrics, artifacts: [], needsChanges: false };
  const entry = roadmap?.tasks.find(({ id }) => id === roadmapId);
  const key = `acceptance of ${roadmapId}`;
  const wanted = entry?.acceptance ?? { metrics: [], artifacts: [] };
  const evidence = config?.gates.evidence.artifacts ?? [];
  return {
    metrics: [...metrics, ...wanted.metrics.map((acceptance) => ({ acceptance, key }))],
    artifacts: [
      ...evidence.map((name) => ({ name, key: "gates.evidence" })),
      ...wanted.artifacts.map((name) => ({ name, key })),
    ],
    needsChanges: stage.accept.length === 0,
  };
}
