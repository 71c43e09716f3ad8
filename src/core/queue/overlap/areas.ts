/** A part of the tree: one file, or whatever lies between a beginning and an end. */
export interface Area {
  readonly text: string;
  readonly isFile: boolean;
  /** What every path in it begins with, and what it ends with when it begins with a slash; whatever its case. */
  readonly prefix: string;
  readonly suffix: string;
}

/** The part of the tree that a pattern means; with a slash at its end it is a folder. */
export function areaOfGlob(text: string): Area {
  const parts = /^([^*?[{]*)[*?[{](?:.*[*?\]}])?(.*)$/su.exec(text);
  if (parts === null) return areaOfPath(text);
  const [, prefix = "", suffix = ""] = parts;
  return { text, isFile: false, prefix: prefix.toLowerCase(), suffix: suffix.toLowerCase() };
}

/** The file or folder of exactly this name, whatever characters it has. */
export function areaOfPath(text: string): Area {
  return { text, isFile: !text.endsWith("/"), prefix: text.toLowerCase(), suffix: "" };
}

/**
 * The first part of the tree that both may mean, as the narrower of the two says it; undefined when there is none. Only
 * beginnings and ends are looked at, which is cheap and may see too much, but never too little.
 */
export function findCommonArea(some: readonly Area[], others: readonly Area[]): string | undefined {
  const hull = commonPrefix(others);
  for (const one of some.filter(({ prefix }) => areEnds(prefix, hull, "startsWith"))) {
    const other = others.find((candidate) => mayMeet(one, candidate));
    if (other !== undefined) return one.prefix.length > other.prefix.length ? one.text : other.text;
  }
  return undefined;
}

/** Most pairs of tasks work far from each other, which their common beginnings tell at once. */
function commonPrefix([first, ...others]: readonly Area[]): string {
  let common = first?.prefix ?? "";
  for (const { prefix } of others) while (!prefix.startsWith(common)) common = common.slice(0, -1);
  return common;
}

function mayMeet(one: Area, other: Area): boolean {
  if (one.isFile) return mayHold(other, one);
  if (other.isFile) return mayHold(one, other);
  return areEnds(one.prefix, other.prefix, "startsWith") && areEnds(one.suffix, other.suffix, "endsWith");
}

function areEnds(one: string, other: string, holds: "startsWith" | "endsWith"): boolean {
  return one[holds](other) || other[holds](one);
}

/** Something written without a slash at its end may be a folder all the same. */
function mayHold(area: Area, file: Area): boolean {
  if (area.prefix.startsWith(file.prefix)) {
    const rest = area.prefix.slice(file.prefix.length);
    if (rest.startsWith("/") || (rest === "" && area.isFile)) return true;
  }
  if (!file.prefix.startsWith(area.prefix)) return false;
  return area.isFile ? file.prefix.startsWith(`${area.prefix}/`) : `/${file.prefix}`.endsWith(area.suffix);
}
