import type { RoadmapMilestone, RoadmapTask } from "../../roadmap/roadmap.ts";
import { code, inline, link } from "../text.ts";

/** What tells the section of a milestone from everything else in the context file. */
export function milestoneMarker(id: string): string {
  return `<!-- orchestrator:milestone key=${encodeURI(id).replaceAll("-", "%2D")} -->`;
}

/** The section that a reached milestone gets in the context file. */
export function milestoneSection(
  { id, title, date }: RoadmapMilestone,
  facts: {
    readonly at: number;
    readonly tasks: readonly { readonly task: RoadmapTask; readonly evidence: string | null }[];
  },
): string {
  const day = new Date(facts.at).toISOString().slice(0, 10);
  const due = date === undefined ? "" : `, due on ${date}`;
  const lines = facts.tasks.map(
    ({ task, evidence }) => `- ${code(task.id)} ${inline(task.title)}${prove(evidence)}`,
  );
  return [
    milestoneMarker(id),
    `## Milestone ${code(id)} is reached: ${inline(title)}`,
    "",
    `Reached on ${day}${due}. What was done for it:`,
    "",
    ...lines,
    "",
  ].join("\n");
}

function prove(evidence: string | null): string {
  if (evidence === null) return "";
  return `: ${evidence.startsWith("http") ? link("evidence", evidence) : code(evidence)}`;
}
