import { type Answer, type Call, Refusal, type Route } from "../../http/route.ts";
import { presentProfile } from "../../present/user.ts";
import { findUser } from "../../world/find-records.ts";
import { pathText } from "../path-text.ts";

export const userRoutes: readonly Route[] = [
  { method: "GET", path: "/user", access: "any", handle: getSelf },
  { method: "GET", path: "/users/{username}", access: "any", handle: get },
];

function getSelf({ world, actor }: Call): Answer {
  if (actor.kind === "user") return { status: 200, body: presentProfile(world, actor.user) };
  if (actor.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  throw new Refusal(403, "Resource not accessible by integration");
}

function get(call: Call): Answer {
  const user = findUser(call.world, pathText(call, "username"));
  if (!user) throw new Refusal(404, "Not Found");
  return { status: 200, body: presentProfile(call.world, user) };
}
