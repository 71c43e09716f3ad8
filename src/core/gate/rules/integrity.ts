import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { findTouches } from "../integrity/find-touches.ts";
import type { Touch } from "../integrity/touch.ts";
import { listedFiles } from "../match-paths.ts";

const { pass, blocked } = answerAs("integrity");

const WANTED = "what proves the work stays as it is";
const OVERRIDE = "`/orchestrate override integrity -- reason`";
const MAX_DETAILS = 20;
/** Of more, a reading would hold up other work; nobody reviews it either. */
const MAX_PATCH_CHARS = 4 * 1024 * 1024;

/** What proves the work is not the work's to change: thresholds, rules and their exceptions, recorded answers, evaluations. */
export const integrityGate: GateRule = {
  name: "integrity",
  purpose:
    "No threshold, rule of a tool, suppression, recorded answer, evaluation or configuration that proves the work is touched without a person.",
  changedBy: ["push", "base", "configuration"],
  key: ["gates", "integrity"],
  isOverridable: true,
  appliesTo: ({ config: { gates } }) => gates.integrity.enabled,
  whyNot: "it is switched off by `gates.integrity.enabled`",
  evaluate({ pull, config }) {
    const files = listedFiles(pull);
    if (files === null) {
      return blocked({
        message: "The list of changed files is not complete.",
        seen: "incomplete",
        wanted: WANTED,
        howToFix: "Split the change, or review it and merge it by hand.",
      });
    }
    const chars = files.reduce((sum, file) => sum + (file.patch?.length ?? 0), 0);
    if (chars > MAX_PATCH_CHARS) {
      return blocked({
        message: "The change is too large to look for what weakens its proof.",
        seen: `${Math.ceil(chars / 1024 / 1024)} MB of changes`,
        wanted: WANTED,
        howToFix: `Split the change, or have a maintainer look at it: ${OVERRIDE}.`,
      });
    }
    const touches = findTouches(files, config);
    const [first] = touches;
    if (first === undefined)
      return pass({ message: "Nothing that proves the work was touched.", seen: "nothing", wanted: WANTED });
    const places = touches.length === 1 ? "1 place" : `${touches.length} places`;
    return blocked({
      message: `The change touches what proves the work in ${places}: ${describe(first)}.`,
      seen: places,
      wanted: WANTED,
      howToFix: `Leave what proves the work as it is, or have a maintainer look at it: ${OVERRIDE}.`,
      details: touches.slice(0, MAX_DETAILS).map(describe),
    });
  },
};

function describe({ path, line, what }: Touch): string {
  return line === null ? `${code(path)}: ${what}` : `${code(path)} line ${line}: ${what}`;
}
