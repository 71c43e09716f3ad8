import type { Breaker } from "../breaker/breaker.ts";
import { describeGuarded } from "../breaker/explain-rest.ts";
import type { Limits, Role } from "../config/config.ts";
import type { RepositoryRecord, StoredRepository } from "../plan/repository/repository.ts";
import { type RepositoryView, viewRepository } from "../plan/repository/repository-view.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import type { Pull } from "../pull/pull.ts";
import { addRunCosts, type Cost, NO_COST, type RunCost, reservedUsd } from "../queue/cost/cost.ts";
import { reservedFor } from "../queue/cost/reserved-cost.ts";
import { isoWeekOf } from "../report/iso-week.ts";
import type { Session } from "../session/session.ts";
import type { Task } from "../task/task.ts";
import { isUnderWay } from "../task/under-way.ts";
import type { Budget, OperatedRepository, OperatedSession, RepositoryOperation } from "./operation.ts";

/** Repositories that the app works on, those in trouble first, as many as fit. */
export function summariseOperation(
  records: readonly RepositoryRecord[],
  { now, limit }: { readonly now: number; readonly limit: number },
): readonly OperatedRepository[] {
  return records
    .filter(({ status }) => status !== "removed")
    .map((record) => ({ record, trouble: countTrouble(record.stored, now) }))
    .toSorted(
      (a, b) =>
        b.trouble.openBreakers + b.trouble.restingRoles - a.trouble.openBreakers - a.trouble.restingRoles ||
        a.record.repo.id - b.record.repo.id,
    )
    .slice(0, limit)
    .map(({ record, trouble }) => ({
      id: record.repo.id,
      // What is governed stays without a name outside of it.
      name: viewRepository(record).governed ? null : nameOf(record),
      status: record.status,
      paused: record.stored.pausedBy !== null,
      ...trouble,
    }));
}

function nameOf({ repo }: RepositoryRecord): string {
  return `${repo.owner}/${repo.name}`;
}

function countTrouble({ breakers = {}, rests = {} }: StoredRepository, now: number) {
  return {
    openBreakers: Object.values(breakers).filter(({ openUntil }) => openUntil !== null).length,
    restingRoles: Object.values(rests).filter(({ until }) => until > now).length,
  };
}

/** How a repository stands; null where that is nobody's business outside of it. */
export function describeOperation(
  snapshot: Snapshot,
  { pulls, now }: { readonly pulls: readonly Pull[]; readonly now: number },
): RepositoryOperation | null {
  const { repository, active, queueLength } = snapshot;
  const view = viewRepository(repository);
  if (view.governed) return null;
  const { stored, status, stops = [] } = repository;
  return {
    name: nameOf(repository),
    status,
    mode: view.config?.mode ?? null,
    paused: stored.pausedBy !== null,
    stopped: stops.length > 0,
    queued: queueLength,
    tasks: active.map(({ issue, state, role }) => ({ issue, state, role })),
    breakers: Object.entries(stored.breakers ?? {}).map(([key, breaker]) => ({
      guards: describeGuarded(key).replaceAll("`", ""),
      state: stateOf(breaker, { active, now }),
      failures: breaker.failures,
      until: breaker.openUntil,
      probe: breaker.probe,
    })),
    rests: Object.entries(stored.rests ?? {})
      .filter(([, { until }]) => until > now)
      .map(([role, { until }]) => ({ role, until })),
    sessions: (stored.sessions ?? [])
      .filter(({ endedAt, rests }) => endedAt === null || rests)
      .map(toOperated),
    budgets: listBudgets(view, snapshot, now),
    pulls: pulls
      .filter(({ kind, state }) => kind === "pull" && state === "open")
      .map(({ number, verdict, headSince: since }) => ({
        number,
        verdict: verdict?.value ?? "pending",
        since,
      })),
  };
}

function toOperated(session: Session): OperatedSession {
  const { number, team, closed, endedAt, taken, count, endsAt } = session;
  const unended = closed === null ? "open" : "ending";
  return { number, team, state: endedAt === null ? unended : "over", taken: taken.length, count, endsAt };
}

/** A probe that waits for people keeps nothing from being the next one. */
function stateOf(
  { openUntil, probe }: Breaker,
  { active, now }: Pick<Snapshot, "active"> & { readonly now: number },
): "closed" | "open" | "due" | "probing" {
  if (openUntil === null) return "closed";
  if (now < openUntil) return "open";
  return active.some((task) => task.id === probe && isUnderWay(task)) ? "probing" : "due";
}

/** What the week has used and set aside, of all and of each role that has used something or may not use all. */
function listBudgets(view: RepositoryView, snapshot: Snapshot, now: number): readonly Budget[] {
  const { active, weekUsage } = snapshot;
  const { roleWeek } = view.record.stored;
  const used = roleWeek?.week === isoWeekOf(now) ? roleWeek.roles : {};
  const roles = Object.values(view.config?.roles ?? {}).flatMap((role) =>
    budgetsOf(role.name, role, {
      used: Object.hasOwn(used, role.name) ? (used[role.name] ?? NO_COST) : NO_COST,
      reserved: reservedBy(active.filter((task) => task.role === role.name)),
    }),
  );
  const week = { used: weekUsage, reserved: reservedBy(active) };
  return [...budgetsOf("week", view.config?.limits ?? {}, week), ...roles];
}

function reservedBy(tasks: readonly Task[]): RunCost {
  return addRunCosts(tasks.map(reservedFor));
}

function budgetsOf(
  of: string,
  limits: Partial<Pick<Limits | Role, "minutesPerWeek" | "usdPerWeek">>,
  { used, reserved }: { readonly used: Cost; readonly reserved: RunCost },
): readonly Budget[] {
  const { minutesPerWeek, usdPerWeek } = limits;
  const usd = reservedUsd(reserved, used.usd, usdPerWeek);
  const rows: readonly Budget[] = [
    {
      ...{ of, unit: "minutes", used: used.minutes, reserved: reserved.minutes },
      limit: minutesPerWeek ?? null,
    },
    { ...{ of, unit: "usd", used: used.usd, reserved: usd }, limit: usdPerWeek ?? null },
  ];
  return rows.filter((row) => row.limit !== null || row.used + row.reserved > 0);
}
