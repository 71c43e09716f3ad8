import { allows } from "../../autonomy/autonomy.ts";
import type { WorkerResult } from "../../evidence/worker-result.ts";
import { commitTitle } from "../../messages/commit-title.ts";
import { pullBody } from "../../messages/pull.ts";
import { keepTouched } from "../../queue/overlap/scope.ts";
import { reason } from "../../reasons.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { Task } from "../../task/task.ts";
import { autonomyOn } from "../autonomy-for.ts";
import { EFFECT_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { roleOf } from "../repository/repository-view.ts";
import { moveTask } from "../task/change-task.ts";
import { notePublished } from "./find-duplicate.ts";

const SLUG_MAX_CHARS = 40;

/** Orders branch, commit and pull request for a result's changes; the worker itself cannot write. */
export function publishChanges(
  draft: Draft,
  task: Task,
  from: { readonly attempt: Attempt; readonly result: WorkerResult },
): Task {
  const { attempt, result } = from;
  const { config } = draft.view;
  if (config === null) throw new Error("a change is published only under a configuration");
  const paths = result.changes.map(({ path }) => path);
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
      draft: !allows(autonomyOn(config, task, paths), "merge-with-approval"),
    },
    { subject: `task:${task.id}`, taskId: task.id },
  );
  notePublished(draft, task, result.changes);
  draft.audit("change.published", {
    taskId: task.id,
    data: { correlation: attempt.correlation, files: result.changes.length },
  });
  return moveTask(
    draft,
    { ...task, touched: keepTouched(paths) },
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
