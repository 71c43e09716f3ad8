import type { Critics } from "../../config/config.ts";
import { readConclusion } from "../../evidence/conclusion.ts";
import type { ResultFile, RunNow } from "../../facts.ts";
import type { GateResult } from "../../gate/verdict.ts";
import type { Attempt } from "../../task/attempt.ts";
import { type Judgement, judgeAttempt } from "../attempt/judge-attempt.ts";
import { CRITICS_STAGE } from "./critics-stage.ts";

/**
 * What a run of the critics says of a merged change. Their success is enough where nothing is to be accepted; whatever result
 * they leave, and any that has to be accepted, is judged like that of a stage.
 */
export function judgeCritics(evidence: {
  readonly critics: Critics;
  readonly attempt: Attempt;
  readonly run: RunNow;
  readonly file: ResultFile;
}): Judgement {
  const { critics, attempt, run, file } = evidence;
  const { accept } = critics;
  const isPlain = file.kind === "missing" && accept.length === 0;
  if (isPlain && readConclusion(run.conclusion).kind === "evidence") return passPlainly(run);
  const metrics = accept.map((acceptance) => ({ acceptance, key: "critics.accept" }));
  return judgeAttempt({ attempt, run, file, demands: { metrics, artifacts: [], needsChanges: false } });
}

function passPlainly({ url }: RunNow): Judgement {
  const gate: GateResult = {
    gate: CRITICS_STAGE,
    verdict: "PASS",
    message: "The critics' run succeeded.",
    seen: "run success",
    wanted: "run success",
    evidenceUrl: url,
  };
  return {
    verdict: "PASS",
    failureClass: null,
    summary: gate.message,
    gates: [gate],
    result: null,
    usage: null,
  };
}
