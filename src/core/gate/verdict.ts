import { z } from "zod";

const VerdictValue = z.enum(["PASS", "FAIL", "BLOCKED"]);
export type VerdictValue = z.infer<typeof VerdictValue>;

/** What one gate says of a pull request or stage, with what it saw and what it wanted. */
export const GateResult = z
  .object({
    gate: z.string(),
    verdict: VerdictValue,
    /** One sentence: what is wrong, or that it is right. */
    message: z.string(),
    seen: z.string(),
    wanted: z.string(),
    /** The same figure at the base, and how far the head is from it. */
    base: z.string().exactOptional(),
    delta: z.string().exactOptional(),
    howToFix: z.string().exactOptional(),
    evidenceUrl: z.string().exactOptional(),
    /** Single findings, at most 20, each one line. */
    details: z.array(z.string()).readonly().exactOptional(),
    /** The shortest way to say what is wrong, for titles; without it, `seen`. */
    inShort: z.string().exactOptional(),
    /** Where in the configuration is what decided, where that is not the gate's key. */
    configPath: z
      .array(z.union([z.string(), z.number()]))
      .readonly()
      .exactOptional(),
    /** A moment (ms since epoch) at which time alone lifts what is BLOCKED. */
    until: z.number().exactOptional(),
    /** What the gate said before a person set it aside for this commit. */
    overridden: z
      .object({ verdict: VerdictValue, by: z.string(), reason: z.string() })
      .readonly()
      .exactOptional(),
  })
  .readonly();
export type GateResult = z.infer<typeof GateResult>;

/** All gates together: the worst one decides; no gate at all is BLOCKED, never PASS. */
export const Verdict = z.object({ value: VerdictValue, gates: z.array(GateResult).readonly() }).readonly();
export type Verdict = z.infer<typeof Verdict>;

/** FAIL outweighs BLOCKED, since it can be worked on at once; PASS needs at least one gate and all of them. */
export function decideVerdict(gates: readonly GateResult[]): Verdict {
  if (gates.some((gate) => gate.verdict === "FAIL")) return { value: "FAIL", gates };
  const passed = gates.length > 0 && gates.every((gate) => gate.verdict === "PASS");
  return { value: passed ? "PASS" : "BLOCKED", gates };
}
