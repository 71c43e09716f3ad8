import { type Breaker, findRest, letThrough, noteTrouble } from "../../breaker/breaker.ts";
import { explainRest, providerKey, roleKey } from "../../breaker/explain-rest.ts";
import type { Reason } from "../../reasons.ts";
import type { AttemptOutcome } from "../../task/attempt.ts";
import type { FailureClass, Task } from "../../task/task.ts";
import { isUnderWay } from "../../task/under-way.ts";
import type { Draft } from "../draft.ts";
import { roleOf, stageOf } from "../repository/repository-view.ts";

/**
 * Failures that say something about the workflow or what runs it, and nothing about the work. A limit that refuses a worker
 * lets its role rest instead.
 */
const TROUBLES: ReadonlySet<FailureClass | null> = new Set(["infra", "timeout"]);

/** Failures that say something about whose model does the work. */
const PROVIDER_TROUBLES: ReadonlySet<FailureClass | null> = new Set(["infra", "rate_limit"]);

/**
 * Which breakers a task's next dispatch has to pass: that of its workflow, that of its role where critics judge it, and that of
 * the role's provider.
 */
function keysOf({ view }: Draft, task: Task): readonly string[] {
  const workflow = stageOf(view.config, task)?.workflow;
  const provider = roleOf(view.config, task.role)?.provider;
  return [
    ...(workflow === undefined ? [] : [workflow]),
    ...(view.config?.critics === undefined ? [] : [roleKey(task.role)]),
    ...(provider === undefined ? [] : [providerKey(provider)]),
  ];
}

/** Why the next dispatch of a task waits for something that was in trouble; `keys` where it is not for the task's own stage. */
export function explainBreakers(
  draft: Draft,
  task: Task,
  keys: readonly string[] = keysOf(draft, task),
): readonly Reason[] {
  return keys.flatMap((key) => {
    const breaker = breakerOf(draft, key);
    // A probe that is stopped, or that waits for people, will not say whether the trouble is over.
    const isProbing = (id: string) => draft.activeTasks().some((one) => one.id === id && isUnderWay(one));
    const rest = findRest(breaker, { id: task.id, now: draft.now, isUnderWay: isProbing });
    return breaker === undefined || rest === undefined
      ? []
      : [explainRest(key, { breaker, rest, now: draft.now })];
  });
}

/** A task is dispatched: where a breaker is open, as its probe. */
export function passBreakers(draft: Draft, task: Task, keys: readonly string[] = keysOf(draft, task)): void {
  for (const key of keys) {
    const breaker = breakerOf(draft, key);
    if (breaker === undefined || breaker.openUntil === null || breaker.probe === task.id) continue;
    save(draft, key, letThrough(breaker, task.id));
    draft.audit("breaker.probed", { taskId: task.id, data: { key } });
  }
}

/**
 * What the end of a run says about its workflow. No evidence says something only where nothing but evidence was asked for: an
 * agent that leaves none has failed at its work.
 */
export function noteRunEnd(
  draft: Draft,
  task: Task,
  run: {
    readonly workflow: string;
    readonly outcome: AttemptOutcome;
    /** Whether the run only had to prove something. */
    readonly isProof: boolean;
    /** Whose model did the work, as the worker says; absent where it does not. */
    readonly provider?: string;
  },
): void {
  const { verdict, failureClass, summary } = run.outcome;
  noteProvider(draft, task, run);
  const isTrouble = TROUBLES.has(failureClass) || (run.isProof && failureClass === "no_evidence");
  if (isTrouble) addTrouble(draft, task, { key: run.workflow, what: summary });
  else if (verdict === "PASS" || failureClass === "task") clearBreaker(draft, task.id, run.workflow);
}

/** A provider is what the role names, or another one of the configuration that the worker says it had to use. */
function noteProvider(
  draft: Draft,
  task: Task,
  run: { readonly workflow: string; readonly outcome: AttemptOutcome; readonly provider?: string },
): void {
  const { config } = draft.view;
  // The critics work for no role.
  if (config === null || run.workflow === config.critics?.workflow) return;
  const known = Object.values(config.roles).map(({ provider }) => provider);
  const said = known.includes(run.provider) ? run.provider : undefined;
  const provider = said ?? roleOf(config, task.role)?.provider;
  if (provider === undefined) return;
  const { verdict, failureClass, summary } = run.outcome;
  const key = providerKey(provider);
  if (PROVIDER_TROUBLES.has(failureClass)) addTrouble(draft, task, { key, what: summary });
  else if (verdict === "PASS" || failureClass === "task") clearBreaker(draft, task.id, key);
}

/** What the critics say of a merged change says something about the role that made it. */
export function noteCritique(
  draft: Draft,
  task: Task,
  { isRefused, what }: { readonly isRefused: boolean; readonly what: string },
): void {
  const key = roleKey(task.role);
  if (isRefused) addTrouble(draft, task, { key, what });
  else clearBreaker(draft, task.id, key);
}

function addTrouble(
  draft: Draft,
  task: Task,
  { key, what }: { readonly key: string; readonly what: string },
): void {
  const { config } = draft.view;
  if (config === null) return;
  const before = breakerOf(draft, key);
  const after = noteTrouble(before, { taskId: task.id, what, now: draft.now, config: config.breaker });
  save(draft, key, after);
  const { failures, openUntil: until, last } = after;
  if (until !== null && until !== before?.openUntil)
    draft.audit("breaker.opened", { taskId: task.id, data: { key, failures, until, last } });
}

function clearBreaker(draft: Draft, taskId: string | null, key: string): void {
  const before = breakerOf(draft, key);
  if (before === undefined) return;
  save(draft, key, undefined);
  if (before.openUntil !== null) draft.audit("breaker.closed", { taskId, data: { key } });
}

/** Closes every open breaker because a person says that the trouble is over; answers with what they guarded. */
export function closeBreakers(draft: Draft, actor: string): readonly string[] {
  const open = Object.entries(breakersOf(draft)).filter(([, { openUntil }]) => openUntil !== null);
  for (const [key] of open) {
    save(draft, key, undefined);
    draft.audit("breaker.closed", { actor, data: { key } });
  }
  return open.map(([key]) => key);
}

function breakersOf(draft: Draft): Readonly<Record<string, Breaker>> {
  return draft.view.record.stored.breakers ?? {};
}

function breakerOf(draft: Draft, key: string): Breaker | undefined {
  const breakers = breakersOf(draft);
  return Object.hasOwn(breakers, key) ? breakers[key] : undefined;
}

function save(draft: Draft, key: string, breaker: Breaker | undefined): void {
  const { stored, status } = draft.view.record;
  const others = Object.entries(breakersOf(draft)).filter(([known]) => known !== key);
  const breakers = Object.fromEntries(breaker === undefined ? others : [...others, [key, breaker]]);
  draft.saveRepository({ ...stored, breakers }, status);
}
