import type { GatesConfig } from "../config/config.ts";
import type { PullNow } from "../facts.ts";
import type { Task } from "../task/task.ts";
import type { GateResult } from "./verdict.ts";

/** Everything that the gates of a pull request see; all of it of one head commit and one configuration. */
export interface GateSubject {
  readonly task: Task;
  readonly pull: PullNow;
  /** Head of the commit that the app itself published for the task. */
  readonly publishedSha: string;
  readonly gates: GatesConfig;
  readonly branchPrefix: string;
  /** How many approvals of this head are needed; 0 when the autonomy asks for none. */
  readonly approvals: number;
  /** Ids of apps whose checks are the product's own and so prove nothing. */
  readonly ownAppId: number;
  /** Since when this head waits for checks, ms since epoch. */
  readonly headSince: number;
  readonly now: number;
}

/** What a gate says, or that it must wait for something that is still under way. */
export type GateAnswer = GateResult | { readonly gate: string; readonly pending: string };

/** One gate: pure, explains itself, one file each. */
export interface GateRule {
  readonly name: string;
  /** One sentence for the documentation. */
  readonly purpose: string;
  /** Whether the gate is asked at all; without it, always. */
  readonly appliesTo?: (subject: GateSubject) => boolean;
  readonly evaluate: (subject: GateSubject) => GateAnswer;
}

/** Makes the answers of one gate, so that each rule names itself once. */
export function answerAs(gate: string) {
  const answer =
    (verdict: GateResult["verdict"]) =>
    (facts: Omit<GateResult, "gate" | "verdict">): GateResult => ({ gate, verdict, ...facts });
  return {
    pass: answer("PASS"),
    fail: answer("FAIL"),
    blocked: answer("BLOCKED"),
    pending: (what: string): GateAnswer => ({ gate, pending: what }),
  };
}
