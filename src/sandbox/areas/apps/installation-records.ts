import { presentInstallation } from "../../present/app.ts";
import { presentRepositoryName } from "../../present/repository.ts";
import type { Installation, Repo } from "../../world/records.ts";
import type { User } from "../../world/user.ts";
import type { World } from "../../world/world.ts";

export interface InstallationChange {
  readonly installation: Installation;
  readonly sender: User;
}

/** Installs the app on repositories of one account; an installation that is there already gets them added. */
export function installApp(
  world: World,
  { account, repos, sender }: { account: User; repos: readonly Repo[]; sender: User },
): Installation {
  const known = [...world.installations.values()].find((one) => one.account.id === account.id);
  if (known) {
    addRepositories(world, { installation: known, sender, repos });
    return known;
  }
  const installation: Installation = {
    id: world.nextId(),
    account,
    repositoryIds: new Set(repos.map((repo) => repo.id)),
    suspendedAt: null,
    createdAt: world.now(),
  };
  world.installations.set(installation.id, installation);
  const repositories = repos.map(presentRepositoryName);
  emitInstallation(world, { installation, sender }, { action: "created", repositories, requester: null });
  return installation;
}

/** Ends an installation; its tokens die with it. */
export function uninstallApp(world: World, { installation, sender }: InstallationChange): void {
  const repositories = reposOf(world, installation).map(presentRepositoryName);
  world.installations.delete(installation.id);
  for (const [text, token] of world.installationTokens) {
    if (token.installationId === installation.id) world.installationTokens.delete(text);
  }
  emitInstallation(world, { installation, sender }, { action: "deleted", repositories });
}

export function suspendInstallation(world: World, { installation, sender }: InstallationChange): void {
  if (installation.suspendedAt) return;
  installation.suspendedAt = world.now();
  emitInstallation(world, { installation, sender }, { action: "suspend" });
}

export function unsuspendInstallation(world: World, { installation, sender }: InstallationChange): void {
  if (!installation.suspendedAt) return;
  installation.suspendedAt = null;
  emitInstallation(world, { installation, sender }, { action: "unsuspend" });
}

export function addRepositories(
  world: World,
  { installation, sender, repos }: InstallationChange & { readonly repos: readonly Repo[] },
): void {
  const added = repos.filter((repo) => !installation.repositoryIds.has(repo.id));
  if (added.length === 0) return;
  for (const repo of added) installation.repositoryIds.add(repo.id);
  emitRepositories(world, { installation, sender }, { action: "added", added, removed: [] });
}

export function removeRepositories(
  world: World,
  { installation, sender, repos }: InstallationChange & { readonly repos: readonly Repo[] },
): void {
  const removed = repos.filter((repo) => installation.repositoryIds.delete(repo.id));
  if (removed.length === 0) return;
  emitRepositories(world, { installation, sender }, { action: "removed", added: [], removed });
}

export function reposOf(world: World, installation: Installation): readonly Repo[] {
  return [...installation.repositoryIds].flatMap((id) => world.repos.get(id) ?? []);
}

function emitInstallation(
  world: World,
  { installation, sender }: InstallationChange,
  { action, ...more }: { readonly action: string; readonly [field: string]: unknown },
): void {
  if (!world.app) return;
  const payload = { installation: presentInstallation(world, world.app, installation), ...more };
  world.emit({ event: "installation", action, repo: null, sender, payload });
}

function emitRepositories(
  world: World,
  { installation, sender }: InstallationChange,
  { action, added, removed }: { action: string; added: readonly Repo[]; removed: readonly Repo[] },
): void {
  if (!world.app) return;
  const payload = {
    installation: presentInstallation(world, world.app, installation),
    repository_selection: "selected",
    repositories_added: added.map(presentRepositoryName),
    repositories_removed: removed.map(presentRepositoryName),
    requester: null,
  };
  world.emit({ event: "installation_repositories", action, repo: null, sender, payload });
}
