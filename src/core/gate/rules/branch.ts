import { code } from "../../messages/text.ts";
import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, fail } = answerAs("branch");

/** The branch carries its role's prefix and is not the base. */
export const branchGate: GateRule = {
  name: "branch",
  purpose: "The branch has the prefix of the role's team and is not the branch it merges into.",
  evaluate({ pull, branchPrefix }) {
    const wanted = code(`${branchPrefix}*`);
    if (pull.headRef === pull.baseRef || !pull.headRef.startsWith(branchPrefix)) {
      return fail({
        message: "The branch is not named as its role demands.",
        seen: code(pull.headRef),
        wanted,
      });
    }
    return pass({ message: "The branch is named as its role demands.", seen: code(pull.headRef), wanted });
  },
};
