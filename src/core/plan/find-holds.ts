import { type Autonomy, allows } from "../autonomy/autonomy.ts";
import type { Config } from "../config/config.ts";
import { findOpenWindow } from "../config/find-window.ts";
import { isUnapproved } from "../gate/rules/approval.ts";
import { assessMode, assessOrganisation } from "../queue/assess-readiness.ts";
import { explainWindows } from "../queue/explain-windows.ts";
import { type Reason, reason } from "../reasons.ts";
import { isPaused } from "../session/session.ts";
import { explainPause } from "../stop/explain-stop.ts";
import type { Task } from "../task/task.ts";
import { autonomyOn } from "./autonomy-for.ts";
import { isUnderCritics } from "./critics/critics-stage.ts";
import { autonomyOf, type RepositoryView } from "./repository/repository-view.ts";

/** Actions that change code or start work: each waits while something holds it back. */
export type HeldKind = "dispatch" | "publish" | "revert" | "merge";

/** Something that holds an order back: in a few words, and as its task says it; by no reason where it is judged again soon. */
export interface Hold {
  readonly why: string;
  readonly reasons: readonly Reason[];
}

/** Whose order it is, under what is in force at this moment. */
interface Scene {
  readonly task: Task;
  readonly view: RepositoryView;
  /** What a publication changes; without its order at hand, what its task remembers of it. */
  readonly paths?: readonly string[];
}

interface Row {
  readonly needs: Autonomy;
  readonly wouldBe: string;
}

const ROWS: Readonly<Record<HeldKind, Row>> = {
  dispatch: { needs: "draft-pr", wouldBe: "the run would be dispatched now" },
  publish: { needs: "draft-pr", wouldBe: "the pull request would be written now" },
  revert: { needs: "draft-pr", wouldBe: "the change would be taken back now" },
  merge: { needs: "merge-with-approval", wouldBe: "the pull request would be merged now" },
};

/** Everything that holds an order back now; it is done as soon as nothing does. */
export function listHolds(kind: HeldKind, scene: Scene & { readonly now: number }): readonly Hold[] {
  const { task } = scene;
  const onHold = { why: "the task is on hold", reasons: [reason("task.held", "The task is on hold.")] };
  return [
    ...(task.held ? [onHold] : []),
    ...listRepositoryHolds(kind, scene),
    ...(kind === "dispatch" ? listWindows(scene) : []),
  ];
}

/** What the repository has against an order, whatever its task wants. */
export function listRepositoryHolds(kind: HeldKind, scene: Scene): readonly Hold[] {
  const { task, view } = scene;
  const { status, stored } = view.record;
  const suspended = [reason("installation.suspended", "The installation is suspended.")];
  // Where the app was removed, tasks have ended, or do so as soon as they are looked at.
  const reasons = status === "suspended" ? suspended : [];
  return [
    ...(status === "active" ? [] : [{ why: `the installation is ${status}`, reasons }]),
    ...(isPaused(stored, task.id)
      ? [{ why: "the repository is paused", reasons: explainPause(stored.pausedBy) }]
      : []),
    ...listConfigHolds(kind, scene),
  ];
}

/** What the configuration in force has against it. */
function listConfigHolds(kind: HeldKind, scene: Scene): readonly Hold[] {
  const { view } = scene;
  const { config } = view;
  const why = "the repository is not in active mode";
  if (config === null) {
    const absent = "No configuration is in force, so what was ordered is not done.";
    return [{ why, reasons: [reason("config.absent", absent)] }];
  }
  return [
    ...(config.mode === "active" ? [] : [{ why, reasons: assessMode(view, ROWS[kind].wouldBe) }]),
    ...listAutonomyHolds(kind, scene, config),
    ...listPeopleHolds(kind, scene, config),
  ];
}

/** Other configurations withdraw a merge, and what is taken back was there before: only a publication may have come under a ceiling. */
function listAutonomyHolds(kind: HeldKind, { task, view, ...scene }: Scene, config: Config): readonly Hold[] {
  const { needs } = ROWS[kind];
  const paths = kind === "publish" ? (scene.paths ?? filesOf(task)) : [];
  const autonomy = autonomyOn(config, task, paths);
  if (allows(autonomy, needs)) return [];
  const source = allows(autonomyOf(config, task.role), needs) ? ", from `ceilings`," : "";
  const message = `Autonomy \`${autonomy}\`${source} does not allow what was ordered before; \`${needs}\` or more does.`;
  // What nobody can read allows nothing, and has its own reason.
  const isUnreadable = view.organisation?.text === null;
  const reasons = isUnreadable ? assessOrganisation(task, view) : [reason("autonomy.too-low", message)];
  return [{ why: "the autonomy was lowered", reasons }];
}

/** Of a very large change a task remembers folders, which say nothing of a ceiling; only its order knows. */
function filesOf({ touched = [] }: Task): readonly string[] {
  return touched.filter((path) => !path.endsWith("/"));
}

/** Whose word is missing. Critics only look at what is merged, and need nobody's. */
function listPeopleHolds(kind: HeldKind, { task, view }: Scene, config: Config): readonly Hold[] {
  if (kind === "merge" && wasSparedApproval(task, config))
    return [{ why: "it was judged before an approval was needed", reasons: [] }];
  const isStart = kind === "dispatch" && !isUnderCritics(task);
  if (!view.governed || !isStart || task.allowed !== undefined) return [];
  return [{ why: "no maintainer has let the task start", reasons: assessOrganisation(task, view) }];
}

/** The autonomy may be lower now than at the verdict; it is judged again soon. */
function wasSparedApproval({ role, pull }: Task, config: Config): boolean {
  const verdict = pull?.verdict;
  if (autonomyOf(config, role) !== "merge-with-approval" || !verdict) return false;
  return isUnapproved(verdict);
}

/** A window may have begun, or have been configured, since the order. Merges are verified again then, and critics are let through. */
function listWindows({ task, view, now }: Scene & { readonly now: number }): readonly Hold[] {
  if (isUnderCritics(task)) return [];
  const open = findOpenWindow(view.config?.windows ?? [], "dispatch", now);
  if (open === null) return [];
  return [{ why: `the window ${open.window.name} is open`, reasons: explainWindows(view.config, now) }];
}
