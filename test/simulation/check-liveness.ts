import { findLeftInShadow } from "./check-holds.ts";
import {
  auditOf,
  deedsOf,
  hasStalled,
  isOver,
  issueOf,
  type Lines,
  lastMoves,
  linesOf,
  type Move,
  VERIFY_CHECK,
  writesOf,
} from "./read-history.ts";
import { readStanding, type Standing } from "./read-standing.ts";

/** What may last for ever, because only people or machines of theirs lift it. */
const LASTING: ReadonlySet<string> = new Set([
  "config.absent",
  "config.invalid",
  "kind.unknown",
  "autonomy.too-low",
  "mode.shadow",
  "dependency.open",
  "dependency.not-done",
  "dependency.unknown",
  "task.held",
  "repository.paused",
  "repository.stopped",
  "limit.running",
  "limit.team",
  "limit.pulls",
  "overlap.task",
  "limit.minutes",
  "limit.usd",
  "limit.role",
  "limit.task",
  "run.waiting",
  "run.silent",
  "dispatch.refused",
  "publish.refused",
  "publish.duplicate",
  "gate.blocked",
  "role.refused",
  "approval.missing",
  "merge.by-hand",
  "merge.draft",
  "merge.refused",
  "critics.blocked",
  "critics.revert-open",
  "critics.revert-refused",
  "breaker.open",
  "issue.text-changed",
  "window.closed",
]);

/** What holds for ever while a run of the task goes on. */
const OF_RUNS: ReadonlySet<string> = new Set(["run.waiting", "run.silent", "run.working", "critics.running"]);

/** No history of a few tasks has so many lines, unless the same is done again and again. */
export const MOST_LINES = 40_000;

/** How long nothing goes wrong at the end of a history. */
export const CALM_MS = 8 * 3_600_000;
/** What moved so shortly before the end of a history is on its way. */
const JUST_NOW_MS = 15 * 60_000;

/** The moment after which a move is too young to be stuck. */
function findGrace(lines: Lines): number {
  const calm = linesOf(lines, "calm").at(-1);
  return calm === undefined ? Number.POSITIVE_INFINITY : calm.at + CALM_MS - JUST_NOW_MS;
}

/** I14: when nothing goes wrong any more, everything comes to where it waits for people, or to its end. */
export function findStuck(lines: Lines): readonly string[] {
  if (lines.length >= MOST_LINES) return [`${lines.length} lines, and no end: ${describeRush(lines)}`];
  const standing = readStanding(lines);
  const moves = lastMoves(lines);
  const live = [...moves.values()].filter(({ to }) => !isOver(to));
  const held = findHeld(lines);
  const free = live.filter(({ taskId }) => !held.has(taskId));
  const grace = findGrace(lines);
  const settled = free.filter(({ at }) => at < grace);
  return [
    ...(isHalted(lines) ? [] : settled.flatMap((move) => findStuckTask(move, standing))),
    ...findStarved(live),
    ...findLeftOvers(moves, { standing, left: findLeftInShadow(lines) }),
    ...findUnheard(lines),
    ...(isHalted(lines) ? [] : findUnanswered(lines, standing)),
    ...(hasStalled(lines) || isHalted(lines) ? [] : findUnshown(lines, { moves, standing })),
    ...(free.length < live.length ? [] : findHalfDone(lines, live)),
  ];
}

/** Whether people want nothing to be done at the end: an order to halt may come later than the one that lifts it. */
function isHalted(lines: Lines): boolean {
  const last = auditOf(lines, "repository.paused", "repository.stopped", "repository.resumed").at(-1);
  return last !== undefined && last.kind !== "repository.resumed";
}

/** Tasks that somebody put on hold, and nobody took off again. */
function findHeld(lines: Lines): ReadonlySet<string | null> {
  const last = new Map(auditOf(lines, "task.held", "task.unheld").map(({ taskId, kind }) => [taskId, kind]));
  return new Set([...last].flatMap(([taskId, kind]) => (kind === "task.held" ? [taskId] : [])));
}

/** What was handled most. */
function describeRush(lines: Lines): string {
  const kinds = Map.groupBy(linesOf(lines, "begun"), ({ event }) => event.kind);
  const [most] = [...kinds].toSorted(([, a], [, b]) => b.length - a.length);
  return most === undefined ? "" : `${most[0]} ${most[1].length} times`;
}

function findStuckTask({ taskId, to, reasons }: Move, { liveRuns }: Standing): readonly string[] {
  const hasRun = [...liveRuns.keys()].some((correlation) => correlation.startsWith(`${taskId}.`));
  const isOfRun = reasons.some((code) => OF_RUNS.has(code));
  if (isOfRun && !hasRun) return [`task ${taskId} waits for a run that is over: ${reasons.join(", ")}`];
  const isLasting = reasons.some((code) => LASTING.has(code)) || (isOfRun && hasRun);
  return isLasting ? [] : [`task ${taskId} is still ${to}: ${reasons.join(", ")}`];
}

/** Nobody waits for a slot that nobody holds. */
function findStarved(live: readonly Move[]): readonly string[] {
  const isRunning = live.some(({ to }) => to === "running");
  const isOpen = live.some(({ to }) => to === "verifying" || to === "blocked" || to === "running");
  return live.flatMap(({ taskId, reasons }) => {
    const isAlone = (code: string) => reasons.length === 1 && reasons[0] === code;
    const isFree = (isAlone("limit.running") && !isRunning) || (isAlone("limit.pulls") && !isOpen);
    return isFree ? [`task ${taskId} waits for a slot that is free: ${reasons.join(", ")}`] : [];
  });
}

/** What nobody wants any more is not left lying about. */
function findLeftOvers(
  moves: ReadonlyMap<string, Move>,
  { standing, left }: { readonly standing: Standing; readonly left: ReadonlySet<string> },
): readonly string[] {
  const { liveRuns, begun, openPulls, closedIssues, goneIssues } = standing;
  const isLeft = (key: string) => [...left].some((known) => known.endsWith(`:${key}`));
  const over = [...moves.values()].filter(({ to }) => isOver(to));
  return over.flatMap(({ taskId, to }) => {
    // What never began is stopped when it does.
    const runs = [...liveRuns].flatMap(([correlation, found]) =>
      correlation.startsWith(`${taskId}.`) && found.some((run) => begun.has(run)) ? [correlation] : [],
    );
    const pulls = [...openPulls].filter(([, pull]) => pull.taskId === taskId);
    return [
      ...runs.map((correlation) => `task ${taskId} is ${to}, but its run ${correlation} goes on`),
      ...(to === "cancelled" ? pulls : []).flatMap(([pull]) =>
        isLeft(`close-pull:${taskId}:${pull}`)
          ? []
          : [`task ${taskId} is ${to}, but its pull request ${pull} is open`],
      ),
      ...(to === "done" &&
      !closedIssues.has(issueOf(taskId)) &&
      !goneIssues.has(issueOf(taskId)) &&
      !isLeft(`close-issue:${taskId}`)
        ? [`task ${taskId} is done, but its issue is open`]
        : []),
    ];
  });
}

/** Whoever may hand work over and did so is heard. */
function findUnheard(lines: Lines): readonly string[] {
  const created = new Set(auditOf(lines, "task.created").map(({ data }) => Number(data.issue)));
  const meddled = new Set(
    linesOf(lines, "did").flatMap(({ deed, by }) => {
      const isFirst = deed.what === "labeled" && by === "robin";
      return "issue" in deed && deed.what !== "issue.opened" && !isFirst ? [deed.issue] : [];
    }),
  );
  return deedsOf(lines, "issue.opened").flatMap(({ deed }) =>
    created.has(deed.issue) || meddled.has(deed.issue) ? [] : [`issue ${deed.issue} was never taken up`],
  );
}

/** Whoever orders something is told what came of it. */
function findUnanswered(lines: Lines, { goneIssues }: Standing): readonly string[] {
  const taken = new Set(
    linesOf(lines, "handled").flatMap(({ job, reason }) => (reason.startsWith("commands") ? [job] : [])),
  );
  const answered = new Set(writesOf(lines, "comment.create").map(({ write }) => write.key.split(":").at(-1)));
  return linesOf(lines, "sent").flatMap(({ guid, event }) => {
    const isOrder = event.kind === "comment.created" && taken.has(guid) && !goneIssues.has(event.issue);
    if (!isOrder || answered.has(String(event.commentId))) return [];
    return [`the orders of comment ${event.commentId} were never answered`];
  });
}

const LABELS: Readonly<Record<string, readonly string[]>> = {
  queued: ["queued", "needs-info"],
  running: ["running"],
  verifying: ["running", "needs-review"],
  blocked: ["blocked"],
  done: ["done"],
  failed: ["failed"],
  cancelled: ["cancelled"],
};

/** Nobody looks at labels again unless an event says that somebody changed them, and that may get lost. */
function isShownRight(
  shown: readonly string[],
  { to, isStripped }: { readonly to: string; readonly isStripped: boolean },
): boolean {
  const wanted = (LABELS[to] ?? []).map((state) => `autopilot:${state}`);
  return shown.length === 0 ? isStripped : shown.length === 1 && wanted.includes(shown[0] ?? "");
}

/** People see by the label how the newest task of an issue stands, and have a comment that says why. */
function findUnshown(
  lines: Lines,
  { moves, standing }: { readonly moves: ReadonlyMap<string, Move>; readonly standing: Standing },
): readonly string[] {
  const { labels, comments, goneIssues, stripped } = standing;
  const unheard = findUnheardDeletions(lines);
  const shownMoves = [...moves.values()].filter(({ taskId }) => !goneIssues.has(issueOf(taskId)));
  const newest = new Map(shownMoves.map((move) => [issueOf(move.taskId), move]));
  return [...newest].flatMap(([issue, { taskId, to }]) => {
    const shown = (labels.get(issue) ?? []).filter((label) => label.startsWith("autopilot:"));
    const isRight = isShownRight(shown, { to, isStripped: stripped.has(issue) });
    const said = [...comments].find(([key]) => key.endsWith(`:status:${issue}`))?.[1] ?? "";
    const isSaid = said.includes("| Reason |") || isOver(to) || unheard.has(issue);
    return [
      ...(isRight
        ? []
        : [`task ${taskId} is ${to}, but its issue is labelled ${shown.join(", ") || "nothing"}`]),
      ...(isSaid ? [] : [`no comment says why task ${taskId} waits`]),
    ];
  });
}

/** Issues where somebody deleted a comment and nobody told: it is written again with the next change. */
function findUnheardDeletions(lines: Lines): ReadonlySet<number> {
  const handled = new Set(linesOf(lines, "handled").map(({ job }) => job));
  return new Set(
    linesOf(lines, "sent").flatMap(({ guid, event }) =>
      event.kind === "comment.deleted" && !handled.has(guid) ? [event.issue] : [],
    ),
  );
}

/** What was ordered so shortly before the end may still be under way. */
const UNDER_WAY_MS = 2 * 60_000;

/** What was ordered has an end, unless people hold it back. */
function findHalfDone(lines: Lines, live: readonly Move[]): readonly string[] {
  const written = new Set(writesOf(lines, "run.cancel").map(({ write }) => String(write.run)));
  const running = auditOf(lines, "run.cancelled").flatMap(({ data }) =>
    written.has(String(data.runId)) ? [] : [`run ${data.runId} was to be cancelled`],
  );
  const isHeld = live.some(({ reasons }) =>
    reasons.some((code) =>
      ["task.held", "repository.paused", "repository.stopped", "merge.pending"].includes(code),
    ),
  );
  if (isHeld || isHalted(lines)) return [];
  const settled = new Map<string, number>();
  for (const { data } of auditOf(lines, "effect.done", "effect.refused", "effect.later"))
    if (data.version !== undefined) settled.set(String(data.key), Number(data.version));
  const end = lines.at(-1)?.at ?? 0;
  const open = auditOf(lines, "effect.intended").flatMap(({ at, data }) => {
    if (at > end - UNDER_WAY_MS) return [];
    const key = String(data.key);
    return (settled.get(key) ?? 0) >= Number(data.version) ? [] : [`${key} was ordered and never done`];
  });
  return [...running, ...open];
}

/** I7: every check that the app began has an end, unless what it waits for has none. */
export function findEndlessChecks(lines: Lines): readonly string[] {
  if (hasStalled(lines)) return [];
  const { openPulls } = readStanding(lines);
  const heads = new Set([...openPulls.values()].map(({ head }) => head));
  const ended = new Set(deedsOf(lines, "check.ended").map(({ deed }) => deed.sha));
  const last = new Map(
    writesOf(lines, "check.create", "check.update").map(({ write }) => [write.check, write]),
  );
  return [...last.values()]
    .filter(({ name, status }) => name === VERIFY_CHECK && status !== "completed")
    .filter(({ sha }) => !heads.has(sha) || ended.has(sha))
    .map(({ sha }) => `the check of ${sha} never ends`);
}
