import { describeOperation, summariseOperation } from "../core/operation/describe-operation.ts";
import { isoWeekOf, weekStart } from "../core/report/iso-week.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Operation } from "../ports/operation.ts";

/** How many repositories are listed, and how many pull requests of one. */
const LISTED = 100;

/** Reads what the operator sees; nothing is asked of GitHub. */
export function createOperation(
  ledger: Pick<Ledger, "repositories" | "snapshot" | "openPulls">,
  now: () => number,
): Operation {
  return {
    async repositories() {
      const known = await ledger.repositories();
      return summariseOperation(known, { now: now(), limit: LISTED });
    },
    async repository(owner, name) {
      const known = await ledger.repositories();
      const found = known.find(({ repo }) => isCalled(repo, { owner, name }));
      if (found === undefined) return null;
      const at = now();
      const snapshot = await ledger.snapshot(found.repo, { by: "nothing" }, weekStart(isoWeekOf(at)));
      const pulls = await ledger.openPulls(found.repo.id, LISTED);
      return describeOperation(snapshot, { pulls, now: at });
    },
  };
}

interface Called {
  readonly owner: string;
  readonly name: string;
}

/** GitHub's names differ by more than their case. */
function isCalled(repo: Called, { owner, name }: Called): boolean {
  return `${repo.owner}/${repo.name}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
}
