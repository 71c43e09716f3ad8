import { findExpressionProblem } from "./expressions.ts";
import { readJobs } from "./read-jobs.ts";
import { readTriggers } from "./read-triggers.ts";
import type { Concurrency, PermissionLevel, Permissions, WorkflowDefinition } from "./workflow-model.ts";
import {
  allowKeys,
  type Field,
  isMapping,
  readKeys,
  readSwitch,
  readText,
  readTextMap,
  readYaml,
} from "./yaml-field.ts";

export type ReadWorkflow =
  | { readonly kind: "valid"; readonly workflow: WorkflowDefinition }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

const WORKFLOW_KEYS = [
  "name",
  "run-name",
  "on",
  "permissions",
  "env",
  "defaults",
  "concurrency",
  "jobs",
] as const;

const LEVELS: readonly string[] = ["read", "write", "none"] satisfies PermissionLevel[];

const SCOPES = [
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "id-token",
  "issues",
  "packages",
  "pages",
  "pull-requests",
  "security-events",
  "statuses",
];

/** Reads a workflow file strictly: every key is known, or the file is invalid with all its problems at once. */
export function readWorkflow(text: string): ReadWorkflow {
  const { root, problems } = readYaml(text);
  if (problems.length > 0) return { kind: "invalid", problems };
  allowKeys(root, WORKFLOW_KEYS);
  for (const key of ["on", "jobs"]) {
    if (root.at(key).value === undefined) root.refuse(`Required property is missing: ${key}`);
  }
  refuseBadExpressions(root);
  const workflow: WorkflowDefinition = {
    name: readText(root.at("name")),
    runName: readText(root.at("run-name")),
    triggers: readTriggers(root.at("on")),
    permissions: readPermissions(root.at("permissions")),
    env: readTextMap(root.at("env")),
    workingDirectory: readDefaultDirectory(root.at("defaults")),
    concurrency: readConcurrency(root.at("concurrency")),
    jobs: readJobs(root.at("jobs"), { readPermissions, readDefaultDirectory }),
  };
  return problems.length > 0 ? { kind: "invalid", problems } : { kind: "valid", workflow };
}

function refuseBadExpressions(field: Field): void {
  if (typeof field.value === "string") {
    const problem = findExpressionProblem(field.value);
    if (problem !== null) field.refuse(problem);
  } else if (Array.isArray(field.value)) {
    for (const index of field.value.keys()) refuseBadExpressions(field.at(index));
  } else if (isMapping(field.value)) {
    for (const key of Object.keys(field.value)) refuseBadExpressions(field.at(key));
  }
}

function readPermissions(field: Field): Permissions | null {
  if (field.value === undefined || field.value === null) return null;
  if (field.value === "read-all" || field.value === "write-all") {
    const level: PermissionLevel = field.value === "read-all" ? "read" : "write";
    return Object.fromEntries(SCOPES.map((scope) => [scope, level]));
  }
  const scopes = readKeys(field).map((scope) => [scope, readLevel(scope, field.at(scope))] as const);
  return Object.fromEntries(scopes);
}

function readLevel(scope: string, field: Field): PermissionLevel {
  const level = readText(field) ?? "";
  if (!SCOPES.includes(scope)) field.refuse(`Unexpected value '${scope}'`);
  if (isLevel(level)) return level;
  field.refuse(`Unexpected value '${level}'`);
  return "none";
}

function isLevel(text: string): text is PermissionLevel {
  return LEVELS.includes(text);
}

function readDefaultDirectory(field: Field): string | null {
  allowKeys(field, ["run"]);
  const run = field.at("run");
  allowKeys(run, ["shell", "working-directory"]);
  refuseOtherShell(run.at("shell"));
  return readText(run.at("working-directory"));
}

function refuseOtherShell(field: Field): void {
  const shell = readText(field);
  if (shell !== null && shell !== "bash") field.refuse(`The shell '${shell}' is not supported; use bash`);
}

function readConcurrency(field: Field): Concurrency | null {
  if (field.value === undefined || field.value === null) return null;
  if (!isMapping(field.value)) return { group: readText(field) ?? "", cancelInProgress: "false" };
  allowKeys(field, ["group", "cancel-in-progress"]);
  const group = readText(field.at("group"));
  if (group === null) field.refuse("Required property is missing: group");
  return { group: group ?? "", cancelInProgress: readSwitch(field.at("cancel-in-progress")) };
}
