import { REASONS } from "../../reasons.ts";
import type { AttemptLine, EndedTask, Report } from "../../report/report.ts";
import { code, duration, folded, link, paragraphs, plural, table } from "../text.ts";
import { recommendationLine } from "./report-recommendations.ts";
import { cutList, cutTable, foreign, moment, type Room, refs } from "./report-table.ts";
import { failureLine, stageTable } from "./test-results.ts";

const NAME_CHARS = 40;
const URL_CHARS = 200;

interface Section {
  readonly title: string;
  readonly write: (report: Report, room: Room) => string;
  /** What is said when there is nothing to say. */
  readonly empty: string;
}

/** Every section of the report, in its order. */
const SECTIONS: readonly Section[] = [
  { title: "Session Summary", write: writeSummary, empty: "Nothing is known of this week." },
  { title: "Completed Work", write: writeCompleted, empty: "No task ended this week." },
  { title: "Test Results", write: writeTests, empty: "No attempt ended and no pull request was judged." },
  { title: "Release Status", write: writeRelease, empty: "The roadmap has no milestones." },
  {
    title: "User Feedback Summary",
    write: writeFeedback,
    empty: "No approvals, no cancellations by people, nothing on hold.",
  },
  { title: "Knowledge Updates", write: writeKnowledge, empty: "Nothing was learned this week." },
  { title: "Commits Made", write: writeCommits, empty: "No pull request was merged." },
  { title: "Remaining Work", write: writeRemaining, empty: "Nothing is queued or under way." },
  { title: "Blockers", write: writeBlockers, empty: "Nothing is held up." },
  { title: "Recommendations", write: writeRecommendations, empty: "The numbers ask for nothing." },
];

export function writeSections(report: Report, room: Room): string {
  return paragraphs(
    ...SECTIONS.flatMap(({ title, write, empty }) => {
      const content = write(report, room);
      return [`### ${title}`, content === "" ? empty : content];
    }),
  );
}

function writeSummary({ from, to, now, phase, figures, roles }: Report, room: Room): string {
  const end = Math.min(to, Math.max(now, from));
  const used = cutList(
    roles,
    room.refs,
    ({ role, tasks }) => `${code(role, NAME_CHARS)} (${plural(tasks, "task")})`,
  );
  return [
    `- Phase: ${phase}`,
    `- Duration: ${duration(end - from)}, from ${moment(from)} to ${moment(end)}`,
    `- Tasks completed: ${figures.accepted}`,
    `- Roles used: ${used === "" ? "none" : used}`,
  ].join("\n");
}

const STATUS = { done: "✅ accepted", failed: "❌ failed", cancelled: "⚪ cancelled" } as const;

function writeCompleted({ ended }: Report, room: Room): string {
  return cutTable({
    header: ["Task", "Role", "Status"],
    items: ended,
    rows: room.rows,
    row: (task) => [
      `#${task.issue} ${foreign(task.title)}`,
      code(task.role, NAME_CHARS),
      [STATUS[task.state], ...proofOf(task)].join(" · "),
    ],
  });
}

function proofOf({ pull, runUrl }: EndedTask): readonly string[] {
  const run = runLink("run", runUrl);
  return [...(pull === null ? [] : [`#${pull.number}`]), ...(run === "run" ? [] : [run])];
}

function runLink(text: string, url: string | null): string {
  return url === null || url.length > URL_CHARS ? text : link(text, url);
}

function writeTests({ tests }: Report, room: Room): string {
  const runs = cutTable({
    header: ["Run", "Task", "Stage", "Verdict"],
    items: tests.attempts,
    rows: room.rows,
    row: attemptRow,
  });
  return paragraphs(
    stageTable(tests, room),
    failureLine(tests),
    pullTable(tests.pulls, room),
    cutTable({
      header: ["Failing gate, as last judged", "Tasks"],
      items: tests.gates,
      rows: Math.min(room.rows, 5),
      row: ({ gate, issues }) => [code(gate, NAME_CHARS), `${issues.length}: ${refs(issues, room.refs)}`],
    }),
    folded("Runs, newest first", runs),
  );
}

function attemptRow({ runUrl, issue, stage, number, end }: AttemptLine): readonly string[] {
  const run = runLink(`attempt ${number}`, runUrl);
  return [run, issue === null ? "–" : `#${issue}`, code(stage, NAME_CHARS), end];
}

function pullTable(pulls: Report["tests"]["pulls"], room: Room): string {
  const rows = (["PASS", "FAIL", "BLOCKED"] as const)
    .filter((verdict) => pulls[verdict].length > 0)
    .map((verdict) => [verdict, `${pulls[verdict].length}: ${refs(pulls[verdict], room.refs)}`]);
  return table(["Verdict", "Pull requests"], rows);
}

function writeRelease({ milestones, roadmap }: Report, room: Room): string {
  const progress = cutTable({
    header: ["Milestone", "Date", "Done", "Done this week"],
    items: milestones,
    rows: room.rows,
    row: ({ title, date, done, total, issues }) => [
      foreign(title),
      date === null ? "–" : foreign(date),
      `${done} of ${total}`,
      issues.length === 0 ? "–" : refs(issues, room.refs),
    ],
  });
  return paragraphs(progress, roadmap === null ? undefined : writeRoadmap(roadmap, room));
}

/** What the app makes of the roadmap by itself; nothing where there is nothing. */
function writeRoadmap(
  { opened, cap, ready, waiting, unwritten }: NonNullable<Report["roadmap"]>,
  room: Room,
): string {
  const ids = (list: readonly string[]) => cutList(list, room.refs, (id) => code(id, NAME_CHARS));
  return [
    ...(opened.length === 0
      ? []
      : [`- Issues that the app opened and that are open: ${refs(opened, room.refs)}, of ${cap} at most`]),
    ...(ready.length === 0 ? [] : [`- Ready, without an issue: ${ids(ready)}`]),
    ...(waiting === 0
      ? []
      : [`- ${plural(waiting, "task")} of the roadmap not ready: \`/orchestrate roadmap\``]),
    ...(unwritten.length === 0 ? [] : [`- Done, though the roadmap does not say so yet: ${ids(unwritten)}`]),
  ].join("\n");
}

function writeFeedback({ feedback }: Report, room: Room): string {
  const { approvals, cancelled, held } = feedback;
  const given = approvals.reduce((sum, row) => sum + row.approvals, 0);
  const pulls = approvals.map(({ pull }) => pull);
  return [
    ...(given === 0 ? [] : [`- ${plural(given, "approval")}: ${refs(pulls, room.refs)}`]),
    ...(cancelled.length === 0
      ? []
      : [`- ${plural(cancelled.length, "task")} cancelled by people: ${refs(cancelled, room.refs)}`]),
    ...(held.length === 0 ? [] : [`- ${plural(held.length, "task")} on hold now: ${refs(held, room.refs)}`]),
  ].join("\n");
}

function writeKnowledge({ knowledge }: Report, room: Room): string {
  return cutTable({
    header: ["Id", "Learned", "From", "Seen"],
    items: knowledge,
    rows: room.rows,
    row: ({ id, title, issue, seen }) => [
      code(id),
      foreign(title),
      `#${issue}`,
      seen === 1 ? "for the first time" : `${seen} times`,
    ],
  });
}

function writeCommits({ ended }: Report, room: Room): string {
  return cutTable({
    header: ["Pull request", "Head commit", "Task"],
    items: ended.flatMap(({ state, pull, issue }) =>
      state === "done" && pull !== null ? [{ pull, issue }] : [],
    ),
    rows: room.rows,
    row: ({ pull, issue }) => [`#${pull.number}`, commit(pull.sha), `#${issue}`],
  });
}

/** GitHub links a full commit id by itself; anything else is only shown. */
function commit(sha: string): string {
  return /^[0-9a-f]{40}$/u.test(sha) ? sha : code(sha, NAME_CHARS);
}

function writeRemaining({ remaining }: Report, room: Room): string {
  const { rows, queueLength, unseen } = remaining;
  if (rows.length === 0 && queueLength === 0) return "";
  const shown = table(
    ["Priority", "Running", "Verifying", "Blocked", "Queued", "Tasks"],
    rows.map((row) => [
      row.priority,
      ...[row.running, row.verifying, row.blocked, row.queued].map(String),
      refs(row.issues, room.refs),
    ]),
  );
  const further = unseen === 0 ? "" : `; ${unseen} of them further back are not in this table`;
  return paragraphs(shown, `In the queue: ${queueLength}${further}.`);
}

function writeBlockers({ blockers }: Report, room: Room): string {
  return cutTable({
    header: ["Reason", "Tasks", "Lifted by"],
    items: blockers,
    rows: room.rows,
    row: ({ code: reason, issues }) => [
      `\`${reason}\``,
      `${issues.length}: ${refs(issues, room.refs)}`,
      REASONS[reason].liftedBy,
    ],
  });
}

function writeRecommendations(report: Report, room: Room): string {
  return report.recommendations.map((one) => `- [ ] ${recommendationLine(one, room)}`).join("\n");
}
