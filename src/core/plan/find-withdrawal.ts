import { allows } from "../autonomy/autonomy.ts";
import type { Action, Effect } from "../effects.ts";
import type { Task } from "../task/task.ts";
import { autonomyOn } from "./autonomy-for.ts";
import { isUnderCritics } from "./critics/critics-stage.ts";
import { awaitsRevertOf } from "./critics/order-revert.ts";
import { type HeldKind, listHolds, listRepositoryHolds } from "./find-holds.ts";
import { isHalted } from "./heed-stops.ts";
import { viewRepository } from "./repository/repository-view.ts";
import type { Snapshot } from "./snapshot.ts";

/** Why an action is not done now: it is not wanted any more, or it has to wait. */
export type Withdrawal =
  | { readonly kind: "withdrawn"; readonly why: string }
  | { readonly kind: "wait"; readonly why: string };

type HeldAction<K extends HeldKind = HeldKind> = Extract<Action, { kind: K }>;
type Wanting<K extends HeldKind> = (task: Task, action: HeldAction<K>) => boolean;

/** How a task looks that still wants what was ordered for it. */
const WANTED: { readonly [K in HeldKind]: Wanting<K> } = {
  dispatch: (task, { correlation }) =>
    (task.state === "running" || (task.state === "verifying" && isUnderCritics(task))) &&
    task.correlation === correlation,
  publish: (task, { correlation }) =>
    isWaitingFor(task, "publish.pending") && task.correlation === correlation,
  revert: (task, { pull }) => awaitsRevertOf(task, pull),
  merge: (task, { sha }) =>
    isWaitingFor(task, "merge.pending") &&
    task.pull?.verdict?.value === "PASS" &&
    task.pull.verdictSha === sha,
};

/**
 * Asks once more at the moment of the effect, since minutes may lie between an order and its turn: the verdict may have
 * changed, the task may be cancelled, the autonomy lowered, the repository paused. Undefined means: do it.
 */
export function findWithdrawal(action: Action, snapshot: Snapshot, now: number): Withdrawal | undefined {
  if (tidiesUp(action)) return leaveInShadow(snapshot);
  if (!isHeldAction(action)) return undefined;
  const task = snapshot.focus;
  if (task === null || !isWanted(task, action, action.kind))
    return { kind: "withdrawn", why: "the task does not want it any more" };
  if (isHalted(task)) return { kind: "wait", why: "the task has not been looked at since it was stopped" };
  const [hold] = listHolds(action.kind, { ...sceneOf(action, task, snapshot), now });
  return hold === undefined ? undefined : { kind: "wait", why: hold.why };
}

/** What the repository has against an action at this moment, whatever its task wants. */
export function explainRepository(action: Action, snapshot: Snapshot): string | undefined {
  const { focus: task } = snapshot;
  if (task === null || !isHeldAction(action)) return undefined;
  const [hold] = listRepositoryHolds(action.kind, sceneOf(action, task, snapshot));
  return hold?.why;
}

function sceneOf(action: HeldAction, task: Task, { repository }: Snapshot) {
  const scene = { task, view: viewRepository(repository) };
  return action.kind === "publish" ? { ...scene, paths: pathsOf(action) } : scene;
}

function pathsOf({ changes }: Extract<Action, { kind: "publish" }>): readonly string[] {
  return changes.map(({ path }) => path);
}

/** An effect as far as the autonomy of this moment goes: a pull request is opened as a draft where less is allowed by now. */
export function lowerToDraft(effect: Effect, { focus: task, repository }: Snapshot): Effect {
  if (effect.sort === "projection" || effect.action.kind !== "publish" || task === null) return effect;
  const { action } = effect;
  const { config } = viewRepository(repository);
  const isReady = config !== null && allows(autonomyOn(config, task, pathsOf(action)), "merge-with-approval");
  return isReady ? effect : { ...effect, action: { ...action, draft: true } };
}

/** Whether an action closes what nobody needs any more: wanted whatever has become of its task. */
export function tidiesUp({ kind }: Action): boolean {
  return kind === "close-issue" || kind === "close-pull";
}

/** In shadow mode nothing is closed, and by the time that it is over people may have a use for it: so this waits for nothing. */
function leaveInShadow({ repository }: Snapshot): Withdrawal | undefined {
  const isShadow = viewRepository(repository).config?.mode === "shadow";
  return isShadow ? { kind: "withdrawn", why: "shadow mode" } : undefined;
}

function isHeldAction(action: Action): action is HeldAction {
  return Object.hasOwn(WANTED, action.kind);
}

function isWanted<K extends HeldKind>(task: Task, action: HeldAction<K>, kind: K): boolean {
  return WANTED[kind](task, action);
}

function isWaitingFor(task: Task, code: "publish.pending" | "merge.pending"): boolean {
  return task.state === "verifying" && task.reasons.some((reason) => reason.code === code);
}
