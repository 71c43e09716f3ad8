/**
 * What an error carries when the world outside is in trouble and the work itself is not to blame: it comes back when the
 * trouble may be over, as often as it takes, and is never given up for it.
 */
export interface OutsideTrouble {
  readonly isOutsideTrouble: true;
  /** Ms since epoch; null when nobody said when. */
  readonly retryAt: number | null;
}

export function isOutsideTrouble(error: unknown): error is OutsideTrouble {
  return (
    typeof error === "object" &&
    error !== null &&
    "isOutsideTrouble" in error &&
    error.isOutsideTrouble === true
  );
}
