import type { BranchFacts } from "../../../core/plan/repository/repository.ts";
import type { TextsInForce } from "../../../ports/github.ts";
import { orUndefined } from "../client/github-problem.ts";
import type { RepositoryApi } from "../client/repository-api.ts";
import { type FileSource, openFiles } from "./file-source.ts";
import { readDispatchInputs } from "./workflow-inputs.ts";

/** What to look at on a branch; decided by whoever understands the texts. A broken text leaves the one in force to count. */
export interface BranchInterests {
  interestsOf(
    configText: string | null,
    inForce: string | null,
  ): {
    readonly roadmapPath: string | null;
    /** The file that is told of milestones. */
    readonly contextPath?: string | null;
    readonly workflows: readonly string[];
  };
  pathsOf(roadmapText: string | null, inForce: string | null): readonly string[];
  /** Workflow files that only the roadmap names. */
  workflowsOf?(roadmapText: string | null, inForce: string | null): readonly string[];
}

interface FactsReading {
  readonly interests: BranchInterests;
  readonly inForce?: TextsInForce | undefined;
  /** The text of an owner's file; null when there is none. */
  readonly readOrganisation: (owner: string) => Promise<string | null>;
}

const CONFIG_PATH = ".github/orchestrator.yml";
const MAX_LOOKUPS = 500;

/** Reads the default branch at its head; undefined when there is none that we can see. */
export async function readBranchFacts(
  api: RepositoryApi,
  { interests, inForce = { configText: null, roadmapText: null }, readOrganisation }: FactsReading,
): Promise<BranchFacts | undefined> {
  const head = await orUndefined(readHead(api));
  if (!head) return undefined;
  const files = await openFiles(api, head);
  const configText = await files.text(CONFIG_PATH);
  const {
    roadmapPath,
    contextPath = null,
    workflows,
  } = interests.interestsOf(configText, inForce.configText);
  const roadmapText = roadmapPath === null ? null : await files.text(roadmapPath);
  const wanted = [...workflows, ...(interests.workflowsOf?.(roadmapText, inForce.roadmapText) ?? [])];
  return {
    branch: head.branch,
    sha: head.sha,
    configText,
    roadmapText,
    ...(contextPath !== null && { contextText: await files.text(contextPath) }),
    paths: await lookUp(interests.pathsOf(roadmapText, inForce.roadmapText), (path) => files.has(path)),
    workflows: await lookUp(wanted, (name) => readInputs(files, name)),
    organisation: { owner: head.owner, text: await readOrganisation(head.owner) },
  };
}

async function readHead(api: RepositoryApi) {
  const { default_branch: branch, owner } = await api.read(
    "GET /repos/{owner}/{repo}",
    {},
    { remember: true },
  );
  const { commit } = await api.read(
    "GET /repos/{owner}/{repo}/branches/{branch}",
    { branch },
    { remember: true },
  );
  return { branch, owner: owner.login, sha: commit.sha, treeSha: commit.commit.tree.sha };
}

async function readInputs(files: FileSource, name: string): Promise<readonly string[] | null> {
  return readDispatchInputs(await files.text(`.github/workflows/${name}`));
}

/** One after another: a burst of requests is what secondary limits punish. */
async function lookUp<T>(
  keys: readonly string[],
  find: (key: string) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  const found = new Map<string, T>();
  for (const key of [...new Set(keys)].slice(0, MAX_LOOKUPS)) found.set(key, await find(key));
  return Object.fromEntries(found);
}
