import { parseConfig } from "../../config/parse-config.ts";
import { parseRoadmap } from "../../roadmap/parse-roadmap.ts";
import type { RoadmapTask } from "../../roadmap/roadmap.ts";

/** Workflows, the roadmap and the context file that a configuration names: what of the default branch is worth reading. */
export function interestsOf(configText: string | null, inForce: string | null) {
  const config = readValid(configText, inForce, (text) => {
    const parsed = parseConfig(text);
    return parsed.ok ? parsed.config : undefined;
  });
  if (config === undefined) return { roadmapPath: null, contextPath: null, workflows: [] };
  const workflows = Object.values(config.kinds).flatMap((kind) => kind.stages.map((stage) => stage.workflow));
  const backups = Object.values(config.kinds).flatMap(({ role }) => {
    const backup = config.roles[config.roles[role]?.backup ?? ""];
    return backup?.workflow === undefined ? [] : [backup.workflow];
  });
  const critics = config.critics === undefined ? [] : [config.critics.workflow];
  return {
    roadmapPath: config.roadmap ?? null,
    contextPath: config.roadmap === undefined ? null : (config.roadmapUpdates.context ?? null),
    workflows: [...new Set([...workflows, ...backups, ...critics])],
  };
}

/** Paths that the roadmap requires, designs among them. */
export function pathsOf(roadmapText: string | null, inForce: string | null): readonly string[] {
  return listRoadmapTasks(roadmapText, inForce).flatMap(({ requires, designReview }) => [
    ...requires.paths,
    ...(designReview === undefined ? [] : [designReview]),
  ]);
}

/** Workflows that the roadmap requires. */
export function workflowsOf(roadmapText: string | null, inForce: string | null): readonly string[] {
  return listRoadmapTasks(roadmapText, inForce).flatMap((task) => task.requires.workflows);
}

function listRoadmapTasks(roadmapText: string | null, inForce: string | null): readonly RoadmapTask[] {
  const roadmap = readValid(roadmapText, inForce, (text) => {
    const parsed = parseRoadmap(text);
    return parsed.ok ? parsed.roadmap : undefined;
  });
  return roadmap?.tasks ?? [];
}

/** What a text says, or, while it is broken, what the one in force says; a deleted text says nothing. */
function readValid<Read>(
  text: string | null,
  inForce: string | null,
  read: (text: string) => Read | undefined,
): Read | undefined {
  if (text === null) return undefined;
  return read(text) ?? (inForce === null ? undefined : read(inForce));
}
