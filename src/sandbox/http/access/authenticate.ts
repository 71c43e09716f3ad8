import type { World } from "../../world/world.ts";
import { type Access, type Actor, Refusal } from "../route.ts";
import { isJwt, verifyAppJwt } from "./app-jwt.ts";

const ANONYMOUS: Actor = { kind: "anonymous" };

/** Who sends this `Authorization` header; refuses what is not valid instead of treating it as nobody. */
export function authenticate(world: World, authorization: string | undefined, access: Access): Actor {
  if (authorization === undefined || authorization === "") return ANONYMOUS;
  const token = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw badCredentials();
  if (access === "app" || isJwt(token)) {
    if (!isJwt(token)) throw new Refusal(401, "A JSON web token could not be decoded");
    verifyAppJwt(world.app, token, world.now());
    return { kind: "app" };
  }
  const actor = findPerson(world, token) ?? findJob(world, token) ?? findInstallationActor(world, token);
  if (!actor) throw badCredentials();
  return actor;
}

function badCredentials(): Refusal {
  return new Refusal(401, "Bad credentials");
}

function findPerson(world: World, token: string): Actor | undefined {
  const user = world.userTokens.get(token);
  return user && { kind: "user", user };
}

function findJob(world: World, token: string): Actor | undefined {
  const job = world.jobTokens.get(token);
  return job && { kind: "job", ...job, user: world.actionsApp.bot };
}

function findInstallationActor(world: World, token: string): Actor | undefined {
  const found = world.installationTokens.get(token);
  if (!found || !world.app || found.expiresAt <= world.now()) return undefined;
  const installation = world.installations.get(found.installationId);
  if (!installation) return undefined;
  if (installation.suspendedAt) throw new Refusal(403, "This installation has been suspended");
  const { permissions, repositoryIds: narrowed } = found;
  // The installation is read again on each call, so a repository taken away is lost to tokens already given out.
  const repositoryIds = narrowed
    ? new Set([...narrowed].filter((id) => installation.repositoryIds.has(id)))
    : installation.repositoryIds;
  return { kind: "installation", installation, user: world.app.bot, permissions, repositoryIds };
}
