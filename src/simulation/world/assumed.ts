import { MINUTE_MS } from "../context.ts";

/** What is assumed of workers and checks; nothing of it is known of a real repository. */
export const ASSUMED = {
  /** How often a stage does what was asked. */
  stagePasses: 0.78,
  /** How often a check of a pull request succeeds. */
  checkPasses: 0.88,
  /** How often the critics let a merged change stay. */
  criticsPass: 0.95,
  /** Of what fails, how often the worker asks for a person. */
  workerBlocks: 0.06,
  stageMs: [3 * MINUTE_MS, 45 * MINUTE_MS],
  checkMs: [MINUTE_MS, 12 * MINUTE_MS],
  usdPerMinute: 0.03,
} as const;
