import type { InputDefinition, Trigger } from "./workflow-model.ts";
import { allowKeys, type Field, isMapping, readKeys, readText, readTexts } from "./yaml-field.ts";

const BRANCH_FILTERS = ["branches", "branches-ignore"];
const PATH_FILTERS = ["paths", "paths-ignore"];

/** The events a workflow may name, with the settings each one takes. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  push: [...BRANCH_FILTERS, "tags", "tags-ignore", ...PATH_FILTERS],
  pull_request: ["types", ...BRANCH_FILTERS, ...PATH_FILTERS],
  pull_request_target: ["types", ...BRANCH_FILTERS, ...PATH_FILTERS],
  workflow_dispatch: ["inputs"],
  workflow_call: ["inputs", "outputs", "secrets"],
  workflow_run: ["types", "workflows", ...BRANCH_FILTERS],
  repository_dispatch: ["types"],
  schedule: [],
  issues: ["types"],
  issue_comment: ["types"],
  check_run: ["types"],
  check_suite: ["types"],
  create: [],
  delete: [],
  label: ["types"],
  merge_group: ["types", ...BRANCH_FILTERS],
  pull_request_review: ["types"],
  pull_request_review_comment: ["types"],
  release: ["types"],
  status: [],
};

const INPUT_TYPES: readonly InputDefinition["type"][] = [
  "string",
  "boolean",
  "number",
  "choice",
  "environment",
];

/** Reads `on` in its three forms: one event, a list of events, or events with settings. */
export function readTriggers(field: Field): ReadonlyMap<string, Trigger> {
  if (!isMapping(field.value)) {
    const names = readTexts(field);
    for (const name of names) if (!Object.hasOwn(EVENTS, name)) field.refuse(`Unexpected value '${name}'`);
    return new Map(names.map((name) => [name, bareTrigger()]));
  }
  return new Map(readKeys(field).map((name) => [name, readTrigger(name, field.at(name))]));
}

function bareTrigger(): Trigger {
  return { filters: {}, inputs: new Map(), outputs: {} };
}

function readTrigger(name: string, field: Field): Trigger {
  const settings = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  if (settings === undefined) field.refuse(`Unexpected value '${name}'`);
  // A schedule is a list of cron lines; the sandbox has no clock to run them by.
  if (settings === undefined || name === "schedule") return bareTrigger();
  allowKeys(field, settings);
  const filterKeys = readKeys(field).filter((key) => !["inputs", "outputs", "secrets"].includes(key));
  for (const key of filterKeys.filter((key) => filterKeys.includes(`${key}-ignore`))) {
    field.at(key).refuse(`'${key}' and '${key}-ignore' cannot be used together`);
  }
  return {
    filters: Object.fromEntries(filterKeys.map((key) => [key, readTexts(field.at(key))])),
    inputs: readInputs(field.at("inputs")),
    outputs: readOutputs(field.at("outputs")),
  };
}

function readInputs(field: Field): ReadonlyMap<string, InputDefinition> {
  return new Map(readKeys(field).map((name) => [name, readInput(field.at(name))]));
}

function readInput(field: Field): InputDefinition {
  allowKeys(field, ["description", "type", "required", "default", "options", "deprecationMessage"]);
  const typeText = readText(field.at("type")) ?? "string";
  const type = INPUT_TYPES.find((known) => known === typeText);
  if (type === undefined) field.at("type").refuse(`Unexpected value '${typeText}'`);
  const options = readTexts(field.at("options"));
  if (type === "choice" && options.length === 0) field.refuse("Required property is missing: options");
  return {
    type: type ?? "string",
    required: field.at("required").value === true,
    default: readText(field.at("default")),
    options,
  };
}

function readOutputs(field: Field): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const name of readKeys(field)) {
    allowKeys(field.at(name), ["description", "value"]);
    outputs[name] = readText(field.at(name).at("value")) ?? "";
  }
  return outputs;
}
