import { z } from "zod";

/** A repository as every event and effect names it; only `id` is identity, the names are for addresses and may change. */
export interface RepoRef {
  readonly id: number;
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
}

/** An account that did something; ids are compared, never logins. */
export const Actor = z
  .object({ id: z.number(), login: z.string(), type: z.enum(["User", "Bot", "Organization", "Mannequin"]) })
  .readonly();
export type Actor = z.infer<typeof Actor>;

/** Whoever did what GitHub tells of no more, or never told of: `ghost` to it, which is nobody to mention. */
export const UNKNOWN_ACTOR: Actor = { id: 0, login: "ghost", type: "Mannequin" };

export function isKnownActor({ id }: Actor): boolean {
  return id !== UNKNOWN_ACTOR.id;
}

/** A repository role as GitHub's `role_name` gives it; custom roles are mapped to the base role they extend. */
export type Permission = "none" | "read" | "triage" | "write" | "maintain" | "admin";

const PERMISSION_ORDER: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** Whether `have` includes everything that `need` allows. */
export function hasPermission(have: Permission, need: Permission): boolean {
  const needed = PERMISSION_ORDER.indexOf(need);
  return needed >= 0 && PERMISSION_ORDER.indexOf(have) >= needed;
}
