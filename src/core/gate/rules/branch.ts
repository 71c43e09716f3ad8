import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, fail, blocked } = answerAs("branch");

/** The branch carries its role's prefix and still goes where the task's work was meant to go. */
export const branchGate: GateRule = {
  name: "branch",
  purpose:
    "The branch has the prefix of the role's team and merges into the branch that the task started from.",
  evaluate({ task, pull, branchPrefix }) {
    const wanted = code(`${branchPrefix}*`);
    const seen = code(pull.headRef);
    if (branchPrefix === "") {
      return blocked({
        message: `The role ${code(task.role)} is not configured any more, so nothing says how its branches are named.`,
        seen,
        wanted: "the prefix of a role",
        howToFix: "Add the role again on the default branch, or review the change and merge it by hand.",
      });
    }
    if (pull.headRef === pull.baseRef || !pull.headRef.startsWith(branchPrefix))
      return fail({ message: "The branch is not named as its role demands.", seen, wanted });
    const base = task.pull?.baseRef;
    if (base !== pull.baseRef) {
      return blocked({
        message: "Somebody pointed the pull request at another branch than the one its work started from.",
        seen: `into ${code(pull.baseRef)}`,
        wanted: `into ${code(base ?? "")}`,
        howToFix: "Point it back, or review it and merge it by hand.",
      });
    }
    return pass({ message: "The branch is named as its role demands.", seen, wanted });
  },
};
