import { READS } from "../../src/simulation/record.ts";
import { configsInForce } from "./configs-in-force.ts";
import {
  auditOf,
  type DeedLine,
  deedsOf,
  hasStalled,
  isOver,
  issueOf,
  type Lines,
  linesOf,
  movesOf,
  replay,
  writesOf,
} from "./read-history.ts";

const MINUTE_MS = 60_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans in which something was so, by the audit rows that began and ended it. */
function spansOf(lines: Lines, begins: string, ends: string): readonly Span[] {
  const marks = auditOf(lines, begins, ends);
  return marks.flatMap(({ kind, at }, index) => {
    if (kind !== begins) return [];
    const end = marks.slice(index + 1).find((mark) => mark.kind === ends);
    return [{ from: at, to: end?.at ?? Number.POSITIVE_INFINITY }];
  });
}

/** What is under way when somebody says stop may still land; nothing may leave later than this. */
const HEED_MS = 5_000;
/** Changes code or starts work: nothing of this while people want it not to be. */
const CONSEQUENCES = ["run.start", "push", "pull.open", "pull.merge"] as const;

/** I11: stops, pauses, holds and limits are kept, and GitHub's wish to be left alone. */
export function findExcess(lines: Lines): readonly string[] {
  return [
    ...findDisobedience(lines),
    ...findCrowds(lines),
    ...findHaste(lines),
    ...findOverspending(lines),
    ...findOverwork(lines),
    ...findDisorder(lines),
  ];
}

function findDisobedience(lines: Lines): readonly string[] {
  const isWithin = (at: number, { from, to }: Span, graceMs = HEED_MS) => at > from + graceMs && at < to;
  const stops = spansOf(lines, "repository.stopped", "repository.resumed");
  const pauses = spansOf(lines, "repository.paused", "repository.resumed");
  const stopped = linesOf(lines, "write").filter(
    ({ sentAt, write, key }) =>
      write.what !== "run.cancel" &&
      !/:re(?:ply|act):\d+$/u.test(key) &&
      stops.some((span) => isWithin(sentAt, span)),
  );
  const moves = movesOf(lines);
  // What was published by half when its task ended is ended too, so that it can be closed.
  const isWanted = (key: string, at: number) =>
    !isOver(moves.findLast((move) => move.at <= at && key.includes(`:${move.taskId}.`))?.to ?? "");
  const pushes = writesOf(lines, "push");
  // A branch without its pull request would be seen by nobody, so what was pushed before the pause is finished.
  const isHalfDone = (key: string, { from }: Span) =>
    pushes.some((push) => push.key === key && push.sentAt <= from);
  const paused = writesOf(lines, ...CONSEQUENCES).filter(
    ({ sentAt, key, write }) =>
      isWanted(key, sentAt) &&
      !/:file-|roadmap/u.test(key) &&
      pauses.some(
        (span) => isWithin(sentAt, span, MINUTE_MS) && !(write.what === "pull.open" && isHalfDone(key, span)),
      ),
  );
  return [
    ...stopped.map(({ write }) => `${write.what} was sent though everything was stopped`),
    ...paused.map(({ write }) => `${write.what} was sent though the repository was paused`),
  ];
}

function findCrowds(lines: Lines): readonly string[] {
  const running = new Set<string>();
  const configs = configsInForce(lines);
  return movesOf(lines).flatMap(({ at, taskId, from, to }) => {
    const limit =
      configs.findLast((known) => known.at <= at)?.config?.limits.running ?? Number.POSITIVE_INFINITY;
    const isTooMany = from === "queued" && to === "running" && running.size >= limit;
    if (to === "running") running.add(taskId);
    else running.delete(taskId);
    return isTooMany ? [`task ${taskId} was started beside ${running.size - 1} of at most ${limit}`] : [];
  });
}

function findHaste(lines: Lines): readonly string[] {
  if (hasStalled(lines)) return [];
  const until = new Map<string, number>();
  return lines.flatMap((line) => {
    // A process that ends forgets what it was told, and one whose clock is wrong does not know when that is.
    if (line.kind === "process") until.clear();
    if (line.kind === "limited") until.set(line.key, line.until);
    if (line.kind === "begun" && line.at < (until.get(READS) ?? 0))
      return [`${line.event.kind} was handled before GitHub wanted to be read again`];
    if (line.kind !== "tried" || line.at >= (until.get(line.key) ?? 0)) return [];
    return [`${line.key} was tried again before GitHub wanted to hear of it`];
  });
}

/** Minutes of the week: what runs used is known from their ends. */
function findOverspending(lines: Lines): readonly string[] {
  // A run that somebody ran again was judged when it ended first.
  const ends = deedsOf(lines, "run.ended").toReversed();
  const used = new Map(ends.map(({ deed }) => [deed.run, deed.minutes]));
  const configs = configsInForce(lines);
  let minutes = 0;
  return linesOf(lines, "audit").flatMap(({ at, entry: { kind, taskId, data } }) => {
    if (kind === "attempt.judged") minutes += used.get(Number(data.runId)) ?? 0;
    const limit = configs.findLast((known) => known.at <= at)?.config?.limits.minutesPerWeek;
    const isStart = kind === "task.moved" && data.from === "queued" && data.to === "running";
    const isTooMuch = isStart && limit !== undefined && minutes >= limit + 1;
    return isTooMuch ? [`task ${taskId} was started after ${Math.round(minutes)} of ${limit} minutes`] : [];
  });
}

const COSTLY: ReadonlySet<unknown> = new Set(["task", "no_evidence", "timeout"]);

/** No attempt begins when the budget of the task's role is used, unless somebody gave it more. */
function findOverwork(lines: Lines): readonly string[] {
  const configs = configsInForce(lines);
  const budgets = new Map<string | null, number>();
  const spent = new Map<string | null, number>();
  const problems: string[] = [];
  replay(lines, {
    audit: {
      "task.created": ({ taskId, data }, at) => {
        const config = configs.findLast((known) => known.at <= at)?.config;
        const role = config?.kinds[String(data.kind)]?.role ?? "";
        budgets.set(taskId, config?.roles[role]?.attempts ?? Number.POSITIVE_INFINITY);
      },
      command: ({ taskId, data }) => {
        if (data.verb === "retry") spent.set(taskId, 0);
      },
      "attempt.judged": ({ taskId, data }) => {
        if (isCostly(data)) spent.set(taskId, (spent.get(taskId) ?? 0) + 1);
      },
      "attempt.started": ({ taskId, data }) => {
        const failures = spent.get(taskId) ?? 0;
        if (!isOfCritics(data) && failures >= (budgets.get(taskId) ?? Number.POSITIVE_INFINITY))
          problems.push(`task ${taskId} was begun again after ${failures} failures`);
      },
    },
  });
  return problems;
}

type Data = Readonly<Record<string, unknown>>;

function isOfCritics(data: Data): boolean {
  return String(data.correlation).split(".")[4] === "999";
}

/** Trouble of the critics says nothing about the change. */
function isCostly(data: Data): boolean {
  if (data.verdict !== "FAIL") return false;
  return isOfCritics(data) ? data.failureClass === "task" : COSTLY.has(data.failureClass);
}

type Opened = DeedLine<"issue.opened">["deed"];

/** Nothing begins before what it waits for, or beside what changes the same files. */
function findDisorder(lines: Lines): readonly string[] {
  const opened = new Map<number, Opened>(
    deedsOf(lines, "issue.opened").map(({ deed }) => [deed.issue, deed]),
  );
  const moves = movesOf(lines);
  const over = findEnds(lines);
  const edited = new Set(deedsOf(lines, "issue.edited", "issue.gone").map(({ deed }) => deed.issue));
  const running = new Map<string, string>();
  return moves.flatMap(({ at, taskId, from, to }) => {
    const { waitsFor = null, paths = "" } = opened.get(issueOf(taskId)) ?? {};
    const beside = [...running].filter(([, other]) => paths !== "" && other === paths);
    if (to === "running") running.set(taskId, paths);
    else running.delete(taskId);
    const isStart = from === "queued" && to === "running";
    if (!isStart || edited.has(issueOf(taskId))) return [];
    const isFree = waitsFor === null || edited.has(waitsFor) || (over.get(waitsFor) ?? at + 1) <= at;
    return [
      ...(isFree ? [] : [`task ${taskId} was started before #${waitsFor}, which it waits for`]),
      ...beside.map(([other]) => `task ${taskId} was started beside ${other}, which changes the same files`),
    ];
  });
}

/** When an issue was done or closed first. */
function findEnds(lines: Lines): ReadonlyMap<number, number> {
  const ends = [
    ...movesOf(lines).flatMap(({ at, taskId, to }) =>
      to === "done" ? [[issueOf(taskId), at] as const] : [],
    ),
    ...writesOf(lines, "issue.close").map(({ at, write }) => [write.issue, at] as const),
    ...deedsOf(lines, "issue.closed").map(({ at, deed }) => [deed.issue, at] as const),
  ];
  return new Map(ends.toSorted(([, a], [, b]) => b - a));
}
