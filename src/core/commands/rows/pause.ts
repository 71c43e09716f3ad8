import { describeGuarded } from "../../breaker/explain-rest.ts";
import { closeBreakers } from "../../plan/attempt/breakers.ts";
import { endRests } from "../../plan/attempt/rest-role.ts";
import type { Answer } from "../../plan/draft.ts";
import { pauseSessions, wakeSessions } from "../../plan/session/follow-sessions.ts";
import { nameSession } from "../../session/explain-session.ts";
import { describeStop, liftersOf } from "../../stop/explain-stop.ts";
import { refused, started, told } from "../answers.ts";
import { type CommandContext, type CommandRow, TAKES_NOTHING } from "../command-row.ts";
import { noteOf } from "../note-of.ts";

export const pauseCommand: CommandRow = {
  verb: "pause",
  aliases: [],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: { ...TAKES_NOTHING, reason: true },
  overrules: { verbs: ["resume"], about: "repository", own: false },
  summary: "Starts nothing new in this repository.",
  details:
    "Nothing is dispatched, published or merged until it is lifted, but for sessions that are started later; those that are open take nothing more. Runs that are under way end as they end, and issues that are labelled meanwhile are queued.",
  examples: [{ line: "/orchestrate pause -- release day", does: "pauses the repository and says why" }],
  plan(context) {
    const { draft, origin, reason } = context;
    const known = draft.view.record.stored.pausedBy;
    const who = `@${origin.sender.login}`;
    const ended = pauseSessions(draft, who).map((session) => `${nameSession(session)} takes nothing more.`);
    if (known !== null) return answerAgain(known, ended);
    savePause(context, `${who}${noteOf(reason)}`);
    const running = draft.activeTasks().filter((task) => task.state === "running").length;
    const rest = running === 0 ? "Nothing is running." : `What runs (${running}) ends as it ends.`;
    const byWhom = draft.view.governed ? ", by another maintainer" : "";
    const told = ["⏸️ This repository is paused.", rest, ...ended];
    return started(`${told.join(" ")} Undo: \`/orchestrate resume\`${byWhom}`);
  },
};

const GO_ON = "It goes on with `/orchestrate resume`.";

/** A pause that is there already still ends the sessions that were started in it. */
function answerAgain(known: string, ended: readonly string[]): Answer {
  if (ended.length === 0)
    return told(`Nothing changed: this repository is already paused by ${known}. ${GO_ON}`);
  return started(`⏸️ ${ended.join(" ")} This repository is already paused by ${known}. ${GO_ON}`);
}

export const resumeCommand: CommandRow = {
  verb: "resume",
  aliases: ["unpause"],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: TAKES_NOTHING,
  summary: "Ends a stop, a pause, and whatever rests after trouble or after a session.",
  details:
    "In a governed repository whoever stopped or paused it cannot be the one who resumes. The queue goes on in its order, and what was under way when everything was stopped is looked at again before anything is done with it. Workflows and roles that rest because of trouble or of a limit are used again at once, all of them. What the operator stopped only the operator lifts.",
  examples: [{ line: "/orchestrate resume", does: "lets the repository go on" }],
  plan(context) {
    const { draft } = context;
    const own = refuseOwn(context);
    if (own !== undefined) return refused(own);
    const lifted = [liftStop(context), liftPause(context), ...endRest(context), ...wake(context)].filter(
      (one) => one !== undefined,
    );
    const remaining = draft.stops().map((stop) => `⛔ ${describeStop(stop)} Lifted by ${liftersOf(stop)}.`);
    if (lifted.length === 0) {
      const state = ["Nothing changed: this repository is not paused.", ...remaining];
      return told(state.join(" "));
    }
    return goOn(context, [...lifted, ...remaining]);
  },
};

/** Going on in a governed repository takes two people: one alone could hide what a stop was for. */
function refuseOwn({ draft, origin }: CommandContext): string | undefined {
  const { governed, record } = draft.view;
  const stop = draft.stops().find(({ source }) => source === "command");
  const stoppers = [stop?.byId, record.stored.pausedById];
  if (!governed || (origin.sender.type === "User" && !stoppers.includes(origin.sender.id))) return undefined;
  return origin.sender.type === "User"
    ? "You stopped or paused this governed repository, so another maintainer has to write `/orchestrate resume`."
    : "In a governed repository only people can resume; your account is a bot's.";
}

function goOn({ draft }: CommandContext, parts: readonly string[]): Answer {
  return started(`▶️ ${parts.join(" ")} ${draft.queueLength()} queued. Undo: \`/orchestrate pause\``);
}

function liftStop({ draft, origin }: CommandContext): string | undefined {
  const known = draft.stops().find(({ source }) => source === "command");
  // Whoever stopped after this comment was written did not mean to be overruled by it.
  if (known === undefined || (known.commentId ?? 0) > origin.commentId) return undefined;
  const { scope, source, by } = known;
  const { stored, status } = draft.view.record;
  draft.saveRepository({ ...stored, resumedBy: origin.commentId }, status);
  draft.changeStop({ kind: "lifted", scope, source });
  draft.audit("repository.resumed", { actor: origin.sender.login, data: { scope, by } });
  return `The stop by ${by} is lifted.`;
}

function liftPause(context: CommandContext): string | undefined {
  const known = context.draft.view.record.stored.pausedBy;
  if (known === null) return undefined;
  savePause(context, null);
  return `This repository goes on; it was paused by ${known}.`;
}

function endRest({ draft, origin }: CommandContext): readonly string[] {
  const { login } = origin.sender;
  const rested = [...closeBreakers(draft, login).map(describeGuarded), ...endRests(draft, login)];
  return rested.length === 0 ? [] : [`Nothing rests any more; these are used again: ${rested.join(", ")}.`];
}

function wake({ draft, origin }: CommandContext): readonly string[] {
  return wakeSessions(draft, origin.sender.login).map(
    (session) => `${nameSession(session)} holds nothing back any more.`,
  );
}

function savePause({ draft, origin }: CommandContext, pausedBy: string | null): void {
  const { stored, status } = draft.view.record;
  const { pausedById: _former, ...rest } = stored;
  const byWhom = pausedBy === null ? {} : { pausedById: origin.sender.id };
  draft.saveRepository({ ...rest, pausedBy, ...byWhom }, status);
  draft.audit(pausedBy === null ? "repository.resumed" : "repository.paused", {
    actor: origin.sender.login,
    data: { pausedBy },
  });
}
