import type { Config } from "../../src/core/config/config.ts";
import { configsAt } from "./configs-in-force.ts";
import { deedsOf, issueOf, type LineOf, type Lines, linesOf, writesOf } from "./read-history.ts";

const MINUTE_MS = 60_000;
/** What is asked before a request may be this much older than the request: each of several takes up to two minutes. */
const UNDER_WAY_MS = 6 * MINUTE_MS;

const MERGING: ReadonlySet<string> = new Set(["merge-with-approval", "merge", "deploy"]);
const WORKING: ReadonlySet<string> = new Set(["draft-pr", ...MERGING]);

type Write = LineOf<"write">["write"];

/** What was done to GitHub: by which kind of work, to which files, and what that takes. */
interface Act {
  readonly kind: string;
  readonly paths: readonly string[];
  readonly enough: ReadonlySet<string>;
}

/** I10: nothing is done beyond the autonomy that was granted, or while nothing is to be done. */
export function findForbidden(lines: Lines): readonly string[] {
  const kinds = new Map(deedsOf(lines, "issue.opened").map(({ deed }) => [deed.issue, deed.kind]));
  const pushes = writesOf(lines, "push");
  return linesOf(lines, "write").flatMap(({ at, sentAt, key, write }) => {
    const enough = neededFor(write, key);
    if (enough === undefined) return [];
    const kind = kinds.get(issueOf(/^\d+:[a-z]+:([\d.]+)/u.exec(key)?.[1] ?? "")) ?? "";
    const paths = pushes.find((push) => isPushOf(push, { key, write }))?.write.paths ?? [];
    const isAllowed = configsAt(lines, sentAt - UNDER_WAY_MS, at).some(
      (config) => config?.mode === "active" && isEnough(config, { kind, paths, enough }),
    );
    return isAllowed
      ? []
      : [`${write.what} for ${key} was sent though no configuration in force allows that`];
  });
}

/** What it takes to do something to GitHub that is more than words. A ready pull request that takes back is merged by people alone. */
function neededFor(write: Write, key: string): ReadonlySet<string> | undefined {
  if (write.what === "pull.merge") return MERGING;
  if (write.what === "pull.open") return write.draft || /^\d+:revert:/u.test(key) ? WORKING : MERGING;
  return write.what === "run.start" || write.what === "push" ? WORKING : undefined;
}

type Push = LineOf<"write"> & { readonly write: Extract<Write, { what: "push" }> };

/** Whether a push made what is merged, or is part of the same publication. */
function isPushOf(push: Push, { key, write }: Pick<LineOf<"write">, "key" | "write">): boolean {
  return write.what === "pull.merge" ? push.write.sha === write.head : push.key === key;
}

/** Whether every level that counts is enough: that of the file, of the role, and of every part of the tree that is touched. */
function isEnough({ autonomy, kinds, roles, ceilings }: Config, { kind, paths, enough }: Act): boolean {
  const levels = [
    autonomy,
    roles[kinds[kind]?.role ?? ""]?.autonomy ?? autonomy,
    ...ceilings.flatMap((ceiling) => (isTouched(paths, ceiling.paths) ? [ceiling.autonomy] : [])),
  ];
  return levels.every((level) => enough.has(level));
}

function isTouched(paths: readonly string[], globs: readonly string[]): boolean {
  return globs.some((glob) => {
    const parts = glob.split(/(\*+)/u).map((part) => PATTERNS[part] ?? part.replaceAll(".", "\\."));
    const pattern = new RegExp(`^${parts.join("")}$`, "u");
    return paths.some((path) => pattern.test(path));
  });
}

/** The only signs of the globs that histories have. */
const PATTERNS: Readonly<Record<string, string>> = { "**": ".*", "*": "[^/]*" };
