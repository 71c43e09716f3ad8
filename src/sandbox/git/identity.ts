import type { User } from "../world/user.ts";

/** Who wrote or committed, as git stores it. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** A moment and a person: one line of a commit object. */
export interface GitSignature extends GitIdentity {
  readonly date: Date;
}

const EMAIL_HOST = "users.noreply.github.com";

/** The address GitHub gives an account that hides its own. */
export function identityOf(user: User): GitIdentity {
  return { name: user.login, email: `${user.id}+${user.login}@${EMAIL_HOST}` };
}

/** Finds the account whose address a commit bears. */
export function findUserByEmail(users: ReadonlyMap<number, User>, email: string): User | null {
  const match = /^(\d+)\+/.exec(email);
  const user = match === null ? undefined : users.get(Number(match[1]));
  return user !== undefined && identityOf(user).email === email ? user : null;
}
