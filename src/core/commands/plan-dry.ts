import type { Change } from "../messages/commands/dry-run.ts";
import { describeEffect, describeEvent } from "../messages/commands/dry-run.ts";
import { type Answer, Draft } from "../plan/draft.ts";
import { planQueue } from "../plan/plan-queue.ts";
import { sessionsOf } from "../plan/session/follow-sessions.ts";
import type { Pull } from "../pull/pull.ts";
import { describeStanding } from "../session/explain-session.ts";
import type { Task } from "../task/task.ts";
import type { CommandContext, CommandRow } from "./command-row.ts";
import { describePlace } from "./find-task.ts";

/** Plans a command on a draft that is thrown away; what would differ from not giving it is what it would change. */
export function planDry(
  row: CommandRow,
  context: CommandContext,
): { readonly answer: Answer; readonly changes: readonly Change[] } {
  const without = copyDraft(context.draft);
  const withIt = copyDraft(context.draft);
  const answer = row.plan({ ...context, draft: withIt });
  queue(without);
  queue(withIt);
  return { answer, changes: compare(without, withIt) };
}

/** A draft of its own that goes on from where another one is. */
export function copyDraft(draft: Draft): Draft {
  const { snapshot, gathered, now, own } = draft;
  const copy = new Draft({ snapshot, gathered, now, own });
  const { repository, stopChanges, tasks, attempts, pulls } = draft.toPlan();
  if (repository !== null) copy.saveRepository(repository.stored, repository.status);
  for (const task of tasks) copy.saveTask(task);
  for (const attempt of attempts) copy.saveAttempt(attempt);
  for (const pull of pulls) copy.savePull(pull);
  for (const change of stopChanges ?? []) copy.changeStop(change);
  return copy;
}

function queue(draft: Draft): void {
  if (draft.view.record.status === "active") planQueue(draft);
}

function compare(without: Draft, withIt: Draft): readonly Change[] {
  const before = without.view.record.stored.pausedBy;
  const after = withIt.view.record.stored.pausedBy;
  const keys = new Set(without.toPlan().effects.map((effect) => effect.key));
  const { effects, events } = withIt.toPlan();
  return [
    ...(before === after
      ? []
      : [{ what: "repository: paused by", before: before ?? "nobody", after: after ?? "nobody" }]),
    ...compareStops(without, withIt),
    ...compareKnowledge(without, withIt),
    ...compareSessions(without, withIt),
    ...withIt.changedTasks().flatMap((task) => compareTask(without, withIt, task)),
    ...withIt.toPlan().pulls.flatMap((pull) => comparePull(without, pull)),
    ...effects
      .filter((effect) => !keys.has(effect.key))
      .map((effect) => ({ what: describeEffect(effect), before: "", after: "once" })),
    ...events.map((event) => ({ what: describeEvent(event), before: "", after: "at once" })),
  ];
}

function compareStops(without: Draft, withIt: Draft): readonly Change[] {
  const [before, after] = [without, withIt].map((draft) =>
    draft
      .stops()
      .map(({ by }) => by)
      .join(", "),
  );
  return before === after
    ? []
    : [{ what: "repository: stopped by", before: before || "nobody", after: after || "nobody" }];
}

function compareSessions(without: Draft, withIt: Draft): readonly Change[] {
  const before = new Map(sessionsOf(without).map((session) => [session.number, describeStanding(session)]));
  return sessionsOf(withIt).flatMap((session) => {
    const change = {
      what: `session ${session.number}`,
      before: before.get(session.number) ?? "none",
      after: describeStanding(session),
    };
    return change.before === change.after ? [] : [change];
  });
}

function compareKnowledge(without: Draft, withIt: Draft): readonly Change[] {
  const [before, after] = [without, withIt].map(
    ({ view }) => view.record.stored.knowledge?.objects.length ?? 0,
  );
  return before === after
    ? []
    : [{ what: "repository: things that are known", before: `${before}`, after: `${after}` }];
}

interface Aspect {
  readonly name: string;
  readonly of: (task: Task, draft: Draft) => string;
}

/** What of a task people are shown when it changes. */
const ASPECTS: readonly Aspect[] = [
  { name: "state", of: (task) => task.state },
  { name: "attempt", of: (task) => `${task.attempt}` },
  { name: "attempts used", of: (task) => `${task.spent} of ${task.budget}` },
  { name: "on hold", of: (task) => (task.held ? "yes" : "no") },
  { name: "allowed to start by", of: ({ allowed }) => allowed?.by.login ?? "nobody" },
  { name: "priority", of: (task) => task.priority },
  {
    name: "place",
    of: (task, draft) => (task.state === "queued" ? describePlace(draft, task) : "not queued"),
  },
  { name: "approvals", of: (task) => `${task.pull?.approvals.length ?? 0}` },
  { name: "gates set aside", of: (task) => `${task.pull?.overrides.length ?? 0}` },
];

function comparePull(without: Draft, after: Pull): readonly Change[] {
  const before = without.pull(after.id);
  const count = (name: "approvals" | "overrides") => ({
    what: `pull request #${after.number}: ${name === "approvals" ? "approvals" : "gates set aside"}`,
    before: `${before?.[name].length ?? 0}`,
    after: `${after[name].length}`,
  });
  return [count("approvals"), count("overrides")].filter((change) => change.before !== change.after);
}

function compareTask(without: Draft, withIt: Draft, after: Task): readonly Change[] {
  const before = knownBefore(without, after);
  if (before === undefined) return [{ what: `#${after.issue}: task`, before: "none", after: after.state }];
  return ASPECTS.flatMap(({ name, of }) => {
    const change = {
      what: `#${after.issue}: ${name}`,
      before: of(before, without),
      after: of(after, withIt),
    };
    return change.before === change.after ? [] : [change];
  });
}

function knownBefore(draft: Draft, { id }: Task): Task | undefined {
  const { focus, active, queue: queued } = draft.snapshot;
  const targets = [...(draft.gathered.targets?.values() ?? [])].map((target) => target.task);
  const stored = [...active, ...queued, ...(focus === null ? [] : [focus]), ...targets];
  const drafted = draft.changedTasks().find((task) => task.id === id);
  return drafted ?? stored.find((task) => task.id === id);
}
