import { Refusal } from "./route.ts";

type Body = Readonly<Record<string, unknown>>;

export interface FieldError {
  readonly resource: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  readonly field?: string;
  readonly message?: string;
}

/** GitHub's 422 for a body that is well-formed but not acceptable. */
export function validationFailed(...errors: readonly FieldError[]): Refusal {
  return new Refusal(422, "Validation Failed", { errors: errors.map((error) => ({ ...error })) });
}

/** GitHub's 422 for a body that does not fit the operation's schema. */
export function invalidRequest(problem: string): Refusal {
  return new Refusal(422, `Invalid request.\n\n${problem}`);
}

/** A text field that may be left out. */
export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw wrongType(field, value, "string");
  return value;
}

/** A text field that may be left out or emptied with null. */
export function nullableText(body: Body, field: string): string | null | undefined {
  return body[field] === null ? null : optionalText(body, field);
}

/** A text field that must be there; `resource` makes an empty text a missing field. */
export function requiredText(body: Body, field: string, resource?: string): string {
  const value = optionalText(body, field);
  if (value === undefined) throw invalidRequest(`"${field}" wasn't supplied.`);
  if (value.trim() === "" && resource) throw validationFailed({ resource, code: "missing_field", field });
  return value;
}

export function optionalBoolean(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") throw wrongType(field, value, "boolean");
  return value;
}

export function optionalInteger(body: Body, field: string): number | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(field, value, "integer");
  return value;
}

export function requiredInteger(body: Body, field: string): number {
  const value = optionalInteger(body, field);
  if (value === undefined) throw invalidRequest(`"${field}" wasn't supplied.`);
  return value;
}

/** One of a few words; null counts as left out. */
export function optionalChoice<T extends string>(
  body: Body,
  field: string,
  choices: readonly T[],
): T | undefined {
  const value = body[field] ?? undefined;
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw invalidRequest(`${JSON.stringify(value)} is not a member of ${JSON.stringify(choices)}.`);
  }
  return found;
}

/** A list of names, each given as a text or as an object with that text under `key`. */
export function optionalNames(body: Body, field: string, key: "name" | "login"): string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(field, value, "array");
  return value.map((item: unknown) => {
    const name = isRecord(item) ? item[key] : item;
    if (typeof name !== "string") throw wrongType(`${field}/${key}`, name, "string");
    return name;
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Number in a path, such as an issue number or a record's id; anything else cannot exist. */
export function pathNumber(params: Readonly<Record<string, string>>, name: string): number {
  const text = params[name] ?? "";
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(404, "Not Found");
  return Number(text);
}

function wrongType(field: string, value: unknown, type: string): Refusal {
  return invalidRequest(`For 'properties/${field}', ${JSON.stringify(value)} is not a ${type}.`);
}
