import { capCount, REPORT_LIMITS, ReportRefusal } from "./limits.ts";

/** Characters of one run of text that are kept; what reports need of it is its first line. */
const RUN_CHARS = 4096;
const SPACES: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r"]);
const QUOTES: ReadonlySet<string> = new Set(['"', "'"]);
const NAME = /[^\s/>]*/uy;
const PLAIN_NAME = /^[A-Za-z_][\w.:-]{0,199}$/u;
const CDATA_START = "<![CDATA[";
const BROKEN = "is not XML, or ends before its end";

interface Scan {
  readonly text: string;
  /** Names of the elements that are open. */
  readonly open: string[];
  /** The parts of the text that are kept, up to `keptTo`. */
  readonly kept: string[];
  keptTo: number;
  /** Characters of text that are kept since the last tag. */
  run: number;
  marks: number;
  readonly names: Set<string>;
  hasRoot: boolean;
}

interface Markup {
  readonly start: string;
  /** Passes one markup that begins at `at`, and says where it ends. */
  readonly pass: (scan: Scan, at: number) => number;
}

/** Tried in this order: `<` is the start of all of them. */
const MARKUPS: readonly Markup[] = [
  { start: "</", pass: passClosingTag },
  { start: "<!--", pass: (scan, at) => leaveOut(scan, at, endOf(scan.text, "-->", at + 4)) },
  { start: CDATA_START, pass: passCdata },
  { start: "<?", pass: (scan, at) => leaveOut(scan, at, endOf(scan.text, "?>", at)) },
  { start: "<!", pass: refuseDeclaration },
  { start: "<", pass: passTag },
];

/**
 * Walks XML once before it is parsed: refuses what is not well nested, what declares anything, and what would cost a parser
 * more than its length; cuts long texts and leaves out comments. What it returns is safe to parse.
 */
export function scanXml(text: string): string {
  const scan: Scan = {
    text,
    open: [],
    kept: [],
    keptTo: 0,
    run: 0,
    marks: 0,
    names: new Set(),
    hasRoot: false,
  };
  let end = 0;
  for (let at = text.indexOf("<"); at !== -1; at = text.indexOf("<", end)) {
    passText(scan, end, at);
    const markup = MARKUPS.find(({ start }) => text.startsWith(start, at));
    if (markup === undefined) throw new ReportRefusal(BROKEN);
    end = markup.pass(scan, at);
  }
  passText(scan, end, text.length);
  if (!scan.hasRoot || scan.open.length > 0) throw new ReportRefusal(BROKEN);
  scan.kept.push(text.slice(scan.keptTo));
  return scan.kept.join("");
}

function passText(scan: Scan, start: number, end: number): void {
  if (scan.open.length === 0 && scan.text.slice(start, end).trim() !== "") throw new ReportRefusal(BROKEN);
  cutRun(scan, start, end);
}

function passCdata(scan: Scan, at: number): number {
  if (scan.open.length === 0) throw new ReportRefusal(BROKEN);
  const end = endOf(scan.text, "]]>", at + CDATA_START.length);
  countMarks(scan, 1);
  scan.run = 0;
  cutRun(scan, at + CDATA_START.length, end - "]]>".length);
  return end;
}

function cutRun(scan: Scan, start: number, end: number): void {
  const kept = Math.min(end - start, RUN_CHARS - scan.run);
  scan.run += kept;
  if (kept < end - start) leaveOut(scan, start + kept, end);
}

function leaveOut(scan: Scan, start: number, end: number): number {
  scan.kept.push(scan.text.slice(scan.keptTo, start));
  scan.keptTo = end;
  countMarks(scan, 1);
  return end;
}

function passClosingTag(scan: Scan, at: number): number {
  const end = endOf(scan.text, ">", at);
  scan.run = 0;
  if (scan.text.slice(at + 2, end - 1).trimEnd() !== scan.open.pop()) throw new ReportRefusal(BROKEN);
  countMarks(scan, 1);
  return end;
}

function passTag(scan: Scan, at: number): number {
  scan.run = 0;
  NAME.lastIndex = at + 1;
  const name = NAME.exec(scan.text)?.[0] ?? "";
  const isSecondRoot = scan.hasRoot && scan.open.length === 0;
  if (!PLAIN_NAME.test(name) || isSecondRoot) throw new ReportRefusal(BROKEN);
  capCount(scan.names.add(name).size, REPORT_LIMITS.tagNames, "names of tags");
  const end = passAttributes(scan, at);
  scan.hasRoot = true;
  if (scan.text[end - 2] !== "/") scan.open.push(name);
  if (scan.open.length > REPORT_LIMITS.depth) {
    throw new ReportRefusal(`is nested deeper than ${REPORT_LIMITS.depth}`);
  }
  return end;
}

function passAttributes(scan: Scan, at: number): number {
  const { text } = scan;
  let values = 0;
  let spaces = 0;
  let index = at + 1;
  for (let char = text[index]; char !== ">"; char = text[index]) {
    if (char === undefined || char === "<") throw new ReportRefusal(BROKEN);
    spaces += SPACES.has(char) ? 1 : 0;
    values += QUOTES.has(char) ? 1 : 0;
    index = QUOTES.has(char) ? endOf(text, char, index + 1) : index + 1;
    capCount(index - at, REPORT_LIMITS.tagChars, "characters in a tag");
  }
  capCount(values, REPORT_LIMITS.attributesPerTag, "attributes in a tag");
  countMarks(scan, 1 + Math.max(values, spaces));
  return index + 1;
}

function countMarks(scan: Scan, more: number): void {
  scan.marks += more;
  capCount(scan.marks, REPORT_LIMITS.xmlMarks, "tags and attributes");
}

function refuseDeclaration(): never {
  throw new ReportRefusal("declares a document type or entities, which is not taken");
}

/** The index behind the next such text. */
function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  if (found === -1) throw new ReportRefusal(BROKEN);
  return found + what.length;
}
