import { plural } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";
import { listedFiles } from "../match-paths.ts";

const { pass, fail, blocked } = answerAs("size");

/** The change must be small enough to review, and completely listed. */
export const sizeGate: GateRule = {
  name: "size",
  purpose: "The change has no more files and lines than configured, and GitHub listed all of it.",
  changedBy: ["push", "base", "configuration"],
  key: ["gates", "size"],
  isOverridable: true,
  evaluate({ pull, config: { gates } }) {
    const wanted = `at most ${plural(gates.size.files, "file")} and ${plural(gates.size.lines, "line")}`;
    const files = listedFiles(pull);
    if (files === null) {
      return blocked({
        message: "GitHub did not list every changed file, so the change cannot be verified.",
        seen: `${pull.files?.length ?? 0} of ${plural(pull.changedFiles, "file")} listed`,
        wanted,
        howToFix: "Split the change, or review it and merge it by hand.",
      });
    }
    const lines = files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
    const seen = `${plural(files.length, "file")}, ${plural(lines, "line")}`;
    if (files.length === 0)
      return fail({ message: "The pull request changes nothing.", seen, wanted: "a change" });
    const isSmall = files.length <= gates.size.files && lines <= gates.size.lines;
    if (!isSmall) {
      return fail({
        message: "The change is larger than allowed.",
        seen,
        wanted,
        howToFix: "Split it, or raise `gates.size`.",
      });
    }
    return pass({ message: "The change is small enough.", seen, wanted });
  },
};
