/** What a figure has to reach. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** One measured number, with what it is held against. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  /** The same measured on something else in the same run. */
  readonly baseline?: { readonly what: string; readonly value: number };
}

/** Detail below the figures: plain rows under plain headings. */
export interface Detail {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface SectionResult {
  readonly figures: readonly Figure[];
  readonly details?: readonly Detail[];
  readonly notes?: readonly string[];
}

export interface BenchOptions {
  /** Fewer and shorter rounds: to see that it runs, not to quote from. */
  readonly quick: boolean;
  /** Also what takes minutes to prepare. */
  readonly full: boolean;
  readonly seed: number;
  /** Folder for everything that is written; on the disk that is measured. */
  readonly dir: string;
  /** A PostgreSQL server on which databases may be made; what needs it is left out without. */
  readonly adminUrl: string | undefined;
  /** Says on standard error what is being done. */
  readonly say: (text: string) => void;
}

/** One group of figures that can be asked for by its name. */
export interface Section {
  readonly name: string;
  readonly title: string;
  measure(options: BenchOptions): Promise<SectionResult>;
}

export function isMet({ value, goal }: Figure): boolean | null {
  if (goal === undefined) return null;
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
}
