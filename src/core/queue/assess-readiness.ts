import { allows } from "../autonomy/autonomy.ts";
import type { Stage } from "../config/config.ts";
import { autonomyOf, kindOf, type RepositoryView } from "../plan/repository/repository-view.ts";
import { type Reason, reason } from "../reasons.ts";
import type { Task } from "../task/task.ts";

/** Inputs that every dispatch carries when the workflow declares them; `correlation` it has to declare. */
export const REQUIRED_INPUT = "correlation";

/** Everything that keeps a task from being started, all of it at once; an empty list means: execute. */
export function assessReadiness(
  task: Task,
  view: RepositoryView,
  doneRoadmapIds: readonly string[],
): readonly Reason[] {
  return [
    ...assessConfiguration(task, view),
    ...assessRequirements(task, view),
    ...assessDependencies(task, view, doneRoadmapIds),
    ...assessHolds(task, view),
  ];
}

function assessConfiguration(task: Task, view: RepositoryView): readonly Reason[] {
  const { config } = view;
  if (config === null) {
    return view.configProblems.length > 0
      ? [
          reason(
            "config.invalid",
            "`.github/orchestrator.yml` was never valid; the check `orchestrator / config` names every error.",
          ),
        ]
      : [
          reason(
            "config.absent",
            "This repository has no `.github/orchestrator.yml`, so there is nothing to run.",
          ),
        ];
  }
  const kind = kindOf(config, task.kind);
  if (kind === undefined) {
    const labels = Object.values(config.kinds).flatMap((known) => known.match.labels);
    const choices =
      labels.length === 0
        ? "and no kind is configured"
        : `add one of the labels ${labels.map((label) => `\`${label}\``).join(", ")}`;
    return [reason("kind.unknown", `No configured kind fits this issue; ${choices}.`)];
  }
  if (kind.stages[task.stage] === undefined) {
    const message = `The pipeline \`${task.kind}\` has fewer stages now than this task has passed; \`/orchestrate retry\` begins anew.`;
    return [reason("kind.unknown", message, { liftedBy: "`/orchestrate retry`, or the missing stage" })];
  }
  const autonomy = autonomyOf(config, task.role);
  const reasons: Reason[] = [];
  if (!allows(autonomy, "draft-pr")) {
    reasons.push(
      reason("autonomy.too-low", `Autonomy \`${autonomy}\` allows no dispatch; \`draft-pr\` or more does.`),
    );
  }
  if (config.mode === "shadow") {
    reasons.push(
      reason(
        "mode.shadow",
        `Shadow mode: stage \`${kind.stages[task.stage]?.name}\` would be dispatched now; nothing is.`,
      ),
    );
  }
  return reasons;
}

function assessRequirements(task: Task, view: RepositoryView): readonly Reason[] {
  const requires = view.roadmap?.tasks.find((entry) => entry.id === task.roadmapId)?.requires;
  const paths = (requires?.paths ?? []).filter((path) => view.facts?.paths[path] !== true);
  const stages = kindOf(view.config, task.kind)?.stages ?? [];
  const required = new Set([...(requires?.workflows ?? []), ...stages.map((stage) => stage.workflow)]);
  const missing = [...required].filter((file) => !view.facts?.workflows[file]);
  return [
    ...paths.map((path) =>
      reason(
        "requires.path",
        `Path \`${path}\` is missing on \`${view.facts?.branch ?? "the default branch"}\`.`,
      ),
    ),
    ...missing.map((file) =>
      reason(
        "requires.workflow",
        `Workflow \`.github/workflows/${file}\` is missing there, or has no \`workflow_dispatch\` trigger.`,
      ),
    ),
    ...stages.flatMap((stage) => assessInputs(stage, view)),
  ];
}

function assessInputs(stage: Stage, view: RepositoryView): readonly Reason[] {
  const declared = view.facts?.workflows[stage.workflow];
  if (!declared) return [];
  const needed = [REQUIRED_INPUT, ...Object.keys(stage.inputs)];
  return needed
    .filter((input) => !declared.includes(input))
    .map((input) =>
      reason("requires.input", `Workflow \`${stage.workflow}\` does not declare the input \`${input}\`.`),
    );
}

function assessDependencies(
  task: Task,
  view: RepositoryView,
  doneRoadmapIds: readonly string[],
): readonly Reason[] {
  const roadmapTask = view.roadmap?.tasks.find((entry) => entry.id === task.roadmapId);
  const fromRoadmap = (roadmapTask?.dependsOn ?? []).flatMap((id) =>
    assessRoadmapDependency(id, view, doneRoadmapIds),
  );
  return [...fromRoadmap, ...task.dependencies.flatMap(assessIssueDependency)];
}

function assessRoadmapDependency(
  id: string,
  view: RepositoryView,
  doneRoadmapIds: readonly string[],
): readonly Reason[] {
  const entry = view.roadmap?.tasks.find((candidate) => candidate.id === id);
  if (entry?.status === "done" || doneRoadmapIds.includes(id)) return [];
  if (entry?.status === "dropped")
    return [reason("dependency.not-done", `Roadmap task ${id} was dropped without being done.`)];
  return [
    reason("dependency.open", `Roadmap task ${id} is not done yet.`, { liftedBy: `the completion of ${id}` }),
  ];
}

function assessIssueDependency({ ref, state }: Task["dependencies"][number]): readonly Reason[] {
  if (state === "done") return [];
  if (state === "open")
    return [reason("dependency.open", `${ref} is not done yet.`, { liftedBy: `the completion of ${ref}` })];
  if (state === "not-done") return [reason("dependency.not-done", `${ref} was closed without being done.`)];
  return [reason("dependency.unknown", `${ref} cannot be read.`)];
}

function assessHolds(task: Task, view: RepositoryView): readonly Reason[] {
  const reasons: Reason[] = [];
  if (task.held) reasons.push(reason("task.held", "The task is on hold."));
  if (view.record.stored.pausedBy !== null)
    reasons.push(reason("repository.paused", `The repository is paused by ${view.record.stored.pausedBy}.`));
  if (view.record.status === "suspended")
    reasons.push(reason("installation.suspended", "The installation is suspended."));
  return reasons;
}
