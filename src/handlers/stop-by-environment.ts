import type { RepoRef } from "../core/repo.ts";
import { ALL, type Stop, scopeOfOwner, scopeOfRepository } from "../core/stop/stop.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { ObservedReadiness } from "../ports/observation.ts";
import type { Stops } from "../ports/stops.ts";

interface Stoppable {
  readonly ledger: Ledger;
  readonly stops: Stops;
  ready(): Promise<ObservedReadiness>;
}

/**
 * A store as a process sees it whose environment stops something: what is stored is left alone, so the stop is over when the
 * process is started without it. `entries` are `all`, accounts and repositories, in lower case.
 */
export function stopByEnvironment<S extends Stoppable>(
  store: S,
  { entries, startedAt }: { readonly entries: readonly string[]; readonly startedAt: number },
): S {
  if (entries.length === 0) return store;
  const standing = (repo: RepoRef): readonly Stop[] =>
    entries.flatMap((entry) => {
      const scope = scopeOf(entry, repo);
      return scope === null ? [] : [{ ...STANDING, scope, at: startedAt }];
    });
  return {
    ...store,
    stops: { ...store.stops, of: async (repo) => [...standing(repo), ...(await store.stops.of(repo))] },
    ledger: {
      ...store.ledger,
      snapshot: async (repo, focus, weekStart) => {
        const snapshot = await store.ledger.snapshot(repo, focus, weekStart);
        const { repository } = snapshot;
        const stops = [...standing(repo), ...(repository.stops ?? [])];
        return stops.length === 0 ? snapshot : { ...snapshot, repository: { ...repository, stops } };
      },
    },
    ready: async () => addStops(await store.ready(), entries),
  };
}

const STANDING: Omit<Stop, "scope" | "at"> = {
  source: "environment",
  by: "the operator (`STOP` in the server's environment)",
  why: null,
  keepsRuns: false,
  commentId: null,
};

/** The scope of an entry that a repository is in; null when it is in none. */
function scopeOf(entry: string, { id, owner, name }: RepoRef): string | null {
  if (entry === ALL) return ALL;
  if (entry === owner.toLowerCase()) return scopeOfOwner(owner);
  return entry === `${owner}/${name}`.toLowerCase() ? scopeOfRepository(id) : null;
}

function addStops(readiness: ObservedReadiness, entries: readonly string[]): ObservedReadiness {
  const stored = readiness.stopped ?? { all: false, parts: 0 };
  const parts = entries.filter((entry) => entry !== ALL).length;
  return {
    ...readiness,
    stopped: { all: stored.all || entries.includes(ALL), parts: stored.parts + parts },
  };
}
