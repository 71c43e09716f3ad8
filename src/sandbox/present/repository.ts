import type { Repo, Role } from "../world/records.ts";
import { hasRole } from "../world/roles.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { repositoryUrls } from "./repository-urls.ts";
import { timestamp } from "./timestamp.ts";
import { presentUser } from "./user.ts";

export function repositoryUrl(world: World, repo: Repo): string {
  return `${world.baseUrl()}/repos/${repo.owner.login}/${repo.name}`;
}

export function repositoryPage(world: World, repo: Repo): string {
  return `${world.baseUrl()}/ui/${repo.owner.login}/${repo.name}`;
}

/** The `minimal-repository` that runs and other records embed. */
export function presentMinimalRepository(world: World, repo: Repo) {
  const url = repositoryUrl(world, repo);
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.name,
    full_name: `${repo.owner.login}/${repo.name}`,
    private: repo.private,
    owner: presentUser(world, repo.owner),
    html_url: repositoryPage(world, repo),
    description: repo.description,
    fork: repo.parentId !== null,
    url,
    ...repositoryUrls(url),
  };
}

/** The whole repository as webhooks and lists of repositories show it. */
export function presentRepository(world: World, repo: Repo) {
  const page = repositoryPage(world, repo);
  const host = new URL(world.baseUrl()).host;
  const openIssues = [...repo.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    ...presentMinimalRepository(world, repo),
    created_at: timestamp(repo.createdAt),
    updated_at: timestamp(repo.createdAt),
    pushed_at: timestamp(repo.createdAt),
    git_url: `git://${host}/${repo.owner.login}/${repo.name}.git`,
    ssh_url: `git@${host}:${repo.owner.login}/${repo.name}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: openIssues,
    open_issues_count: openIssues,
    default_branch: repo.defaultBranch,
    visibility: repo.private ? "private" : "public",
    topics: [],
    archived: repo.archived,
    disabled: false,
    is_template: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
  };
}

/** The `full-repository` of `GET /repos/{owner}/{repo}`, with what the caller may do when somebody calls. */
export function presentFullRepository(world: World, repo: Repo, role: Role | null) {
  const parent = repo.parentId === null ? undefined : world.repos.get(repo.parentId);
  return {
    ...presentRepository(world, repo),
    ...(role !== null && { permissions: presentPermissions(role) }),
    ...(repo.owner.type === "Organization" && { organization: presentUser(world, repo.owner) }),
    ...(parent && { parent: presentRepository(world, parent), source: presentRepository(world, parent) }),
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    subscribers_count: 0,
    network_count: 0,
  };
}

/** The five-field repository of installation webhooks. */
export function presentRepositoryName(repo: Repo) {
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.name,
    full_name: `${repo.owner.login}/${repo.name}`,
    private: repo.private,
  };
}

export function presentPermissions(role: Role) {
  return {
    admin: hasRole(role, "admin"),
    maintain: hasRole(role, "maintain"),
    push: hasRole(role, "write"),
    triage: hasRole(role, "triage"),
    pull: hasRole(role, "read"),
  };
}
