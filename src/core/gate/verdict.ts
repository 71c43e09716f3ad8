export type VerdictValue = "PASS" | "FAIL" | "BLOCKED";

/** What one gate says of a pull request or stage, with what it saw and what it wanted. */
export interface GateResult {
  readonly gate: string;
  readonly verdict: VerdictValue;
  /** One sentence: what is wrong, or that it is right. */
  readonly message: string;
  readonly seen: string;
  readonly wanted: string;
  readonly howToFix?: string;
  readonly evidenceUrl?: string;
  /** Single findings, at most 20, each one line. */
  readonly details?: readonly string[];
}

/** All gates together: the worst one decides; no gate at all is BLOCKED, never PASS. */
export interface Verdict {
  readonly value: VerdictValue;
  readonly gates: readonly GateResult[];
}

/** FAIL outweighs BLOCKED, since it can be worked on at once; PASS needs at least one gate and all of them. */
export function decideVerdict(gates: readonly GateResult[]): Verdict {
  if (gates.some((gate) => gate.verdict === "FAIL")) return { value: "FAIL", gates };
  const passed = gates.length > 0 && gates.every((gate) => gate.verdict === "PASS");
  return { value: passed ? "PASS" : "BLOCKED", gates };
}
