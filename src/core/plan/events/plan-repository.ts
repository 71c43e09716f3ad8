import type { EventOf } from "../../events.ts";
import { configCheckOutput, configIssue } from "../../messages/config/config.ts";
import { configPreviewOutput } from "../../messages/config/config-preview.ts";
import { organisationSection } from "../../messages/config/organisation.ts";
import { isTerminal, type Task } from "../../task/task.ts";
import type { Problem } from "../../yaml/problem.ts";
import type { Draft } from "../draft.ts";
import { judgePullsAgain, reconcilePulls } from "../pull/reconcile-pulls.ts";
import { previewConfig } from "../repository/preview-config.ts";
import { absorbFacts } from "../repository/repository-view.ts";
import { takeOrganisation } from "../repository/take-organisation.ts";
import { reconcileTasks } from "../task/reconcile-tasks.ts";
import { lookAgain, verifyAgain } from "../verdict/verify-again.ts";

/** Name of the check that carries what the configuration's reader says. */
export const CONFIG_CHECK = "orchestrator / config";

type Reading = EventOf<"branch.pushed" | "repository.added" | "repository.changed" | "repository.reconcile">;

/** The repository is to be read again: facts, configuration, roadmap; a broken file never changes what is in force. */
export function planRepositoryRead(draft: Draft, event: Reading): void {
  if (event.kind === "branch.pushed" && draft.gathered.facts === undefined)
    return planOtherBranch(draft, event);
  const { facts } = draft.gathered;
  if (facts === undefined) return draft.conclude("ignored", "nothing was read");
  if (facts === null) return draft.conclude("ignored", "the repository is empty or gone");
  draft.conclude("processed", "read");
  const viewBefore = draft.view;
  const before = viewBefore.record.stored;
  const status = mayWorkAgain(event) ? "active" : draft.view.record.status;
  const stored = absorbFacts(before, facts);
  const isOtherConfig = before.goodConfig?.text !== stored.goodConfig?.text;
  if (isOtherConfig) {
    draft.audit("config.taken", {
      data: { sha: facts.sha, mode: stored.goodConfig === null ? "none" : "valid" },
    });
  }
  draft.saveRepository(stored, status);
  const isOtherFloor = takeOrganisation(draft, viewBefore);
  // With another name or owner, another part of the owner's file may be about it.
  if (isOtherConfig || isOtherFloor || event.kind === "repository.changed") {
    verifyAgain(draft);
    judgePullsAgain(draft);
  }
  projectConfig(draft, { textBefore: before.facts?.configText ?? null, isOtherFloor });
  reconcileTasks(draft);
  if (event.kind === "repository.reconcile") {
    lookAgain(draft);
    reconcilePulls(draft);
  }
}

/** Only repositories that the app may work on are reconciled, so one that could be read has come back, heard or unheard. */
function mayWorkAgain({ kind }: Reading): boolean {
  return kind === "repository.added" || kind === "repository.reconcile";
}

/** A branch that is not the default one but changes the files: say what they would mean. Nothing of it counts. */
function planOtherBranch(draft: Draft, event: EventOf<"branch.pushed">): void {
  const { branchFiles } = draft.gathered;
  const { facts, goodConfig } = draft.view.record.stored;
  if (!branchFiles || facts === null) return draft.conclude("ignored", "not the default branch");
  draft.conclude("processed", "configuration of a branch checked");
  const output = configPreviewOutput(previewConfig(draft, branchFiles), {
    branch: facts.branch,
    sha: goodConfig?.sha ?? null,
  });
  draft.project(
    `config-check:${event.sha}`,
    { kind: "check", sha: event.sha, name: CONFIG_CHECK, ...output },
    { subject: "config", taskId: null },
  );
}

/** The check on the default branch's head, and one issue while something is wrong. */
function projectConfig(
  draft: Draft,
  { textBefore, isOtherFloor }: { readonly textBefore: string | null; readonly isOtherFloor: boolean },
): void {
  const { facts, configProblems, roadmapProblems } = draft.view;
  const good = draft.view.record.stored.goodConfig;
  if (facts === null) return;
  const isNews =
    isOtherFloor || facts.configText !== textBefore || configProblems.length + roadmapProblems.length > 0;
  if (isNews && facts.configText !== null) {
    const output = configCheckOutput({
      text: facts.configText,
      roadmapText: facts.roadmapText,
      isInForce: true,
      lastGoodSha: good?.sha ?? null,
      organisation: organisationSection(draft.view),
    });
    draft.project(
      `config-check:${facts.sha}`,
      { kind: "check", sha: facts.sha, name: CONFIG_CHECK, ...output },
      { subject: "config", taskId: null },
    );
  }
  projectConfigIssue(draft, [
    { file: ".github/orchestrator.yml", problems: configProblems },
    { file: draft.view.config?.roadmap ?? ".github/roadmap.yml", problems: roadmapProblems },
  ]);
}

function projectConfigIssue(
  draft: Draft,
  files: readonly { readonly file: string; readonly problems: readonly Problem[] }[],
): void {
  const broken = files.filter(({ problems }) => problems.length > 0);
  const facts = draft.view.facts;
  const { goodConfig } = draft.view.record.stored;
  draft.project(
    "config-issue",
    {
      kind: "issue",
      ...configIssue({ files: broken, sha: facts?.sha ?? "", lastGoodSha: goodConfig?.sha ?? null }),
      state: broken.length > 0 ? "open" : "absent",
    },
    { subject: "config", taskId: null },
  );
}

/** The app may not work here any more: every task ends, nothing is written (F092, F093). */
export function planRepositoryRemoved(draft: Draft): void {
  draft.conclude("processed", "removed");
  draft.audit("repository.removed", {});
  for (const task of [...draft.activeTasks(), ...draft.queuedTasks()]) leaveTask(draft, task);
  const { published: _forgotten, ...stored } = draft.view.record.stored;
  draft.saveRepository(stored, "removed");
}

/** Heard of a repository after the app was removed from it: tasks that nobody looked at then end now. */
export function planWhileRemoved(draft: Draft): void {
  draft.conclude("ignored", "the app may not work here any more");
  if (draft.focus !== null && !isTerminal(draft.focus)) leaveTask(draft, draft.focus);
}

function leaveTask(draft: Draft, task: Task): void {
  const attempt = draft.attempt(task.correlation);
  if (attempt !== undefined && attempt.state !== "ended")
    draft.saveAttempt({ ...attempt, state: "superseded", endedAt: draft.now });
  draft.saveTask({ ...task, state: "cancelled", reasons: [], wakeAt: null, correlation: null });
}

/** Suspended: nothing is started; unsuspended: it goes on (F091). */
export function planSuspension(
  draft: Draft,
  event: EventOf<"installation.suspended" | "installation.unsuspended">,
): void {
  const status = event.kind === "installation.suspended" ? "suspended" : "active";
  draft.conclude("processed", status);
  draft.audit(`installation.${status}`, {});
  draft.saveRepository(draft.view.record.stored, status);
}
