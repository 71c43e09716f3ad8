import { matchesAny } from "../../gate/match-paths.ts";
import { rememberByText } from "../../remember.ts";

/** A part of the tree: one file, a folder, or whatever a glob matches. */
export interface Area {
  readonly kind: "file" | "folder" | "glob";
  readonly text: string;
  /** What every path in it begins with, whatever its case. */
  readonly prefix: string;
  readonly globs: readonly string[];
}

const REMEMBERED = 2_000;

/** The part of the tree that a pattern means; with a slash at its end it is a folder. */
export const areaOfGlob = rememberByText((text): Area => {
  const literal = /^[^*?[{]*/u.exec(text)?.[0] ?? "";
  return literal === text
    ? areaOfPath(text)
    : { kind: "glob", text, prefix: literal.toLowerCase(), globs: [text] };
}, REMEMBERED);

/** The file or folder of exactly this name, whatever characters it has. */
export function areaOfPath(text: string): Area {
  const kind = text.endsWith("/") ? "folder" : "file";
  return { kind, text, prefix: text.toLowerCase(), globs: [] };
}

/** The first part of the tree that both may mean, as the narrower of the two says it; undefined when there is none. */
export function findCommonArea(some: readonly Area[], others: readonly Area[]): string | undefined {
  for (const one of some) {
    const other = others.find((candidate) => mayMeet(one, candidate));
    if (other !== undefined) return one.prefix.length > other.prefix.length ? one.text : other.text;
  }
  return undefined;
}

/** Two globs may mean the same file as soon as one's beginning is the other's: what follows is not looked at. */
function mayMeet(one: Area, other: Area): boolean {
  if (one.kind !== "file" && other.kind !== "file")
    return one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  if (one.kind === "file" && other.kind === "file")
    return one.prefix === other.prefix || isInside(one, other) || isInside(other, one);
  return one.kind === "file" ? holdsFile(other, one) : holdsFile(one, other);
}

/** Something written without a slash at its end may be a folder all the same. */
function holdsFile(area: Area, file: Area): boolean {
  if (isInside(area, file) || area.prefix === `${file.prefix}/`) return true;
  if (!file.prefix.startsWith(area.prefix)) return false;
  return area.kind === "folder" || matchesAny(file.text, area.globs);
}

function isInside(area: Area, folder: Area): boolean {
  return area.prefix.startsWith(`${folder.prefix}/`);
}
