import { readConclusion } from "../../evidence/conclusion.ts";
import { findBindingProblem, readWorkerResult, type WorkerResult } from "../../evidence/worker-result.ts";
import type { ResultFile, RunNow } from "../../facts.ts";
import { acceptMetric } from "../../gate/accept-metrics.ts";
import { decideVerdict, type GateResult } from "../../gate/verdict.ts";
import { be, code, inline } from "../../messages/text.ts";
import type { Attempt } from "../../task/attempt.ts";
import type { FailureClass } from "../../task/task.ts";
import type { StageDemands } from "./stage-demands.ts";

const SUMMARY_CHARS = 500;
/** Name that stands among the gates for work that a worker says was done before. */
export const ALREADY_DONE = "already-done";

/** What a finished run proves of its attempt. */
export interface Judgement {
  readonly verdict: "PASS" | "FAIL" | "BLOCKED";
  readonly failureClass: FailureClass | null;
  readonly summary: string;
  readonly gates: readonly GateResult[];
  /** The bound result; null when there is none that counts. */
  readonly result: WorkerResult | null;
  /** What the worker says it used, also where the run failed; null when no result is this attempt's. */
  readonly usage: WorkerResult["usage"] | null;
  /** When a limit that refused the worker is over, ms since epoch; absent where the worker does not say. */
  readonly retryAt?: number;
  /** Whose model the worker says it used; absent where it does not say. */
  readonly provider?: string;
}

export interface AttemptEvidence {
  readonly attempt: Attempt;
  readonly demands: StageDemands;
  readonly run: RunNow;
  readonly file: ResultFile;
  /** Files that the result names as evidence, and whether they are there at its base; absent where such a claim means nothing. */
  readonly there?: Readonly<Record<string, boolean>>;
}

/** Judges a finished run by its evidence; completion alone proves nothing. */
export function judgeAttempt(evidence: AttemptEvidence): Judgement {
  const bound = bindResult(evidence);
  const provider = bound.ok ? bound.result.provider : undefined;
  return { ...judgeBound(evidence, bound), ...(provider !== undefined && { provider }) };
}

function judgeBound(evidence: AttemptEvidence, bound: Bound): Judgement {
  const meaning = readConclusion(evidence.run.conclusion);
  if (meaning.kind === "blocked")
    return withoutResult(gateOf("run", "BLOCKED", meaning.message, evidence), null);
  if (bound.ok && bound.result.failure === "rate_limit") return judgeRefused(bound.result, evidence);
  if (meaning.kind === "failed") {
    const said =
      bound.ok && bound.result.summary !== "" ? ` ${inline(bound.result.summary, SUMMARY_CHARS)}` : "";
    const failed = withoutResult(
      gateOf("run", "FAIL", `${meaning.message}${said}`, evidence),
      meaning.failureClass,
    );
    return { ...failed, usage: bound.ok ? bound.result.usage : null };
  }
  if (!bound.ok) return withoutResult(gateOf("evidence", "FAIL", bound.problem, evidence), "no_evidence");
  return judgeResult(bound.result, evidence);
}

type Bound =
  | { readonly ok: true; readonly result: WorkerResult }
  | { readonly ok: false; readonly problem: string };

/** What the worker says it used, where its result is this attempt's; also where nothing is judged any more. */
export function readUsage(attempt: Attempt, file: ResultFile = { kind: "missing" }): Judgement["usage"] {
  const bound = bindResult({ file, attempt });
  return bound.ok ? bound.result.usage : null;
}

function bindResult({ file, attempt }: Pick<AttemptEvidence, "file" | "attempt">): Bound {
  if (file.kind === "missing")
    return {
      ok: false,
      problem: "The run left no artifact `orchestrator-result`, so nothing proves its work.",
    };
  if (file.kind === "unreadable")
    return {
      ok: false,
      problem: `The artifact \`orchestrator-result\` cannot be read: ${inline(file.why)}.`,
    };
  const parsed = readWorkerResult(file.text);
  if (!parsed.ok) return { ok: false, problem: `${inline(parsed.error)}.` };
  const { taskId, number, correlation, baseSha } = attempt;
  const problem = findBindingProblem(parsed.value, { taskId, number, correlation, baseSha });
  return problem === undefined
    ? { ok: true, result: parsed.value }
    : { ok: false, problem: `The result is not this attempt's: ${inline(problem)}.` };
}

/** The worker was refused by a limit, whatever its run says: that proves nothing about the work. */
function judgeRefused(result: WorkerResult, evidence: AttemptEvidence): Judgement {
  const refused = said("FAIL", result, workerGate("FAIL", result, evidence));
  const { retryAt } = result;
  return {
    ...refused,
    failureClass: "rate_limit",
    result: null,
    ...(retryAt !== undefined && { retryAt: Date.parse(retryAt) }),
  };
}

/** What a result names proves nothing by itself: the run has to have left it, too. */
function findMissing(result: WorkerResult, { demands, file }: AttemptEvidence): string | undefined {
  const named = new Set(result.artifacts.map(({ name }) => name));
  const uploaded = new Set(file.kind === "found" ? file.uploaded : []);
  const unnamed = demands.artifacts.filter(({ name }) => !named.has(name));
  if (unnamed.length > 0) return `The result names no artifact ${listDemands(unnamed)}.`;
  const absent = demands.artifacts.filter(({ name }) => !uploaded.has(name));
  return absent.length > 0 ? `The run left no artifact ${listDemands(absent)}.` : undefined;
}

function listDemands(artifacts: StageDemands["artifacts"]): string {
  const names = [...new Set(artifacts.map(({ name }) => code(name)))];
  const keys = [...new Set(artifacts.map(({ key }) => code(key)))];
  return `${names.join(", ")}, which ${keys.join(" and ")} ${keys.length === 1 ? "asks" : "ask"} for`;
}

function judgeResult(result: WorkerResult, evidence: AttemptEvidence): Judgement {
  if (result.outcome === "blocked") return said("BLOCKED", result, workerGate("BLOCKED", result, evidence));
  if (result.outcome === "failed") return said("FAIL", result, workerGate("FAIL", result, evidence));
  const found = judgeSignal(result, evidence);
  if (found !== undefined) return said(found.verdict, result, found);
  const { needsChanges, metrics } = evidence.demands;
  const missing =
    needsChanges && result.changes.length === 0
      ? "The worker says it is done but returned no changes."
      : findMissing(result, evidence);
  if (missing !== undefined) return said("FAIL", result, gateOf("evidence", "FAIL", missing, evidence));
  const gates = metrics.map(({ acceptance, key }) =>
    withEvidence(acceptMetric(acceptance, result.metrics, key), evidence),
  );
  const accepted = gates.length === 0 ? [gateOf("evidence", "PASS", summaryOf(result), evidence)] : gates;
  const verdict = decideVerdict(accepted);
  const worst = accepted.find((gate) => gate.verdict === verdict.value) ?? accepted[0];
  return {
    verdict: verdict.value,
    failureClass: verdict.value === "FAIL" ? "task" : null,
    summary: worst?.message ?? summaryOf(result),
    gates: accepted,
    result,
    usage: result.usage,
  };
}

interface Unproven extends GateResult {
  readonly verdict: "FAIL" | "BLOCKED";
}

/**
 * That the work was done before is a claim: its evidence has to be there, and then the metrics of a stage that
 * only measures decide, or a person.
 */
function judgeSignal(result: WorkerResult, evidence: AttemptEvidence): Unproven | undefined {
  const { there } = evidence;
  if (result.signal === undefined || there === undefined) return undefined;
  const named = result.evidence ?? [];
  const absent = named.filter((path) => there[path] !== true);
  if (absent.length > 0) {
    const message = `The worker says that this is done already, but ${listPaths(absent)} ${be(absent.length)} not on the base commit.`;
    return { ...gateOf("evidence", "FAIL", message, evidence), verdict: "FAIL" };
  }
  const { metrics, needsChanges } = evidence.demands;
  if (metrics.length > 0 && !needsChanges) return undefined;
  const message = `The worker says that this is done already, and names ${listPaths(named)}, which ${be(named.length)} on the base commit. Nobody has checked more than that.`;
  const held = { seen: "signal already-done", wanted: "a person's decision" };
  return { ...gateOf(ALREADY_DONE, "BLOCKED", message, evidence, held), verdict: "BLOCKED" };
}

function listPaths(paths: readonly string[]): string {
  return paths.map((path) => code(path)).join(", ");
}

/** The worker's own words, made harmless: they end up in comments. */
function summaryOf(result: WorkerResult): string {
  return inline(result.summary, SUMMARY_CHARS);
}

function said(verdict: "FAIL" | "BLOCKED", result: WorkerResult, gate: GateResult): Judgement {
  return {
    verdict,
    failureClass: verdict === "FAIL" ? "task" : null,
    summary: gate.message,
    gates: [gate],
    result,
    usage: result.usage,
  };
}

function withoutResult(gate: GateResult, failureClass: FailureClass | null): Judgement {
  return {
    verdict: gate.verdict,
    failureClass,
    summary: gate.message,
    gates: [gate],
    result: null,
    usage: null,
  };
}

/** What a gate saw and what it wanted to see. */
interface Held {
  readonly seen: string;
  readonly wanted: string;
}

function gateOf(
  gate: string,
  verdict: GateResult["verdict"],
  message: string,
  { run }: AttemptEvidence,
  held: Held = { seen: `run ${run.conclusion ?? run.status}`, wanted: "a bound result" },
): GateResult {
  const text = message === "" ? "The worker gave no summary." : message;
  return { gate, verdict, message: text, ...held, evidenceUrl: run.url };
}

/** What the worker says of its own work, where it does not say that it is done. */
function workerGate(
  verdict: "FAIL" | "BLOCKED",
  result: WorkerResult,
  evidence: AttemptEvidence,
): GateResult {
  const held = { seen: `outcome ${result.outcome}`, wanted: "outcome completed" };
  return gateOf("worker", verdict, summaryOf(result), evidence, held);
}

function withEvidence(gate: GateResult, { run }: AttemptEvidence): GateResult {
  return { ...gate, evidenceUrl: run.url };
}
