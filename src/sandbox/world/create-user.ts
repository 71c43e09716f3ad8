import type { User } from "./user.ts";
import type { World } from "./world.ts";

/** Adds an account to the world. */
export function createUser(world: World, login: string, type: User["type"]): User {
  const user: User = { id: world.nextId(), login, type, createdAt: world.now() };
  world.users.set(user.id, user);
  return user;
}
