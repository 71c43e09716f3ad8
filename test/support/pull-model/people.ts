import type { Actor, Permission } from "../../../src/core/repo.ts";

/** Account that the app dispatches under. */
export const OWN_BOT = 4343;
export const OWN_APP = 99;
export const ACTIONS_APP = 15_368;
export const OTHER_APP = 4242;

/** Of the teams that `CODEOWNERS` may name, the members' ids; null where GitHub does not tell. */
export const TEAMS: Readonly<Record<string, readonly number[] | null>> = {
  "@acme/core": [9, 14],
  "@acme/secret": null,
};

/** Who appears in the histories, and what they may do before somebody changes it. */
export const PEOPLE: Readonly<Record<string, Actor & { readonly permission: Permission }>> = {
  /** Hands the work over. */
  robin: { id: 7, login: "robin", type: "User", permission: "write" },
  alice: { id: 8, login: "alice", type: "User", permission: "write" },
  bob: { id: 9, login: "bob", type: "User", permission: "maintain" },
  carol: { id: 10, login: "carol", type: "User", permission: "read" },
  eve: { id: 11, login: "eve", type: "User", permission: "triage" },
  mallory: { id: 12, login: "mallory", type: "User", permission: "none" },
  nina: { id: 14, login: "nina", type: "User", permission: "admin" },
  "helper[bot]": { id: 13, login: "helper[bot]", type: "Bot", permission: "write" },
  "merge-queue[bot]": { id: 991, login: "merge-queue[bot]", type: "Bot", permission: "none" },
  "orchestrator[bot]": { id: 990, login: "orchestrator[bot]", type: "Bot", permission: "write" },
};

export function personOf(login: string): Actor {
  const known = PEOPLE[login];
  if (known === undefined) throw new Error(`nobody is called ${login}`);
  return { id: known.id, login: known.login, type: known.type };
}
