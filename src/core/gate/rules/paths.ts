import { code, plural } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { isPlainPath, listedFiles, matchesAny, matchesExactly, touchedPaths } from "../match-paths.ts";

const { pass, blocked } = answerAs("paths");

/** Protected paths need a person; with an allow list, everything outside it does too. */
export const pathsGate: GateRule = {
  name: "paths",
  purpose: "No protected path is touched, and nothing outside the allowed ones.",
  changedBy: ["push", "base", "configuration"],
  key: ["gates", "paths"],
  isOverridable: true,
  evaluate({ pull, config: { gates } }) {
    const { allow, protect } = gates.paths;
    const wanted = allow.length === 0 ? "no protected path" : "allowed paths only";
    const files = listedFiles(pull);
    if (files === null)
      return blocked({ message: "The list of changed files is not complete.", seen: "incomplete", wanted });
    const paths = [...new Set(touchedPaths(files))];
    const offending = paths.filter(
      (path) =>
        !isPlainPath(path) || matchesAny(path, protect) || (allow.length > 0 && !matchesExactly(path, allow)),
    );
    if (offending.length > 0) {
      return blocked({
        message: `The change touches ${offending.length === 1 ? "a path" : `${offending.length} paths`} that a person has to decide on.`,
        seen: offending
          .slice(0, 3)
          .map((path) => code(path))
          .join(", "),
        wanted,
        howToFix: "Review and merge it by hand, or change `gates.paths` on the default branch.",
        details: offending.slice(0, 20).map((path) => code(path)),
      });
    }
    return pass({ message: "All changed paths are in scope.", seen: plural(paths.length, "path"), wanted });
  },
};
