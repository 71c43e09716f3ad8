/** One place where a change makes tests weaker, or may. */
export interface Weakening {
  readonly path: string;
  readonly what: string;
  /** Unsure ones are for a person to judge. */
  readonly isSure: boolean;
}

/** What was found in a file that is known. */
export type Found = Omit<Weakening, "path">;

export const sure = (what: string): Found => ({ what, isSure: true });
export const unsure = (what: string): Found => ({ what, isSure: false });
