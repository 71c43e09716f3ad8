import { answerAs, type GateAnswer, type GateRule, type GateSubject, type TaskWork } from "../gate-rule.ts";

const { pass, blocked, fail, pending } = answerAs("head");

/** The head must be able to merge; a task's must be the very commit that the app published, on a branch of this repository. */
export const headGate: GateRule = {
  name: "head",
  purpose: "The head can be merged, and that of a task is the commit that was published for it.",
  changedBy: ["push", "base", "clock"],
  key: [],
  isOverridable: false,
  evaluate(subject) {
    const { pull, work } = subject;
    const stranger = work === null ? undefined : askWhoPushed(subject, work);
    if (stranger !== undefined) return stranger;
    if (pull.headRepoId === null) {
      return blocked({
        message: "The repository of the head is gone.",
        seen: "no repository",
        wanted: "a branch that is still there",
        howToFix:
          work === null
            ? "Push the change to a branch of this repository and open a new pull request."
            : "Close the pull request and run `/orchestrate retry`.",
      });
    }
    return askWhetherItMerges(subject);
  },
};

function askWhoPushed({ pull, repoId }: GateSubject, { publishedSha }: TaskWork): GateAnswer | undefined {
  if (pull.headSha !== publishedSha || publishedSha === "") {
    return blocked({
      message: "Somebody else pushed to the branch, so the head is not what the attempt produced.",
      seen: pull.headSha.slice(0, 7) || "no commit",
      wanted: publishedSha.slice(0, 7),
      howToFix: "Merge it by hand, or run `/orchestrate retry` to publish a new attempt.",
    });
  }
  if (pull.headRepoId === null || pull.headRepoId === repoId) return undefined;
  return blocked({
    message: "The head is in another repository, where others decide what it holds.",
    seen: "another repository",
    wanted: "a branch of this repository",
    howToFix: "Close the pull request and run `/orchestrate retry`.",
  });
}

/** How long GitHub may take to compute mergeability before that is a blocker of its own (F162). */
export const MERGEABLE_PATIENCE_MS = 10 * 60_000;

function askWhetherItMerges({ pull, work, headSince, now }: GateSubject): GateAnswer {
  if (pull.mergeable === false) {
    const howToFix =
      work === null
        ? "Bring the base into the branch and solve it there."
        : "The next attempt starts from the newest base.";
    return fail({
      message: "The branch conflicts with its base.",
      seen: "conflict",
      wanted: "no conflict",
      howToFix,
    });
  }
  if (pull.mergeable === null && now - headSince < MERGEABLE_PATIENCE_MS)
    return pending("GitHub computes whether it can merge");
  if (pull.mergeable === null) {
    return blocked({
      message: "GitHub does not say whether the branch can merge.",
      seen: "unknown",
      wanted: "mergeable",
      howToFix: "Look at the pull request on GitHub; it is asked again on every event.",
    });
  }
  const seen = pull.headSha.slice(0, 7);
  if (work === null) return pass({ message: "The head can merge.", seen, wanted: "mergeable" });
  return pass({ message: "The head is the published commit and can merge.", seen, wanted: seen });
}
