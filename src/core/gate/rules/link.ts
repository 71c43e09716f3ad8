import { answerAs, type GateRule } from "../gate-rule.ts";

const { pass, fail, blocked } = answerAs("link");

const WANTED = "an issue that it closes";
const MAX_NUMBERS = 5;

/** People's work belongs to an issue, where they ask for that. */
export const linkGate: GateRule = {
  name: "link",
  purpose: "With `gates.people.linkedIssue`: the text closes an issue of the repository.",
  changedBy: ["text", "configuration"],
  key: ["gates", "people", "linkedIssue"],
  isOverridable: true,
  appliesTo: ({ work, queued, config }) =>
    work === null && queued === null && config.gates.people.linkedIssue,
  whyNot: "it is about people's pull requests, and only with `gates.people.linkedIssue`",
  evaluate({ pull: { closes } }) {
    if (closes === undefined) {
      return blocked({
        message: "Which issues the text closes was not read.",
        seen: "not read",
        wanted: WANTED,
        howToFix: "Push or edit the text, and it is read again.",
      });
    }
    if (closes.length === 0) {
      return fail({
        message: "The text closes no issue of this repository.",
        seen: "no issue",
        wanted: WANTED,
        howToFix: "Write `Closes #12`, with the number of its issue, into the text of the pull request.",
      });
    }
    const rest = closes.length - MAX_NUMBERS;
    const numbers = closes.slice(0, MAX_NUMBERS).map((issue) => `#${issue}`);
    const seen = `${numbers.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
    return pass({ message: `The text closes ${seen}.`, seen, wanted: WANTED });
  },
};
