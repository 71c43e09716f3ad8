interface Dependent {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

interface Visit {
  readonly id: string;
  readonly rest: string[];
}

interface Walk {
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  readonly done: Set<string>;
}

/**
 * Circles of dependencies, each beginning with the entry that comes first in the list. Every dependency is
 * followed once, so where circles overlap, as many are named as must be broken one after the other.
 */
export function findCycles(entries: readonly Dependent[]): readonly (readonly string[])[] {
  const rank = new Map(entries.map((entry, index) => [entry.id, index]));
  const walk = { dependsOn: new Map(entries.map((entry) => [entry.id, entry.dependsOn])), done: new Set("") };
  const cycles = entries.flatMap(({ id }) => cyclesFrom(id, walk));
  return cycles.map((cycle) => rotateToFirst(cycle, rank));
}

/** Depth first with a trail of its own: a chain of any length cannot exhaust the stack. */
function cyclesFrom(start: string, { dependsOn, done }: Walk): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const trail: Visit[] = [];
  const enter = (id: string) => trail.push({ id, rest: (dependsOn.get(id) ?? []).toReversed() });

  if (!done.has(start)) enter(start);
  for (let here = trail.at(-1); here !== undefined; here = trail.at(-1)) {
    const next = here.rest.pop();
    if (next === undefined) {
      done.add(here.id);
      trail.pop();
    } else if (!done.has(next)) {
      const open = trail.findIndex((visit) => visit.id === next);
      if (open < 0) enter(next);
      else cycles.push(trail.slice(open).map((visit) => visit.id));
    }
  }
  return cycles;
}

function rotateToFirst(ids: readonly string[], rank: ReadonlyMap<string, number>): readonly string[] {
  const ranks = ids.map((id) => rank.get(id) ?? 0);
  const first = ranks.indexOf(Math.min(...ranks));
  return [...ids.slice(first), ...ids.slice(0, first)];
}
