import type { RepoRef } from "../core/repo.ts";
import type { Stop } from "../core/stop/stop.ts";

/** Orders that nothing is done any more. */
export interface Stops {
  /** Those that are in force for a repository at this moment, for every process alike. */
  of(repo: RepoRef): Promise<readonly Stop[]>;
}
