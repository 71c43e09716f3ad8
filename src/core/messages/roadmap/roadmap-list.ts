import type { RoadmapStanding } from "../../plan/roadmap/explain-roadmap.ts";
import { be, code, inline, paragraphs, plural, table } from "../text.ts";

export interface RoadmapOverview {
  readonly done: number;
  readonly total: number;
  /** Issues that the app opened and that are open, and how many may be. */
  readonly opened: number;
  readonly cap: number;
  readonly standings: readonly RoadmapStanding[];
  /** Why the app opens not even those that are ordered; null when it does. */
  readonly held: string | null;
  /** Why the app opens none by itself at the moment; null when it does. */
  readonly closed: string | null;
  /** The pull request that writes progress, and what GitHub said when it refused it. */
  readonly pull: number | null;
  /** The one before, where none is open although it is wanted. */
  readonly closedPull: number | null;
  readonly trouble: string | null;
  readonly limit: number;
}

/** Where every open task of the roadmap is, and why those without an issue have none. */
export function roadmapMessage(overview: RoadmapOverview): string {
  const { done, total, opened, cap, closed, held, standings, limit, pull, closedPull, trouble } = overview;
  const rest = standings.length - limit;
  return paragraphs(
    `🗺️ **${done} of ${total}** ${total === 1 ? "task" : "tasks"} of the roadmap ${be(done)} done. ${opened} of ${plural(cap, "issue")} that the app may have open ${be(opened)} open (\`roadmapIssues.open\`).`,
    closed === null ? undefined : `No issue is opened by itself now: ${closed}.`,
    table(
      ["Task", "About", "Where it is", "What it waits for"],
      standings
        .slice(0, limit)
        .map((standing) => [
          code(standing.task.id),
          inline(standing.task.title, 100),
          whereOf(standing, held),
          waitOf(standing, held),
        ]),
    ),
    rest > 0 ? `And ${rest} more, in the order in which they get their issues.` : undefined,
    pull === null ? undefined : `Pull request #${pull} writes what was done into the file; people merge it.`,
    closedPull === null
      ? undefined
      : `Pull request #${closedPull}, which wrote what was done into the file, is closed; one comes back when there is more to write.`,
    trouble === null
      ? undefined
      : `GitHub refused the pull request that writes progress; it is tried again within a day: ${code(trouble)}.`,
  );
}

const WORDS: Readonly<Record<RoadmapStanding["state"], string>> = {
  ordered: "its issue is being opened",
  refused: "its issue could not be opened",
  open: "suggested",
  active: "worked on",
  stopped: "stopped",
  done: "done; the file does not say so yet",
  closed: "closed by a person",
  people: "in progress, as the file says",
  waiting: "no issue yet",
  ready: "ready",
};

function whereOf({ state, issue }: RoadmapStanding, held: string | null): string {
  if (state === "ordered" && held !== null) return "its issue is going to be opened";
  return issue === null ? WORDS[state] : `${WORDS[state]}, #${issue}`;
}

const NEXT: Readonly<Partial<Record<RoadmapStanding["state"], string>>> = {
  ordered: "GitHub",
  refused: "the next try within a day",
  open: "the label that hands it over, by a person",
  active: "see its issue",
  stopped: "`/orchestrate retry` on its issue",
  done: "whoever merges the pull request, or writes it into the file",
  closed: "nothing; reopen and label the issue to work on it after all",
  people: "whoever is at it",
  ready: "a free place",
};

function waitOf({ state, reasons, refusal }: RoadmapStanding, held: string | null): string {
  if (state === "ordered" && held !== null) return held;
  if (refusal !== null) return `${NEXT[state] ?? ""}: ${code(refusal)}`;
  if (reasons.length === 0) return NEXT[state] ?? "–";
  return reasons.map((known) => `\`${known.code}\` ${known.message}`).join(" ");
}
