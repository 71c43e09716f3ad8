import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findAction } from "../builtin/builtin-actions.ts";
import type { Result } from "../runs/run-model.ts";
import { evaluateCondition, evaluateText, evaluateTexts, type Scope } from "../workflow/expressions.ts";
import type { StepDefinition } from "../workflow/workflow-model.ts";
import { type CommandFiles, createCommandFiles, readCommandFiles } from "./command-files.ts";
import { type JobRuntime, processEnv, stepScope } from "./job-runtime.ts";
import { createLineReader } from "./log-commands.ts";
import { runProcess } from "./run-process.ts";

/** After a cancel, steps with `always()` may still run, but not for ever. */
const GRACE_MS = 5 * 60_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

interface StepCall {
  readonly runtime: JobRuntime;
  readonly step: StepDefinition;
  readonly number: number;
  readonly env: Readonly<Record<string, string>>;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

interface StepEnd {
  readonly outcome: Result;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Runs one step, or skips it, and keeps its result in the job. */
export async function runStep(runtime: JobRuntime, step: StepDefinition, number: number): Promise<void> {
  const wasCancelled = runtime.cancel.aborted;
  const end = await decideAndRun(runtime, step, number);
  const forgiven = end.outcome === "failure" && isOn(runtime, step.continueOnError);
  const conclusion = forgiven ? "success" : end.outcome;
  if (conclusion === "failure") runtime.failed = true;
  if (step.id !== null) {
    runtime.steps.set(step.id, { outputs: end.outputs, outcome: end.outcome, conclusion });
  }
  if (!wasCancelled && runtime.cancel.aborted) runtime.log.error("The operation was canceled.");
  runtime.reportStep({ number, status: "completed", conclusion });
}

/** The name of a step as GitHub shows it. */
export function describeStep(step: StepDefinition, scope: Scope): string {
  const { work } = step;
  const fallback =
    work.kind === "uses" ? `Run ${work.action}` : `Run ${work.script.trim().split("\n")[0] ?? ""}`;
  try {
    return evaluateText(step.name ?? fallback, scope);
  } catch {
    return step.name ?? fallback;
  }
}

async function decideAndRun(runtime: JobRuntime, step: StepDefinition, number: number): Promise<StepEnd> {
  const timeout = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const env = evaluateTexts(step.env, stepScope(runtime, {}));
    const scope = stepScope(runtime, env);
    if (!evaluateCondition(step.condition, scope)) return { outcome: "skipped", outputs: {} };
    runtime.reportStep({ number, status: "in_progress", conclusion: null });
    if (step.timeoutMinutes !== null) {
      const minutes = Number(evaluateText(step.timeoutMinutes, scope));
      timer = setTimeout(() => timeout.abort(), Math.min(minutes * 60_000, MAX_TIMER_MS));
    }
    const signal = AbortSignal.any([timeout.signal, killSignal(runtime)]);
    const end = await runWork({ runtime, step, number, env, scope, signal });
    if (!timeout.signal.aborted) return end;
    runtime.log.error(`The action has timed out after ${step.timeoutMinutes} minutes.`);
    return { outcome: "failure", outputs: end.outputs };
  } catch (error) {
    runtime.log.error(error instanceof Error ? error.message : String(error));
    return { outcome: runtime.cancel.aborted ? "cancelled" : "failure", outputs: {} };
  } finally {
    clearTimeout(timer);
  }
}

function killSignal(runtime: JobRuntime): AbortSignal {
  const tidyingUp = runtime.cancel.aborted;
  return AbortSignal.any([runtime.force, tidyingUp ? AbortSignal.timeout(GRACE_MS) : runtime.cancel]);
}

function isOn(runtime: JobRuntime, template: string): boolean {
  return evaluateText(template, stepScope(runtime, {})) === "true";
}

function runWork(call: StepCall): Promise<StepEnd> {
  return call.step.work.kind === "uses" ? runAction(call, call.step.work) : runScript(call, call.step.work);
}

async function runAction(
  call: StepCall,
  work: Extract<StepDefinition["work"], { kind: "uses" }>,
): Promise<StepEnd> {
  const { runtime, scope, signal, env } = call;
  const action = findAction(work.action);
  const inputs = evaluateTexts(work.with, scope);
  const lines = Object.entries(inputs).map(([name, value]) => `  ${name}: ${value}`);
  runtime.log.group(`Run ${work.action}`, lines.length > 0 ? ["with:", ...lines] : []);
  const outputs = await action({ inputs, runtime, signal, env: processEnv(runtime, env) });
  return { outcome: "success", outputs };
}

async function runScript(
  call: StepCall,
  work: Extract<StepDefinition["work"], { kind: "run" }>,
): Promise<StepEnd> {
  const { runtime, scope, number, signal } = call;
  const script = evaluateText(work.script, scope);
  const directory = evaluateText(work.workingDirectory ?? runtime.workingDirectory ?? ".", scope);
  const cwd = resolve(runtime.directories.workspace, directory);
  if (!existsSync(cwd)) throw new Error(`The working directory '${directory}' does not exist.`);
  const scriptPath = join(runtime.directories.temp, `step_${number}.sh`);
  await mkdir(runtime.directories.temp, { recursive: true });
  await writeFile(scriptPath, script);
  const files = await createCommandFiles(runtime.directories.commands, number);
  const args = ["--noprofile", "--norc", "-eo", "pipefail", scriptPath];
  runtime.log.group(`Run ${script.trim().split("\n")[0] ?? ""}`, [
    ...script.trimEnd().split("\n"),
    "shell: bash --noprofile --norc -eo pipefail {0}",
    ...Object.entries(call.env).map(([name, value]) => `  ${name}: ${value}`),
  ]);
  const end = await runProcess({
    command: "bash",
    args,
    cwd,
    env: { ...processEnv(runtime, call.env), ...files },
    signal,
    force: runtime.force,
    onLine: createLineReader(runtime),
  });
  runtime.leftovers.push(end.killRest);
  const outputs = await obeyFiles(runtime, files);
  if (end.stopped) return { outcome: "cancelled", outputs };
  if (end.exitCode === 0) return { outcome: "success", outputs };
  runtime.log.error(`Process completed with exit code ${end.exitCode}.`);
  return { outcome: "failure", outputs };
}

async function obeyFiles(
  runtime: JobRuntime,
  files: CommandFiles,
): Promise<Readonly<Record<string, string>>> {
  const commands = await readCommandFiles(files);
  for (const [name, value] of Object.entries(commands.env)) runtime.env.set(name, value);
  runtime.paths.push(...commands.paths);
  if (commands.summary !== "") runtime.summarize(runtime.mask.apply(commands.summary));
  return commands.outputs;
}
