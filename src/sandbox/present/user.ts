import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";

const NODE_PREFIXES = { User: "U", Bot: "BOT", Organization: "O" } as const;

/** The `simple-user` that every other answer embeds. */
export function presentUser(world: World, user: User) {
  const url = `${world.baseUrl()}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(NODE_PREFIXES[user.type], user.id),
    avatar_url: `${world.baseUrl()}/ui/avatars/${user.id}`,
    gravatar_id: "",
    url,
    html_url: userPage(world, user),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

export function presentUserOrNull(world: World, user: User | null) {
  return user === null ? null : presentUser(world, user);
}

/** The `public-user` profile. */
export function presentProfile(world: World, user: User) {
  return {
    ...presentUser(world, user),
    name: user.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: [...world.repos.values()].filter((repo) => repo.owner.id === user.id && !repo.private)
      .length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timestamp(user.createdAt),
    updated_at: timestamp(user.createdAt),
  };
}

/** The short organization that webhooks carry when an organization owns the repository. */
export function presentOrganization(world: World, organization: User) {
  const url = `${world.baseUrl()}/orgs/${organization.login}`;
  return {
    login: organization.login,
    id: organization.id,
    node_id: nodeId("O", organization.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.baseUrl()}/ui/avatars/${organization.id}`,
    description: null,
  };
}

function userPage(world: World, user: User): string {
  const path = user.type === "Bot" ? `apps/${user.login.replace(/\[bot\]$/, "")}` : user.login;
  return `${world.baseUrl()}/ui/${path}`;
}
