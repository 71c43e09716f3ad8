import { findUser } from "../world/find-records.ts";
import type { Issue, Repo } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { authenticate } from "./access/authenticate.ts";
import { authorizeAccount, authorizeOrganization, authorizeRepository } from "./access/authorize.ts";
import type { LimitKeeper } from "./limits/limits.ts";
import type { Progress } from "./progress.ts";
import { checkHeaders, movedAnswer, parseBody } from "./request-checks.ts";
import { type Actor, type Answer, type Call, Refusal, type Route } from "./route.ts";
import type { RouteMatch } from "./route-table.ts";

export interface Api {
  readonly world: World;
  readonly keeper: LimitKeeper;
  readonly findRoute: (method: string, path: string) => RouteMatch | undefined;
}

/** Takes a request through GitHub's checks in GitHub's order and performs it; throws a `Refusal` at the first that fails. */
export async function perform(api: Api, progress: Progress): Promise<Answer> {
  const { world, findRoute, keeper } = api;
  const { incoming, location } = progress;
  checkHeaders(incoming.headers);
  progress.match = findRoute(incoming.method === "HEAD" ? "GET" : incoming.method, location.path);
  const route = progress.match?.route;
  const actor = authenticate(world, incoming.headers.authorization, route?.access ?? "any");
  progress.actor = actor;
  progress.early = keeper.isTooEarly(actor);
  if (route?.path !== "/rate_limit") takeRequest(keeper, progress, actor);
  if (!route) throw new Refusal(404, "Not Found");
  progress.body = parseBody(incoming.body);
  authorize(world, progress, { actor, route });
  if (location.movedTo) return movedAnswer(incoming.method, `${world.baseUrl()}${location.movedTo}`);
  if (route.content) takeContent(keeper, progress, actor);
  return route.handle(createCall(world, progress, actor));
}

function takeRequest(keeper: LimitKeeper, progress: Progress, actor: Actor): void {
  if (keeper.take(actor)) return;
  progress.limited = "primary";
  throw new Refusal(403, `API rate limit exceeded for ${nameCaller(actor)}.`);
}

function nameCaller(actor: Actor): string {
  if (actor.kind === "installation") return `installation ID ${actor.installation.id}`;
  return actor.kind === "user" ? `user ${actor.user.login}` : actor.kind;
}

function takeContent(keeper: LimitKeeper, progress: Progress, actor: Actor): void {
  const waitSeconds = keeper.takeContent(actor);
  if (waitSeconds === null) return;
  progress.limited = "secondary";
  throw new Refusal(
    403,
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
    { headers: { "retry-after": String(waitSeconds) } },
  );
}

function authorize(
  world: World,
  { location, match }: Progress,
  { actor, route }: { readonly actor: Actor; readonly route: Route },
): void {
  const { access } = route;
  if (route.path.startsWith("/orgs/") && typeof access === "object") {
    authorizeOrganization(world, actor, { organization: findUser(world, match?.params.org ?? ""), access });
    return;
  }
  if (!route.path.startsWith("/repos/") && !route.path.startsWith("/repositories/")) {
    authorizeAccount(actor, access);
    return;
  }
  const { repo } = location;
  if (!repo) throw new Refusal(404, "Not Found");
  authorizeRepository(actor, { repo, access, issue: issueOfParams(repo, match?.params ?? {}) });
  const isWrite = typeof access === "object" && access.level === "write";
  // An archived repository can still be unarchived.
  if (isWrite && repo.archived && route.path !== "/repos/{owner}/{repo}") {
    throw new Refusal(403, "Repository was archived so is read-only.");
  }
}

/** The issue that a path is about, so that pull requests can be written with either permission. */
function issueOfParams(repo: Repo, params: Readonly<Record<string, string>>): Issue | undefined {
  const comment = repo.comments.get(Number(params.comment_id));
  return repo.issues.get(comment?.issueNumber ?? Number(params.issue_number));
}

function createCall(world: World, { incoming, location, query, match, body }: Progress, actor: Actor): Call {
  return {
    world,
    actor,
    user: "user" in actor ? actor.user : null,
    appId: appIdOf(world, actor),
    get repo(): Repo {
      if (location.repo) return location.repo;
      throw new Error(`${location.path} names no repository`);
    },
    path: location.stablePath,
    accept: incoming.headers.accept ?? "",
    params: match?.params ?? {},
    query,
    body,
  };
}

function appIdOf(world: World, actor: Actor): number | null {
  if (actor.kind === "installation") return world.app?.id ?? null;
  return actor.kind === "job" ? world.actionsApp.id : null;
}
