import { configsAt } from "./configs-in-force.ts";
import { type LineOf, type Lines, linesOf } from "./read-history.ts";

const MINUTE_MS = 60_000;
/** What is asked before a request may be this much older than the request: each of several takes up to two minutes. */
const UNDER_WAY_MS = 6 * MINUTE_MS;

const MERGING: ReadonlySet<string> = new Set(["merge-with-approval", "merge", "deploy"]);
const WORKING: ReadonlySet<string> = new Set(["draft-pr", ...MERGING]);

type Write = LineOf<"write">["write"];

/** What it takes to do something to GitHub that is more than words; one row each. */
const NEEDED: Partial<Record<Write["what"], ReadonlySet<string>>> = {
  "run.start": WORKING,
  push: WORKING,
  "pull.open": WORKING,
  "pull.merge": MERGING,
};

/** I10: nothing is done beyond the autonomy that was granted, or while nothing is to be done. */
export function findForbidden(lines: Lines): readonly string[] {
  return linesOf(lines, "write").flatMap(({ at, sentAt, key, write }) => {
    const enough = NEEDED[write.what];
    if (enough === undefined) return [];
    const isAllowed = configsAt(lines, sentAt - UNDER_WAY_MS, at).some(
      (config) => config?.mode === "active" && enough.has(config.autonomy),
    );
    return isAllowed
      ? []
      : [`${write.what} for ${key} was sent though no configuration in force allows that`];
  });
}
