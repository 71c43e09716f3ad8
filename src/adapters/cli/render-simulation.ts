import type { SimulationReport, WaitingReason } from "../../ports/simulator.ts";

const MAX_ROWS = 12;
const MAX_EXAMPLE_CHARS = 160;
const BARS = "▁▂▃▄▅▆▇█";

/** What came of a simulation, for people. */
export function renderSimulation(report: SimulationReport): readonly string[] {
  return [
    ...renderTasks(report),
    ...renderReasons("Waiting for a person at the end", report.waitingForPerson),
    ...renderReasons("Waiting at the end, without a person", report.waiting),
    ...renderTable(
      "Failed",
      report.failures.map(({ why, tasks }) => [String(tasks), why]),
    ),
    ...renderTable("Roles", [
      ["role", "team", "tasks", "attempts", "minutes", "usd"],
      ...report.roles.map(({ role, team, tasks, attempts, minutes, usd }) => {
        return [role, team, ...[tasks, attempts, minutes].map(String), usd.toFixed(2)];
      }),
    ]),
    ...renderTable(
      "Gates that said no",
      report.gates.map(({ gate, verdict, times }) => [`${times}×`, gate, verdict]),
    ),
    ...renderQueue(report),
    ...renderTable(
      "What went wrong around the app",
      report.happened.map(({ fault, times }) => [`${times}×`, fault]),
    ),
    "",
    "How long runs take and how often they succeed is assumed, see docs/operations.md; the decisions are the server's own.",
  ];
}

function renderTasks({ seed, days, faults, tasks, runs, pulls }: SimulationReport): readonly string[] {
  const rate = tasks.handedOver === 0 ? 0 : Math.round((100 * tasks.finishedAlone) / tasks.handedOver);
  const rows: readonly (readonly [string, number])[] = [
    ["finished", tasks.finished],
    ["failed", tasks.failed],
    ["cancelled", tasks.cancelled],
    ["waiting for a person", tasks.waitingForPerson],
    ["under way", tasks.underWay],
    ["queued", tasks.queued],
  ];
  const parts = rows.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
  return [
    `${plural(days, "day")}, seed ${seed}, faults ${faults}: ${plural(tasks.handedOver, "task")} handed over.`,
    `${parts.length === 0 ? "Nothing came of it" : parts.join(", ")}. ${tasks.finishedAlone} (${rate} %) finished without a person.`,
    `${plural(runs.started, "run")}, ${runs.cancelled} cancelled; ${plural(pulls.opened, "pull request")}, ${pulls.merged} merged.`,
  ];
}

function renderReasons(title: string, reasons: readonly WaitingReason[]): readonly string[] {
  return renderTable(
    title,
    reasons.map(({ tasks, code, example, liftedBy }) => {
      return [String(tasks), code, `${cut(example)} Lifted by ${cut(liftedBy)}.`];
    }),
  );
}

function renderQueue({ queue }: SimulationReport): readonly string[] {
  const { lengths, longest, longestWaitMs, medianWaitMs } = queue;
  const bars = lengths.map((length) => BARS[Math.min(7, Math.ceil((7 * length) / Math.max(1, longest)))]);
  return [
    "",
    `Queue: ${bars.join("")} at most ${longest}`,
    `Wait for the first dispatch: ${span(medianWaitMs)} in the middle, ${span(longestWaitMs)} at most.`,
  ];
}

function renderTable(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const shown = rows.slice(0, MAX_ROWS).map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(column === columns - 1 ? 0 : (widths[column] ?? 0)));
    return `  ${cells.join("  ")}`.trimEnd();
  });
  const rest = rows.length - shown.length;
  return ["", `${title}:`, ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return plural(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 72 ? plural(hours, "hour") : plural(Math.round(hours / 24), "day");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function cut(text: string): string {
  return text.length > MAX_EXAMPLE_CHARS ? `${text.slice(0, MAX_EXAMPLE_CHARS)}…` : text;
}
