import type { Recommendation, RecommendationRule } from "../../report/report.ts";
import { code, plural } from "../text.ts";
import { type Room, refs } from "./report-table.ts";

type Line = (found: Recommendation, tasks: string) => string;

const LINES: Readonly<Record<RecommendationRule, Line>> = {
  "repository-paused": (_found, tasks) =>
    `The repository is paused while work waits (${tasks}). Go on: \`/orchestrate resume\``,
  "budget-exhausted": ({ count }, tasks) =>
    `${plural(count, "task")} used the whole budget without success (${tasks}). Read the failing gates, sharpen the issue, then \`/orchestrate retry --reset-budget\``,
  "week-spent": ({ count }, tasks) =>
    `${plural(count, "task")} waited because the week's budget was spent (${tasks}). Raise \`limits.minutesPerWeek\` or \`limits.usdPerWeek\`, or lower priorities.`,
  "gate-failing": ({ count, subject }, tasks) =>
    `Gate ${code(subject ?? "")} failed in ${plural(count, "task")} (${tasks}). Look for one cause behind all of them.`,
  trouble: ({ count }) =>
    `${plural(count, "attempt")} ended by trouble of runners, limits or time. Look at the runs under Test Results before the tasks.`,
  "no-evidence": ({ count }) =>
    `${plural(count, "attempt")} left no evidence. The workflow has to upload the artifact \`orchestrator-result\`.`,
  "unblocks-most": ({ count, subject, issues }, tasks) =>
    `Finish ${subjectOf(subject)} first: ${plural(count, "open task")} depend${count === 1 ? "s" : ""} on it${issues.length === 0 ? "" : ` (${tasks})`}.`,
  "longest-blocked": ({ since }, tasks) =>
    `${tasks} is blocked, and nothing has happened in it since ${dayOf(since)}. Decide it: \`/orchestrate why\` there says what it needs.`,
};

export function recommendationLine(found: Recommendation, room: Room): string {
  return LINES[found.rule](found, refs(found.issues, Math.max(1, room.refs)));
}

function subjectOf(subject: string | null): string {
  return subject !== null && /^#\d{1,16}$/u.test(subject) ? subject : code(subject ?? "");
}

function dayOf(at: number | null): string {
  return at === null ? "an unknown day" : new Date(at).toISOString().slice(0, 10);
}
