import { join } from "node:path";
import { createBareRepository } from "../../git/git.ts";
import { identityOf } from "../../git/identity.ts";
import type { Repo, Role } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";

export interface NewRepo {
  readonly owner: User;
  readonly name: string;
  readonly private?: boolean | undefined;
  /** Folder whose files become the first commit. */
  readonly seedDir?: string | undefined;
  /** The repository it is forked from. */
  readonly parent?: Repo | undefined;
}

const DEFAULT_BRANCH = "main";

/** Creates the repository on disk and in the world. */
export async function createRepoRecord(world: World, values: NewRepo): Promise<Repo> {
  const id = world.nextId();
  const createdAt = world.now();
  const gitDir = join(world.dataDir, "repositories", `${id}.git`);
  const author = identityOf(values.owner);
  await createBareRepository({
    gitDir,
    seedDir: values.seedDir ?? null,
    defaultBranch: DEFAULT_BRANCH,
    at: createdAt,
    author,
  });
  const repo: Repo = {
    id,
    owner: values.owner,
    parentId: values.parent?.id ?? null,
    name: values.name,
    private: values.private ?? false,
    archived: false,
    description: null,
    defaultBranch: DEFAULT_BRANCH,
    createdAt,
    gitDir,
    roles: new Map<number, Role>(),
    nextNumber: 1,
    nextRunNumber: new Map(),
    labels: new Map(),
    issues: new Map(),
    deletedIssues: new Set(),
    movedIssues: new Map(),
    pulls: new Map(),
    branchRules: new Map(),
    queue: [],
    comments: new Map(),
    checkSuites: new Map(),
    checkRuns: new Map(),
    statuses: [],
    workflows: new Map(),
    runs: new Map(),
    jobs: new Map(),
    artifacts: new Map(),
    secrets: new Map(),
    variables: new Map(),
  };
  world.repos.set(id, repo);
  return repo;
}

export interface RepoChange {
  readonly repo: Repo;
  readonly sender: User;
}

/** Gives the repository a new name; the old one keeps leading to it. */
export function renameRepository(
  world: World,
  { repo, sender, name }: RepoChange & { readonly name: string },
): void {
  if (name === repo.name) return;
  const from = repo.name;
  world.formerNames.set(`${repo.owner.login}/${from}`.toLowerCase(), repo.id);
  repo.name = name;
  emitRepository(world, { repo, sender }, { action: "renamed", changes: { repository: { name: { from } } } });
}

export function setArchived(
  world: World,
  { repo, sender, archived }: RepoChange & { readonly archived: boolean },
): void {
  if (archived === repo.archived) return;
  repo.archived = archived;
  emitRepository(world, { repo, sender }, { action: archived ? "archived" : "unarchived" });
}

export function setPrivate(
  world: World,
  { repo, sender, isPrivate }: RepoChange & { readonly isPrivate: boolean },
): void {
  if (isPrivate === repo.private) return;
  repo.private = isPrivate;
  emitRepository(world, { repo, sender }, { action: isPrivate ? "privatized" : "publicized" });
}

/** Removes the repository for good; open pull requests that came from it stay, without a head repository. */
export function deleteRepository(world: World, { repo, sender }: RepoChange): void {
  emitRepository(world, { repo, sender }, { action: "deleted" });
  world.repos.delete(repo.id);
  for (const installation of world.installations.values()) installation.repositoryIds.delete(repo.id);
  for (const [name, id] of world.formerNames) if (id === repo.id) world.formerNames.delete(name);
}

function emitRepository(
  world: World,
  { repo, sender }: RepoChange,
  { action, ...payload }: { readonly action: string; readonly changes?: unknown },
): void {
  world.emit({ event: "repository", action, repo, sender, payload });
}
