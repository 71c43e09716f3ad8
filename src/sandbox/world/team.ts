import type { User } from "./user.ts";

export interface Team {
  readonly id: number;
  readonly organization: User;
  readonly name: string;
  /** The name as it stands in addresses and in CODEOWNERS. */
  readonly slug: string;
  /** Ids of the people in it. */
  members: ReadonlySet<number>;
}
