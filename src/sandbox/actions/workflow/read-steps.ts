import { readCondition } from "./read-condition.ts";
import type { StepDefinition } from "./workflow-model.ts";
import { allowKeys, type Field, readAmount, readSwitch, readText, readTextMap } from "./yaml-field.ts";

const SHARED_KEYS = ["id", "name", "if", "env", "continue-on-error", "timeout-minutes"];
const RUN_KEYS = [...SHARED_KEYS, "run", "shell", "working-directory"];
const USES_KEYS = [...SHARED_KEYS, "uses", "with"];

export function readSteps(field: Field): readonly StepDefinition[] {
  if (!Array.isArray(field.value) || field.value.length === 0) {
    field.refuse("Required property is missing: steps");
    return [];
  }
  const steps = field.value.map((_, index) => readStep(field.at(index)));
  const ids = steps.flatMap((step) => step.id ?? []);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
    field.refuse(`The identifier '${id}' may not be used more than once within the same scope.`);
  }
  return steps;
}

function readStep(field: Field): StepDefinition {
  return {
    id: readText(field.at("id")),
    name: readText(field.at("name")),
    condition: readCondition(field.at("if")),
    env: readTextMap(field.at("env")),
    continueOnError: readSwitch(field.at("continue-on-error")),
    timeoutMinutes: readAmount(field.at("timeout-minutes")),
    work: readWork(field),
  };
}

function readWork(field: Field): StepDefinition["work"] {
  const script = readText(field.at("run"));
  const action = readText(field.at("uses"));
  if ((script === null) === (action === null)) field.refuse("A step needs either 'run' or 'uses'");
  if (action !== null) {
    allowKeys(field, USES_KEYS);
    return { kind: "uses", action, with: readTextMap(field.at("with")) };
  }
  allowKeys(field, RUN_KEYS);
  const shell = readText(field.at("shell"));
  if (shell !== null && shell !== "bash") {
    field.at("shell").refuse(`The shell '${shell}' is not supported; use bash`);
  }
  return { kind: "run", script: script ?? "", workingDirectory: readText(field.at("working-directory")) };
}
