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

export function writesOf<W extends Write["what"]>(
  lines: Lines,
  ...whats: readonly W[]
): readonly WriteLine<W>[] {
  const wanted: ReadonlySet<string> = new Set(whats);
  return linesOf(lines, "write").filter((line): line is LineOf<"write"> & WriteLine<W> =>
    wanted.has(line.write.what),
  );
}

export function deedsOf<W extends Deed["what"]>(
  lines: Lines,
  ...whats: readonly W[]
): readonly DeedLine<W>[] {
  const wanted: ReadonlySet<string> = new Set(whats);
  return linesOf(lines, "did").filter((line): line is LineOf<"did"> & DeedLine<W> =>
    wanted.has(line.deed.what),
  );
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

/**
 * Whether a worker stood still until its work was given to another. It may send once more what the other has sent by then:
 * nothing that is asked before a request can know that.
 */
export function hasStalled(lines: Lines): boolean {
  return linesOf(lines, "process").some(({ state }) => state === "stalled");
}

type TakersOf<U extends { readonly what: string }, L> = {
  readonly [W in U["what"]]?: (thing: Having<U, W>, line: L) => void;
};

/** What is done with each kind of line, by its word. */
export interface Takers {
  readonly writes?: TakersOf<Write, LineOf<"write">>;
  readonly deeds?: TakersOf<Deed, LineOf<"did">>;
  readonly audit?: Readonly<Record<string, (entry: AuditEntry, at: number) => void>>;
}

/** Goes through a history in its order. */
export function replay(lines: Lines, { writes = {}, deeds = {}, audit = {} }: Takers): void {
  for (const line of lines) {
    if (line.kind === "write") take(writes, line.write, line);
    else if (line.kind === "did") take(deeds, line.deed, line);
    else if (line.kind === "audit") audit[line.entry.kind]?.(line.entry, line.at);
  }
}

function take<U extends { readonly what: string }, L>(takers: TakersOf<U, L>, thing: U, line: L): void {
  const taker: unknown = Object.entries(takers).find(([what]) => what === thing.what)?.[1];
  if (typeof taker === "function") taker(thing, line);
}
