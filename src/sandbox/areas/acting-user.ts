import { type Call, Refusal } from "../http/route.ts";
import type { User } from "../world/user.ts";

/** The account that writes; routes that need one are closed to everybody else already. */
export function actingUser(call: Call): User {
  if (call.user === null) throw new Refusal(401, "Requires authentication");
  return call.user;
}
