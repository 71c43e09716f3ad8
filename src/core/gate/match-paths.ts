import picomatch from "picomatch";
import type { ChangedFile, PullNow } from "../facts.ts";

type Matcher = (path: string) => boolean;

/** Compiling a glob costs far more than matching with it, and a configuration's lists do not change. */
const MATCHERS = new WeakMap<readonly string[], Matcher>();
const EXACT_MATCHERS = new WeakMap<readonly string[], Matcher>();

/** Whether a path matches one of the globs; dot files count, and case does not (a case-only rename hides nothing). */
export function matchesAny(path: string, globs: readonly string[]): boolean {
  return matcherOf(globs, { nocase: true, known: MATCHERS })(path.normalize("NFC"));
}

/** Whether a path matches one of the globs as written: what is allowed or run, where another case is another file. */
export function matchesExactly(path: string, globs: readonly string[]): boolean {
  return matcherOf(globs, { nocase: false, known: EXACT_MATCHERS })(path.normalize("NFC"));
}

function matcherOf(
  globs: readonly string[],
  { nocase, known }: { readonly nocase: boolean; readonly known: WeakMap<readonly string[], Matcher> },
): Matcher {
  const cached = known.get(globs);
  if (cached !== undefined) return cached;
  const matcher = picomatch(
    globs.map((glob) => glob.normalize("NFC")),
    { dot: true, nocase },
  );
  const match: Matcher = (path) => matcher(path);
  known.set(globs, match);
  return match;
}

/** Every path a change touches: of a rename, the old one too (F151). */
export function touchedPaths(files: readonly ChangedFile[]): readonly string[] {
  return files.flatMap((file) => (file.previousPath === null ? [file.path] : [file.path, file.previousPath]));
}

/** Whether globs can say anything about a path: not when it leaves the repository or has characters that are not seen. */
export function isPlainPath(path: string): boolean {
  if (!path.isWellFormed() || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/u.test(path)) return false;
  return path.split("/").every((part) => !["", ".", ".."].includes(part));
}

/** The changed files, or null when they are not all of them: of a part nothing can be said (F149). */
export function listedFiles(pull: Pick<PullNow, "files" | "changedFiles">): readonly ChangedFile[] | null {
  if (pull.files === null) return null;
  const paths = new Set(pull.files.map((file) => file.path));
  return paths.size === pull.files.length && paths.size >= pull.changedFiles ? pull.files : null;
}
