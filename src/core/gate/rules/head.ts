import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, blocked, fail, pending } = answerAs("head");

/** The head must be the very commit that the app published, on a branch of this repository, able to merge. */
export const headGate: GateRule = {
  name: "head",
  purpose: "The head is the commit that was published for the task, and it can be merged.",
  evaluate({ task, pull, publishedSha, headSince, now }) {
    const seen = pull.headSha.slice(0, 7) || "no commit";
    const wanted = publishedSha.slice(0, 7);
    if (pull.headSha !== publishedSha || publishedSha === "") {
      return blocked({
        message: "Somebody else pushed to the branch, so the head is not what the attempt produced.",
        seen,
        wanted,
        howToFix: "Merge it by hand, or run `/orchestrate retry` to publish a new attempt.",
      });
    }
    if (pull.headRepoId !== task.repoId) {
      return blocked({
        message:
          pull.headRepoId === null
            ? "The repository of the head is gone."
            : "The head is in another repository, where others decide what it holds.",
        seen: pull.headRepoId === null ? "no repository" : "another repository",
        wanted: "a branch of this repository",
        howToFix: "Close the pull request and run `/orchestrate retry`.",
      });
    }
    if (pull.mergeable === false) {
      const howToFix = "The next attempt starts from the newest base.";
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
    return pass({ message: "The head is the published commit and can merge.", seen, wanted });
  },
};

/** How long GitHub may take to compute mergeability before that is a blocker of its own (F162). */
const MERGEABLE_PATIENCE_MS = 10 * 60_000;
