import { z } from "zod";
import { clip, type Path, type Problem, renderPath } from "./problem.ts";
import type { ReadableYaml } from "./read-yaml.ts";
import { suggest } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong at `path`, before it is known where in the text that is. */
export interface Finding {
  readonly path: Path;
  readonly at: "key" | "value";
  readonly message: string;
  readonly hint?: string | undefined;
}

interface IssueContext {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
}

/** Checks a document against a schema and says everything that is wrong in sentences with a position. */
export function checkSchema<S extends z.ZodType>(
  schema: S,
  document: ReadableYaml,
):
  | { readonly ok: true; readonly value: z.output<S> }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  if (document.value === null) {
    return { ok: false, problems: [{ path: "", line: 1, column: 1, message: "the file is empty" }] };
  }
  const result = schema.safeParse(document.value);
  if (result.success) return { ok: true, value: result.data };
  const context = { schema, value: document.value };
  const findings = result.error.issues.flatMap((issue) => issueToFindings(issue, context));
  return { ok: false, problems: findings.map((finding) => locateFinding(finding, document)) };
}

export function locateFinding(finding: Finding, document: ReadableYaml): Problem {
  const { path, at, message, hint } = finding;
  const position = at === "key" ? document.locateKey(path) : document.locate(path);
  return { path: renderPath(path), ...position, message, ...(hint === undefined ? {} : { hint }) };
}

function issueToFindings(issue: Issue, context: IssueContext): readonly Finding[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKeyFinding([...path, key], key, knownKeys(context.schema, path)));
  }
  const input = path.reduce<unknown>(childOf, context.value);
  const subject = path.length === 0 ? "the file" : renderPath(path);
  if (input === undefined) return [{ path, at: "key", message: `${subject} is missing` }];
  if (issue.code === "invalid_key") {
    const name = clip(String(path.at(-1)));
    return [{ path, at: "key", message: `the name "${name}" ${issue.issues[0]?.message ?? "is not valid"}` }];
  }
  if (issue.code === "invalid_value") return [choiceFinding(path, input, issue.values)];
  const at = input === null ? "key" : "value";
  return [{ path, at, message: `${subject} ${phraseOf(issue, input)}` }];
}

function unknownKeyFinding(path: Path, key: string, known: readonly string[]): Finding {
  return { path, at: "key", message: `unknown key "${clip(key)}"`, hint: suggest(key, known) };
}

function choiceFinding(path: Path, input: unknown, values: readonly unknown[]): Finding {
  const choices = values.map(String);
  const wanted = choices.length === 1 ? choices[0] : `one of ${choices.join(", ")}`;
  const message = `${renderPath(path)} must be ${wanted}, not ${describe(input)}`;
  return {
    path,
    at: "value",
    message,
    hint: typeof input === "string" ? suggest(input, choices) : undefined,
  };
}

/** The rest of the sentence. A schema's own messages are such phrases already; zod's are rewritten. */
function phraseOf(issue: Issue, input: unknown): string {
  if (issue.message.startsWith("must ")) return issue.message;
  if (issue.code === "invalid_type") {
    return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}, not ${describe(input)}`;
  }
  if (issue.code === "too_small")
    return `must ${sizeOf(issue.origin)} at least ${unitsOf(issue.origin, issue.minimum)}`;
  if (issue.code === "too_big")
    return `must ${sizeOf(issue.origin)} at most ${unitsOf(issue.origin, issue.maximum)}`;
  return `is not valid: ${issue.message}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

const UNITS: Readonly<Record<string, string>> = { string: "character", array: "item" };

function sizeOf(origin: string): string {
  return origin in UNITS ? "have" : "be";
}

function unitsOf(origin: string, count: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return String(count);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function describe(input: unknown): string {
  if (input === null) return "empty";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a mapping";
  return typeof input === "string" ? `"${clip(input)}"` : String(input);
}

function childOf(value: unknown, part: string | number): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined;
}

function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  const found = path.reduce<z.core.$ZodType | undefined>(
    (inner, part) => (inner === undefined ? undefined : schemaBelow(unwrap(inner), part)),
    schema,
  );
  const object = found === undefined ? undefined : unwrap(found);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function schemaBelow(schema: z.core.$ZodType, part: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[part];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return isWrapper ? unwrap(schema.unwrap()) : schema;
}
