import type { Finding, FindingsReport } from "../evidence/reports/report.ts";
import { identifyFindings } from "./fingerprint-finding.ts";
import { followRename, NO_RENAMES, type Renames } from "./renames.ts";

/** What became of the findings since the baseline; without one, all are added. Lists are ordered by fingerprint. */
export interface FindingsComparison {
  readonly hasBaseline: boolean;
  readonly added: readonly Finding[];
  readonly existing: readonly Finding[];
  readonly gone: readonly Finding[];
  /** How many more results are suppressed than before. */
  readonly newlySuppressed: number;
}

/** Compares by fingerprint, so that order, shifted lines and, with a map of renames, moved files make no difference. */
export function compareFindings(
  base: FindingsReport | null,
  head: FindingsReport,
  renames: Renames = NO_RENAMES,
): FindingsComparison {
  const before = indexFindings(base?.findings ?? [], renames);
  const after = indexFindings(head.findings, NO_RENAMES);
  const findings = [...after.values()];
  return {
    hasBaseline: base !== null,
    added: findings.filter(({ fingerprint }) => !before.has(fingerprint)),
    existing: findings.filter(({ fingerprint }) => before.has(fingerprint)),
    gone: [...before.values()].filter(({ fingerprint }) => !after.has(fingerprint)),
    newlySuppressed: base === null ? 0 : Math.max(0, head.suppressed - base.suppressed),
  };
}

/** Of equal findings the first in the file is counted first, so that a new one is shown at the end. */
function indexFindings(findings: readonly Finding[], renames: Renames): ReadonlyMap<string, Finding> {
  const moved = findings
    .map((finding) => ({ ...finding, path: followRename(finding.path, renames) }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const identified = identifyFindings(moved).toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  return new Map(identified.map((finding) => [finding.fingerprint, finding]));
}
