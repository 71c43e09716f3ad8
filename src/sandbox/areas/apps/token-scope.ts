import { invalidRequest, isRecord } from "../../http/body-fields.ts";
import { type Call, Refusal } from "../../http/route.ts";
import type { TokenScope } from "../../world/installation-tokens.ts";
import type { AppRegistration, Installation } from "../../world/records.ts";
import type { World } from "../../world/world.ts";
import { reposOf } from "./installation-records.ts";

/** What a new token is to reach: never more than its installation. */
export function readTokenScope(
  { world, body }: Pick<Call, "world" | "body">,
  app: AppRegistration,
  installation: Installation,
): TokenScope {
  return {
    permissions: readPermissions(app, body.permissions),
    repositoryIds: readRepositories(world, installation, body),
  };
}

function readPermissions(app: AppRegistration, asked: unknown): TokenScope["permissions"] {
  if (asked === undefined) return app.permissions;
  if (!isRecord(asked))
    throw invalidRequest(`For 'properties/permissions', ${JSON.stringify(asked)} is not an object.`);
  const entries = Object.entries(asked).map(([name, level]) => [name, grant(app, name, level)] as const);
  return Object.fromEntries([["metadata", "read"] as const, ...entries]);
}

function grant(app: AppRegistration, name: string, level: unknown): "read" | "write" {
  const granted = Object.hasOwn(app.permissions, name) ? app.permissions[name] : undefined;
  const isCovered = granted !== undefined && (level === granted || level === "read");
  if (isCovered) return level === "write" ? "write" : "read";
  throw new Refusal(422, "The permissions requested are not granted to this installation.");
}

function readRepositories(
  world: World,
  installation: Installation,
  { repositories, repository_ids: ids }: Readonly<Record<string, unknown>>,
): ReadonlySet<number> | null {
  if (repositories === undefined && ids === undefined) return null;
  const names = asList(repositories);
  const numbers = asList(ids);
  const known = reposOf(world, installation);
  const byName = names.map((name) =>
    known.find((repo) => repo.name.toLowerCase() === String(name).toLowerCase()),
  );
  const byId = numbers.map((id) => known.find((repo) => repo.id === id));
  const found = [...byName, ...byId].map((repo) => repo?.id);
  const reached = found.filter((id) => id !== undefined);
  if (reached.length === found.length) return new Set(reached);
  throw new Refusal(
    422,
    "There is at least one repository that does not exist or is not accessible to the parent installation.",
  );
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
