/** Replaces secrets in whatever leaves a job. */
export interface SecretMask {
  readonly add: (secret: string) => void;
  readonly apply: (text: string) => string;
  readonly hides: (text: string) => boolean;
}

/** Masks whole values and, because logs are written line by line, each line of a longer value. */
export function createSecretMask(secrets: Iterable<string>): SecretMask {
  const hidden = new Set<string>();
  let longestFirst: readonly string[] = [];

  function add(secret: string): void {
    for (const part of [secret, ...secret.split(/\r?\n/)]) if (part.trim() !== "") hidden.add(part);
    longestFirst = [...hidden].sort((a, b) => b.length - a.length);
  }

  for (const secret of secrets) add(secret);
  return {
    add,
    apply: (text) => longestFirst.reduce((masked, secret) => masked.replaceAll(secret, "***"), text),
    hides: (text) => longestFirst.some((secret) => text.includes(secret)),
  };
}
