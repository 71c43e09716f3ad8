import { type Autonomy, allows, lowest } from "../../autonomy/autonomy.ts";
import type { Config } from "../../config/config.ts";
import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { isPlainPath, listedFiles, matchesAny, touchedPaths } from "../match-paths.ts";

const { pass, blocked } = answerAs("ceiling");

/** What any change at all needs. */
const NEEDED: Autonomy = "draft-pr";
const WANTED = code(NEEDED);
const MAX_DETAILS = 20;

/** How far work goes there without a person is decided when it is merged; here, whether it may change anything there. */
export const ceilingGate: GateRule = {
  name: "ceiling",
  purpose: "With ceilings configured: a task changes nothing where the ceiling forbids changes.",
  changedBy: ["push", "base", "configuration"],
  key: ["ceilings"],
  isOverridable: true,
  appliesTo: ({ work, config }) => work !== null && config.ceilings.length > 0,
  whyNot: "it is about tasks, and only where ceilings are configured",
  evaluate({ pull, config }) {
    const files = listedFiles(pull);
    if (files === null) {
      const message = "The list of changed files is not complete.";
      return blocked({ message, seen: "incomplete", wanted: WANTED });
    }
    const touched = touchedPaths(files);
    const ceiling = ceilingOf(touched, config);
    if (ceiling === null)
      return pass({ message: "No ceiling is set for what was changed.", seen: "no ceiling", wanted: WANTED });
    const seen = code(ceiling);
    if (allows(ceiling, NEEDED))
      return pass({ message: `Of what was changed, the lowest ceiling is ${seen}.`, seen, wanted: WANTED });
    const { paths } = findForbidden(touched, config);
    return blocked({
      message: `The ceiling is ${seen} for ${paths.length === 1 ? "a path" : `${paths.length} paths`} of the change, so a task may not change anything there.`,
      seen,
      wanted: WANTED,
      howToFix: "Leave these paths as they are, or raise `ceilings` on the default branch.",
      details: paths.slice(0, MAX_DETAILS).map((path) => code(path)),
    });
  },
};

/** The lowest ceiling of all these paths; null when none is set for them. */
export function ceilingOf(paths: readonly string[], { ceilings }: Pick<Config, "ceilings">): Autonomy | null {
  const [first, ...rest] = ceilings
    .filter((ceiling) => paths.some((path) => isUnder(path, ceiling)))
    .map(({ autonomy }) => autonomy);
  return first === undefined ? null : lowest(first, ...rest);
}

/** Those of the paths where a task may not change anything, and the globs of the ceilings that say so. */
export function findForbidden(
  paths: readonly string[],
  { ceilings }: Pick<Config, "ceilings">,
): { readonly paths: readonly string[]; readonly globs: readonly string[] } {
  const low = ceilings.filter(({ autonomy }) => !allows(autonomy, NEEDED));
  const forbidden = [...new Set(paths)].filter((path) => low.some((ceiling) => isUnder(path, ceiling)));
  const deciding = low.filter((ceiling) => forbidden.some((path) => isUnder(path, ceiling)));
  return { paths: forbidden, globs: deciding.flatMap((ceiling) => ceiling.paths) };
}

/** Of a path that globs can say nothing about, every ceiling counts. */
function isUnder(path: string, ceiling: Config["ceilings"][number]): boolean {
  return !isPlainPath(path) || matchesAny(path, ceiling.paths);
}
