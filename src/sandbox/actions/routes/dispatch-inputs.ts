import { invalidRequest, isRecord } from "../../http/body-fields.ts";
import { Refusal } from "../../http/route.ts";
import type { InputDefinition } from "../workflow/workflow-model.ts";

const MAX_INPUTS = 25;
const MAX_INPUT_CHARACTERS = 65_535;

/** Checks the inputs of a dispatch against the workflow and fills in the defaults; all values become text. */
export function checkDispatchInputs(
  given: unknown,
  definitions: ReadonlyMap<string, InputDefinition>,
): Readonly<Record<string, string>> {
  const texts = readTexts(given ?? {});
  const names = Object.keys(texts);
  if (names.length > MAX_INPUTS) {
    throw invalidRequest(`No more than ${MAX_INPUTS} properties are allowed; ${names.length} were supplied.`);
  }
  if (JSON.stringify(texts).length > MAX_INPUT_CHARACTERS) throw new Refusal(422, "inputs are too large.");
  const unexpected = names.filter((name) => !definitions.has(name));
  if (unexpected.length > 0) {
    throw new Refusal(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  }
  const values = [...definitions].map(([name, one]) => [name, settleValue(name, texts[name], one)] as const);
  return Object.fromEntries(values);
}

function settleValue(name: string, given: string | undefined, definition: InputDefinition): string {
  const value = given || definition.default || "";
  if (value !== "") checkValue(name, value, definition);
  else if (definition.required) throw new Refusal(422, `Required input '${name}' not provided`);
  return value === "" && definition.type === "boolean" ? "false" : value;
}

function readTexts(given: unknown): Readonly<Partial<Record<string, string>>> {
  if (!isRecord(given))
    throw invalidRequest(`For 'properties/inputs', ${JSON.stringify(given)} is not an object.`);
  const pairs = Object.entries(given).map(([name, value]) => {
    if (typeof value === "object") {
      throw invalidRequest(`For 'properties/inputs/${name}', ${JSON.stringify(value)} is not a string.`);
    }
    return [name, String(value)] as const;
  });
  return Object.fromEntries(pairs);
}

function checkValue(name: string, value: string, { type, options }: InputDefinition): void {
  if (type === "choice" && !options.includes(value)) {
    throw new Refusal(422, `Provided value '${value}' for input '${name}' not in the list of allowed values`);
  }
  if (type === "boolean" && value !== "true" && value !== "false") {
    throw new Refusal(422, `Provided value '${value}' for input '${name}' is not a boolean`);
  }
  if (type === "number" && Number.isNaN(Number(value))) {
    throw new Refusal(422, `Provided value '${value}' for input '${name}' is not a number`);
  }
}
