import { z } from "zod";
import { capCount, REPORT_LIMITS, ReportRefusal } from "./limits.ts";

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

const MARKS: ReadonlySet<number> = new Set([COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT]);

interface Container {
  readonly isObject: boolean;
  commas: number;
}

/** Parses JSON whose depth and size in memory were counted before: short text can stand for much memory. */
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

/** A list of so many items at most, which are not looked at when there are more. The first wrong item ends the reading. */
export function listOf<T>(item: z.ZodType<T>, max: number) {
  return z
    .array(z.unknown())
    .max(max)
    .transform((values, context) => readItems(item, values, context));
}

/** Text of little length can have a million faults, and each of them costs more than its own length. */
function readItems<T>(item: z.ZodType<T>, values: readonly unknown[], context: z.RefinementCtx): T[] {
  const items: T[] = [];
  for (const [index, value] of values.entries()) {
    const parsed = item.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const message = issue?.message ?? "invalid";
      context.addIssue({ code: "custom", path: [index, ...(issue?.path ?? [])], message });
      return z.NEVER;
    }
    items.push(parsed.data);
  }
  return items;
}

function measureJson(text: string): void {
  const open: Container[] = [];
  let marks = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) index = findStringEnd(text, index);
    else if (MARKS.has(char)) {
      marks += 1;
      capCount(marks, REPORT_LIMITS.jsonMarks, "values and brackets");
      passMark(open, char);
    }
  }
}

function passMark(open: Container[], char: number): void {
  if (char === COMMA) countKey(open.at(-1));
  else if (char === CLOSE_LIST || char === CLOSE_OBJECT) open.pop();
  else openContainer(open, char);
}

function openContainer(open: Container[], char: number): void {
  open.push({ isObject: char === OPEN_OBJECT, commas: 0 });
  if (open.length > REPORT_LIMITS.depth)
    throw new ReportRefusal(`is nested deeper than ${REPORT_LIMITS.depth}`);
}

function countKey(container: Container | undefined): void {
  if (container === undefined || !container.isObject) return;
  container.commas += 1;
  capCount(container.commas + 1, REPORT_LIMITS.keys, "keys in an object");
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
