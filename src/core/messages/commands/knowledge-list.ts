import { expiryOf, type KnowledgeObject } from "../../knowledge/knowledge.ts";
import { code, inline, paragraphs, plural, table } from "../text.ts";

const TITLE_CHARS = 120;
const BODY_CHARS = 200;
const SHOWN_PATHS = 3;

/** What tasks have learned, as words of workers that may be wrong. */
export function knowledgeMessage(facts: {
  readonly known: readonly KnowledgeObject[];
  readonly limit: number;
  /** Whether tasks are told any of it. */
  readonly isTold: boolean;
}): string {
  const { known, limit, isTold } = facts;
  if (known.length === 0)
    return "🧠 Nothing is known yet. What workers report as `learnings` is kept when their task is done.";
  const rest = known.length - limit;
  return paragraphs(
    `🧠 **${plural(known.length, "thing")}** that workers say they learned in tasks that were done. Nobody has checked them.`,
    isTold ? undefined : "Tasks are not told any of it: `knowledge.brief` is off.",
    table(
      ["Id", "Learned", "About", "From", "Seen", "Until"],
      known.slice(0, limit).map((object) => rowOf(object)),
    ),
    rest > 0 ? `And ${rest} more that are less sure.` : undefined,
    "Take one out for good: `/orchestrate forget <id>`",
  );
}

function rowOf(object: KnowledgeObject): readonly string[] {
  const { id, title, body, paths, issue, seen } = object;
  const said = body === "" ? "" : `: ${inline(body, BODY_CHARS)}`;
  return [
    code(id),
    `${inline(title, TITLE_CHARS)}${said}`,
    aboutOf(paths),
    `#${issue}`,
    seen === 1 ? "once" : `${seen} times`,
    new Date(expiryOf(object)).toISOString().slice(0, 10),
  ];
}

function aboutOf(paths: readonly string[]): string {
  if (paths.length === 0) return "everything";
  const rest = paths.length - SHOWN_PATHS;
  const shown = paths.slice(0, SHOWN_PATHS).map((path) => code(path));
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
