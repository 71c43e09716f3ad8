import type { Session } from "../../session/session.ts";
import type { Task } from "../../task/task.ts";
import { be, clock, code, duration } from "../text.ts";

/** How many tasks an answer names. */
const NAMED = 5;

type Facts =
  | {
      readonly kind: "begun";
      readonly session: Session;
      /** What it starts at once. */
      readonly starting: readonly Task[];
      readonly waiting: readonly Task[];
      readonly pausedBy: string | null;
      readonly now: number;
    }
  | {
      readonly kind: "nothing";
      readonly session: Session;
      readonly waiting: readonly Task[];
      readonly now: number;
    };

/** Says what a session does, how it ends, and how it is ended earlier; or why there is nothing for one to do. */
export function describeAnswer(facts: Facts): string {
  return facts.kind === "begun" ? describeBegin(facts) : describeNothing(facts);
}

function describeBegin(facts: Extract<Facts, { kind: "begun" }>): string {
  const { session, pausedBy } = facts;
  const { number, team, count, endsAt } = session;
  const scope = team === null ? "" : ` of team ${code(team)}`;
  const isBounded = count !== null || endsAt !== null;
  const after = isBounded
    ? `After that nothing more${scope} is started until \`/orchestrate start\` or \`/orchestrate resume\`, unless nothing was left to do.`
    : "It ends when nothing is left that needs no person.";
  return [
    `▶️ Session **${number}**: ${describeBounds(facts)}. ${describeFirst(facts)}`,
    `${after} Its report comes here.`,
    ...(pausedBy === null ? [] : ["Everything else stays paused."]),
    `End it: \`/orchestrate end${team === null ? "" : ` team=${team}`}\``,
  ].join(" ");
}

function describeBounds({ session, now }: Pick<Facts, "session" | "now">): string {
  const { team, count, endsAt } = session;
  const scope = team === null ? "" : ` of team ${code(team)}`;
  const tasks =
    count === null ? `all tasks${scope}` : `at most ${count} ${count === 1 ? "task" : "tasks"}${scope}`;
  const until =
    endsAt === null ? "" : `, nothing new after ${clock(endsAt, now)} (${duration(endsAt - now)})`;
  return `${tasks}${until}`;
}

function describeFirst({ starting, waiting }: Extract<Facts, { kind: "begun" }>): string {
  const first = starting.length === 0 ? "Nothing starts at once" : `It starts ${listIssues(starting)} now`;
  if (waiting.length === 0) return `${first}.`;
  // That the session takes nothing more than it may is said by its bounds.
  const isFull = waiting.every(({ reasons }) => reasons[0]?.code === "session.over");
  const left = `${listIssues(waiting)} ${be(waiting.length)} left for later.`;
  return `${first}. ${isFull ? left : describeWaiting(waiting)}`;
}

function describeWaiting(waiting: readonly Task[]): string {
  const [first] = waiting;
  const why = first?.reasons[0]?.message ?? "it is looked at soon.";
  return waiting.length === 1
    ? `#${first?.issue} waits: ${why}`
    : `${listIssues(waiting)} wait. #${first?.issue}: ${why}`;
}

function describeNothing({ session, waiting }: Extract<Facts, { kind: "nothing" }>): string {
  const scope = session.team === null ? "" : ` of team ${code(session.team)}`;
  if (waiting.length === 0)
    return `No session was started: no task${scope} is queued. Hand issues over first, by the label or by \`/orchestrate run\`.`;
  return `No session was started, since no task${scope} can start without a person. ${describeWaiting(waiting)} \`/orchestrate queue\` says what each of them needs.`;
}

function listIssues(tasks: readonly Task[]): string {
  const named = tasks.slice(0, NAMED).map(({ issue }) => `#${issue}`);
  const more = tasks.length - named.length;
  const [last] = named.slice(-1);
  if (more > 0) return `${named.join(", ")} and ${more} more`;
  return named.length < 2 ? (last ?? "") : `${named.slice(0, -1).join(", ")} and ${last}`;
}
