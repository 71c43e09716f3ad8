import { normaliseAcceptance, type TextAt } from "../config/normalise-config.ts";
import { REMEMBERED_TEXTS, rememberByText } from "../remember.ts";
import { freezeDeeply } from "../yaml/freeze-deeply.ts";
import { listProblems, type Problem } from "../yaml/problem.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { checkSchema, locateFinding } from "../yaml/schema-problems.ts";
import type { Roadmap, RoadmapTask } from "./roadmap.ts";
import { roadmapRules } from "./roadmap-rules.ts";
import { type WrittenRoadmap, writtenRoadmap } from "./written-roadmap.ts";

export type ParsedRoadmap =
  | { readonly ok: true; readonly roadmap: Roadmap }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the text of a roadmap file; either all of it is right, or every problem is named. */
export const parseRoadmap = rememberByText(readRoadmap, REMEMBERED_TEXTS);

function readRoadmap(text: string): ParsedRoadmap {
  const document = readYaml(text);
  if (!document.ok) return document;
  const checked = checkSchema(writtenRoadmap, document);
  if (!checked.ok) return { ok: false, problems: listProblems(checked.problems) };
  const findings = roadmapRules.flatMap((rule) => rule(checked.value));
  if (findings.length > 0) {
    return { ok: false, problems: listProblems(findings.map((finding) => locateFinding(finding, document))) };
  }
  return { ok: true, roadmap: freezeDeeply(normaliseRoadmap(checked.value, document.textAt)) };
}

function normaliseRoadmap(written: WrittenRoadmap, textAt: TextAt): Roadmap {
  return {
    version: written.version,
    epics: written.epics,
    milestones: written.milestones.map(({ id, title, day, date }) => ({ id, title, day, date })),
    tasks: written.tasks.map((task, index) => normaliseTask({ task, index, textAt })),
  };
}

function normaliseTask({ task, index, textAt }: TaskInput): RoadmapTask {
  const metrics = task.acceptance?.metrics.map((metric, item) =>
    normaliseAcceptance(metric, { path: ["tasks", index, "acceptance", "metrics", item], textAt }),
  );
  return {
    ...task,
    kind: task.kind,
    phase: task.phase,
    epic: task.epic,
    milestone: task.milestone,
    acceptance: task.acceptance && { metrics: metrics ?? [], artifacts: task.acceptance.artifacts },
    owner: task.owner,
    designReview: task.designReview,
  };
}

interface TaskInput {
  readonly task: WrittenRoadmap["tasks"][number];
  readonly index: number;
  readonly textAt: TextAt;
}
