/** One line that a patch adds or takes away, without the blanks around it and with single blanks inside. */
export interface ChangedLine {
  readonly sign: "+" | "-";
  /** From 1; of an added line in the new file, of a removed one in the old file. */
  readonly number: number;
  readonly text: string;
  /** Lines with the same number were changed at the same place. */
  readonly run: number;
  /** The line above that opens what this one stands in, as far as the patch shows; empty when it does not. */
  readonly opener: string;
}

/** The old file or the new one, as far as it is read. */
interface Side {
  readonly sign: ChangedLine["sign"];
  number: number;
  opener: string;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/u;
/** Ends of lines that compilers know and diffs do not. */
const HIDDEN_LINE_END = /[\r\u2028\u2029]/u;
const OPENS = /(?:[[{(:=]|^\[[^[\]]+\])$/u;
const CLOSES = /^[\])}]/u;
const MAX_OPENER_CHARS = 200;

/** Lists the changed lines of a patch that is known to be whole (see read-patch.ts). */
export function listChangedLines(patch: string): readonly ChangedLine[] {
  const before: Side = { sign: "-", number: 1, opener: "" };
  const after: Side = { sign: "+", number: 1, opener: "" };
  const sides: Readonly<Record<string, readonly Side[]>> = {
    "-": [before],
    "+": [after],
    " ": [before, after],
  };
  let run = 0;
  return patch.split("\n").flatMap((line) => {
    const mark = line.charAt(0);
    if (mark === "@") startHunk(line, { before, after });
    if (mark === "@" || mark === " ") run += 1;
    const read = (sides[mark] ?? []).map((side) => ({ sign: side.sign, texts: readTexts(line, side) }));
    return read
      .filter(({ sign }) => sign === mark)
      .flatMap(({ sign, texts }) => texts.map((text) => ({ ...text, sign, run })));
  });
}

function startHunk(line: string, { before, after }: { readonly before: Side; readonly after: Side }): void {
  const [, old, now, heading = ""] = HUNK.exec(line) ?? [];
  before.number = Number(old);
  after.number = Number(now);
  before.opener = openerAfter(flatten(heading), "");
  after.opener = before.opener;
}

/** What a line says, as often as it is one to compilers. */
function readTexts(line: string, side: Side): readonly Pick<ChangedLine, "number" | "text" | "opener">[] {
  const { number } = side;
  side.number += 1;
  return line
    .slice(1)
    .split(HIDDEN_LINE_END)
    .map((part) => {
      const { opener } = side;
      const text = flatten(part);
      side.opener = openerAfter(text, opener);
      return { number, text, opener };
    });
}

function openerAfter(text: string, before: string): string {
  if (OPENS.test(text)) return text.slice(-MAX_OPENER_CHARS);
  return CLOSES.test(text) ? "" : before;
}

function flatten(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
