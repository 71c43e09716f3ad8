import type { Autonomy } from "../autonomy/autonomy.ts";
import type { Ceiling, Limits, Window } from "../config/config.ts";
import { matchesAny } from "../gate/match-paths.ts";

/** What a repository may not loosen. A value that is not there leaves the choice to the repository. */
export interface Floor {
  /** Names of the repositories it is for, as the owner's file writes them; null when for all. */
  readonly only: string | null;
  readonly governed: boolean;
  readonly mode: "shadow" | undefined;
  readonly autonomy: Autonomy | undefined;
  readonly limits: { readonly [Key in keyof Limits]?: Limits[Key] | undefined };
  readonly ceilings: readonly Ceiling[];
  readonly windows: readonly Window[];
  readonly gates: GatesFloor;
}

/** Demands are made or not; numbers are bounds; lists are added. */
export interface GatesFloor {
  readonly protect: readonly string[];
  readonly files: number | undefined;
  readonly lines: number | undefined;
  readonly assertions: boolean;
  readonly approvals: number | undefined;
  readonly owners: boolean;
  readonly integrity: boolean;
  readonly evaluation: readonly string[];
  readonly artifacts: readonly string[];
  readonly people: { readonly verify: boolean; readonly approvals: number; readonly linkedIssue: boolean };
}

/** The file of an owner as the program reads it. */
export interface Organisation {
  readonly version: 1;
  readonly governed: readonly string[];
  readonly floors: readonly Floor[];
}

const NO_DEMANDS: GatesFloor = {
  protect: [],
  files: undefined,
  lines: undefined,
  assertions: false,
  approvals: undefined,
  owners: false,
  integrity: false,
  evaluation: [],
  artifacts: [],
  people: { verify: false, approvals: 0, linkedIssue: false },
};

/** The floor of an owner without a file. */
export const NO_FLOOR: Floor = {
  only: null,
  governed: false,
  mode: undefined,
  autonomy: undefined,
  limits: {},
  ceilings: [],
  windows: [],
  gates: NO_DEMANDS,
};

/** Nobody knows what the owner wants, since the file was never valid: nothing is done, and nothing is told elsewhere. */
export const CLOSED_FLOOR: Floor = { ...NO_FLOOR, governed: true, autonomy: "observe" };

/** Every floor that a repository stands on; all of them count. Names have no case on GitHub, and may begin with a dot. */
export function floorsOf({ floors, governed }: Organisation, repository: string): readonly Floor[] {
  const isGoverned = matchesAny(repository, governed);
  return floors
    .filter(({ only }) => only === null || matchesAny(repository, [only]))
    .map((floor) => ({ ...floor, governed: isGoverned }));
}
