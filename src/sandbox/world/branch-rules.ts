/** What a branch asks of whoever wants to merge into it. */
export interface BranchRules {
  readonly id: number;
  /** Names of checks, or contexts of statuses, that must have succeeded. */
  readonly requiredChecks: readonly string[];
  /** Whether only the merge queue may merge. */
  readonly mergeQueue: boolean;
}
