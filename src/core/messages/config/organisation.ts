import { type Decision, findDecisions } from "../../organisation/find-decisions.ts";
import {
  ORGANISATION_CHECK,
  ORGANISATION_PATH,
  ORGANISATION_REPOSITORY,
  type OrganisationView,
} from "../../organisation/view-organisation.ts";
import { type RepositoryView, standingOf } from "../../plan/repository/repository-view.ts";
import { code, paragraphs, plural, table } from "../text.ts";
import { annotate, type ConfigCheck, listProblems } from "./config.ts";
import { showBoth } from "./show-both.ts";

const VALUE_CHARS = 80;
const MAX_DECISIONS = 50;

/** What the owner's file decides for a repository, and whether that file is in order; empty where there is none. */
export function organisationSection(view: RepositoryView): string {
  const { organisation, governed } = view;
  const decisions = findDecisions(standingOf(view));
  if (organisation === null && decisions.length === 0 && !governed) return "";
  const rows = decisionRows(decisions.slice(0, MAX_DECISIONS));
  return paragraphs(
    organisation === null ? undefined : describeFile(organisation),
    governed
      ? "This repository is **governed**: a maintainer lets each task start with `/orchestrate allow`, nothing is merged without an approval, and no text is shown anywhere else."
      : undefined,
    table(["Key", "Written here", "In force", "Decided by"], rows),
    decisions.length > rows.length ? `(and ${decisions.length - rows.length} more)` : undefined,
  );
}

/** One row for each value that something else decides than the repository's own file. */
export function decisionRows(decisions: readonly Decision[]): readonly (readonly string[])[] {
  return decisions.map(({ key, before, after, by }) => [
    code(key, VALUE_CHARS),
    ...showBoth(before, after, VALUE_CHARS).map((value) => code(value, VALUE_CHARS)),
    by,
  ]);
}

/** What is wrong is named where those read it who can correct it, since not everybody here may see that repository. */
function describeFile({ owner, text, problems }: OrganisationView): string {
  const file = `\`${ORGANISATION_PATH}\` of \`${owner}/${ORGANISATION_REPOSITORY}\``;
  const errors = `${file} has ${plural(problems.length, "error")}; the check \`${ORGANISATION_CHECK}\` there names them.`;
  if (text === null)
    return `⚠️ ${errors} It was never valid, so nothing is started, published or merged until it is corrected.`;
  if (problems.length > 0) return `⚠️ ${errors} Its last valid version stays in force.`;
  return `The file ${file} holds for every repository of the owner; values here can only be stricter.`;
}

/** The check of the owner's file, on the commit that it was read with: every error at once, and what stays in force. */
export function organisationCheckOutput({ problems, text }: OrganisationView): ConfigCheck {
  const count = problems.length;
  const inForce =
    text === null
      ? "It was never valid, so nothing is started, published or merged in any repository of the owner until it is corrected."
      : "Its last valid version stays in force.";
  return {
    status: "completed",
    conclusion: count === 0 ? "success" : "failure",
    output: {
      title: count === 0 ? "Valid" : plural(count, "error"),
      summary: paragraphs(
        count === 0
          ? "The file is valid. It is in force for every repository of the owner that the app works in; each takes it at once, or at the latest within five minutes."
          : `The file has ${plural(count, "error")}. ${inForce}`,
        listProblems(ORGANISATION_PATH, problems),
      ),
    },
    annotations: annotate(ORGANISATION_PATH, problems, "failure"),
  };
}
