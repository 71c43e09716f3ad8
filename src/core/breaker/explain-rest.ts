import { clock } from "../messages/text.ts";
import { type Reason, reason } from "../reasons.ts";
import type { Breaker, Rest } from "./breaker.ts";

const ROLE_PREFIX = "role:";
const PROVIDER_PREFIX = "provider:";

/** The key of the breaker that counts the changes of a role that the critics refused; a workflow's is its file. */
export function roleKey(role: string): string {
  return `${ROLE_PREFIX}${role}`;
}

/** The key of the breaker that all roles of a model provider share. */
export function providerKey(provider: string): string {
  return `${PROVIDER_PREFIX}${provider}`;
}

/** What a breaker guards, as people read it. */
export function describeGuarded(key: string): string {
  if (key.startsWith(PROVIDER_PREFIX)) return `model provider \`${key.slice(PROVIDER_PREFIX.length)}\``;
  return key.startsWith(ROLE_PREFIX) ? `role \`${key.slice(ROLE_PREFIX.length)}\`` : `workflow \`${key}\``;
}

/** Why a task waits for a breaker: how many troubles there were, which the last was, and when a probe goes. */
export function explainRest(
  key: string,
  { breaker, rest, now }: { readonly breaker: Breaker; readonly rest: Rest; readonly now: number },
): Reason {
  const what = `${capitalise(describeGuarded(key))}: ${describeTroubles(key, breaker.failures)}. The last: ${breaker.last}`;
  if (rest.kind === "probing")
    return reason("breaker.open", `${what} Task \`${rest.probe}\` is under way as a probe.`);
  const next = `Nothing is started until ${clock(rest.until, now)}, then one task as a probe.`;
  return reason("breaker.open", `${what} ${next}`, { deadline: rest.until });
}

function describeTroubles(key: string, failures: number): string {
  if (key.startsWith(ROLE_PREFIX)) {
    return failures === 1
      ? "the critics refused what it had merged"
      : `the critics refused what it had merged ${failures} times in a row`;
  }
  return failures === 1
    ? "a trouble that was not the work's own"
    : `${failures} troubles in a row that were not the work's own`;
}

function capitalise(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
