/** Git objects never change, so what was read of them once stays true; the cap keeps a long demo small. */
const MAX_FACTS = 4000;

const facts = new Map<string, unknown>();

/** Answers from the cache, or computes and keeps. The key must name immutable objects (full shas), never a branch. */
export function rememberFact<T>(key: readonly string[], compute: () => T): T {
  const id = key.join("\0");
  if (facts.has(id)) return facts.get(id) as T;
  const value = compute();
  keepFact(key, value);
  return value;
}

export function keepFact(key: readonly string[], value: unknown): void {
  if (facts.size >= MAX_FACTS) {
    const oldest = facts.keys().next();
    if (!oldest.done) facts.delete(oldest.value);
  }
  facts.set(key.join("\0"), value);
}

/** What is kept under a key, undefined when nothing is. */
export function findFact<T>(key: readonly string[]): T | undefined {
  return facts.get(key.join("\0")) as T | undefined;
}
