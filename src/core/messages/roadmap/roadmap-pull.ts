import type { RoadmapEdit } from "../../roadmap/edit-roadmap.ts";
import { code, inline, link, paragraphs, table } from "../text.ts";

const NAMED = 3;

/** Title and text of the pull request that writes progress into the roadmap. */
export function roadmapPullText(facts: {
  readonly path: string;
  readonly edits: readonly RoadmapEdit[];
  readonly milestones: readonly string[];
  readonly context: string | null;
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}): { readonly title: string; readonly body: string } {
  const { path, edits, milestones, context, refused } = facts;
  const done = edits.filter(({ status }) => status === "done").map(({ id }) => id);
  const more = done.length > NAMED ? ` and ${done.length - NAMED} more` : "";
  const named = done.slice(0, NAMED).join(", ");
  const reached = milestones.map((id) => code(id)).join(", ");
  return {
    title: done.length === 0 ? `Roadmap: ${milestones.join(", ")} reached` : `Roadmap: ${named}${more} done`,
    body: paragraphs(
      `What was done is written into ${code(path)}. Nothing else of the file changes.`,
      table(
        ["Task", "Status", "Evidence"],
        edits.map(({ id, status, evidence }) => [code(id), status, showEvidence(evidence)]),
      ),
      milestones.length === 0 || context === null ? undefined : `${code(context)} is told of ${reached}.`,
      refused.length === 0
        ? undefined
        : `Left for you to write: ${refused.map(({ id, why }) => `${code(id)}, since ${inline(why)}`).join("; ")}.`,
      "It is kept up to date until you merge it. Closed, it comes back when there is more to write; `roadmapUpdates: { pullRequest: false }` in `.github/orchestrator.yml` ends it.",
    ),
  };
}

function showEvidence(evidence: string | null): string {
  if (evidence === null) return "–";
  return evidence.startsWith("http") ? link("link", evidence) : code(evidence);
}
