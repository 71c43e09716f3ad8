import type { Kind, Need } from "../config/config.ts";
import { kindOf, type RepositoryView } from "../plan/repository/repository-view.ts";
import { type Reason, reason } from "../reasons.ts";
import type { RoadmapTask } from "../roadmap/roadmap.ts";
import type { Task } from "../task/task.ts";

interface Row {
  readonly isThere: (
    task: Task,
    about: { readonly entry: RoadmapTask | undefined; readonly kind: Kind },
  ) => boolean;
  /** What is missing, and how it is written. */
  readonly message: string;
}

const ENOUGH_CHARS = 40;
/** Whoever says nothing in so many characters says nothing behind them either. */
const READ_CHARS = 20_000;
const HEADING = /^#{1,6}[ \t]+(.*)$/u;
const ACCEPTANCE =
  /\b(?:acceptance(?: criteria)?|done when|definition of done|expected (?:result|behaviou?r))\b/iu;
const BOX = /^[ \t]{0,20}[-*+][ \t]+\[[ xX]\][ \t]+\S/mu;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/gu;
/** What an issue form writes where nothing was answered. */
const NO_ANSWER = /^_no response_$/iu;

/** What each need is, by rules that give everybody the same answer. */
const ROWS: Readonly<Record<Need, Row>> = {
  description: {
    isThere: ({ body }) => prose(body).length >= ENOUGH_CHARS,
    message: `a description of at least ${ENOUGH_CHARS} characters beside headings`,
  },
  acceptance: {
    isThere: ({ body }, { entry }) =>
      hasAcceptance(body) ||
      (entry?.acceptance?.metrics.length ?? 0) + (entry?.acceptance?.artifacts.length ?? 0) > 0,
    message: "acceptance criteria: a list of boxes (`- [ ]`), or a section *Acceptance criteria*",
  },
  paths: {
    isThere: ({ paths = [] }, { entry, kind }) =>
      paths.length + (entry?.paths.length ?? 0) + kind.paths.length > 0,
    message: "the files that it is about: a line `Paths: src/a/**, docs/b.md`",
  },
};

/** What the issue lacks of that which its kind asks for before work starts; nothing, where the kind asks for nothing. */
export function assessText(task: Task, { config, roadmap }: RepositoryView): readonly Reason[] {
  const kind = kindOf(config, task.kind);
  const hasBegun = task.timeline.length > 0;
  if (kind === undefined || hasBegun) return [];
  const entry = roadmap?.tasks.find(({ id }) => id === task.roadmapId);
  const read = { ...task, body: task.body.slice(0, READ_CHARS) };
  return kind.needs
    .filter((need) => !ROWS[need].isThere(read, { entry, kind }))
    .map((need) =>
      reason("issue.incomplete", `The issue lacks ${ROWS[need].message} (\`kinds.${kind.name}.needs\`).`),
    );
}

/** Lines that somebody wrote, without headings, comments and empty answers of forms. */
function proseLines(text: string): readonly string[] {
  return text
    .replace(COMMENT, "")
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !HEADING.test(line) && !NO_ANSWER.test(line));
}

function prose(text: string): string {
  return proseLines(text).join(" ");
}

function hasAcceptance(body: string): boolean {
  const text = body.replace(COMMENT, "");
  if (BOX.test(text)) return true;
  const sections = text.split(/^(?=#{1,6}[ \t])/mu);
  return sections.some((section) => {
    const [first = "", ...rest] = section.split(/\r?\n/u);
    const isMeant = ACCEPTANCE.test(HEADING.exec(first)?.[1] ?? "");
    return isMeant && proseLines(rest.join("\n")).length > 0;
  });
}
