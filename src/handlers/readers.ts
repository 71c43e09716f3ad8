import type { Code, Issues, Runs } from "../ports/github.ts";
import type { Ledger } from "../ports/ledger.ts";

/** What gathering reads from. */
export interface Readers {
  readonly issues: Issues;
  readonly code: Code;
  readonly runs: Runs;
  readonly ledger: Ledger;
}
