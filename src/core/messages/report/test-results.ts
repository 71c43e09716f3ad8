import type { TestResults } from "../../report/report.ts";
import { code } from "../text.ts";
import { cutTable, type Room } from "./report-table.ts";

const NAME_CHARS = 40;

/** How the stages that ended were judged. */
export function stageTable({ stages }: Pick<TestResults, "stages">, room: Room): string {
  return cutTable({
    header: ["Stage", "PASS", "FAIL", "BLOCKED", "Stopped", "Attempts"],
    items: stages,
    rows: room.rows,
    row: ({ stage, ends, total }) => [
      code(stage, NAME_CHARS),
      ...[ends.PASS, ends.FAIL, ends.BLOCKED, ends.stopped, total].map(String),
    ],
  });
}

/** Why attempts failed, in one line; undefined where none did. */
export function failureLine({ failures }: Pick<TestResults, "failures">): string | undefined {
  const counted = failures.map((row) => `${row.attempts} × \`${row.failureClass}\``).join(", ");
  return counted === "" ? undefined : `Failed attempts by class: ${counted}.`;
}
