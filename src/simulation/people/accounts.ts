import type { Actor, Permission } from "../../core/repo.ts";

interface Account extends Actor {
  readonly permission: Permission;
}

/** Who works in the simulated repository; robin hands the work over. */
export const ACCOUNTS = {
  robin: { id: 1, login: "robin", type: "User", permission: "admin" },
  alice: { id: 2, login: "alice", type: "User", permission: "maintain" },
  bob: { id: 3, login: "bob", type: "User", permission: "write" },
  carol: { id: 4, login: "carol", type: "User", permission: "write" },
  dora: { id: 5, login: "dora", type: "User", permission: "triage" },
  mallory: { id: 6, login: "mallory", type: "User", permission: "none" },
  "helper[bot]": { id: 7, login: "helper[bot]", type: "Bot", permission: "write" },
} as const satisfies Record<string, Account>;

/** People who may approve, in the order in which they are asked. */
export const REVIEWERS: readonly Actor[] = [ACCOUNTS.alice, ACCOUNTS.bob, ACCOUNTS.carol];
