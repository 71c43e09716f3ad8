import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";

export interface FoundFiles {
  /** The deepest directory that holds everything that was asked for. */
  readonly root: string;
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
}

export interface FindOptions {
  readonly directory: string;
  readonly patterns: readonly string[];
  readonly includeHidden: boolean;
}

/** Finds regular files by paths, directories and globs; a leading `!` takes files out again. Links are not followed. */
export function findFiles({ directory, patterns, includeHidden }: FindOptions): FoundFiles {
  const wanted = patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== "");
  const files = new Set<string>();
  const roots: string[] = [];
  for (const pattern of wanted) {
    if (pattern.startsWith("!")) {
      const excluded = toMatcher(absolutePattern(directory, pattern.slice(1)));
      for (const file of [...files].filter(excluded)) files.delete(file);
      continue;
    }
    const found = findPattern(absolutePattern(directory, pattern), includeHidden);
    roots.push(found.root);
    for (const file of found.files) files.add(file);
  }
  return { root: roots.length === 0 ? directory : roots.reduce(commonDirectory), files: [...files].sort() };
}

/** The digest of all files that match, empty when none does. */
export function hashFiles(directory: string, patterns: readonly string[]): string {
  const { files } = findFiles({ directory, patterns, includeHidden: true });
  const inside = files.filter((file) => file.startsWith(directory + sep));
  if (inside.length === 0) return "";
  const all = createHash("sha256");
  for (const file of inside) all.update(createHash("sha256").update(readFileSync(file)).digest());
  return all.digest("hex");
}

function absolutePattern(directory: string, pattern: string): string {
  return isAbsolute(pattern) ? resolve(pattern) : resolve(directory, pattern);
}

function findPattern(pattern: string, includeHidden: boolean): FoundFiles {
  const { base, isGlob } = picomatch.scan(pattern);
  if (!isGlob) {
    const kind = kindOf(pattern);
    if (kind === "file") return { root: dirname(pattern), files: [pattern] };
    return { root: pattern, files: kind === "directory" ? walk(pattern, includeHidden) : [] };
  }
  const root = base === "" ? sep : base;
  return {
    root,
    files: kindOf(root) === "directory" ? walk(root, includeHidden).filter(toMatcher(pattern)) : [],
  };
}

function toMatcher(pattern: string): (file: string) => boolean {
  const isMatch = picomatch(pattern, { dot: true });
  const isInside = picomatch(`${pattern}/**`, { dot: true });
  return (file) => isMatch(file) || isInside(file);
}

function walk(directory: string, includeHidden: boolean): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (!includeHidden && entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return entry.name === ".git" ? [] : walk(path, includeHidden);
    return entry.isFile() ? [path] : [];
  });
}

function kindOf(path: string): "file" | "directory" | "nothing" {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return "file";
  return stats?.isDirectory() ? "directory" : "nothing";
}

function commonDirectory(left: string, right: string): string {
  let common = left;
  while (relative(common, right).startsWith("..") && common !== dirname(common)) common = dirname(common);
  return common;
}
