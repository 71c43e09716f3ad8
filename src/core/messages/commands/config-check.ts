import type { RepositoryView } from "../../plan/repository/repository-view.ts";
import { configCheckOutput } from "../config/config.ts";
import { organisationSection } from "../config/organisation.ts";
import { paragraphs, table } from "../text.ts";

/** What is wrong with the configuration of the default branch, and what the repository lacks for it. */
export function configCheckMessage(view: RepositoryView): {
  readonly text: string;
  readonly isValid: boolean;
} {
  const { facts, record } = view;
  if (facts === null) return { text: "This repository has not been read yet.", isValid: false };
  if (facts.configText === null) {
    return {
      text: `There is no \`.github/orchestrator.yml\` on \`${facts.branch}\`, so there is nothing to check and nothing to run.`,
      isValid: false,
    };
  }
  const check = configCheckOutput({
    text: facts.configText,
    roadmapText: facts.roadmapText,
    isInForce: true,
    lastGoodSha: record.stored.goodConfig?.sha ?? null,
    organisation: organisationSection(view),
  });
  const lacking = listLacking(view);
  return {
    text: paragraphs(
      `\`${facts.branch}\` at \`${facts.sha.slice(0, 12)}\`: ${check.output.summary}`,
      lacking.length === 0
        ? undefined
        : paragraphs("Missing in the repository:", table(["Kind", "Stage", "Workflow", "What"], lacking)),
    ),
    isValid: check.conclusion === "success" && lacking.length === 0,
  };
}

/** Stages whose workflow is missing or does not declare what the dispatch sends. */
function listLacking({ config, facts }: RepositoryView): readonly (readonly string[])[] {
  return Object.values(config?.kinds ?? {}).flatMap((kind) =>
    kind.stages.flatMap((stage) => {
      const declared = facts?.workflows[stage.workflow];
      const place = [`\`${kind.name}\``, `\`${stage.name}\``, `\`${stage.workflow}\``];
      if (!declared) return [[...place, "the file, or its trigger `workflow_dispatch`"]];
      return ["correlation", ...Object.keys(stage.inputs)]
        .filter((input) => !declared.includes(input))
        .map((input) => [...place, `the input \`${input}\``]);
    }),
  );
}
