import type { TestCase } from "../evidence/reports/report.ts";

/** What a runtime puts into names anew in each run: identities of objects, identifiers, moments. */
const VOLATILE =
  /@[0-9a-f]{5,16}\b|\b0x[0-9a-f]{6,16}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\dT[\d:.]{5,20}/giu;
const PUNCTUATION = /[^\p{L}\p{N}]+/gu;

/** What a test is known by in another file or suite, the surest first. */
const KEYS: readonly ((found: TestCase) => string)[] = [
  ({ name }) => simplify(name),
  ({ name }) => simplify(name.slice(name.lastIndexOf(" › ") + 1)),
];

/**
 * The tests among those that are gone that did not come back elsewhere: by the same name in another file or suite, or by one that
 * differs in case, punctuation or what is new in each run. Each that came stands for one that is gone.
 */
export function withoutMoved(gone: readonly TestCase[], came: readonly TestCase[]): readonly TestCase[] {
  let lost = gone;
  let left = came;
  for (const keyOf of KEYS) {
    const waiting = Map.groupBy(left, keyOf);
    lost = lost.filter((found) => waiting.get(keyOf(found))?.pop() === undefined);
    left = [...waiting.values()].flat();
  }
  return lost;
}

/** A name of nothing but punctuation stays what it is. */
function simplify(name: string): string {
  const plain = name.replace(VOLATILE, "").toLowerCase();
  return plain.replace(PUNCTUATION, "") || plain;
}
