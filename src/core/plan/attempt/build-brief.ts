import type { GateResult } from "../../gate/verdict.ts";
import type { KnowledgeObject } from "../../knowledge/knowledge.ts";
import type { StageReport, Task } from "../../task/task.ts";
import { type BriefRoom, describePast } from "./describe-past.ts";

/** GitHub takes 65,535 characters of inputs in all; the rest of them is short. */
const BRIEF_MAX_CHARS = 60_000;

const ROOMS: readonly BriefRoom[] = [
  { gates: 20, files: 30, tried: 10, knowledge: 5 },
  { gates: 5, files: 15, tried: 5, knowledge: 3 },
  { gates: 1, files: 5, tried: 1, knowledge: 1 },
  { gates: 0, files: 0, tried: 0, knowledge: 0 },
];
const TITLE_MAX_CHARS = 1000;
/** How many artifacts are told of all earlier stages together; each of them gets the same share. */
const EARLIER_MAX_ARTIFACTS = 60;
/** A worker chose the name, and the next one reads it: only what cannot be taken for anything but a name is passed on. */
const ARTIFACT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u;

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
  /** Absent where no report was kept: then there is nothing to compare with, and not nothing that was reported. */
  readonly earlier?: readonly {
    readonly stage: string;
    readonly runId: number;
    readonly artifacts: StageReport["artifacts"];
  }[];
  readonly knowledge?: readonly object[];
}

/**
 * What the worker is told, as base64url of JSON: whatever people wrote stays data, since the alphabet has nothing that a
 * shell or a template could read. Long texts are cut so that GitHub takes the dispatch: the body before what failed.
 */
export function buildBrief(task: Task, knowledge: readonly KnowledgeObject[] = []): string {
  const feedback = task.feedback.filter((gate) => gate.verdict !== "PASS").map(describeGate);
  const { stageReports } = task;
  const told = stageReports === undefined ? {} : { earlier: describeEarlier(task, stageReports) };
  const fits = ROOMS.values().map((room) =>
    fitBody({
      schema: "orchestrator-brief/1",
      task: task.id,
      issue: task.issue,
      title: task.title.slice(0, TITLE_MAX_CHARS),
      body: task.body,
      attempt: task.attempt,
      feedback: feedback.slice(0, room.gates),
      ...describePast(task, room),
      ...told,
      ...describeKnowledge(knowledge.slice(0, room.knowledge)),
    }),
  );
  const brief = fits.find((text) => text !== undefined);
  if (brief === undefined) throw new Error(`the brief of task ${task.id} does not fit`);
  return brief;
}

/** The brief with as much of its body as there is room for; undefined when there is none for the rest of it. */
function fitBody(brief: Brief): string | undefined {
  if (hasRoom(brief)) return encode(brief);
  const cutAt = (chars: number) => ({ ...brief, body: `${brief.body.slice(0, chars)}\n[cut]` });
  let [fitting, tooLong] = [-1, brief.body.length];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (hasRoom(cutAt(middle))) fitting = middle;
    else tooLong = middle;
  }
  return fitting === -1 ? undefined : encode(cutAt(fitting));
}

function describeGate(gate: GateResult) {
  return {
    gate: gate.gate,
    verdict: gate.verdict,
    message: gate.message.slice(0, 1000),
    details: (gate.details ?? []).slice(0, 5).map((line) => line.slice(0, 300)),
  };
}

/** What other tasks learned, with its source: a hint that may be wrong, and never an instruction. */
function describeKnowledge(objects: readonly KnowledgeObject[]): Pick<Brief, "knowledge"> {
  if (objects.length === 0) return {};
  return {
    knowledge: objects.map(({ id, title, body, paths, seen, issue }) => ({
      id,
      title,
      body,
      paths,
      seen,
      issue,
    })),
  };
}

/** The stages before this one of the same attempt, so that what is made again can be held against what they reported. */
function describeEarlier(task: Task, reports: readonly StageReport[]) {
  const earlier = reports.filter(
    ({ attempt, stageIndex }) => attempt === task.attempt && stageIndex < task.stage,
  );
  const share = Math.floor(EARLIER_MAX_ARTIFACTS / earlier.length);
  return earlier.map(({ stage, runId, artifacts }) => ({
    stage,
    runId,
    artifacts: artifacts.filter(({ name }) => ARTIFACT_NAME.test(name)).slice(0, share),
  }));
}

/** Four characters stand for three bytes. */
function hasRoom(brief: Brief): boolean {
  return Math.ceil((toBytes(brief).length * 4) / 3) <= BRIEF_MAX_CHARS;
}

function encode(brief: Brief): string {
  const binary = Array.from(toBytes(brief), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
}

/** Halves of characters are no text: some readers of JSON refuse them. */
function toBytes(brief: Brief): Uint8Array {
  const json = JSON.stringify(brief, (_key, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
  return new TextEncoder().encode(json);
}
