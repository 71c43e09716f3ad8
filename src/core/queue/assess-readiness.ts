import { allows } from "../autonomy/autonomy.ts";
import type { Critics } from "../config/config.ts";
import {
  ORGANISATION_CHECK,
  ORGANISATION_PATH,
  ORGANISATION_REPOSITORY,
} from "../organisation/view-organisation.ts";
import { autonomyOf, kindOf, type RepositoryView } from "../plan/repository/repository-view.ts";
import { type Reason, reason } from "../reasons.ts";
import { isInSession, isTaken } from "../session/session.ts";
import { explainPause, explainStops } from "../stop/explain-stop.ts";
import type { Task } from "../task/task.ts";
import { assessText } from "./assess-text.ts";

/** Inputs that every dispatch carries when the workflow declares them; `correlation` it has to declare. */
export const REQUIRED_INPUT = "correlation";

/** Everything that keeps a task from being started, all of it at once; an empty list means: execute. */
export function assessReadiness(
  task: Task,
  view: RepositoryView,
  doneRoadmapIds: readonly string[],
): readonly Reason[] {
  return [
    ...assessOrganisation(task, view),
    ...assessConfiguration(task, view),
    ...assessText(task, view),
    ...assessRequirements(task, view),
    ...assessDependencies(task, view, doneRoadmapIds),
    ...assessRevert(task),
    ...assessHolds(task, view),
  ];
}

/** What keeps the critics from looking at a merged change. */
export function assessCritics(task: Task, view: RepositoryView, critics: Critics): readonly Reason[] {
  const { workflow, inputs } = critics;
  return [
    ...assessMode(view, "the critics would be dispatched now"),
    ...assessWorkflow(workflow, view),
    ...assessInputs({ workflow, inputs }, view),
    ...assessHolds(task, view),
  ];
}

/** What the owner's file and the repository's governance ask for before anything is started. */
export function assessOrganisation(
  task: Task,
  { organisation, governed }: RepositoryView,
): readonly Reason[] {
  if (organisation?.text === null) {
    const file = `\`${ORGANISATION_PATH}\` of \`${organisation.owner}/${ORGANISATION_REPOSITORY}\``;
    const message = `${file} was never valid; the check \`${ORGANISATION_CHECK}\` there names every error.`;
    return [reason("organisation.invalid", message)];
  }
  if (!governed || task.allowed !== undefined) return [];
  const wanted = `a maintainer other than @${task.requestedBy.login} lets this task start`;
  return [reason("approval.dispatch", `Governed repository: ${wanted} with \`/orchestrate allow\`.`)];
}

function assessConfiguration(task: Task, view: RepositoryView): readonly Reason[] {
  const { config, organisation } = view;
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
  // What nobody can read allows nothing, and has its own reason.
  if (organisation?.text !== null && !allows(autonomy, "draft-pr")) {
    reasons.push(
      reason("autonomy.too-low", `Autonomy \`${autonomy}\` allows no dispatch; \`draft-pr\` or more does.`),
    );
  }
  const stage = `stage \`${kind.stages[task.stage]?.name}\``;
  return [...reasons, ...assessMode(view, `${stage} would be dispatched now`)];
}

/** That what would be done now is only shown. */
export function assessMode({ config }: RepositoryView, what: string): readonly Reason[] {
  return config?.mode === "shadow" ? [reason("mode.shadow", `Shadow mode: ${what}; nothing is.`)] : [];
}

function assessRequirements(task: Task, view: RepositoryView): readonly Reason[] {
  const entry = view.roadmap?.tasks.find((known) => known.id === task.roadmapId);
  const requires = entry?.requires;
  const paths = (requires?.paths ?? []).filter((path) => view.facts?.paths[path] !== true);
  const stages = kindOf(view.config, task.kind)?.stages ?? [];
  const critics = view.config?.critics;
  const dispatched = [...stages, ...(critics === undefined ? [] : [critics])];
  const required = new Set([...(requires?.workflows ?? []), ...dispatched.map(({ workflow }) => workflow)]);
  return [
    ...paths.map((path) =>
      reason(
        "requires.path",
        `Path \`${path}\` is missing on \`${view.facts?.branch ?? "the default branch"}\`.`,
      ),
    ),
    ...assessDesign(entry?.designReview, view),
    ...[...required].flatMap((file) => assessWorkflow(file, view)),
    ...dispatched.flatMap((one) => assessInputs(one, view)),
  ];
}

function assessDesign(path: string | undefined, { facts }: RepositoryView): readonly Reason[] {
  if (path === undefined || facts?.paths[path] === true) return [];
  const branch = facts?.branch ?? "the default branch";
  const message = `The design \`${path}\` is not merged on \`${branch}\`; work starts when it is.`;
  return [reason("requires.design-review", message)];
}

function assessWorkflow(file: string, view: RepositoryView): readonly Reason[] {
  if (view.facts?.workflows[file]) return [];
  const message = `Workflow \`.github/workflows/${file}\` is missing there, or has no \`workflow_dispatch\` trigger.`;
  return [reason("requires.workflow", message)];
}

/** A workflow that is dispatched, with the inputs that the configuration gives it. */
interface Dispatched {
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

function assessInputs(stage: Dispatched, view: RepositoryView): readonly Reason[] {
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

/** The next attempt starts from what people make of the pull request that takes the last one's change back. */
function assessRevert({ aftermath }: Task): readonly Reason[] {
  if (aftermath === undefined || aftermath.revert === null) return [];
  const revert = `#${aftermath.revert.number}`;
  const refused = `The critics refused what pull request #${aftermath.merged.number} merged`;
  const rows = {
    looking: [],
    reverting: [],
    waiting: [
      reason("critics.revert-open", `${refused}; ${revert} takes it back and is open.`, {
        liftedBy: `whoever merges or closes ${revert}`,
      }),
    ],
    settling: [
      reason("critics.revert-open", `${refused}; ${revert} is decided, and the branch is being read.`, {
        liftedBy: "GitHub",
      }),
    ],
    over: [],
  };
  return rows[aftermath.phase];
}

function assessHolds(task: Task, view: RepositoryView): readonly Reason[] {
  const reasons: Reason[] = [...explainStops(view.record.stops ?? [])];
  if (task.held) reasons.push(reason("task.held", "The task is on hold."));
  const { pausedBy, sessions = [] } = view.record.stored;
  // What is queued may be started by a session; what is under way is a session's only if it was taken.
  const isFree = task.state === "queued" ? isInSession(sessions, task) : isTaken(sessions, task.id);
  if (!isFree) reasons.push(...explainPause(pausedBy));
  if (view.record.status === "suspended")
    reasons.push(reason("installation.suspended", "The installation is suspended."));
  return reasons;
}
