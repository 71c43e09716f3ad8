import { code } from "../messages/text.ts";
import { COMMAND_MAX_AGE_MS } from "../plan/deadlines.ts";
import type { Answer, Draft } from "../plan/draft.ts";
import type { LastWord } from "../plan/repository/last-word.ts";
import { refused } from "./answers.ts";
import type { CommandContext, CommandRow } from "./command-row.ts";
import { findTask } from "./find-task.ts";

/** How long they are kept, ms: what is older than `COMMAND_MAX_AGE_MS` is not run anyway, and clocks differ. */
const KEPT_MS = 2 * COMMAND_MAX_AGE_MS;
/** How many are kept of a repository: whoever may give that many orders meanwhile needs no late webhook. */
const MOST_KEPT = 200;

/** Keeps what a command takes back, so that webhooks that come late do not give it again. */
export function keepLastWord({ verb, overrules }: CommandRow, context: CommandContext): void {
  if (overrules === undefined) return;
  const { draft, origin } = context;
  const { id: by, login } = origin.sender;
  const { commentId } = origin;
  const word: LastWord = { verb, about: aboutOf(overrules, context), by, login, commentId, at: draft.now };
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, lastWords: [...keptOf(draft), word].slice(-MOST_KEPT) }, status);
}

/**
 * Refuses a command that was taken back before it arrived. Comments are numbered as they are written, and a webhook that was
 * lost comes again later.
 */
export function refuseOvertaken(row: CommandRow, context: CommandContext): Answer | undefined {
  const { draft, origin, rows } = context;
  const later = keptOf(draft).findLast(({ verb, about, by, commentId }) => {
    const overrules = rows.find((known) => known.verb === verb)?.overrules;
    return (
      commentId > origin.commentId &&
      overrules?.verbs.includes(row.verb) === true &&
      (!overrules.own || by === origin.sender.id) &&
      about === aboutOf(overrules, context)
    );
  });
  if (later === undefined) return undefined;
  const whose = later.by === origin.sender.id ? "your" : `@${later.login}'s`;
  return refused(
    `Nothing changed: this comes only now, and was written before ${whose} ${code(`/orchestrate ${later.verb}`)}. Whoever still means it writes it again.`,
  );
}

function aboutOf(
  { about }: NonNullable<CommandRow["overrules"]>,
  context: CommandContext,
): LastWord["about"] {
  if (about === "repository") return null;
  return findTask(context)?.issue ?? context.issue?.number ?? context.origin.issue;
}

function keptOf({ view, now }: Draft): readonly LastWord[] {
  return (view.record.stored.lastWords ?? []).filter(({ at }) => now - at < KEPT_MS);
}
