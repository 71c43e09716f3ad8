import { type Autonomy, lowest } from "../../autonomy/autonomy.ts";
import type { Config, Kind, Role, Stage } from "../../config/config.ts";
import { parseConfig } from "../../config/parse-config.ts";
import type { Standing } from "../../organisation/find-decisions.ts";
import {
  chooseOrganisation,
  type OrganisationView,
  standOn,
  viewOrganisation,
} from "../../organisation/view-organisation.ts";
import { parseRoadmap } from "../../roadmap/parse-roadmap.ts";
import type { Roadmap } from "../../roadmap/roadmap.ts";
import type { Task } from "../../task/task.ts";
import type { Problem } from "../../yaml/problem.ts";
import type { BranchFacts, RepositoryRecord, StoredRepository } from "./repository.ts";

/** A repository with its texts understood. `config` and `roadmap` are what is in force: the last that were valid. */
export interface RepositoryView {
  readonly record: RepositoryRecord;
  readonly facts: BranchFacts | null;
  /** On the floor of the owner's file; this is what counts. */
  readonly config: Config | null;
  /** As the repository's own file says. */
  readonly ownConfig: Config | null;
  /** Null when the owner has no file. */
  readonly organisation: OrganisationView | null;
  /** No text of the repository may be shown anywhere else. */
  readonly governed: boolean;
  readonly configProblems: readonly Problem[];
  readonly roadmap: Roadmap | null;
  readonly roadmapProblems: readonly Problem[];
}

/** Understands what is stored of a repository. */
export function viewRepository(record: RepositoryRecord): RepositoryView {
  const { facts, goodConfig, goodRoadmap, goodOrganisation } = record.stored;
  const stored = { newest: facts?.organisation, good: goodOrganisation };
  const organisation = viewOrganisation(stored, record.repo.name);
  const ownConfig = goodConfig === null ? null : readConfig(goodConfig.text).config;
  const config = ownConfig === null ? null : standOn(ownConfig, organisation);
  return {
    record,
    facts,
    config,
    ownConfig,
    organisation,
    governed: config?.governed ?? organisation?.floors.some(({ governed }) => governed) ?? false,
    configProblems: facts?.configText ? readConfig(facts.configText).problems : [],
    roadmap:
      config?.roadmap === undefined || goodRoadmap === null ? null : readRoadmap(goodRoadmap.text).roadmap,
    roadmapProblems: facts?.roadmapText ? readRoadmap(facts.roadmapText).problems : [],
  };
}

/** What decides each value that counts in a repository. */
export function standingOf({ ownConfig, config, organisation }: RepositoryView): Standing {
  return { own: ownConfig, effective: config, organisation };
}

/** Takes new facts in: a valid text replaces the good one, a broken one does not, a deleted one does. */
export function absorbFacts(stored: StoredRepository, facts: BranchFacts): StoredRepository {
  const { goodOrganisation: good, ...rest } = stored;
  const goodOrganisation = chooseOrganisation({ newest: facts.organisation, good });
  return {
    ...rest,
    ...(goodOrganisation !== undefined && { goodOrganisation }),
    facts: { ...facts, paths: { ...facts.paths }, workflows: copyWorkflows(facts) },
    goodConfig: chooseText(
      facts.configText,
      facts.sha,
      stored.goodConfig,
      (text) => readConfig(text).config !== null,
    ),
    goodRoadmap: chooseText(
      facts.roadmapText,
      facts.sha,
      stored.goodRoadmap,
      (text) => readRoadmap(text).roadmap !== null,
    ),
  };
}

type GoodText = StoredRepository["goodConfig"];

function chooseText(
  text: string | null,
  sha: string,
  good: GoodText,
  isValid: (text: string) => boolean,
): GoodText {
  if (text === null) return null;
  return isValid(text) ? { text, sha } : good;
}

function copyWorkflows(facts: BranchFacts): Record<string, readonly string[] | null> {
  return { ...facts.workflows };
}

interface ReadConfig {
  readonly config: Config | null;
  readonly problems: readonly Problem[];
}

function readConfig(text: string): ReadConfig {
  const parsed = parseConfig(text);
  return parsed.ok ? { config: parsed.config, problems: [] } : { config: null, problems: parsed.problems };
}

interface ReadRoadmap {
  readonly roadmap: Roadmap | null;
  readonly problems: readonly Problem[];
}

function readRoadmap(text: string): ReadRoadmap {
  const parsed = parseRoadmap(text);
  return parsed.ok ? { roadmap: parsed.roadmap, problems: [] } : { roadmap: null, problems: parsed.problems };
}

/** Text of the label that hands an issue over, also where no configuration is in force. */
export function triggerLabel(config: Config | null): string {
  return config?.label ?? "autopilot";
}

export function kindOf(config: Config | null, name: string): Kind | undefined {
  return config !== null && Object.hasOwn(config.kinds, name) ? config.kinds[name] : undefined;
}

export function roleOf(config: Config | null, name: string): Role | undefined {
  return config !== null && Object.hasOwn(config.roles, name) ? config.roles[name] : undefined;
}

/** The stage that a task is at; where another role stands in, the workflow of a role's work is that role's. */
export function stageOf(
  config: Config | null,
  task: Pick<Task, "kind" | "stage"> & Partial<Pick<Task, "role" | "standsIn">>,
): Stage | undefined {
  const stage = kindOf(config, task.kind)?.stages[task.stage];
  if (stage === undefined || task.standsIn === undefined) return stage;
  const isOfRole = stage.workflow === roleOf(config, task.standsIn.for)?.workflow;
  const workflow = isOfRole ? roleOf(config, task.role ?? "")?.workflow : undefined;
  return workflow === undefined ? stage : { ...stage, workflow };
}

/** The prefix that a task's branch has to have: that of its role, or of the one that began the branch in its stead. */
export function branchPrefixOf(config: Config, task: Task, branch: string): string {
  const own = roleOf(config, task.role);
  if (own === undefined) return "";
  const others = [task.standsIn?.for, own.backup].flatMap((name) => roleOf(config, name ?? "") ?? []);
  return [own, ...others].find((role) => branch.startsWith(role.branch))?.branch ?? own.branch;
}

/** The freedom a role has here: the repository's, lowered by the role's own. */
export function autonomyOf(config: Config, role: string): Autonomy {
  const own = roleOf(config, role)?.autonomy;
  return own === undefined ? config.autonomy : lowest(config.autonomy, own);
}
