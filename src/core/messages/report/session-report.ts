import type { SessionReport, SessionTask, SessionTaskEnd } from "../../report/compute-session-report.ts";
import { describeEnd } from "../../session/explain-session.ts";
import { COMMENT_MAX_CHARS, code, duration, folded, link, paragraphs, plural, table } from "../text.ts";
import { cutTable, foreign, moment, money, type Room, refs } from "./report-table.ts";
import { failureLine, stageTable } from "./test-results.ts";

/** From ample to bare; the last one does not grow with its input, so it always fits. */
const ROOMS: readonly Room[] = [
  { rows: 50, refs: 10 },
  { rows: 15, refs: 5 },
  { rows: 0, refs: 0 },
];
const NAME_CHARS = 40;
const URL_CHARS = 200;

/** The report of a session as the Markdown of one comment, as long as GitHub takes; it names whoever started it, who is told by that. */
export function renderSessionReport(report: SessionReport): string {
  return cut(report, `@${report.session.startedBy.login}: session`);
}

/** The same as the answer to somebody's command: nobody else is told. */
export function renderSessionAnswer(report: SessionReport): string {
  return cut(report, "Session");
}

function cut(report: SessionReport, begin: string): string {
  for (const room of ROOMS) {
    const text = write(report, room, begin);
    if (text.length <= COMMENT_MAX_CHARS) return text;
  }
  return titleOf(report);
}

function write(report: SessionReport, room: Room, begin: string): string {
  const steps = listSteps(report, room);
  return paragraphs(
    `## ${titleOf(report)}`,
    `${begin} ${writeLead(report)}`,
    figureTable(report, room),
    taskTable(report, room),
    folded("Test results", writeTests(report, room)),
    "### Next steps",
    steps.length === 0 ? "Nothing is left to decide." : steps.map((step) => `- [ ] ${step}`).join("\n"),
  );
}

function titleOf({ session, figures }: SessionReport): string {
  const { accepted, failed, usd } = figures;
  return `Orchestrator report, session ${session.number} – ${accepted} accepted, ${failed} failed, ${money(usd)}`;
}

function writeLead({ session, now }: SessionReport): string {
  const { number, team, startedAt, endedAt } = session;
  const until = endedAt ?? now;
  const scope = team === null ? "every team" : `team ${code(team, NAME_CHARS)}`;
  const state =
    endedAt === null
      ? `so far, as of ${moment(now)}. It goes on${session.closed === null ? "" : `, but takes nothing more: ${describeEnd(session)}`}.`
      : `is over: ${describeEnd(session)}.`;
  return `${number}, for ${scope}, ${state} It began at ${moment(startedAt)} and took ${duration(until - startedAt)}${endedAt === null ? " until now" : ""}.`;
}

interface FigureRow {
  readonly name: string;
  readonly isCounted: (task: SessionTask) => boolean;
  /** Whether a zero is worth a line. */
  readonly isAlwaysShown: boolean;
}

const isEnd = (end: SessionTaskEnd) => (task: SessionTask) => task.end === end;

const FIGURES: readonly FigureRow[] = [
  { name: "Accepted", isCounted: isEnd("done"), isAlwaysShown: true },
  { name: "… of these without a person", isCounted: ({ isUnaided }) => isUnaided, isAlwaysShown: true },
  { name: "Failed", isCounted: isEnd("failed"), isAlwaysShown: true },
  { name: "Cancelled", isCounted: isEnd("cancelled"), isAlwaysShown: false },
  { name: "Waiting for people", isCounted: isEnd("waiting"), isAlwaysShown: true },
  { name: "Going on", isCounted: isEnd("going on"), isAlwaysShown: false },
];

function figureTable({ figures, tasks }: SessionReport, room: Room): string {
  const counted = FIGURES.flatMap(({ name, isCounted, isAlwaysShown }) => {
    const issues = tasks.filter(isCounted).map(({ issue }) => issue);
    if (issues.length === 0) return isAlwaysShown ? [[name, "0", "–"]] : [];
    return [[name, `${issues.length}`, refs(issues, room.refs)]];
  });
  const since = "every task since it was taken";
  return table(
    ["", "In this session", "Counted from"],
    [
      ...counted,
      ["Attempts", `${figures.attempts}`, "runs that ended"],
      ["Minutes", `${Math.round(figures.minutes)}`, since],
      ["Cost", money(figures.usd), since],
    ],
  );
}

const STATUS: Readonly<Record<SessionTaskEnd, string>> = {
  done: "✅ accepted",
  failed: "❌ failed",
  cancelled: "⚪ cancelled",
  waiting: "✋ waits for people",
  "going on": "⏳ goes on",
};

function taskTable({ tasks, lost }: SessionReport, room: Room): string {
  return paragraphs(
    cutTable({
      header: ["Task", "Role", "Status", "Minutes", "Cost"],
      items: tasks,
      rows: room.rows,
      row: (task) => [
        `#${task.issue} ${foreign(task.title)}`,
        code(task.role, NAME_CHARS),
        [STATUS[task.end], ...proofOf(task)].join(" · "),
        `${Math.round(task.minutes)}`,
        money(task.usd),
      ],
    }),
    lost === 0 ? undefined : `Of ${plural(lost, "task")} nothing is kept any more.`,
    tasks.length + lost === 0 ? "It started no task." : undefined,
  );
}

function proofOf({ pull, runUrl }: SessionTask): readonly string[] {
  const isLinked = runUrl !== null && runUrl.length <= URL_CHARS;
  return [...(pull === null ? [] : [`#${pull}`]), ...(isLinked ? [link("run", runUrl)] : [])];
}

function writeTests({ tests }: SessionReport, room: Room): string {
  const gates = cutTable({
    header: ["Failing gate, as last judged", "Tasks"],
    items: tests.gates,
    rows: Math.min(room.rows, 5),
    row: ({ gate, issues }) => [code(gate, NAME_CHARS), refs(issues, room.refs)],
  });
  return paragraphs(stageTable(tests, room), failureLine(tests), gates);
}

/** What people can do now, the decisions that tasks wait for first. */
function listSteps(report: SessionReport, room: Room): readonly string[] {
  const { session, tasks, queueLength, pausedBy } = report;
  const most = Math.max(1, room.refs);
  const isPaused = session.endedAt !== null && !session.rests && pausedBy !== null;
  // What only waits for the end of the pause is said by the pause's own line.
  const waiting = tasks.filter(
    (task) => isEnd("waiting")(task) && !(isPaused && task.reasons[0]?.code === "repository.paused"),
  );
  const failed = tasks.filter(isEnd("failed"));
  const queued = `${plural(queueLength, "task")} queued`;
  return [
    ...waiting.slice(0, most).map(describeWait),
    ...(waiting.length > most ? [`and ${waiting.length - most} more that wait: \`/orchestrate queue\``] : []),
    ...failed
      .slice(0, most)
      .map(
        ({ issue }) => `#${issue} failed: \`/orchestrate retry #${issue} --reset-budget\` queues it again.`,
      ),
    ...(failed.length > most ? [`and ${failed.length - most} more that failed.`] : []),
    ...(session.endedAt !== null && session.rests
      ? [
          `Nothing more of ${session.team === null ? "this repository" : `team ${code(session.team, NAME_CHARS)}`} is started (${queued}): \`/orchestrate start\` begins another session, \`/orchestrate resume\` goes on without one.`,
        ]
      : []),
    ...(isPaused
      ? [`The repository is paused by ${pausedBy} (${queued}): \`/orchestrate resume\` goes on.`]
      : []),
  ];
}

function describeWait({ issue, reasons }: SessionTask): string {
  const [first] = reasons;
  if (first === undefined) return `#${issue} waits: \`/orchestrate why #${issue}\`.`;
  const more = reasons.length === 1 ? "" : ` (and ${reasons.length - 1} more)`;
  return `#${issue}: ${first.message}${more} Lifted by: ${first.liftedBy}.`;
}
