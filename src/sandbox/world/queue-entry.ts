/** A pull request that waits to be merged; the queue's order is the order of merging. */
export interface QueueEntry {
  readonly pullNumber: number;
  readonly baseRef: string;
  /** The head that was put into the queue; a later push takes the pull request out again. */
  readonly headSha: string;
  /** Null until the commit that would be merged is made. */
  group: MergeGroup | null;
}

/** The commit that a branch would get, on a branch of its own for as long as it is checked. */
export interface MergeGroup {
  readonly ref: string;
  readonly headSha: string;
  /** What it was made on: the tip of the branch, or the commit of the entry before. */
  readonly baseSha: string;
}
