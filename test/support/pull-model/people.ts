import type { Actor, Permission } from "../../../src/core/repo.ts";

export const OWN_APP = 99;
export const ACTIONS_APP = 15_368;
export const OTHER_APP = 4242;

/** Who appears in the histories, and what they may do before somebody changes it. */
export const PEOPLE: Readonly<Record<string, Actor & { readonly permission: Permission }>> = {
  /** Hands the work over. */
  robin: { id: 7, login: "robin", type: "User", permission: "write" },
  alice: { id: 8, login: "alice", type: "User", permission: "write" },
  bob: { id: 9, login: "bob", type: "User", permission: "maintain" },
  carol: { id: 10, login: "carol", type: "User", permission: "read" },
  eve: { id: 11, login: "eve", type: "User", permission: "triage" },
  mallory: { id: 12, login: "mallory", type: "User", permission: "none" },
  "helper[bot]": { id: 13, login: "helper[bot]", type: "Bot", permission: "write" },
  "orchestrator[bot]": { id: 990, login: "orchestrator[bot]", type: "Bot", permission: "write" },
};

export function personOf(login: string): Actor {
  const known = PEOPLE[login];
  if (known === undefined) throw new Error(`nobody is called ${login}`);
  return { id: known.id, login: known.login, type: known.type };
}
