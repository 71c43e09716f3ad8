import { rememberFact } from "./fact-cache.ts";
import { readGit, tryGit } from "./run-git.ts";

export interface CommitRange {
  readonly gitDir: string;
  /** Commits reachable from here … */
  readonly to: string;
  /** … and not from here. */
  readonly notFrom?: string | undefined;
  readonly path?: string | undefined;
  readonly max?: number;
}

/** Shas of a range, newest first. */
export function listCommits({ gitDir, to, notFrom, path, max }: CommitRange): readonly string[] {
  return rememberFact([gitDir, "range", to, notFrom ?? "", path ?? "", String(max ?? "")], () => {
    const limit = max === undefined ? [] : [`--max-count=${max}`];
    const range = notFrom === undefined ? [to] : [to, `^${notFrom}`];
    const scope = path === undefined ? [] : [path];
    const text = readGit({ gitDir, args: ["rev-list", "--topo-order", ...limit, ...range, "--", ...scope] });
    return text === "" ? [] : text.split("\n");
  });
}

/** How many commits each side has that the other has not. */
export function countAheadBehind(
  gitDir: string,
  base: string,
  head: string,
): { readonly ahead: number; readonly behind: number } {
  return rememberFact([gitDir, "ahead", base, head], () => {
    const text = readGit({ gitDir, args: ["rev-list", "--left-right", "--count", `${base}...${head}`] });
    const [behind = "0", ahead = "0"] = text.split(/\s+/);
    return { ahead: Number(ahead), behind: Number(behind) };
  });
}

/** The newest common ancestor; undefined for histories that share nothing. */
export function findMergeBase(gitDir: string, left: string, right: string): string | undefined {
  return rememberFact([gitDir, "merge-base", left, right], () => {
    const outcome = tryGit({ gitDir, args: ["merge-base", left, right] });
    return outcome.exitCode === 0 ? outcome.stdout.toString("utf8").trim() : undefined;
  });
}

export function isAncestor(gitDir: string, ancestor: string, descendant: string): boolean {
  return ancestor === descendant || findMergeBase(gitDir, ancestor, descendant) === ancestor;
}
