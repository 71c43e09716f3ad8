import type { Finding, FindingsReport, FindingsSource } from "../evidence/reports/report.ts";
import { identifyFindings } from "./fingerprint-finding.ts";
import { followRename, NO_RENAMES, type Renames } from "./renames.ts";

/** What became of the findings since the baseline; without one, all are added. Lists are ordered by fingerprint. */
export interface FindingsComparison {
  readonly hasBaseline: boolean;
  readonly added: readonly Finding[];
  readonly existing: readonly Finding[];
  readonly gone: readonly Finding[];
  /** Suppressed results that were not suppressed before; one that is gone makes up for none. */
  readonly newlySuppressed: readonly Finding[];
  /** Reports of the baseline with results, of which the head's looked at nothing. */
  readonly unlooked: readonly FindingsSource[];
  /** Tools that have run in a report of the baseline, and not in that of the head. */
  readonly missingTools: readonly { readonly path: string; readonly tool: string }[];
}

/** Compares by fingerprint, so that order, shifted lines and, with a map of renames, moved files make no difference. */
export function compareFindings(
  base: FindingsReport | null,
  head: FindingsReport,
  renames: Renames = NO_RENAMES,
): FindingsComparison {
  const before = indexFindings(base?.findings ?? [], renames);
  const after = indexFindings(head.findings, NO_RENAMES);
  const accepted = indexFindings(base?.suppressed ?? [], renames);
  const findings = [...after.values()];
  return {
    hasBaseline: base !== null,
    added: findings.filter(({ fingerprint }) => !before.has(fingerprint)),
    existing: findings.filter(({ fingerprint }) => before.has(fingerprint)),
    gone: [...before.values()].filter(({ fingerprint }) => !after.has(fingerprint)),
    newlySuppressed: [...indexFindings(head.suppressed, NO_RENAMES).values()].filter(
      ({ fingerprint }) => !accepted.has(fingerprint),
    ),
    unlooked: (base?.sources ?? []).filter(
      ({ path, results }) =>
        results > 0 && head.sources.some((source) => source.isSilent && source.path === path),
    ),
    missingTools: (base?.sources ?? []).flatMap(({ path, tools }) => {
      const ran = new Set(head.sources.flatMap((source) => (source.path === path ? source.tools : [])));
      return tools.filter((tool) => !ran.has(tool)).map((tool) => ({ path, tool }));
    }),
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
