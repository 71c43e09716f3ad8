import picomatch from "picomatch";
import type { ChangedFile } from "../facts.ts";

/** Whether a path matches one of the globs; dot files count, and case does not (a case-only rename hides nothing). */
export function matchesAny(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => picomatch.isMatch(path, glob, { dot: true, nocase: true }));
}

/** Every path a change touches: of a rename, the old one too (F151). */
export function touchedPaths(files: readonly ChangedFile[]): readonly string[] {
  return files.flatMap((file) => (file.previousPath === null ? [file.path] : [file.path, file.previousPath]));
}
