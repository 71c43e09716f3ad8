import { readCondition } from "./read-condition.ts";
import { readSteps } from "./read-steps.ts";
import type { JobDefinition, MatrixStrategy, Permissions } from "./workflow-model.ts";
import {
  allowKeys,
  type Field,
  isMapping,
  readAmount,
  readKeys,
  readSwitch,
  readText,
  readTextMap,
  readTexts,
} from "./yaml-field.ts";

/** Readers of the settings that a job shares with its workflow. */
export interface SharedReaders {
  readonly readPermissions: (field: Field) => Permissions | null;
  readonly readDefaultDirectory: (field: Field) => string | null;
}

const SHARED_KEYS = ["name", "needs", "if", "permissions", "strategy"];
const STEPS_KEYS = [
  ...SHARED_KEYS,
  "runs-on",
  "env",
  "outputs",
  "timeout-minutes",
  "continue-on-error",
  "defaults",
  "steps",
];
const CALL_KEYS = [...SHARED_KEYS, "uses", "with", "secrets"];
const UNSUPPORTED_KEYS = ["container", "services", "environment", "concurrency", "snapshot"];
const ID_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Reads all jobs, in an order in which needed jobs come first. */
export function readJobs(field: Field, readers: SharedReaders): readonly JobDefinition[] {
  const ids = readKeys(field);
  if (field.value !== undefined && ids.length === 0) field.refuse("There must be at least one job");
  const jobs = ids.map((id) => readJob(id, field.at(id), readers));
  for (const job of jobs) {
    for (const need of job.needs.filter((id) => !ids.includes(id))) {
      field.at(job.id).refuse(`Job '${job.id}' depends on unknown job '${need}'.`);
    }
  }
  return orderByNeeds(jobs, field);
}

function readJob(id: string, field: Field, readers: SharedReaders): JobDefinition {
  const isCall = field.at("uses").value !== undefined;
  if (!ID_PATTERN.test(id)) field.refuse(`The identifier '${id}' is invalid.`);
  for (const key of readKeys(field).filter((key) => UNSUPPORTED_KEYS.includes(key))) {
    field.at(key).refuse(`The sandbox does not support '${key}' in a job`);
  }
  allowKeys(field, [...(isCall ? CALL_KEYS : STEPS_KEYS), ...UNSUPPORTED_KEYS]);
  if (!isCall && field.at("runs-on").value === undefined)
    field.refuse("Required property is missing: runs-on");
  return {
    id,
    name: readText(field.at("name")),
    needs: readTexts(field.at("needs")),
    condition: readCondition(field.at("if")),
    runsOn: field.at("runs-on").value ?? [],
    env: readTextMap(field.at("env")),
    outputs: readTextMap(field.at("outputs")),
    permissions: readers.readPermissions(field.at("permissions")),
    timeoutMinutes: readAmount(field.at("timeout-minutes")),
    continueOnError: readSwitch(field.at("continue-on-error")),
    workingDirectory: readers.readDefaultDirectory(field.at("defaults")),
    strategy: readStrategy(field.at("strategy")),
    work: isCall ? readCall(field) : { kind: "steps", steps: readSteps(field.at("steps")) },
  };
}

function readCall(field: Field): JobDefinition["work"] {
  const path = readText(field.at("uses")) ?? "";
  if (!/^\.\/\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) {
    field.at("uses").refuse("Only local reusable workflows are supported: ./.github/workflows/<file>.yml");
  }
  const inputs = field.at("with").value;
  const secrets = field.at("secrets");
  return {
    kind: "call",
    path: path.slice(2),
    with: isMapping(inputs) ? inputs : {},
    secrets: secrets.value === "inherit" ? "inherit" : readTextMap(secrets),
  };
}

function readStrategy(field: Field): MatrixStrategy | null {
  if (field.value === undefined) return null;
  allowKeys(field, ["matrix", "fail-fast", "max-parallel"]);
  const failFast = field.at("fail-fast");
  return {
    matrix: field.at("matrix").value ?? {},
    failFast: failFast.value === undefined ? "true" : readSwitch(failFast),
    maxParallel: readAmount(field.at("max-parallel")),
  };
}

function orderByNeeds(jobs: readonly JobDefinition[], field: Field): readonly JobDefinition[] {
  const known = new Set(jobs.map((job) => job.id));
  const ordered: JobDefinition[] = [];
  const placed = new Set<string>();
  let waiting = [...jobs];
  while (waiting.length > 0) {
    const ready = waiting.filter((job) => job.needs.every((id) => placed.has(id) || !known.has(id)));
    if (ready.length === 0) {
      field.refuse(`The jobs ${waiting.map((job) => `'${job.id}'`).join(", ")} need each other in a circle`);
      return ordered;
    }
    for (const job of ready) placed.add(job.id);
    ordered.push(...ready);
    waiting = waiting.filter((job) => !placed.has(job.id));
  }
  return ordered;
}
