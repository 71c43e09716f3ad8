/** One line for a repository. */
export interface OperatedRepository {
  readonly id: number;
  /** `owner/name`; null where it is governed. */
  readonly name: string | null;
  readonly status: string;
  readonly paused: boolean;
  readonly openBreakers: number;
  readonly restingRoles: number;
}

/** How a repository stands: no text of anybody's, only names of its configuration, numbers and moments. */
export interface RepositoryOperation {
  readonly name: string;
  readonly status: string;
  readonly mode: string | null;
  readonly paused: boolean;
  readonly stopped: boolean;
  readonly queued: number;
  readonly tasks: readonly { readonly issue: number; readonly state: string; readonly role: string }[];
  readonly breakers: readonly {
    readonly guards: string;
    /** `closed` has counted trouble; `open` lets nothing through, `due` the next task as a probe. */
    readonly state: "closed" | "open" | "due" | "probing";
    readonly failures: number;
    /** Ms since epoch. */
    readonly until: number | null;
    readonly probe: string | null;
  }[];
  readonly rests: readonly { readonly role: string; readonly until: number }[];
  /** Sessions that are not over, or that hold something back. */
  readonly sessions: readonly OperatedSession[];
  readonly budgets: readonly Budget[];
  readonly pulls: readonly { readonly number: number; readonly verdict: string; readonly since: number }[];
}

export interface OperatedSession {
  readonly number: number;
  /** Null for every team. */
  readonly team: string | null;
  /** `ending` takes nothing new, `over` has its report and holds back what it covered. */
  readonly state: "open" | "ending" | "over";
  readonly taken: number;
  readonly count: number | null;
  /** Ms since epoch. */
  readonly endsAt: number | null;
}

/** Of the ISO week. */
export interface Budget {
  /** `week`, or a role. */
  readonly of: string;
  readonly unit: "minutes" | "usd";
  readonly used: number;
  readonly reserved: number;
  readonly limit: number | null;
}
