import { parseConfig } from "../config/parse-config.ts";
import type { Annotation, CheckOutput } from "../effects.ts";
import { parseRoadmap } from "../roadmap/parse-roadmap.ts";
import { type Problem, renderProblem } from "../yaml/problem.ts";
import { inline, paragraphs } from "./text.ts";

const CONFIG_PATH = ".github/orchestrator.yml";
const ISSUE_TITLE = "Action required: fix orchestrator.yml";

interface ConfigCheck {
  readonly status: "completed";
  readonly conclusion: "success" | "failure";
  readonly output: CheckOutput;
  readonly annotations: readonly Annotation[];
}

/** The check `orchestrator / config`: every error at once, at its line, and what stays in force meanwhile. */
export function configCheckOutput(facts: {
  readonly text: string;
  readonly roadmapText?: string | null;
  readonly isInForce: boolean;
  readonly lastGoodSha: string | null;
}): ConfigCheck {
  const { problems, warnings, roadmapProblems } = readFiles(facts.text, facts.roadmapText ?? null);
  const count = problems.length + roadmapProblems.length;
  const errors = `${count} ${count === 1 ? "error" : "errors"}`;
  const effect = facts.isInForce
    ? "It is in force."
    : "It comes into force when this is merged into the default branch.";
  const sentence =
    count === 0
      ? `The configuration is valid. ${effect}`
      : `The configuration has ${errors}. ${inForce(facts.lastGoodSha)}`;
  return {
    status: "completed",
    conclusion: count === 0 ? "success" : "failure",
    output: {
      title: count === 0 ? validTitle(warnings.length) : errors,
      summary: paragraphs(
        sentence,
        list(CONFIG_PATH, problems),
        list("roadmap", roadmapProblems),
        warnings.length === 0 ? undefined : `Warnings:\n\n${list(CONFIG_PATH, warnings)}`,
      ),
    },
    annotations: [
      ...problems.map((problem) => annotate(problem, "failure")),
      ...warnings.map((problem) => annotate(problem, "warning")),
    ],
  };
}

function validTitle(warnings: number): string {
  return warnings === 0 ? "Valid" : `Valid, ${warnings} ${warnings === 1 ? "warning" : "warnings"}`;
}

interface FileReadings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly roadmapProblems: readonly Problem[];
}

function readFiles(text: string, roadmapText: string | null): FileReadings {
  const parsed = parseConfig(text);
  const roadmap = roadmapText === null ? undefined : parseRoadmap(roadmapText);
  return {
    problems: parsed.ok ? [] : parsed.problems,
    warnings: parsed.ok ? parsed.warnings : [],
    roadmapProblems: roadmap === undefined || roadmap.ok ? [] : roadmap.problems,
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
      ...facts.files.map(({ file, problems }) => list(file, problems)),
      "This issue is kept up to date and closed when everything is valid. Try a file before you push it: `npm run orchestrator -- validate FILE`.",
    ),
  };
}

function inForce(lastGoodSha: string | null): string {
  return lastGoodSha === null
    ? "There is no earlier valid version, so nothing is started until this is corrected."
    : `The last valid version, of \`${lastGoodSha.slice(0, 12)}\`, stays in force.`;
}

function list(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return "";
  return [`\`${file}\`:`, "", ...problems.map((problem) => `- ${inline(renderProblem(problem), 400)}`)].join(
    "\n",
  );
}

function annotate(problem: Problem, level: Annotation["level"]): Annotation {
  return {
    path: CONFIG_PATH,
    startLine: problem.line,
    endLine: problem.line,
    level,
    message: renderProblem(problem),
  };
}
