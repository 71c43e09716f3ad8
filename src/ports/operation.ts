import type { OperatedRepository, RepositoryOperation } from "../core/operation/operation.ts";

/** What the operator sees of the work itself; whoever asks has shown the operator's token. */
export interface Operation {
  /** Those in trouble first; governed ones without their name. */
  repositories(): Promise<readonly OperatedRepository[]>;
  /** Null for one that is not known, or governed: what happens there is for nobody outside of it. */
  repository(owner: string, name: string): Promise<RepositoryOperation | null>;
}
