import type { GateResult } from "../gate/verdict.ts";
import type { Task } from "../task/task.ts";

/** GitHub takes 65,535 characters of inputs in all; the rest of them is short. */
const BRIEF_MAX_CHARS = 60_000;
const MAX_FEEDBACK = 20;

interface Brief {
  readonly schema: "orchestrator-brief/1";
  readonly task: string;
  readonly issue: number;
  readonly title: string;
  readonly body: string;
  readonly attempt: number;
  readonly feedback: readonly {
    readonly gate: string;
    readonly verdict: string;
    readonly message: string;
    readonly details: readonly string[];
  }[];
}

/**
 * What the worker is told, as base64url of JSON: whatever people wrote stays data, since the alphabet has nothing that a
 * shell or a template could read. Long texts are cut so that GitHub takes the dispatch.
 */
export function buildBrief(task: Task): string {
  const feedback = task.feedback
    .filter((gate) => gate.verdict !== "PASS")
    .slice(0, MAX_FEEDBACK)
    .map(describeGate);
  const brief: Brief = {
    schema: "orchestrator-brief/1",
    task: task.id,
    issue: task.issue,
    title: task.title,
    body: task.body,
    attempt: task.attempt,
    feedback,
  };
  const encoded = encode(brief);
  if (encoded.length <= BRIEF_MAX_CHARS) return encoded;
  const surplus = Math.ceil((encoded.length - BRIEF_MAX_CHARS) * 0.75);
  const kept = Math.max(0, task.body.length - surplus);
  const cut = encode({ ...brief, body: `${task.body.slice(0, Math.floor(kept / 3))}\n[cut]` });
  return cut.length <= BRIEF_MAX_CHARS ? cut : encode({ ...brief, body: "[cut]", feedback: [] });
}

function describeGate(gate: GateResult) {
  return {
    gate: gate.gate,
    verdict: gate.verdict,
    message: gate.message.slice(0, 1000),
    details: (gate.details ?? []).slice(0, 5).map((line) => line.slice(0, 300)),
  };
}

function encode(brief: Brief): string {
  const bytes = new TextEncoder().encode(JSON.stringify(brief).toWellFormed());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}
