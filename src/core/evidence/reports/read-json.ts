import { z } from "zod";
import { capCount, REPORT_LIMITS, ReportRefusal } from "./limits.ts";

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPENING: ReadonlySet<number> = new Set([91, 123]);
const CLOSING: ReadonlySet<number> = new Set([93, 125]);

/** Parses JSON whose depth and number of values were counted before: short text can stand for much memory. */
export function readJson(text: string): unknown {
  measureJson(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new ReportRefusal("is not JSON, or ends before its end");
  }
}

/** Reads a value by its schema; throws a refusal that names the first field that is wrong. */
export function readShape<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = [where, ...(issue?.path ?? []).map(String)].filter((part) => part !== "").join(".");
  throw new ReportRefusal(
    `does not follow its format: ${path.slice(0, 200) || "the document"}: ${issue?.message.slice(0, 200) ?? "invalid"}`,
  );
}

/** Any list; its items are read one by one, so that the first wrong one ends the reading. */
export const AnyList = z.array(z.unknown());

function measureJson(text: string): void {
  let depth = 0;
  let values = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) index = findStringEnd(text, index);
    else if (CLOSING.has(char)) depth -= 1;
    else if (OPENING.has(char)) {
      depth += 1;
      values += 1;
      if (depth > REPORT_LIMITS.depth) throw new ReportRefusal(`is nested deeper than ${REPORT_LIMITS.depth}`);
    } else if (char === COMMA) values += 1;
  }
  capCount(values, REPORT_LIMITS.values, "values");
}

/** Where a string ends; a quote after an odd number of backslashes is part of it. */
function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  throw new ReportRefusal("is not JSON, or ends before its end");
}
