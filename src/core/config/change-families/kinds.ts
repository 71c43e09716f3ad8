import type { Autonomy } from "../../autonomy/autonomy.ts";
import {
  createFamily,
  type Describe,
  type Direction,
  showList,
  showSwitch,
  weighAll,
  weighCeiling,
  weighDemands,
  weighSwitch,
} from "../compare-values.ts";
import type { Config, Kind } from "../config.ts";
import { weighAutonomy } from "./general.ts";
import { grantOf } from "./roles.ts";

/** Kinds that both configurations have. */
export function sharedKinds(config: Config, other: Config): readonly Kind[] {
  return Object.values(config.kinds).filter(({ name }) => Object.hasOwn(other.kinds, name));
}

interface Matched {
  readonly labels: readonly string[];
  /** Whether issues with these labels, and no others, are of another kind in the other configuration. */
  readonly hasHeir: boolean;
}

function matchedBy({ name, match }: Kind, other: Config): Matched {
  const labels = lowerCase(match.labels);
  const hasHeir = Object.values(other.kinds).some(
    (kind) => kind.name !== name && lowerCase(kind.match.labels).every((label) => labels.includes(label)),
  );
  return { labels, hasHeir };
}

function lowerCase(labels: readonly string[]): readonly string[] {
  return labels.map((label) => label.toLowerCase());
}

const showLabels = showList("none");

const kinds = createFamily<Matched>({
  read: (config, other) =>
    Object.values(config.kinds)
      .filter(({ name }) => !Object.hasOwn(other.kinds, name))
      .map((kind) => [`kinds.${kind.name}`, matchedBy(kind, other)]),
  weigh: (before) => (before === undefined || before.hasHeir ? "looser" : "tighter"),
  show: (matched) => showLabels(matched?.labels),
  means: {
    looser: ["kind-changed", "Which issues are worked on, and as which kind, changes."],
    tighter: ["kind-removed", "Nothing is of this kind any more; its tasks wait."],
  },
});

/** The first kind that matches counts, so the order decides where an issue fits several. */
const order = createFamily<readonly string[]>({
  read: (config, other) => [["kinds (order)", sharedKinds(config, other).map(({ name }) => name)]],
  weigh: () => "looser",
  show: showList("none"),
  means: {
    looser: ["kind-order-changed", "An issue with the labels of several kinds may be of another one."],
  },
});

const labels = createFamily<Matched>({
  read: (config, other) =>
    sharedKinds(config, other)
      .filter((kind) => showLabels(kind.match.labels) !== showLabels(other.kinds[kind.name]?.match.labels))
      .map((kind) => [`kinds.${kind.name}.match.labels`, matchedBy(kind, other)]),
  weigh(before, after) {
    const direction = weighDemands(before?.labels, after?.labels);
    return direction === "tighter" && before?.hasHeir ? "looser" : direction;
  },
  show: (matched) => showLabels(matched?.labels),
  means: {
    looser: ["match-changed", "Some issues are worked on as another kind than before."],
    tighter: ["match-narrowed", "Issues need more labels to be of this kind."],
  },
});

interface Worker {
  readonly name: string;
  readonly granted: Autonomy;
  readonly attempts: number | undefined;
}

const role = createFamily<Worker>({
  read: (config, other) =>
    sharedKinds(config, other)
      .filter((kind) => kind.role !== other.kinds[kind.name]?.role)
      .map((kind) => [
        `kinds.${kind.name}.role`,
        {
          name: kind.role,
          granted: grantOf(config, kind.role),
          attempts: config.roles[kind.role]?.attempts,
        },
      ]),
  weigh: (before, after) =>
    weighAll(weighAutonomy(before?.granted, after?.granted), weighCeiling(before?.attempts, after?.attempts)),
  show: (worker) => worker?.name ?? "none",
  means: {
    looser: ["role-changed", "A role that may do more, or try more often, does this work."],
    tighter: ["role-changed", "A role that may do less, or try less often, does this work."],
    neutral: ["role-changed", "Another role does this work."],
  },
});

const documentation = createFamily<boolean>({
  read: (config, other) =>
    sharedKinds(config, other).map((kind) => [`kinds.${kind.name}.documentation`, kind.documentation]),
  weigh: (before, after) => weighSwitch(after, before),
  show: showSwitch,
  means: {
    looser: ["documentation-accepted", "A change of documents alone is an answer to its tasks."],
    tighter: ["documentation-refused", "A change of documents alone is no answer to its tasks any more."],
  },
});

const paths = createFamily<readonly string[]>({
  read: (config, other) => sharedKinds(config, other).map((kind) => [`kinds.${kind.name}.paths`, kind.paths]),
  weigh: weighDemands,
  show: showList("not known"),
  means: {
    looser: ["overlap-loosened", "Tasks that touch the same paths may run at the same time."],
    tighter: ["overlap-tightened", "More tasks wait for each other because they touch the same paths."],
  },
});

const needs = createFamily<readonly string[]>({
  read: (config, other) => sharedKinds(config, other).map((kind) => [`kinds.${kind.name}.needs`, kind.needs]),
  weigh: weighDemands,
  show: showList("nothing"),
  means: {
    looser: ["needs-loosened", "Work starts on issues that say less."],
    tighter: ["needs-tightened", "Work starts only on issues that say more."],
  },
});

const stages = createFamily<readonly string[]>({
  read: (config, other) =>
    sharedKinds(config, other).map((kind) => [
      `kinds.${kind.name}.stages`,
      kind.stages.map(({ name }) => name),
    ]),
  weigh: weighStages,
  show: showList("none"),
  means: {
    looser: ["stages-changed", "A stage is gone, has another place, or follows the former last one."],
    tighter: ["stage-added", "A stage more has to pass before the last one."],
  },
});

/** Only stages before the last one ask for more: what comes after it is judged by nothing that was there. */
function weighStages(before: readonly string[] = [], after: readonly string[] = []): Direction {
  const kept = after.filter((name) => before.includes(name));
  const isKept = kept.length === before.length && kept.every((name, index) => name === before[index]);
  return isKept && before.at(-1) === after.at(-1) ? "tighter" : "looser";
}

/** Keys of `kinds`, without those of single stages. */
export const kindFamilies: readonly Describe[] = [
  kinds,
  order,
  labels,
  role,
  documentation,
  paths,
  needs,
  stages,
];
