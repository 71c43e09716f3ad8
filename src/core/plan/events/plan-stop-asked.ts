import { type ParsedCommand, parseCommands } from "../../commands/parse-commands.ts";
import { DRY_RUN, readArguments } from "../../commands/read-arguments.ts";
import { addsTo, findOwnStop, orderStop, stopCommand } from "../../commands/rows/stop.ts";
import type { EventOf } from "../../events.ts";
import { hasPermission } from "../../repo.ts";
import { COMMAND_MAX_AGE_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { isForeignBot } from "./plan-intake.ts";

/**
 * A comment orders a stop. It is in force at once, whatever waits before the comment; the answer, and what it means for
 * tasks, come when it is the comment's turn. Beside that turn other events are handled, so nothing but the stop is written.
 */
export function planStopAsked(draft: Draft, event: EventOf<"stop.asked">): void {
  const refusal = findRefusal(draft, event);
  if (refusal !== undefined) return draft.conclude("ignored", refusal);
  const command = parseCommands(event.body).commands.find(isStop);
  const reading = command === undefined ? undefined : readArguments(stopCommand, command);
  if (reading?.ok !== true || reading.value.flags.has(DRY_RUN))
    return draft.conclude("ignored", "orders no stop");
  if (!addsTo(findOwnStop(draft), reading.value.flags)) return draft.conclude("ignored", "stopped already");
  draft.conclude("processed", "stopped");
  const { scope } = orderStop(draft, event, reading.value);
  draft.audit("stop.hastened", { actor: event.sender.login, data: { scope } });
}

function isStop({ verb }: ParsedCommand): boolean {
  return verb === stopCommand.verb || stopCommand.aliases.includes(verb);
}

function findRefusal(draft: Draft, event: EventOf<"stop.asked">): string | undefined {
  const { view, gathered, now } = draft;
  if (isForeignBot(draft, event.sender)) return "written by a bot that is not allowed";
  if (!hasPermission(gathered.permission ?? "none", stopCommand.permission)) return "needs more permission";
  if (now - event.createdAt > COMMAND_MAX_AGE_MS) return "written too long ago";
  if ((view.record.stored.resumedBy ?? 0) > event.commentId) return "lifted by a later comment";
  return undefined;
}
