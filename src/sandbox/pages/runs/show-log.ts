import { stripVTControlCharacters } from "node:util";
import { html } from "hono/html";
import type { Html } from "../frame/visit.ts";

const MAX_LINES = 2000;
const LINE = /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) )?(?:##\[(\w+)\]|\[(command)\])?(.*)$/;

interface LogLine {
  readonly time: string;
  /** What stands in `##[…]` or is "command". */
  readonly mark: string;
  readonly text: string;
}

interface LogGroup {
  readonly title: LogLine;
  readonly lines: LogLine[];
}

/** The end of a log, its groups folded. */
export function renderLog(log: string, rawPath: string): Html {
  const all = log.replace(/\n$/, "").split("\n");
  const left = all.length - MAX_LINES;
  const items = groupLines(all.slice(-MAX_LINES).map(readLine));
  return html`<p class="muted pad">${left > 0 && `${left} earlier lines are not shown. `}<a href="${rawPath}">Raw log</a></p>
<ol class="log" tabindex="0">${items.map((item) => ("lines" in item ? renderGroup(item) : renderLine(item)))}</ol>`;
}

function readLine(text: string): LogLine {
  const [, at = "", mark = "", command = "", rest = ""] = LINE.exec(stripVTControlCharacters(text)) ?? [];
  return { time: at.slice(11, 19), mark: mark || command, text: rest };
}

function groupLines(lines: readonly LogLine[]): readonly (LogLine | LogGroup)[] {
  const items: (LogLine | LogGroup)[] = [];
  let group: LogGroup | undefined;
  for (const line of lines) {
    if (line.mark === "group") {
      group = { title: line, lines: [] };
      items.push(group);
    } else if (line.mark === "endgroup") group = undefined;
    else (group?.lines ?? items).push(line);
  }
  return items;
}

function renderGroup({ title, lines }: LogGroup): Html {
  return html`<li><details><summary>${renderTimed(title)}</summary><ol>${lines.map(renderLine)}</ol></details></li>`;
}

const MARKED = new Set(["error", "warning", "notice", "debug", "command"]);

function renderLine(line: LogLine): Html {
  const name = MARKED.has(line.mark) ? `log-${line.mark}` : "";
  return html`<li class="${name}">${renderTimed(line)}</li>`;
}

function renderTimed({ time, text }: LogLine): Html {
  return html`<span class="at">${time}</span><span class="text">${text}</span>`;
}
