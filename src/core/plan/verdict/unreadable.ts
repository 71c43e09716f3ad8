import type { Verdict } from "../../gate/verdict.ts";
import { code } from "../../messages/text.ts";

/** Name that stands for GitHub among the gates when there is nothing that a gate could look at. */
export const UNREADABLE = "github";

/** The verdict about a head that cannot be read: never a pass, and never a fail because of a trouble that is not the work's. */
export function unreadableVerdict(why: string, until: number): Verdict {
  return {
    value: "BLOCKED",
    gates: [
      {
        gate: UNREADABLE,
        verdict: "BLOCKED",
        message: `The pull request could not be read from GitHub: ${code(why, 200)}. It is tried again by itself.`,
        seen: "no answer",
        wanted: "an answer",
        howToFix: "Wait for the next try, or press Re-run.",
        until,
      },
    ],
  };
}
