import { code } from "../../messages/text.ts";
import { answerAs, type GateRule, type GateSubject, type TaskWork } from "../gate-rule.ts";
import { matchesExactly } from "../match-paths.ts";

const { pass, fail, blocked } = answerAs("branch");

/** The branch carries its role's prefix and still goes where the task's work was meant to go. */
export const branchGate: GateRule = {
  name: "branch",
  purpose:
    "The branch has the prefix of the role's team and merges into the branch that the task started from; people's have a name that `gates.people.branches` allows.",
  changedBy: ["push", "base", "configuration"],
  key: ["gates", "people", "branches"],
  isOverridable: true,
  evaluate: (subject) => (subject.work === null ? judgePersons(subject) : judgeTasks(subject, subject.work)),
};

function judgeTasks({ pull }: GateSubject, { task, branchPrefix, baseRef }: TaskWork) {
  const wanted = code(`${branchPrefix}*`);
  const seen = code(pull.headRef);
  const configPath = ["roles", task.role, "branch"];
  if (branchPrefix === "") {
    return blocked({
      message: `The role ${code(task.role)} is not configured any more, so nothing says how its branches are named.`,
      seen,
      wanted: "the prefix of a role",
      howToFix: "Add the role again on the default branch, or review the change and merge it by hand.",
    });
  }
  if (pull.headRef === pull.baseRef || !pull.headRef.startsWith(branchPrefix))
    return fail({ message: "The branch is not named as its role demands.", seen, wanted, configPath });
  if (baseRef !== pull.baseRef) {
    return blocked({
      message: "Somebody pointed the pull request at another branch than the one its work started from.",
      seen: `into ${code(pull.baseRef)}`,
      wanted: `into ${code(baseRef)}`,
      howToFix: "Point it back, or review it and merge it by hand.",
    });
  }
  return pass({ message: "The branch is named as its role demands.", seen, wanted, configPath });
}

function judgePersons({ pull, repoId, defaultBranch, config }: GateSubject) {
  const { branches } = config.gates.people;
  const seen = code(pull.headRef);
  const wanted =
    branches.length === 0 ? "a branch of its own" : branches.map((glob) => code(glob)).join(", ");
  if (pull.headRepoId === repoId && pull.headRef === defaultBranch) {
    return fail({
      message: "The default branch itself is the head; work belongs on a branch of its own.",
      seen,
      wanted,
      howToFix: "Put the change on a branch and open the pull request from there.",
    });
  }
  if (branches.length > 0 && !matchesExactly(pull.headRef, branches)) {
    return fail({
      message: "The branch is not named as `gates.people.branches` demands.",
      seen,
      wanted,
      howToFix: "Push the change to a branch of such a name and open the pull request from there.",
    });
  }
  return pass({ message: "The branch is named as demanded.", seen, wanted });
}
