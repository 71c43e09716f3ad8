import { type Autonomy, allows } from "../autonomy/autonomy.ts";
import type { Config } from "../config/config.ts";
import { findOpenWindow } from "../config/find-window.ts";
import type { Action } from "../effects.ts";
import { isUnapproved } from "../gate/rules/approval.ts";
import { isPaused } from "../session/session.ts";
import type { Task } from "../task/task.ts";
import { isUnderCritics } from "./critics/critics-stage.ts";
import { awaitsRevertOf } from "./critics/order-revert.ts";
import { isHalted } from "./heed-stops.ts";
import { autonomyOf, viewRepository } from "./repository/repository-view.ts";
import type { Snapshot } from "./snapshot.ts";

/** Why an action is not done now: it is not wanted any more, or it has to wait. */
export type Withdrawal =
  | { readonly kind: "withdrawn"; readonly why: string }
  | { readonly kind: "wait"; readonly why: string };

interface Row {
  readonly needs: Autonomy;
  readonly isWanted: (task: Task, action: Action) => boolean;
}

/** Actions that change code or start work, what they need, and how a task looks that still wants them. */
const ROWS: Partial<Record<Action["kind"], Row>> = {
  dispatch: {
    needs: "draft-pr",
    isWanted: (task, action) =>
      action.kind === "dispatch" &&
      (task.state === "running" || (task.state === "verifying" && isUnderCritics(task))) &&
      task.correlation === action.correlation,
  },
  publish: {
    needs: "draft-pr",
    isWanted: (task, action) =>
      action.kind === "publish" &&
      isWaitingFor(task, "publish.pending") &&
      task.correlation === action.correlation,
  },
  revert: {
    needs: "draft-pr",
    isWanted: (task, action) => action.kind === "revert" && awaitsRevertOf(task, action.pull),
  },
  merge: {
    needs: "merge-with-approval",
    isWanted: (task, action) =>
      action.kind === "merge" &&
      isWaitingFor(task, "merge.pending") &&
      task.pull?.verdict?.value === "PASS" &&
      task.pull.verdictSha === action.sha,
  },
};

/**
 * Asks once more at the moment of the effect, since minutes may lie between an order and its turn: the verdict may have
 * changed, the task may be cancelled, the autonomy lowered, the repository paused. Undefined means: do it.
 */
export function findWithdrawal(action: Action, snapshot: Snapshot, now: number): Withdrawal | undefined {
  const row = ROWS[action.kind];
  if (row === undefined) return undefined;
  const task = snapshot.focus;
  if (task === null || !row.isWanted(task, action))
    return { kind: "withdrawn", why: "the task does not want it any more" };
  if (task.held) return { kind: "wait", why: "the task is on hold" };
  if (isHalted(task)) return { kind: "wait", why: "the task has not been looked at since it was stopped" };
  const why = explainRepository(action, snapshot) ?? explainWindow(task, action, { snapshot, now });
  return why === undefined ? undefined : { kind: "wait", why };
}

/** What the repository has against an action at this moment, whatever its task wants. */
export function explainRepository(action: Action, snapshot: Snapshot): string | undefined {
  const { focus: task, repository } = snapshot;
  const row = ROWS[action.kind];
  if (row === undefined || task === null) return undefined;
  return explainPause(task, snapshot) ?? explainConfig(task, action, { row, repository });
}

function explainPause({ id }: Task, { repository }: Snapshot): string | undefined {
  const { status, stored } = repository;
  if (status !== "active") return `the installation is ${status}`;
  return isPaused(stored, id) ? "the repository is paused" : undefined;
}

/** What the configuration in force at this moment has against it. */
function explainConfig(
  task: Task,
  action: Action,
  { row, repository }: { readonly row: Row; readonly repository: Snapshot["repository"] },
): string | undefined {
  const { config, governed } = viewRepository(repository);
  if (config === null || config.mode !== "active") return "the repository is not in active mode";
  if (!allows(autonomyOf(config, task.role), row.needs)) return "the autonomy was lowered";
  if (action.kind === "merge" && wasSparedApproval(task, config))
    return "it was judged before an approval was needed";
  // Critics only look at what is merged.
  const isStart = action.kind === "dispatch" && !isUnderCritics(task);
  const isUnallowed = governed && isStart && task.allowed === undefined;
  return isUnallowed ? "no maintainer has let the task start" : undefined;
}

/** A window may have begun, or have been configured, since the order. Merges are verified again then, and critics are let through. */
function explainWindow(
  task: Task,
  { kind }: Action,
  { snapshot, now }: { readonly snapshot: Snapshot; readonly now: number },
): string | undefined {
  if (kind !== "dispatch" || isUnderCritics(task)) return undefined;
  const open = findOpenWindow(viewRepository(snapshot.repository).config?.windows ?? [], kind, now);
  return open === null ? undefined : `the window ${open.window.name} is open`;
}

/** The autonomy may be lower now than at the verdict; it is judged again soon. */
function wasSparedApproval({ role, pull }: Task, config: Config): boolean {
  const verdict = pull?.verdict;
  if (autonomyOf(config, role) !== "merge-with-approval" || !verdict) return false;
  return isUnapproved(verdict);
}

function isWaitingFor(task: Task, code: "publish.pending" | "merge.pending"): boolean {
  return task.state === "verifying" && task.reasons.some((reason) => reason.code === code);
}
