import { type Autonomy, allows, lowest } from "../../autonomy/autonomy.ts";
import type { Config } from "../../config/config.ts";
import type { ChangedFile } from "../../facts.ts";
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
    const ceiling = ceilingOf(files, config);
    if (ceiling === null)
      return pass({ message: "No ceiling is set for what was changed.", seen: "no ceiling", wanted: WANTED });
    const seen = code(ceiling);
    if (allows(ceiling, NEEDED))
      return pass({ message: `Of what was changed, the lowest ceiling is ${seen}.`, seen, wanted: WANTED });
    const low = config.ceilings.filter(({ autonomy }) => !allows(autonomy, NEEDED));
    const paths = [...new Set(touchedPaths(files))].filter((path) => low.some((row) => isUnder(path, row)));
    return blocked({
      message: `The ceiling is ${seen} for ${paths.length === 1 ? "a path" : `${paths.length} paths`} of the change, so a task may not change anything there.`,
      seen,
      wanted: WANTED,
      howToFix: "Leave these paths as they are, or raise `ceilings` on the default branch.",
      details: paths.slice(0, MAX_DETAILS).map((path) => code(path)),
    });
  },
};

/** The lowest ceiling of all paths that a change touches; null when none is set for them. */
export function ceilingOf(
  files: readonly ChangedFile[],
  { ceilings }: Pick<Config, "ceilings">,
): Autonomy | null {
  const paths = touchedPaths(files);
  const [first, ...rest] = ceilings
    .filter((ceiling) => paths.some((path) => isUnder(path, ceiling)))
    .map(({ autonomy }) => autonomy);
  return first === undefined ? null : lowest(first, ...rest);
}

/** Of a path that globs can say nothing about, every ceiling counts. */
function isUnder(path: string, ceiling: Config["ceilings"][number]): boolean {
  return !isPlainPath(path) || matchesAny(path, ceiling.paths);
}
