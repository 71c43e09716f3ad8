import { allows } from "../../autonomy/autonomy.ts";
import type { WorkerResult } from "../../evidence/worker-result.ts";
import { matchesAny, matchesExactly } from "../../gate/match-paths.ts";
import type { GateResult } from "../../gate/verdict.ts";
import { commitTitle } from "../../messages/commit-title.ts";
import { pullBody } from "../../messages/pull.ts";
import { code } from "../../messages/text.ts";
import { keepTouched } from "../../queue/overlap/scope.ts";
import { reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import { EFFECT_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { autonomyOf, roleOf } from "../repository/repository-view.ts";
import { moveTask } from "../task/change-task.ts";
import { notePublished } from "./find-duplicate.ts";

const SLUG_MAX_CHARS = 40;

/** A change that the app will not write: it names what a person has to decide on. */
export function findScopeProblem(draft: Draft, result: WorkerResult): GateResult | undefined {
  const { config } = draft.view;
  const protect = config?.gates.paths.protect ?? [];
  const allow = config?.gates.paths.allow ?? [];
  const outside = result.changes
    .map((change) => change.path)
    .filter((path) => matchesAny(path, protect) || (allow.length > 0 && !matchesExactly(path, allow)));
  if (outside.length === 0) return undefined;
  return {
    gate: "paths",
    verdict: "BLOCKED",
    message: `The answer changes ${outside.length === 1 ? "a path" : `${outside.length} paths`} that a person has to decide on: ${outside
      .slice(0, 3)
      .map((path) => code(path))
      .join(", ")}.`,
    seen: `${outside.length} outside`,
    wanted: "paths in scope",
    howToFix:
      "Change `gates.paths` on the default branch, or do this part by hand, then `/orchestrate retry`.",
    details: outside.slice(0, 20).map((path) => code(path)),
  };
}

/** Orders branch, commit and pull request for a result's changes; the worker itself cannot write. */
export function publishChanges(
  draft: Draft,
  task: Task,
  from: { readonly attempt: Attempt; readonly result: WorkerResult },
): Task {
  const { attempt, result } = from;
  const { config } = draft.view;
  if (config === null) throw new Error("a change is published only under a configuration");
  draft.act(
    `publish:${attempt.correlation}`,
    {
      kind: "publish",
      correlation: attempt.correlation,
      branch: task.pull?.branch ?? branchFor(task, roleOf(config, task.role)?.branch ?? "feature/"),
      baseRef: attempt.ref,
      baseSha: attempt.baseSha,
      message: `${commitTitle(task.title, task.issue)}\n\nAttempt ${task.attempt} of #${task.issue}.`,
      changes: result.changes,
      title: commitTitle(task.title, task.issue),
      body: pullBody({
        issue: task.issue,
        role: task.role,
        summary: result.summary,
        stop:
          task.trigger === "label" ? `remove the label \`${config.label}\`` : "write `/orchestrate cancel`",
      }),
      draft: !allows(autonomyOf(config, task.role), "merge-with-approval"),
    },
    { subject: `task:${task.id}`, taskId: task.id },
  );
  notePublished(draft, task, result.changes);
  draft.audit("change.published", {
    taskId: task.id,
    data: { correlation: attempt.correlation, files: result.changes.length },
  });
  const touched = keepTouched(result.changes.map(({ path }) => path));
  return moveTask(
    draft,
    { ...task, touched },
    {
      state: "verifying",
      reasons: [reason("publish.pending", "The answer is being written as a pull request.")],
      wakeAt: draft.now + EFFECT_MS,
    },
  );
}

/** Name of the branch that a task's changes are published on. */
export function branchFor(task: Task, prefix: string): string {
  const slug = task.title
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, SLUG_MAX_CHARS)
    .replace(/^-+|-+$/gu, "");
  const generation = task.generation === 1 ? "" : `-g${task.generation}`;
  // The branch of a change that was merged and refused belongs to that change.
  const refusals = task.aftermath?.refusals ?? 0;
  const again = refusals === 0 ? "" : `-r${refusals}`;
  return `${prefix}${task.issue}${generation}${again}${slug === "" ? "" : `-${slug}`}`;
}
