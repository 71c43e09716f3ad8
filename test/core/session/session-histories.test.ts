import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { SESSION_ENDS, type Session } from "../../../src/core/session/session.ts";
import type { PlanLedger } from "../../support/apply-plan.ts";
import { historyOf, lookAtSessions, play, SESSIONS, TROUBLE, WORK } from "../plan/play-plans.ts";

interface Seen {
  readonly before: PlanLedger;
  readonly after: PlanLedger;
  readonly plan: Plan;
  readonly now: number;
}

const sessionsOf = ({ repository }: PlanLedger): readonly Session[] => repository.stored.sessions ?? [];

/** Tasks that the queue started with this plan, and not those that went on from stage to stage. */
function startedIn({ before, plan }: Seen) {
  const started = plan.effects.flatMap((effect) =>
    effect.sort === "action" && effect.action.kind === "dispatch" ? [effect.taskId ?? ""] : [],
  );
  return plan.tasks.filter(({ id }) => {
    const known = before.tasks.get(id);
    return started.includes(id) && (known === undefined || known.state === "queued");
  });
}

const covers = ({ team }: Session, task: { readonly team: string }) => team === null || team === task.team;

/** Everything that one plan may do wrong about sessions, read from its rows alone. */
function checkStarts(seen: Seen): void {
  const { before, after, now } = seen;
  for (const { taken, count, number } of sessionsOf(after)) {
    const ids = taken.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeLessThanOrEqual(count ?? 1000);
    const earlier = sessionsOf(before).find((known) => known.number === number)?.taken ?? [];
    expect(taken.slice(0, earlier.length)).toEqual(earlier);
  }
  for (const task of startedIn(seen)) {
    const own = sessionsOf(after).filter((session) => covers(session, task));
    const isTaken = own.some(({ taken }) => taken.some(({ id }) => id === task.id));
    if (after.repository.stored.pausedBy !== null) expect(isTaken).toBe(true);
    const isOver = (session: Session) =>
      session.rests && session.closed !== null && session.closed.at <= now && !isTaken;
    const isOpen = own.some(({ closed }) => closed === null);
    if (!isOpen) expect(own.filter(isOver)).toEqual([]);
  }
  for (const session of sessionsOf(after)) {
    const earlier = sessionsOf(before).find(({ number }) => number === session.number);
    if (session.endsAt === null || now < session.endsAt) continue;
    expect(session.taken.length).toBe(earlier?.taken.length);
  }
}

function checkScopes({ after }: Seen): void {
  const unended = sessionsOf(after).filter(({ endedAt }) => endedAt === null);
  const teams = unended.map(({ team }) => team);
  expect(new Set(teams).size).toBe(teams.length);
  if (teams.includes(null)) expect(teams).toEqual([null]);
}

const DAYS_LATER = 8 * 86_400_000;

describe("sessions in any history", () => {
  it("start at most `count` different tasks, nothing after their time, and in a pause nothing else starts", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(historyOf([...WORK, ...TROUBLE, ...SESSIONS]), (steps) => {
        play(steps, (seen) => {
          checkStarts(seen);
          checkScopes(seen);
          for (const { closed } of sessionsOf(seen.after)) reached.add(closed?.by ?? "open");
        });
      }),
      { numRuns: 100 },
    );
    expect([...reached].toSorted()).toEqual([...SESSION_ENDS, "open"].toSorted());
  });

  it("end when nothing of theirs goes on, each with one report where it was asked for", () => {
    fc.assert(
      fc.property(historyOf([...WORK, ...SESSIONS]), (steps) => {
        const reports: string[] = [];
        const numbers = new Set<number>();
        const look = ({ after, plan }: Seen) => {
          for (const { number } of sessionsOf(after)) numbers.add(number);
          reports.push(...plan.effects.flatMap(({ key }) => (key.includes(":session-report:") ? [key] : [])));
        };
        const end = [
          [lookAtSessions, DAYS_LATER],
          [lookAtSessions, 120_000],
          [lookAtSessions, 0],
        ] as const;
        const ledger = play([...steps, ...end], look);

        const unended = sessionsOf(ledger).filter(({ endedAt }) => endedAt === null);
        expect(unended.filter((session) => !hasSomethingToDo(session, ledger))).toEqual([]);
        expect(new Set(reports).size).toBe(reports.length);
        expect(reports.length).toBe(numbers.size - unended.length);
      }),
      { numRuns: 40 },
    );
  });
});

const UNENDED: ReadonlySet<string | undefined> = new Set(["queued", "running", "verifying"]);

function hasSomethingToDo({ taken, closed }: Session, { tasks }: PlanLedger): boolean {
  const mayTake = closed === null && [...tasks.values()].some(({ state }) => state === "queued");
  return mayTake || taken.some(({ id }) => UNENDED.has(tasks.get(id)?.state));
}
