import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, fail, blocked } = answerAs("size");

/** The change must be small enough to review, and completely listed. */
export const sizeGate: GateRule = {
  name: "size",
  purpose: "The change has no more files and lines than configured, and GitHub listed all of it.",
  evaluate({ pull, gates }) {
    const wanted = `at most ${gates.size.files} files and ${gates.size.lines} lines`;
    if (pull.files === null) {
      return blocked({
        message: "The change is too large for GitHub to list, so it cannot be verified.",
        seen: `${pull.changedFiles} files`,
        wanted,
      });
    }
    const lines = pull.files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
    const seen = `${pull.files.length} files, ${lines} lines`;
    if (pull.files.length === 0)
      return fail({ message: "The pull request changes nothing.", seen, wanted: "a change" });
    if (pull.files.length > gates.size.files || lines > gates.size.lines) {
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
