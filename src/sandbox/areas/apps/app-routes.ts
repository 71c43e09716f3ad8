import { pathNumber } from "../../http/body-fields.ts";
import { paginate } from "../../http/paginate.ts";
import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentApp, presentInstallation } from "../../present/app.ts";
import { presentRepository } from "../../present/repository.ts";
import { timestamp } from "../../present/timestamp.ts";
import { findInstallation } from "../../world/find-records.ts";
import { mintInstallationToken } from "../../world/installation-tokens.ts";
import type { AppRegistration, Installation } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { reposOf, suspendInstallation, uninstallApp, unsuspendInstallation } from "./installation-records.ts";
import { readTokenScope } from "./token-scope.ts";

const INSTALLATION = "/app/installations/{installation_id}";

export const appRoutes: readonly Route[] = [
  { method: "GET", path: "/app", access: "app", handle: getApp },
  { method: "GET", path: "/app/installations", access: "app", handle: list },
  { method: "GET", path: INSTALLATION, access: "app", handle: get },
  { method: "DELETE", path: INSTALLATION, access: "app", handle: remove },
  { method: "PUT", path: `${INSTALLATION}/suspended`, access: "app", handle: suspend },
  { method: "DELETE", path: `${INSTALLATION}/suspended`, access: "app", handle: unsuspend },
  { method: "POST", path: `${INSTALLATION}/access_tokens`, access: "app", handle: createToken },
  { method: "GET", path: "/repos/{owner}/{repo}/installation", access: "app", handle: getOfRepository },
  { method: "GET", path: "/installation/repositories", access: "installation", handle: listRepositories },
];

function getApp(call: Call): Answer {
  const { world } = call;
  const app = theApp(world);
  const body = {
    ...presentApp(world, app),
    events: app.events,
    installations_count: world.installations.size,
  };
  return { status: 200, body };
}

function list(call: Call): Answer {
  const { world } = call;
  const { items, headers } = paginate(call, [...world.installations.values()]);
  const body = items.map((installation) => presentListed(world, installation));
  return { status: 200, body, headers };
}

/** GitHub describes the account in this one list as a person and an enterprise at once. */
function presentListed(world: World, installation: Installation) {
  const { account } = installation;
  const presented = presentInstallation(world, theApp(world), installation);
  const at = timestamp(account.createdAt);
  const named = { name: account.login, slug: account.login, created_at: at, updated_at: at };
  return { ...presented, account: { ...presented.account, ...named } };
}

function get(call: Call): Answer {
  return {
    status: 200,
    body: presentInstallation(call.world, theApp(call.world), requireInstallation(call)),
  };
}

function remove(call: Call): Answer {
  uninstallApp(call.world, change(call));
  return { status: 204 };
}

function suspend(call: Call): Answer {
  suspendInstallation(call.world, change(call));
  return { status: 204 };
}

function unsuspend(call: Call): Answer {
  unsuspendInstallation(call.world, change(call));
  return { status: 204 };
}

function change(call: Call): { installation: Installation; sender: AppRegistration["bot"] } {
  return { installation: requireInstallation(call), sender: theApp(call.world).bot };
}

function createToken(call: Call): Answer {
  const { world } = call;
  const app = theApp(world);
  const installation = requireInstallation(call);
  if (installation.suspendedAt) throw new Refusal(403, "This installation has been suspended");
  const scope = readTokenScope(call, app, installation);
  const { text, token } = mintInstallationToken(world, { app, installation, scope });
  const repos = [...(scope.repositoryIds ?? [])].flatMap((id) => world.repos.get(id) ?? []);
  const body = {
    token: text,
    expires_at: timestamp(token.expiresAt),
    permissions: token.permissions,
    repository_selection: "selected",
    ...(scope.repositoryIds && { repositories: repos.map((repo) => presentRepository(world, repo)) }),
  };
  return { status: 201, body };
}

function getOfRepository(call: Call): Answer {
  const { world, repo } = call;
  const installation = findInstallation(world, repo);
  if (!installation) throw new Refusal(404, "Not Found");
  return { status: 200, body: presentInstallation(world, theApp(world), installation) };
}

function listRepositories(call: Call): Answer {
  const { world, actor } = call;
  if (actor.kind !== "installation") throw new Refusal(403, "Resource not accessible by integration");
  const repos = reposOf(world, actor.installation).filter((repo) => actor.repositoryIds.has(repo.id));
  const { items, headers } = paginate(call, repos);
  const body = {
    total_count: repos.length,
    repository_selection: "selected",
    repositories: items.map((repo) => presentRepository(world, repo)),
  };
  return { status: 200, body, headers };
}

function requireInstallation({ world, params }: Call): Installation {
  const installation = world.installations.get(pathNumber(params, "installation_id"));
  if (!installation) throw new Refusal(404, "Not Found");
  return installation;
}

function theApp({ app }: World): AppRegistration {
  if (!app) throw new Refusal(404, "Integration not found");
  return app;
}
