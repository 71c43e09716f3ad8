import { inline, paragraphs, table } from "../text.ts";

/** How much a report shows of each list; the shortest form that is needed is used. */
export interface Room {
  readonly rows: number;
  readonly refs: number;
}

/** A table of the first rows that says how many are left out. Rows that are not shown are never written. */
export function cutTable<T>(facts: {
  readonly header: readonly string[];
  readonly items: readonly T[];
  readonly rows: number;
  readonly row: (item: T) => readonly string[];
}): string {
  const { header, items, rows, row } = facts;
  const rest = items.length - rows;
  return paragraphs(
    table(header, items.slice(0, rows).map(row)),
    rest > 0 ? `(and ${rest} more)` : undefined,
  );
}

/** References to issues or pull requests of this repository. */
export function refs(numbers: readonly number[], most: number): string {
  return cutList(numbers, most, (number) => `#${number}`);
}

/** The first items of a list in one line that says how many are left out. */
export function cutList<T>(items: readonly T[], most: number, show: (item: T) => string): string {
  const rest = items.length - most;
  const shown = items.slice(0, most).map(show).join(", ");
  if (rest <= 0) return shown;
  return shown === "" ? `(${items.length} not shown)` : `${shown} (and ${rest} more)`;
}

export function money(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

/** A moment with its day, whatever day it is read on. */
export function moment(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

const TITLE_CHARS = 80;

/** A title as inert text; a character reference such as that of the at sign would come alive only when it is read. */
export function foreign(text: string): string {
  return inline(text.replace(/&(?=#?\w+;)/gu, "& "), TITLE_CHARS);
}
