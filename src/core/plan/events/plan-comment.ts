import type { CommandOrigin } from "../../commands/command-row.ts";
import { type ParsedComment, parseCommands, printCommand } from "../../commands/parse-commands.ts";
import { type CommandAnswer, findCommand, runCommands } from "../../commands/run-commands.ts";
import type { EventOf } from "../../events.ts";
import {
  editedMessage,
  elsewhereMessage,
  misplacedMessage,
  staleMessage,
  surplusMessage,
  unreadMessage,
} from "../../messages/commands/problems.ts";
import { commandReply } from "../../messages/commands/reply.ts";
import { hasPermission } from "../../repo.ts";
import { isTerminal } from "../../task/task.ts";
import { COMMAND_MAX_AGE_MS } from "../deadlines.ts";
import type { Answer, Draft } from "../draft.ts";
import { renewTask } from "../task/renew-task.ts";
import { isForeignBot } from "./plan-intake.ts";

/** Comments that this app wrote carry a marker of this kind in their first line. */
const OWN_MARKER = "<!-- orchestrator:";

/** Somebody wrote a comment: its commands are run in order, and one reply and one reaction answer them. */
export function planCommentCreated(draft: Draft, event: EventOf<"comment.created">): void {
  if (isForeignBot(draft, event.sender))
    return draft.conclude("ignored", "written by a bot that is not allowed");
  if (event.body.trimStart().startsWith(OWN_MARKER))
    return draft.conclude("ignored", "carries the marker of this app");
  const comment = parseCommands(event.body);
  if (comment.commands.length === 0) return answerHints(draft, event, comment);
  draft.conclude(
    "processed",
    `commands: ${comment.commands.map(({ verb }) => findCommand(verb)?.verb ?? "unknown").join(", ")}`,
  );
  const answers = answerCommands(draft, event, comment);
  reply(draft, event, {
    answers: [...answers, ...remarksOn(comment)],
    lines: comment.commands.map(({ line }) => line),
  });
  react(draft, event, answers);
}

function answerCommands(
  draft: Draft,
  event: EventOf<"comment.created">,
  { commands }: ParsedComment,
): readonly CommandAnswer[] {
  const origin: CommandOrigin = {
    issue: event.issue,
    isPull: event.isPull,
    sender: event.sender,
    permission: draft.gathered.permission ?? "none",
    commentId: event.commentId,
    createdAt: event.createdAt,
  };
  const ageMs = draft.now - event.createdAt;
  const mayRunAny = hasPermission(origin.permission, "read");
  if (ageMs > COMMAND_MAX_AGE_MS && mayRunAny)
    return [{ verb: null, text: staleMessage({ ageMs }), reaction: "confused" }];
  return runCommands(draft, commands, origin);
}

type Remark = Pick<CommandAnswer, "verb" | "text">;

function remarksOn({ surplus, misplaced }: ParsedComment): readonly Remark[] {
  return [
    ...(surplus === 0 ? [] : [{ verb: null, text: surplusMessage({ surplus }) }]),
    ...(misplaced.length === 0 ? [] : [{ verb: null, text: misplacedMessage(misplaced) }]),
  ];
}

/** A comment without a command is answered only where it looks like one, and not to passers-by. */
function answerHints(draft: Draft, event: EventOf<"comment.created">, comment: ParsedComment): void {
  const permission = draft.gathered.permission ?? "none";
  const remarks = comment.isUnread ? [{ verb: null, text: unreadMessage() }] : remarksOn(comment);
  if (remarks.length === 0) return draft.conclude("ignored", "no command");
  if (!hasPermission(permission, "write"))
    return draft.conclude("ignored", "no command, only what looks like one");
  draft.conclude("processed", "no command, but a hint");
  reply(draft, event, { answers: remarks, lines: [] });
  react(draft, event, [{ reaction: "confused" }]);
}

function reply(
  draft: Draft,
  event: EventOf<"comment.created">,
  content: { readonly answers: readonly Remark[]; readonly lines: readonly string[] },
): void {
  draft.act(
    `reply:${event.commentId}`,
    {
      kind: "reply",
      issue: event.issue,
      body: commandReply({ login: event.sender.login, ...content }),
    },
    { subject: `issue:${event.issue}`, taskId: draft.focus?.id ?? null },
  );
}

/** From best to worst: a comment's reaction is that of its worst answer. */
const REACTIONS: readonly Answer["reaction"][] = ["+1", "rocket", "confused", "-1"];

function react(
  draft: Draft,
  event: EventOf<"comment.created">,
  answers: readonly Pick<Answer, "reaction">[],
): void {
  const worst = Math.max(0, ...answers.map(({ reaction }) => REACTIONS.indexOf(reaction)));
  draft.act(
    `react:${event.commentId}`,
    {
      kind: "react",
      target: { kind: "comment", id: event.commentId },
      content: REACTIONS[worst] ?? "confused",
    },
    { subject: `reaction:comment:${event.commentId}`, taskId: draft.focus?.id ?? null },
  );
}

/** Commands count when a comment is created; one that comes by editing gets a hint, whoever edited. */
export function planCommentEdited(draft: Draft, event: EventOf<"comment.edited">): void {
  if (isForeignBot(draft, event.sender))
    return draft.conclude("ignored", "edited by a bot that is not allowed");
  if (event.body.trimStart().startsWith(OWN_MARKER))
    return draft.conclude("ignored", "carries the marker of this app");
  const before = new Set(parseCommands(event.before).commands.map(printCommand));
  const isAdded = parseCommands(event.body).commands.some((command) => !before.has(printCommand(command)));
  if (!isAdded) return draft.conclude("ignored", "no command was added");
  draft.conclude("processed", "a command that was added by editing is not run");
  draft.act(
    `edit-hint:${event.commentId}`,
    { kind: "reply", issue: event.issue, body: editedMessage(event.sender.login) },
    { subject: `issue:${event.issue}`, taskId: draft.focus?.id ?? null },
  );
}

/** Commands are read in the conversation; one in a review, or beside a line of the change, gets a hint. */
export function planCommentElsewhere(draft: Draft, event: EventOf<"comment.elsewhere">): void {
  if (isForeignBot(draft, event.sender))
    return draft.conclude("ignored", "written by a bot that is not allowed");
  if (parseCommands(event.body).commands.length === 0) return draft.conclude("ignored", "no command");
  if (!hasPermission(draft.gathered.permission ?? "none", "write"))
    return draft.conclude("ignored", "a command of somebody who may not give one");
  draft.conclude("processed", "a command beside the conversation is not run");
  draft.act(
    `${event.place}-hint:${event.id}`,
    { kind: "reply", issue: event.issue, body: elsewhereMessage(event.sender.login, event.place) },
    { subject: `issue:${event.issue}`, taskId: draft.focus?.id ?? null },
  );
}

/**
 * What a comment asked for was done when it was created; deleting it takes nothing back. It may have been the status
 * comment, which is written again; when it was another one, writing the same text once more changes nothing.
 */
export function planCommentDeleted(draft: Draft, _event: EventOf<"comment.deleted">): void {
  const task = draft.focus;
  if (task === null || isTerminal(task))
    return draft.conclude("ignored", "deleting a comment takes nothing back");
  renewTask(draft, task);
}
