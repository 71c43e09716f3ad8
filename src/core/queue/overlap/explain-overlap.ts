import { code } from "../../messages/text.ts";
import type { RepositoryView } from "../../plan/repository/repository-view.ts";
import { type Reason, type ReasonCode, reason } from "../../reasons.ts";
import type { Task } from "../../task/task.ts";
import { findCommonArea } from "./areas.ts";
import { scopeOf } from "./scope.ts";

/** How many of the tasks that are in the way are named. */
const NAMED = 3;
const PATH_CHARS = 80;

interface Surroundings {
  readonly view: RepositoryView;
  readonly active: readonly Task[];
  readonly queued: readonly Task[];
  readonly now: number;
}

/** A task whose paths another one has to keep off, and why. */
interface Claim {
  readonly by: Task;
  readonly kind: "under way" | "pull request" | "due";
}

/**
 * Why a queued task waits for others that touch the same paths. Queued ones are waited for in two cases only, of which
 * neither can go both ways: the open pull request of a feature goes before fixes, and what is overdue goes before what is
 * behind it in the queue.
 */
export function explainOverlap(task: Task, around: Surroundings): readonly Reason[] {
  const scope = scopeOf(task, around.view);
  if (scope.length === 0) return [];
  const met = findClaims(task, around).flatMap((claim) => {
    const path = findCommonArea(scope, scopeOf(claim.by, around.view));
    return path === undefined ? [] : [{ ...claim, path }];
  });
  return met.length === 0 ? [] : [describe(met)];
}

function findClaims(task: Task, { active, queued, now }: Surroundings): readonly Claim[] {
  const others = [...active, ...queued].filter(({ id }) => id !== task.id);
  return others.flatMap((by): readonly Claim[] => {
    const kind = kindOfClaim(task, by, now);
    return kind === undefined ? [] : [{ by, kind }];
  });
}

const UNDER_WAY: ReadonlySet<Task["state"]> = new Set(["running", "verifying", "blocked"]);

function kindOfClaim(task: Task, by: Task, now: number): Claim["kind"] | undefined {
  if (by.pull !== null && (UNDER_WAY.has(by.state) || isFeatureBetweenAttempts(task, by)))
    return "pull request";
  if (by.state === "running" || by.state === "verifying") return "under way";
  return isOverdue(by, now) && isAhead(by, task) && !waitsForFixes(task, by) ? "due" : undefined;
}

/** A fix waits for an open feature also between its attempts; but not when that waits for other work, maybe for the fix itself. */
function isFeatureBetweenAttempts(task: Task, { state, team, reasons }: Task): boolean {
  const waitsForWork = reasons.some(({ code: known }) => known.startsWith("dependency."));
  return task.team === "qa" && team === "dev" && state === "queued" && !waitsForWork;
}

/** What a task may wait for that only needs others to end. */
const ROOM: ReadonlySet<ReasonCode> = new Set(["overlap.task", "limit.running", "limit.team", "limit.pulls"]);

/** Whether a queued task has waited longer than its priority allows, and for nothing but its turn. */
function isOverdue({ state, rankAt, reasons }: Task, now: number): boolean {
  return (
    state === "queued" &&
    rankAt <= now &&
    reasons.length > 0 &&
    reasons.every(({ code: known }) => ROOM.has(known))
  );
}

function isAhead(one: Task, other: Task): boolean {
  return one.rankAt < other.rankAt || (one.rankAt === other.rankAt && one.id < other.id);
}

/** Features never wait for fixes that have not begun. */
function waitsForFixes(task: Task, by: Task): boolean {
  return task.team === "dev" && by.team === "qa";
}

const NAMES: Readonly<Record<Claim["kind"], (by: Task) => string>> = {
  "under way": ({ issue }) => `#${issue}`,
  "pull request": ({ issue, pull }) => `pull request #${pull?.number} of #${issue}`,
  due: ({ issue }) => `#${issue}, which is overdue and goes first`,
};

const LIFTED_BY: Readonly<Record<Claim["kind"], (by: Task) => string>> = {
  "under way": ({ issue }) => `the end of #${issue}`,
  "pull request": ({ state, pull }) =>
    state === "blocked"
      ? `whoever lifts what holds pull request #${pull?.number}`
      : `the merge or end of pull request #${pull?.number}`,
  due: ({ issue }) => `the turn of #${issue}`,
};

function describe(met: readonly (Claim & { readonly path: string })[]): Reason {
  const named = met.slice(0, NAMED);
  const rest = met.length > NAMED ? [`${met.length - NAMED} more`] : [];
  const names = named.map(({ kind, by, path }) => `${NAMES[kind](by)} (${code(path, PATH_CHARS)})`);
  return reason("overlap.task", `Touches the same paths as ${[...names, ...rest].join("; ")}.`, {
    liftedBy: [...named.map(({ kind, by }) => LIFTED_BY[kind](by)), ...rest].join("; "),
  });
}
