import { findRepo } from "../world/find-records.ts";
import type { Repo } from "../world/records.ts";
import type { World } from "../world/world.ts";

/** Where a request goes: the path in its usual form, and the repository it names. */
export interface Location {
  /** Path under `/repos/{owner}/{repo}` even when the caller used the numeric form. */
  readonly path: string;
  readonly repo: Repo | undefined;
  /** The numeric path, when the caller used a name the repository no longer has. */
  readonly movedTo: string | undefined;
  /** The path that links to other pages use. */
  readonly stablePath: string;
}

const ENTERPRISE_PREFIX = /^\/api\/v3(?=\/|$)/;
const BY_ID = /^\/repositories\/(\d{1,15})(\/.*)?$/;
const BY_NAME = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/;

/** Resolves the two forms in which a repository is addressed, and its former names. */
export function locate(world: World, asked: string): Location {
  const path = asked.replace(ENTERPRISE_PREFIX, "") || "/";
  const byId = BY_ID.exec(path);
  if (byId) return atRepository(world.repos.get(Number(byId[1])), { path, rest: byId[2] ?? "" });
  const byName = BY_NAME.exec(path);
  if (!byName) return { path, repo: undefined, movedTo: undefined, stablePath: path };
  const [, owner = "", name = "", rest = ""] = byName;
  const present = findRepo(world, decodeSafely(owner), decodeSafely(name));
  if (present) return atRepository(present, { path, rest });
  const formerId = world.formerNames.get(`${owner}/${name}`.toLowerCase());
  const former = formerId === undefined ? undefined : world.repos.get(formerId);
  const movedTo = former && `/repositories/${former.id}${rest}`;
  return { path, repo: former, movedTo, stablePath: path };
}

function atRepository(repo: Repo | undefined, { path, rest }: { path: string; rest: string }): Location {
  if (!repo) return { path, repo: undefined, movedTo: undefined, stablePath: path };
  return {
    path: `/repos/${encodeURIComponent(repo.owner.login)}/${encodeURIComponent(repo.name)}${rest}`,
    repo,
    movedTo: undefined,
    stablePath: `/repositories/${repo.id}${rest}`,
  };
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
