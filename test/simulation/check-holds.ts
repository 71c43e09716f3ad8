import type { AuditEntry } from "../../src/core/audit/audit-entry.ts";
import { configsInForce } from "./configs-in-force.ts";
import { auditOf, type LineOf, type Lines, type Move, movesOf } from "./read-history.ts";

/** What a task says while an order of its is under way. */
const PENDING: ReadonlySet<string> = new Set([
  "dispatch.unconfirmed",
  "publish.pending",
  "merge.pending",
  "critics.reverting",
]);

/** What it has to say beside that while the order is held back. */
const HOLDS: ReadonlySet<string> = new Set([
  "autonomy.too-low",
  "config.absent",
  "installation.suspended",
  "mode.shadow",
  "repository.paused",
  "repository.stopped",
  "task.held",
]);

/** What people want, and what tasks say, at one moment of a history. */
interface Standing {
  readonly moves: Map<string, Move>;
  readonly held: Set<string>;
  isPaused: boolean;
}

const TAKERS: Readonly<Record<string, (standing: Standing, entry: AuditEntry) => void>> = {
  "task.held": ({ held }, { taskId }) => held.add(taskId ?? ""),
  "task.unheld": ({ held }, { taskId }) => held.delete(taskId ?? ""),
  "repository.paused": (standing) => {
    standing.isPaused = true;
  },
  "repository.resumed": (standing) => {
    standing.isPaused = false;
  },
};

/** I8: a task whose order people hold back says so, and does not only say that GitHub is waited for. */
export function findSilentHolds(lines: Lines): readonly string[] {
  const standing: Standing = { moves: new Map(), held: new Set(), isPaused: false };
  const isInShadow = askShadow(lines);
  return lines.flatMap((line) => {
    if (line.kind === "audit") {
      for (const move of movesOf([line])) standing.moves.set(move.taskId, move);
      TAKERS[line.entry.kind]?.(standing, line.entry);
    }
    return line.kind === "tried" ? judgeTry(line, standing, isInShadow) : [];
  });
}

function judgeTry(
  { key, at }: LineOf<"tried">,
  { moves, held, isPaused }: Standing,
  isInShadow: (at: number) => boolean,
): readonly string[] {
  const taskId = /^\d+:(?:dispatch|publish|merge|revert):(\d+\.\d+\.\d+)/u.exec(key)?.[1] ?? "";
  const reasons = moves.get(taskId)?.reasons ?? [];
  const isSilent = reasons.some((code) => PENDING.has(code)) && !reasons.some((code) => HOLDS.has(code));
  if (!isSilent || !(isPaused || held.has(taskId) || isInShadow(at))) return [];
  return [`task ${taskId} only says ${reasons.join(", ")} while ${key} is held back`];
}

/** Answers whether the configuration in force at a moment, or all since another one, says `shadow`. */
function askShadow(lines: Lines): (to: number, from?: number) => boolean {
  const known = configsInForce(lines);
  return (to, from = to) => {
    const before = known.findLast(({ at }) => at <= from);
    const since = known.filter(({ at }) => at > from && at <= to);
    return [before, ...since].every((one) => one?.config?.mode === "shadow");
  };
}

/** Keys of what was left open because shadow mode was in force when its turn came. */
export function findLeftInShadow(lines: Lines): ReadonlySet<string> {
  const isInShadow = askShadow(lines);
  const unsent = auditOf(lines, "effect.refused").filter(
    ({ at, data }) => data.message === "not sent: shadow mode" && isInShadow(at),
  );
  return new Set(unsent.map(({ data }) => String(data.key)));
}

/** What closes for good what a task has made. */
const CLOSING: ReadonlySet<string> = new Set(["issue.close", "pull.close", "branch.delete"]);
/** What is asked before a request may be this much older than the request. */
const UNDER_WAY_MS = 6 * 60_000;

/** I10: in shadow mode nothing is closed but the app's own notices, which are projections. */
export function findClosedInShadow(lines: Lines): readonly string[] {
  const isInShadow = askShadow(lines);
  return lines.flatMap((line) => {
    if (line.kind !== "write" || !CLOSING.has(line.write.what) || !/^\d+:close-/u.test(line.key)) return [];
    const { key, write, at, sentAt } = line;
    return isInShadow(at, sentAt - UNDER_WAY_MS) ? [`${write.what} for ${key} was sent in shadow mode`] : [];
  });
}
