import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

type FunctionDefinition = ConstructorParameters<typeof Evaluator>[2] extends Map<string, infer F> | undefined
  ? F
  : never;

export interface Scope {
  /** Values by context name (`github`, `env`, …); a missing context is empty. */
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly status: { readonly success: boolean; readonly failure: boolean; readonly cancelled: boolean };
  /** Answers `hashFiles`; absent where GitHub has no workspace. */
  readonly hashFiles?: (patterns: readonly string[]) => string;
}

const CONTEXTS = [
  "github",
  "env",
  "vars",
  "secrets",
  "inputs",
  "needs",
  "steps",
  "job",
  "jobs",
  "runner",
  "matrix",
  "strategy",
];

const STATUS_FUNCTIONS = ["always", "success", "failure", "cancelled"] as const;

const FUNCTIONS = [
  ...STATUS_FUNCTIONS.map((name) => ({ name, minArgs: 0, maxArgs: 0 })),
  { name: "hashFiles", minArgs: 1, maxArgs: 255 },
];

/** Where the workflow asks for a value that cannot be worked out. */
export class ExpressionProblem extends Error {}

/** Replaces every `${{ }}` in a text by the text of its value. */
export function evaluateText(template: string, scope: Scope): string {
  return splitTemplate(template)
    .map((part) => (part.kind === "text" ? part.text : evaluate(part.text, scope).coerceString()))
    .join("");
}

/** Like `evaluateText`, but a value that is one lone expression keeps its type, in lists and mappings too. */
export function evaluateValue(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") {
    const [first, ...rest] = splitTemplate(value.trim());
    const isLone = first?.kind === "expression" && rest.length === 0;
    return isLone ? dataToValue(evaluate(first.text, scope)) : evaluateText(value, scope);
  }
  if (Array.isArray(value)) return value.map((item) => evaluateValue(item, scope));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluateValue(item, scope)]));
}

export function evaluateTexts(map: Readonly<Record<string, string>>, scope: Scope): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, text]) => [key, evaluateText(text, scope)]));
}

/** Decides an `if`; as on GitHub, `success()` is implied unless a status function is called. */
export function evaluateCondition(condition: string, scope: Scope): boolean {
  const text = condition.trim();
  const parts = splitTemplate(text);
  const quoted = parts.filter((part) => part.kind === "expression").map((part) => part.text);
  const expressions = quoted.length > 0 ? quoted : [text];
  if (!scope.status.success && !expressions.some(callsStatusFunction)) return false;
  if (text === "") return true;
  if (parts.length > 1) return evaluateText(text, scope) !== "";
  return expressions.every((expression) => isTruthy(evaluate(expression, scope)));
}

/** The first problem of the expressions inside a text, or null. */
export function findExpressionProblem(template: string): string | null {
  try {
    for (const part of splitTemplate(template)) if (part.kind === "expression") parse(part.text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The problem of a bare condition, or null. */
export function findConditionProblem(condition: string): string | null {
  return condition.trim() === "" ? null : findExpressionProblem(`\${{${condition}}}`);
}

interface TemplatePart {
  readonly kind: "text" | "expression";
  readonly text: string;
}

function splitTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let position = 0;
  while (position < template.length) {
    const start = template.indexOf("${{", position);
    if (start < 0) break;
    const end = findExpressionEnd(template, start + 3);
    if (end < 0) throw new ExpressionProblem("The expression is not closed: '}}' is missing");
    if (start > position) parts.push({ kind: "text", text: template.slice(position, start) });
    parts.push({ kind: "expression", text: template.slice(start + 3, end) });
    position = end + 2;
  }
  if (position < template.length) parts.push({ kind: "text", text: template.slice(position) });
  return parts;
}

/** The place of the closing braces; braces inside a quoted string do not close. */
function findExpressionEnd(template: string, from: number): number {
  let quoted = false;
  for (let index = from; index < template.length; index++) {
    if (template[index] === "'") quoted = !quoted;
    else if (!quoted && template.startsWith("}}", index)) return index;
  }
  return -1;
}

function parse(expression: string) {
  if (expression.trim() === "") throw new ExpressionProblem("An expression was expected");
  return new Parser(new Lexer(expression).lex().tokens, CONTEXTS, FUNCTIONS).parse();
}

function evaluate(expression: string, scope: Scope): data.ExpressionData {
  const contexts = new data.Dictionary(
    ...CONTEXTS.map((name) => ({ key: name, value: valueToData(scope.contexts[name] ?? {}) })),
  );
  return new Evaluator(parse(expression), contexts, functionsOf(scope)).evaluate();
}

function functionsOf(scope: Scope): Map<string, FunctionDefinition> {
  const answers = { always: true, ...scope.status };
  const functions = new Map<string, FunctionDefinition>();
  for (const name of STATUS_FUNCTIONS) {
    const call = (): data.ExpressionData => new data.BooleanData(answers[name]);
    functions.set(name, { name, minArgs: 0, maxArgs: 0, call });
  }
  functions.set("hashfiles", {
    name: "hashFiles",
    minArgs: 1,
    maxArgs: 255,
    call(...patterns) {
      if (scope.hashFiles === undefined) throw new ExpressionProblem("hashFiles can be used in steps only");
      return new data.StringData(scope.hashFiles(patterns.map((pattern) => pattern.coerceString())));
    },
  });
  return functions;
}

function callsStatusFunction(expression: string): boolean {
  const withoutStrings = expression.replace(/'[^']*'/g, "''");
  return /\b(?:always|success|failure|cancelled)\s*\(/i.test(withoutStrings);
}

function isTruthy(value: data.ExpressionData): boolean {
  if (value instanceof data.StringData) return value.value !== "";
  if (value instanceof data.NumberData) return value.value !== 0 && !Number.isNaN(value.value);
  if (value instanceof data.BooleanData) return value.value;
  return !(value instanceof data.Null);
}

function valueToData(value: unknown): data.ExpressionData {
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value !== "object" || value === null) return new data.Null();
  if (Array.isArray(value)) {
    const list = new data.Array();
    for (const item of value) list.add(valueToData(item));
    return list;
  }
  const dictionary = new data.Dictionary();
  for (const [key, item] of Object.entries(value)) dictionary.add(key, valueToData(item));
  return dictionary;
}

function dataToValue(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}
