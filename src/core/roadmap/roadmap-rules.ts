import { clip, type Path } from "../yaml/problem.ts";
import type { Finding } from "../yaml/schema-problems.ts";
import { suggest } from "../yaml/suggest.ts";
import { findCycles } from "./find-cycles.ts";
import type { WrittenRoadmap } from "./written-roadmap.ts";

type Rule = (roadmap: WrittenRoadmap) => readonly Finding[];

/** What must hold between the entries of a roadmap. */
export const roadmapRules: readonly Rule[] = [
  idsAreUnique,
  epicsExist,
  milestonesExist,
  dependenciesExist,
  dependenciesEnd,
];

function idsAreUnique(roadmap: WrittenRoadmap): readonly Finding[] {
  return (["epics", "milestones", "tasks"] as const).flatMap((section) => {
    const seen = new Set<string>();
    return roadmap[section].flatMap(({ id }, index): readonly Finding[] => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      const message = `there are two ${section} with the id "${id}"`;
      return [{ path: [section, index, "id"], at: "value", message }];
    });
  });
}

function epicsExist({ tasks, epics }: WrittenRoadmap): readonly Finding[] {
  const known = new Set(epics.map(({ id }) => id));
  return tasks.flatMap(({ epic }, index) =>
    unknownId({ id: epic, known, noun: "epic", path: ["tasks", index, "epic"] }),
  );
}

function milestonesExist({ tasks, milestones }: WrittenRoadmap): readonly Finding[] {
  const known = new Set(milestones.map(({ id }) => id));
  return tasks.flatMap(({ milestone }, index) =>
    unknownId({ id: milestone, known, noun: "milestone", path: ["tasks", index, "milestone"] }),
  );
}

function dependenciesExist({ tasks }: WrittenRoadmap): readonly Finding[] {
  const known = new Set(tasks.map(({ id }) => id));
  return tasks.flatMap(({ dependsOn }, index) =>
    dependsOn.flatMap((id, item) =>
      unknownId({ id, known, noun: "task", path: ["tasks", index, "dependsOn", item] }),
    ),
  );
}

function dependenciesEnd({ tasks }: WrittenRoadmap): readonly Finding[] {
  return findCycles(tasks).map((cycle) => {
    const [first = "", second = first] = cycle;
    const index = tasks.findIndex(({ id }) => id === first);
    const item = tasks[index]?.dependsOn.indexOf(second) ?? 0;
    const path = ["tasks", index, "dependsOn", item];
    return {
      path,
      at: "value",
      message: `the dependencies form a circle: ${renderCircle([...cycle, first])}`,
    };
  });
}

function renderCircle(ids: readonly string[]): string {
  const shown = ids.length <= 20 ? ids : [...ids.slice(0, 16), "…", ...ids.slice(-3)];
  return shown.join(" → ");
}

interface Reference {
  readonly id: string | undefined;
  readonly known: ReadonlySet<string>;
  readonly noun: string;
  readonly path: Path;
}

function unknownId({ id, known, noun, path }: Reference): readonly Finding[] {
  if (id === undefined || known.has(id)) return [];
  const message = `there is no ${noun} "${clip(id)}"`;
  return [{ path, at: "value", message, hint: suggest(id, known) }];
}
