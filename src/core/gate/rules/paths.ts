import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { matchesAny, touchedPaths } from "../match-paths.ts";

const { pass, blocked } = answerAs("paths");

/** Protected paths need a person; with an allow list, everything outside it does too. */
export const pathsGate: GateRule = {
  name: "paths",
  purpose: "No protected path is touched, and nothing outside the allowed ones.",
  evaluate({ pull, gates }) {
    const paths = touchedPaths(pull.files ?? []);
    const { allow, protect } = gates.paths;
    const guarded = paths.filter((path) => matchesAny(path, protect));
    const outside = allow.length === 0 ? [] : paths.filter((path) => !matchesAny(path, allow));
    const wanted = allow.length === 0 ? "no protected path" : "allowed paths only";
    if (pull.files === null)
      return blocked({ message: "The list of changed files is not complete.", seen: "incomplete", wanted });
    const offending = [...new Set([...guarded, ...outside])];
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
    return pass({ message: "All changed paths are in scope.", seen: `${paths.length} paths`, wanted });
  },
};
