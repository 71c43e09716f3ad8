import type { AuditEntry } from "../../src/core/audit/audit-entry.ts";
import type { Deed, Recorded, Write } from "../../src/simulation/record.ts";

export type Lines = readonly Recorded[];
export type LineOf<K extends Recorded["kind"]> = Extract<Recorded, { kind: K }>;
/** The members of a union that may have this word. */
type Having<U, W> = U extends { readonly what: infer N } ? ([W & N] extends [never] ? never : U) : never;

export type WriteLine<W extends Write["what"]> = Omit<LineOf<"write">, "write"> & {
  readonly write: Having<Write, W>;
};
export type DeedLine<W extends Deed["what"]> = Omit<LineOf<"did">, "deed"> & {
  readonly deed: Having<Deed, W>;
};

export const OWN_SLUG = "orchestrator";
export const VERIFY_CHECK = "orchestrator / verify";

export function linesOf<K extends Recorded["kind"]>(lines: Lines, kind: K): readonly LineOf<K>[] {
  return lines.filter((line): line is LineOf<K> => line.kind === kind);
}

export function writesOf<W extends Write["what"]>(lines: Lines, ...whats: readonly W[]): readonly WriteLine<W>[] {
  const wanted: ReadonlySet<string> = new Set(whats);
  return linesOf(lines, "write").filter((line): line is LineOf<"write"> & WriteLine<W> =>
    wanted.has(line.write.what),
  );
}

export function deedsOf<W extends Deed["what"]>(lines: Lines, ...whats: readonly W[]): readonly DeedLine<W>[] {
  const wanted: ReadonlySet<string> = new Set(whats);
  return linesOf(lines, "did").filter((line): line is LineOf<"did"> & DeedLine<W> => wanted.has(line.deed.what));
}

export function auditOf(lines: Lines, ...kinds: readonly string[]): readonly AuditEntry[] {
  return linesOf(lines, "audit")
    .map(({ at, entry }) => ({ ...entry, at }))
    .filter(({ kind }) => kinds.includes(kind));
}

export interface Move {
  readonly at: number;
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
  readonly reasons: readonly string[];
}

/** Every change of a task's state or reasons, as the audit has them. */
export function movesOf(lines: Lines): readonly Move[] {
  return linesOf(lines, "audit").flatMap(({ at, entry: { kind, taskId, data } }) => {
    if (kind !== "task.moved" || taskId === null) return [];
    const reasons = Array.isArray(data.reasons) ? data.reasons.map(String) : [];
    return [{ at, taskId, from: String(data.from), to: String(data.to), reasons }];
  });
}

const TERMINAL: ReadonlySet<string> = new Set(["done", "failed", "cancelled"]);

export function isOver(state: string): boolean {
  return TERMINAL.has(state);
}

/** Where each task stood at the end. */
export function lastMoves(lines: Lines): ReadonlyMap<string, Move> {
  return new Map(movesOf(lines).map((move) => [move.taskId, move]));
}

export function findRepeated(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const value of values) (seen.has(value) ? repeated : seen).add(value);
  return [...repeated];
}

export function issueOf(taskId: string): number {
  return Number(taskId.split(".")[1]);
}
