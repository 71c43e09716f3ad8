/** What one report may hold at most; more is refused, never cut, because a part would prove too little. */
export const REPORT_LIMITS = {
  chars: 16 * 1024 * 1024,
  cases: 100_000,
  findings: 20_000,
  files: 20_000,
  samples: 100_000,
  /** Labels of one sample. */
  labels: 20,
  lines: 500_000,
  depth: 64,
  /** Keys of one object; coverage has one for each file. */
  keys: 20_001,
  /** Commas and brackets of JSON, which cost memory however short they are. */
  jsonMarks: 2_000_000,
  /** Tags and attributes of XML, which cost time. */
  xmlMarks: 800_000,
  attributesPerTag: 64,
} as const;

/** Characters of one field that are kept. */
export const FIELD_CHARS = {
  name: 1000,
  path: 1024,
  rule: 200,
  tool: 100,
  message: 500,
  essence: 500,
  metric: 100,
  label: 64,
  labelValue: 128,
} as const;

/** A report that cannot be read; its message ends the sentence "The report …". */
export class ReportRefusal extends Error {}

/** The text of a report without its byte order mark; throws a refusal when it is too large, empty of sense or not text. */
export function admitText(text: string): string {
  if (text.length > REPORT_LIMITS.chars) {
    throw new ReportRefusal(`has ${text.length} characters, more than ${REPORT_LIMITS.chars}`);
  }
  if (text.includes("\0")) throw new ReportRefusal("has NUL characters: it is not UTF-8 text");
  if (text.startsWith("\ufffd")) throw new ReportRefusal("does not begin with UTF-8 text");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** Throws a refusal when there is more of something than a report may hold. */
export function capCount(count: number, limit: number, what: string): void {
  if (count > limit) throw new ReportRefusal(`has more than ${limit} ${what}`);
}
