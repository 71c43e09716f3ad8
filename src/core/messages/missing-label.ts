import { code, paragraphs } from "./text.ts";

/** How many issues are named; thousands may have carried the label. */
const NAMED_ISSUES = 20;

/** The one issue that is open while the repository lacks the label that hands issues over. */
export function missingLabelIssue(facts: {
  readonly label: string;
  readonly renamedTo: string | null;
  readonly issues: readonly number[];
}): { readonly title: string; readonly body: string } {
  const { label, renamedTo, issues } = facts;
  const rename =
    renamedTo === null
      ? "make the label again"
      : `give ${code(renamedTo)} its old name back, or make the label again`;
  return {
    title: "Action required: the label that hands issues over is gone",
    body: paragraphs(
      `This repository has no label ${code(label)} any more${renamedTo === null ? "" : `; it is called ${code(renamedTo)} now`}. That took it off every issue at once, which is not taken for a wish to stop the work.`,
      `**Tasks that are under way or wait go on:** ${listIssues(issues)}. \`/orchestrate cancel\` on an issue stops its task.`,
      `**Nothing new can be handed over** until there is the label: ${rename}, or name another one as \`label\` in \`.github/orchestrator.yml\`.`,
      "This issue is closed when the label is there.",
    ),
  };
}

/** Links, since a mention would write into the history of every issue. */
function listIssues(issues: readonly number[]): string {
  const named = issues.slice(0, NAMED_ISSUES).map((issue) => `[#${issue}](../issues/${issue})`);
  const rest = issues.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}
