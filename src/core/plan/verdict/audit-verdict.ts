import type { Verdict } from "../../gate/verdict.ts";
import type { Draft } from "../draft.ts";

/** Keeps which verdict a commit got, from which gates, under which configuration. */
export function auditVerdict(
  draft: Draft,
  {
    pull,
    sha,
    verdict,
    taskId,
  }: {
    readonly pull: number;
    readonly sha: string;
    readonly verdict: Verdict;
    readonly taskId: string | null;
  },
): void {
  draft.audit("verdict.reached", {
    taskId,
    data: {
      pull,
      sha,
      verdict: verdict.value,
      configSha: draft.view.record.stored.goodConfig?.sha ?? null,
      gates: verdict.gates.map((gate) => `${gate.gate} ${gate.verdict}`),
    },
  });
}
