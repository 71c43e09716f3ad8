import { describeAnswer } from "../../messages/commands/session-start.ts";
import { code } from "../../messages/text.ts";
import type { Draft } from "../../plan/draft.ts";
import { planQueue } from "../../plan/plan-queue.ts";
import { hasWork, saveSession, saveSessions, sessionsOf } from "../../plan/session/follow-sessions.ts";
import { describeStanding, nameSession } from "../../session/explain-session.ts";
import { coversTask, isWithinScope, MAX_TASKS, overlaps, type Session } from "../../session/session.ts";
import type { Task } from "../../task/task.ts";
import { suggest } from "../../yaml/suggest.ts";
import { refused, started } from "../answers.ts";
import { type CommandContext, type CommandRow, type OptionRule, TAKES_NOTHING } from "../command-row.ts";
import { copyDraft } from "../plan-dry.ts";

const HOUR_MS = 3_600_000;
const MIN_HOURS = 0.25;
/** A week. */
const MAX_HOURS = 168;

export const TEAM_OPTION: OptionRule = {
  name: "team",
  value: "name",
  accepts: (value) => /^[\w.-]{1,100}$/u.test(value),
  expected: "the name of a team",
  does: "Only tasks of this team; without it, of every team.",
};

export const startCommand: CommandRow = {
  verb: "start",
  aliases: [],
  group: "Administration",
  permission: "maintain",
  mutates: true,
  takes: {
    ...TAKES_NOTHING,
    options: [
      {
        name: "count",
        value: "n",
        accepts: (value) => /^\d{1,4}$/u.test(value) && isWithin(Number(value), 1, MAX_TASKS),
        expected: `a whole number from 1 to ${MAX_TASKS}`,
        does: `Starts at most so many different tasks; ${MAX_TASKS.toLocaleString("en")} without it.`,
      },
      {
        name: "hours",
        value: "n",
        accepts: (value) =>
          /^\d{0,3}(?:\.\d{1,2})?$/u.test(value) && isWithin(Number(value), MIN_HOURS, MAX_HOURS),
        expected: `hours from ${MIN_HOURS} to ${MAX_HOURS}`,
        does: "Starts nothing new after so many hours.",
      },
      TEAM_OPTION,
    ],
  },
  summary: "Starts a session: works the queue within bounds, and reports.",
  details:
    "What it covers is worked even if the repository is paused. It ends when it has started `count` tasks, when its `hours` are over, or when nothing is left that needs no person; what is under way then is brought to its end, and one report comes to this place. After `count`, `hours` or `end` nothing more of it is started until `/orchestrate start` or `/orchestrate resume`. Sessions of different teams run side by side.",
  examples: [
    { line: "/orchestrate start count=5", does: "works on the next five tasks" },
    { line: "/orchestrate start hours=8 team=qa", does: "works on tasks of team `qa` for eight hours" },
    { line: "/orchestrate start count=2 --dry-run", does: "says which tasks it would start first" },
  ],
  plan(context) {
    const { draft } = context;
    const team = readTeam(context);
    if (team.kind === "unknown") return refused(team.why);
    const session = describeSession(context, team.name);
    const why = findObstacle(context, session);
    if (why !== undefined) return refused(why);
    const preview = previewSession(draft, session);
    if (!preview.hasWork)
      return refused(describeAnswer({ kind: "nothing", session, waiting: preview.waiting, now: draft.now }));
    begin(context, session);
    const { pausedBy } = draft.view.record.stored;
    return started(describeAnswer({ kind: "begun", session, ...preview, pausedBy, now: draft.now }));
  },
};

function isWithin(value: number, least: number, most: number): boolean {
  return least <= value && value <= most;
}

type TeamReading =
  | { readonly kind: "known"; readonly name: string | null }
  | { readonly kind: "unknown"; readonly why: string };

function readTeam({ draft, options }: CommandContext): TeamReading {
  const written = options.get(TEAM_OPTION.name);
  if (written === undefined) return { kind: "known", name: null };
  const teams = [
    ...new Set(Object.values(draft.view.config?.roles ?? {}).map((role) => role.team)),
  ].toSorted();
  const name = teams.find((known) => known.toLowerCase() === written.toLowerCase());
  if (name !== undefined) return { kind: "known", name };
  const near = suggest(written, teams);
  const hint = near === undefined ? "" : ` Did you mean ${code(near)}?`;
  const why = `There is no team ${code(written)}.${hint} Teams here: ${teams.map((one) => code(one)).join(", ") || "none"}.`;
  return { kind: "unknown", why };
}

function describeSession({ draft, origin, options }: CommandContext, team: string | null): Session {
  const count = options.get("count");
  const hours = options.get("hours");
  return {
    number: Math.max(0, ...sessionsOf(draft).map((known) => known.number)) + 1,
    startedAt: draft.now,
    startedBy: origin.sender,
    issue: origin.issue,
    team,
    count: count === undefined ? null : Number(count),
    endsAt: hours === undefined ? null : draft.now + Math.round(Number(hours) * HOUR_MS),
    taken: [],
    closed: null,
    rests: false,
    idleSince: null,
    endedAt: null,
    left: [],
  };
}

function findObstacle({ draft, origin }: CommandContext, session: Session): string | undefined {
  const { governed, record } = draft.view;
  if (draft.stops().length > 0) return "Everything here is stopped. `/orchestrate resume` comes first.";
  if (governed && origin.sender.type !== "User")
    return "In a governed repository only people can start a session; your account is a bot's.";
  if (governed && record.stored.pausedById === origin.sender.id)
    return "You paused this governed repository, so another maintainer has to start a session in it.";
  const other = sessionsOf(draft).find((known) => known.endedAt === null && overlaps(known, session));
  if (other === undefined) return undefined;
  const end = other.team === null ? "end" : `end team=${other.team}`;
  const next =
    other.closed === null ? `\`/orchestrate ${end}\` ends it.` : "Its report comes when they have ended.";
  return `${nameSession(other)} by @${other.startedBy.login} is not over: ${describeStanding(other)}. ${next}`;
}

interface Preview {
  readonly starting: readonly Task[];
  /** With the reasons that they would have. */
  readonly waiting: readonly Task[];
  readonly hasWork: boolean;
}

/** Plays the queue with the session on a draft that is thrown away. */
function previewSession(draft: Draft, session: Session): Preview {
  const copy = copyDraft(draft);
  addSession(copy, session);
  planQueue(copy);
  const queued = draft.queuedTasks().filter((task) => coversTask(session, task));
  const after = queued.map((task) => copy.current(task));
  const saved = sessionsOf(copy).find(({ number }) => number === session.number) ?? session;
  return {
    starting: after.filter(({ state }) => state === "running"),
    waiting: after.filter(({ state }) => state === "queued"),
    hasWork: hasWork(copy, saved),
  };
}

/** What rested within its scope rests no more: the new session says how far things go. */
function addSession(draft: Draft, session: Session): void {
  const woken = sessionsOf(draft).map((known) =>
    isWithinScope(known, session) ? { ...known, rests: false } : known,
  );
  saveSessions(draft, woken);
  saveSession(draft, session);
}

function begin({ draft, origin }: CommandContext, session: Session): void {
  addSession(draft, session);
  const { number, team, count, endsAt, issue } = session;
  draft.audit("session.started", {
    actor: origin.sender.login,
    data: { session: number, team, count, endsAt, issue },
  });
}
