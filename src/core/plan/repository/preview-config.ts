import type { ConfigChange } from "../../config/compare-values.ts";
import type { Config } from "../../config/config.ts";
import { describeConfigChange } from "../../config/describe-change.ts";
import { type ParsedConfig, parseConfig } from "../../config/parse-config.ts";
import { plural } from "../../messages/text.ts";
import { type Decision, findDecisions, type Standing } from "../../organisation/find-decisions.ts";
import { standOn } from "../../organisation/view-organisation.ts";
import { REQUIRED_INPUT } from "../../queue/assess-readiness.ts";
import { type ParsedRoadmap, parseRoadmap } from "../../roadmap/parse-roadmap.ts";
import type { Roadmap } from "../../roadmap/roadmap.ts";
import { Draft } from "../draft.ts";
import { settleKind } from "../events/plan-intake.ts";
import type { BranchFiles } from "../gathered.ts";
import { planQueue } from "../plan-queue.ts";
import { interestsOf } from "./branch-interests.ts";
import { compareDecisions, comparePulls, type DecisionChange } from "./compare-decisions.ts";
import type { BranchFacts, StoredRepository } from "./repository.ts";
import { absorbFacts } from "./repository-view.ts";

/** What the files of a branch say, and what would be different if they were in force. */
export interface ConfigPreview {
  /** Null when the branch has no configuration. */
  readonly config: ParsedConfig | null;
  /** Null when no roadmap is configured there. */
  readonly roadmap: RoadmapPreview | null;
  readonly changes: readonly ConfigChange[];
  /** Values that would count although the branch says other ones. */
  readonly overruled: readonly Decision[];
  readonly decisions: readonly DecisionChange[];
  /** Decisions that are left out of the list. */
  readonly unlisted: number;
  /** Queued tasks that were not looked at. */
  readonly beyond: number;
  /** Workflows and paths that nobody has looked for yet; they are taken to be there. */
  readonly assumed: readonly string[];
}

export interface RoadmapPreview {
  readonly path: string;
  /** Null when the file is not there. */
  readonly parsed: ParsedRoadmap | null;
  /** How many tasks the roadmap in force has; null when there is none. */
  readonly tasksBefore: number | null;
}

const MAX_DECISIONS = 50;

/** Decides everything once more on a draft that is thrown away, as if the files were those of the default branch. */
export function previewConfig(draft: Draft, files: BranchFiles): ConfigPreview {
  const { stored } = draft.view.record;
  const config = files.config === null ? null : parseConfig(files.config);
  const roadmap = readRoadmap(draft, files);
  const { organisation } = draft.view;
  const standing: Standing = {
    own: config?.ok ? config.config : null,
    effective: config?.ok ? standOn(config.config, organisation) : null,
    ...{ organisation, repository: draft.repo.name },
  };
  const { next, assumed } = putInForce(stored, files);
  const before = decideQueue(copyOf(draft, stored));
  const after = decideQueue(copyOf(draft, next));
  const decisions = [
    ...compareDecisions([...draft.activeTasks(), ...draft.queuedTasks()], { before, after }),
    ...comparePulls(draft.gathered.openPulls ?? [], { before: before.view.config, after: after.view.config }),
  ];
  return {
    config,
    roadmap,
    changes: [
      ...(standing.effective === null ? [] : describeConfigChange(draft.view.config, standing.effective)),
      ...(config?.ok ? describeLostRoadmap(roadmap) : []),
    ].toSorted((a, b) => Number(b.direction === "looser") - Number(a.direction === "looser")),
    overruled: findDecisions(standing),
    decisions: decisions.slice(0, MAX_DECISIONS),
    unlisted: Math.max(0, decisions.length - MAX_DECISIONS),
    beyond: Math.max(0, draft.queueLength() - draft.queuedTasks().length),
    assumed,
  };
}

function readRoadmap(draft: Draft, files: BranchFiles): RoadmapPreview | null {
  const { goodConfig } = draft.view.record.stored;
  const path = interestsOf(files.config, goodConfig?.text ?? null).roadmapPath;
  if (path === null) return null;
  return {
    path,
    parsed: files.roadmap === null ? null : parseRoadmap(files.roadmap),
    tasksBefore: draft.view.roadmap?.tasks.length ?? null,
  };
}

/** A roadmap that is named but not there holds nothing back. */
function describeLostRoadmap(roadmap: RoadmapPreview | null): readonly ConfigChange[] {
  if (roadmap === null || roadmap.parsed !== null || roadmap.tasksBefore === null) return [];
  return [
    {
      name: "roadmap-removed",
      key: roadmap.path,
      before: plural(roadmap.tasksBefore, "task"),
      after: "no file",
      sentence: "What tasks wait for and need does not count any more.",
      direction: "looser",
    },
  ];
}

interface Assumption {
  readonly next: StoredRepository;
  readonly assumed: readonly string[];
}

/** What would be stored of the repository. Nothing that the new files need is called missing as long as nobody has looked. */
function putInForce(stored: StoredRepository, files: BranchFiles): Assumption {
  const { facts } = stored;
  if (facts === null) return { next: stored, assumed: [] };
  const parsed = files.config === null ? null : parseConfig(files.config);
  const roadmap = files.roadmap === null ? null : parseRoadmap(files.roadmap);
  const workflows = assumeWorkflows(facts, {
    config: parsed?.ok ? parsed.config : null,
    roadmap: roadmap?.ok ? roadmap.roadmap : null,
  });
  const paths = assumePaths(facts, roadmap?.ok ? roadmap.roadmap : null);
  const next = absorbFacts(stored, {
    ...facts,
    configText: files.config,
    roadmapText: files.roadmap,
    workflows: { ...workflows, ...facts.workflows },
    paths: { ...paths, ...facts.paths },
  });
  return { next, assumed: [...Object.keys(workflows), ...Object.keys(paths)] };
}

function assumeWorkflows(
  facts: BranchFacts,
  { config, roadmap }: { readonly config: Config | null; readonly roadmap: Roadmap | null },
): Readonly<Record<string, readonly string[]>> {
  const stages = Object.values(config?.kinds ?? {}).flatMap((kind) => kind.stages);
  const needed = [
    ...stages.map(({ workflow, inputs }) => ({ workflow, inputs: Object.keys(inputs) })),
    ...(roadmap?.tasks ?? []).flatMap(({ requires }) =>
      requires.workflows.map((workflow) => ({ workflow, inputs: [] })),
    ),
  ].filter(({ workflow }) => !Object.hasOwn(facts.workflows, workflow));
  const byWorkflow = Map.groupBy(needed, ({ workflow }) => workflow);
  return Object.fromEntries(
    [...byWorkflow].map(([workflow, uses]) => [
      workflow,
      [REQUIRED_INPUT, ...uses.flatMap(({ inputs }) => inputs)],
    ]),
  );
}

function assumePaths(facts: BranchFacts, roadmap: Roadmap | null): Readonly<Record<string, boolean>> {
  const needed = (roadmap?.tasks ?? []).flatMap(({ requires }) => requires.paths);
  return Object.fromEntries(
    needed.filter((path) => !Object.hasOwn(facts.paths, path)).map((path) => [path, true]),
  );
}

function copyOf(draft: Draft, stored: StoredRepository): Draft {
  const { snapshot, now, own } = draft;
  const repository = { ...snapshot.repository, status: draft.view.record.status, stored };
  return new Draft({ snapshot: { ...snapshot, repository }, gathered: {}, now, own });
}

/** Decides the queue as an event would. */
function decideQueue(draft: Draft): Draft {
  const { record } = draft.view;
  for (const task of draft.queuedTasks()) draft.saveTask(settleKind(draft, task));
  if (record.status === "active") planQueue(draft);
  return draft;
}
