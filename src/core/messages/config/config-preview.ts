import type { ConfigChange } from "../../config/compare-values.ts";
import type { DecisionChange } from "../../plan/repository/compare-decisions.ts";
import type { ConfigPreview, RoadmapPreview } from "../../plan/repository/preview-config.ts";
import type { Problem } from "../../yaml/problem.ts";
import { code, cutTo, paragraphs, plural, table } from "../text.ts";
import { annotate, CONFIG_PATH, type ConfigCheck, listProblems, listWarnings } from "./config.ts";
import { decisionRows } from "./organisation.ts";
import { showBoth } from "./show-both.ts";

const TITLE_CHARS = 80;
const VALUE_CHARS = 80;
const MAX_CHANGES = 50;
const MAX_NAMES = 10;

/** What is in force until the branch is merged. */
interface InForce {
  readonly branch: string;
  /** Commit that the configuration in force came from; null when none is. */
  readonly sha: string | null;
}

/** The check `orchestrator / config` of a branch: errors first, then what would be different if it were merged. */
export function configPreviewOutput(preview: ConfigPreview, inForce: InForce): ConfigCheck {
  const problems = preview.config === null || preview.config.ok ? [] : preview.config.problems;
  const warnings = preview.config?.ok ? preview.config.warnings : [];
  const roadmapProblems = problemsOf(preview.roadmap);
  const looser = preview.changes.filter((change) => change.direction === "looser");
  const errors = problems.length + roadmapProblems.length;
  return {
    status: "completed",
    conclusion: errors > 0 ? "failure" : looser.length > 0 ? "action_required" : "success",
    output: {
      title: cutTo(titleOf(preview, { errors, looser }), TITLE_CHARS),
      summary: paragraphs(
        headline(preview, { errors, looser }),
        stays(inForce),
        listProblems(CONFIG_PATH, problems),
        roadmapProblems.length > 0 ? roadmapSection(preview.roadmap) : undefined,
        changeSection(preview),
        overruledSection(preview),
        errors > 0 && preview.decisions.length === 0 ? undefined : decisionSection(preview, inForce),
        listWarnings(warnings),
        roadmapProblems.length > 0 ? undefined : roadmapSection(preview.roadmap),
      ),
    },
    annotations: [
      ...annotate(CONFIG_PATH, problems, "failure"),
      ...annotate(CONFIG_PATH, warnings, "warning"),
      ...annotate(preview.roadmap?.path ?? "", roadmapProblems, "failure"),
    ],
  };
}

function problemsOf(roadmap: RoadmapPreview | null): readonly Problem[] {
  return roadmap === null || roadmap.parsed === null || roadmap.parsed.ok ? [] : roadmap.parsed.problems;
}

interface Findings {
  readonly errors: number;
  readonly looser: readonly ConfigChange[];
}

function titleOf({ config, changes }: ConfigPreview, { errors, looser }: Findings): string {
  if (errors > 0) return plural(errors, "error");
  if (looser.length > 0) return `Needs a maintainer: ${namesOf(looser).join(", ")}`;
  if (config === null) return "Removes the configuration";
  return changes.length === 0 ? "Valid, changes no key" : `Valid, changes ${plural(changes.length, "key")}`;
}

function headline({ config }: ConfigPreview, { errors, looser }: Findings): string {
  if (errors > 0)
    return `The files have ${plural(errors, "error")}. A broken file does not come into force, merged or not.`;
  if (config === null)
    return `This removes \`${CONFIG_PATH}\`: nothing is started any more, and tasks under way stop before their next step.`;
  if (looser.length === 0) return "The files are valid, and no key becomes looser.";
  const names = namesOf(looser)
    .map((name) => `\`${name}\``)
    .join(", ");
  return `**A maintainer has to look at this.** The files are valid, but something becomes looser: ${names}. Whoever means it approves the pull request and merges it; this check does not turn green by itself.`;
}

function namesOf(changes: readonly ConfigChange[]): readonly string[] {
  const names = [...new Set(changes.map(({ name }) => name))];
  const rest = names.length - MAX_NAMES;
  return rest > 0 ? [...names.slice(0, MAX_NAMES), `${rest} more`] : names;
}

function stays({ branch, sha }: InForce): string {
  return sha === null
    ? `Until this is merged into ${code(branch)}, no configuration is in force and nothing is started.`
    : `Until this is merged into ${code(branch)}, the configuration of \`${sha.slice(0, 12)}\` stays in force, for this branch and its pull request too.`;
}

function roadmapSection(roadmap: RoadmapPreview | null): string | undefined {
  if (roadmap === null) return undefined;
  const { path, parsed, tasksBefore } = roadmap;
  if (parsed === null) return paragraphs("### Roadmap", `${code(path)} is not on this branch.`);
  if (!parsed.ok) return paragraphs("### Roadmap", listProblems(path, parsed.problems));
  const tasks = plural(parsed.roadmap.tasks.length, "task");
  const before = tasksBefore === null ? "none" : String(tasksBefore);
  return paragraphs("### Roadmap", `${code(path)} is valid: ${tasks}; in force now: ${before}.`);
}

function changeSection({ config, changes }: ConfigPreview): string | undefined {
  if (!config?.ok) return undefined;
  const rows = changes.slice(0, MAX_CHANGES).map(rowOfChange);
  return paragraphs(
    "### If this is merged",
    rows.length === 0
      ? "No key of the configuration gets another value."
      : table(["Key", "Before", "After", "Effect"], rows),
    more(changes.length - rows.length),
  );
}

/** What the branch says in vain. */
function overruledSection({ overruled }: ConfigPreview): string | undefined {
  const rows = decisionRows(overruled.slice(0, MAX_CHANGES));
  if (rows.length === 0) return undefined;
  return paragraphs(
    "### Decided elsewhere",
    table(["Key", "On this branch", "In force", "Decided by"], rows),
    more(overruled.length - rows.length),
  );
}

const MARKS = { looser: "⚠️ ", tighter: "", neutral: "" } as const;

function rowOfChange({ key, before, after, name, sentence, direction }: ConfigChange): readonly string[] {
  return [
    code(key, VALUE_CHARS),
    ...showBoth(before, after, VALUE_CHARS).map((value) => code(value, VALUE_CHARS)),
    `${MARKS[direction]}\`${name}\`: ${sentence}`,
  ];
}

function decisionSection(preview: ConfigPreview, { branch }: InForce): string {
  const { decisions, unlisted, beyond, assumed } = preview;
  return paragraphs(
    "### Open tasks and pull requests that are decided differently",
    decisions.length === 0 ? "None." : table(["What", "Now", "Then", "Why"], decisions.map(rowOfDecision)),
    more(unlisted),
    beyond > 0
      ? `${plural(beyond, "task")} further back in the queue ${beyond === 1 ? "was" : "were"} not looked at.`
      : undefined,
    assumed.length === 0
      ? undefined
      : `Taken to be on ${code(branch)}, because nothing needed it so far: ${code(assumed.join(", "), 300)}.`,
  );
}

function rowOfDecision({ issue, pull, before, after, why }: DecisionChange): readonly string[] {
  const names = [issue === null ? "" : `#${issue}`, pull === null ? "" : `pull request #${pull}`];
  return [names.filter((name) => name !== "").join(", "), before, after, why];
}

function more(count: number): string | undefined {
  return count > 0 ? `(and ${count} more)` : undefined;
}
