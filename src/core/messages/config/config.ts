import { parseConfig } from "../../config/parse-config.ts";
import type { Annotation, CheckOutput } from "../../effects.ts";
import { parseRoadmap } from "../../roadmap/parse-roadmap.ts";
import { type Problem, renderProblem } from "../../yaml/problem.ts";
import { inline, paragraphs, plural } from "../text.ts";

export const CONFIG_PATH = ".github/orchestrator.yml";
const ISSUE_TITLE = "Action required: fix orchestrator.yml";

/** A completed check run about the configuration. */
export interface ConfigCheck {
  readonly status: "completed";
  readonly conclusion: "success" | "failure" | "action_required";
  readonly output: CheckOutput;
  readonly annotations: readonly Annotation[];
}

/** The check `orchestrator / config` of the default branch: every error at once, at its line, and what stays in force. */
export function configCheckOutput(facts: {
  readonly text: string;
  readonly roadmapText?: string | null;
  readonly isInForce: boolean;
  readonly lastGoodSha: string | null;
  /** What the owner's file decides here; empty where it says nothing. */
  readonly organisation?: string;
}): ConfigCheck {
  const { problems, warnings, roadmapProblems, roadmapPath } = readFiles(
    facts.text,
    facts.roadmapText ?? null,
  );
  const count = problems.length + roadmapProblems.length;
  const sentence =
    count === 0
      ? `The configuration is valid.${facts.isInForce ? " It is in force." : ""}`
      : `The configuration has ${plural(count, "error")}. ${inForce(facts.lastGoodSha)}`;
  return {
    status: "completed",
    conclusion: count === 0 ? "success" : "failure",
    output: {
      title: count === 0 ? validTitle(warnings.length) : plural(count, "error"),
      summary: paragraphs(
        sentence,
        facts.organisation,
        listProblems(CONFIG_PATH, problems),
        listProblems(roadmapPath ?? "roadmap", roadmapProblems),
        listWarnings(warnings),
      ),
    },
    annotations: [
      ...annotate(CONFIG_PATH, problems, "failure"),
      ...annotate(CONFIG_PATH, warnings, "warning"),
      ...(roadmapPath === undefined ? [] : annotate(roadmapPath, roadmapProblems, "failure")),
    ],
  };
}

function validTitle(warnings: number): string {
  return warnings === 0 ? "Valid" : `Valid, ${plural(warnings, "warning")}`;
}

interface FileReadings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly roadmapProblems: readonly Problem[];
  readonly roadmapPath: string | undefined;
}

function readFiles(text: string, roadmapText: string | null): FileReadings {
  const parsed = parseConfig(text);
  const roadmap = roadmapText === null ? undefined : parseRoadmap(roadmapText);
  return {
    problems: parsed.ok ? [] : parsed.problems,
    warnings: parsed.ok ? parsed.warnings : [],
    roadmapProblems: roadmap === undefined || roadmap.ok ? [] : roadmap.problems,
    roadmapPath: parsed.ok ? parsed.config.roadmap : undefined,
  };
}

/** The one issue that stays open while a file is broken; with nothing broken its body says that it is over. */
export function configIssue(facts: {
  readonly files: readonly { readonly file: string; readonly problems: readonly Problem[] }[];
  readonly sha: string;
  readonly lastGoodSha: string | null;
}): { readonly title: string; readonly body: string } {
  if (facts.files.length === 0) return { title: ISSUE_TITLE, body: "The configuration is valid again." };
  return {
    title: ISSUE_TITLE,
    body: paragraphs(
      `The files on the default branch (\`${facts.sha.slice(0, 12)}\`) have errors. ${inForce(facts.lastGoodSha)}`,
      ...facts.files.map(({ file, problems }) => listProblems(file, problems)),
      "This issue is kept up to date and closed when everything is valid. Try a file before you push it: `npm run orchestrator -- validate FILE`.",
    ),
  };
}

function inForce(lastGoodSha: string | null): string {
  return lastGoodSha === null
    ? "There is no earlier valid version, so nothing is started until this is corrected."
    : `The last valid version, of \`${lastGoodSha.slice(0, 12)}\`, stays in force.`;
}

/** Problems of a file, each at its line and column. */
export function listProblems(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return "";
  return [`\`${file}\`:`, "", ...problems.map((problem) => `- ${inline(renderProblem(problem), 400)}`)].join(
    "\n",
  );
}

/** What warnings are called, by the place that they are about. */
const WARNING_NAMES: readonly (readonly [place: RegExp, name: string])[] = [
  [/^roles\.[^.]+\.autonomy$/u, "role-above-ceiling"],
  [/^kinds\.[^.]+$/u, "unreachable-kind"],
  [/^gates\.paths\.protect$/u, "protection-dropped"],
  [/^gates\.approvals$/u, "approvals-unread"],
];

/** Warnings of the configuration, each with the name of its sort. */
export function listWarnings(warnings: readonly Problem[]): string {
  if (warnings.length === 0) return "";
  const lines = warnings.map((warning) => {
    const name = WARNING_NAMES.find(([place]) => place.test(warning.path))?.[1] ?? "warning";
    return `- \`${name}\` ${inline(renderProblem(warning), 400)}`;
  });
  return [`Warnings of \`${CONFIG_PATH}\`:`, "", ...lines].join("\n");
}

/** The same at the lines themselves. */
export function annotate(
  path: string,
  problems: readonly Problem[],
  level: Annotation["level"],
): readonly Annotation[] {
  return problems.map((problem) => ({
    path,
    startLine: problem.line,
    endLine: problem.line,
    level,
    message: renderProblem(problem),
  }));
}
