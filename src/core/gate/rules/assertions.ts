import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { listedFiles } from "../match-paths.ts";
import { findWeakenings } from "../weakening/find-weakenings.ts";
import { isTest } from "../weakening/is-test.ts";
import { readNeighbours } from "../weakening/neighbours.ts";
import type { Weakening } from "../weakening/weakening.ts";

const { pass, fail, blocked } = answerAs("assertions");

const WANTED = "no test weaker than before";
const MAX_DETAILS = 20;
/** Of more, a reading would hold up other work; nobody reviews it either. */
const MAX_PATCH_CHARS = 4 * 1024 * 1024;

/** Tests must not get weaker: an assertion or a test file that goes, a skip that comes, is named. */
export const assertionsGate: GateRule = {
  name: "assertions",
  purpose:
    "No existing test loses an assertion, is deleted, is skipped, is run in another way, or sees something else than before.",
  changedBy: ["push", "base", "configuration"],
  key: ["gates", "assertions"],
  isOverridable: true,
  evaluate({ pull, config: { gates } }) {
    if (!gates.assertions)
      return pass({ message: "Switched off by `gates.assertions`.", seen: "not looked at", wanted: WANTED });
    const files = listedFiles(pull);
    if (files === null) {
      return blocked({
        message: "The list of changed files is not complete.",
        seen: "incomplete",
        wanted: WANTED,
      });
    }
    const chars = files.reduce((sum, file) => sum + (file.patch?.length ?? 0), 0);
    if (chars > MAX_PATCH_CHARS) {
      return blocked({
        message: "The change is too large to look for weaker tests.",
        seen: `${Math.ceil(chars / 1024 / 1024)} MB of changes`,
        wanted: WANTED,
        howToFix: "Split the change, or review it and merge it by hand.",
      });
    }
    const neighbours = readNeighbours(files);
    const weakenings = files.flatMap((file) => findWeakenings(file, neighbours));
    const sure = weakenings.filter((weakening) => weakening.isSure);
    if (sure.length > 0) return fail(describeSure(sure));
    if (weakenings.length > 0) return blocked(describeUnsure(weakenings));
    const tests = files.filter((file) => isTest(file)).length;
    return pass({
      message: tests === 0 ? "No test was changed." : "No test got weaker.",
      seen: tests === 1 ? "1 test changed" : `${tests} tests changed`,
      wanted: WANTED,
    });
  },
};

function describeSure(weakenings: readonly Weakening[]) {
  return {
    message: `The change makes tests weaker in ${placesOf(weakenings)}.`,
    seen: `${weakenings.length} weaker`,
    wanted: WANTED,
    howToFix: "Keep every existing assertion and correct the code instead.",
    details: detailsOf(weakenings),
  };
}

function describeUnsure(weakenings: readonly Weakening[]) {
  return {
    message: `The change may make tests weaker in ${placesOf(weakenings)}.`,
    seen: `${weakenings.length} to look at`,
    wanted: WANTED,
    howToFix:
      "Leave existing tests and their set-up as they are and put new tests beside them, or review this and merge it by hand.",
    details: detailsOf(weakenings),
  };
}

function placesOf(weakenings: readonly Weakening[]): string {
  const [first] = weakenings;
  const places = weakenings.length === 1 ? "1 place" : `${weakenings.length} places`;
  return first === undefined ? places : `${places}: ${describe(first)}`;
}

function detailsOf(weakenings: readonly Weakening[]): readonly string[] {
  return weakenings.slice(0, MAX_DETAILS).map(describe);
}

function describe({ path, what }: Weakening): string {
  return `${code(path)}: ${what}`;
}
