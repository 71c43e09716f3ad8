import type { GateResult, Verdict } from "../../gate/verdict.ts";
import type { CheckSubject } from "../../messages/check.ts";
import type { Pull } from "../../pull/pull.ts";
import type { Task } from "../../task/task.ts";
import type { Draft } from "../draft.ts";

/** How one commit stands as one head. The same commit may be the head of several pull requests with different bases (F146). */
export interface Standing {
  readonly subject: CheckSubject;
  /** Null while something is awaited. */
  readonly verdict: Verdict | null;
  readonly waitingFor: readonly string[];
  /** Gates that have answered while others wait. */
  readonly gates: readonly GateResult[];
}

/** Everything that a commit is the head of, as it is drafted by now. */
export function standingsOf(draft: Draft, sha: string): readonly Standing[] {
  const tasks = draft.pullTasks().flatMap((task) => taskStanding(task, sha));
  const pulls = draft.pulls().filter((pull) => pull.state === "open" && pull.headSha === sha);
  return [...tasks, ...pulls.map(pullStanding)];
}

function taskStanding(task: Task, sha: string): readonly Standing[] {
  const { pull } = task;
  if (pull === null || (pull.verdictSha ?? pull.headSha) !== sha) return [];
  const waitingFor = task.reasons
    .filter((known) => known.code === "checks.pending")
    .map(({ message }) => message);
  if (pull.verdict === null && waitingFor.length === 0) return [];
  return [
    {
      subject: {
        kind: "task",
        number: pull.number,
        baseRef: pull.baseRef,
        issue: task.issue,
        attempt: task.attempt,
      },
      verdict: pull.verdict,
      waitingFor,
      gates: [],
    },
  ];
}

function pullStanding({ kind, number, baseRef, verdict, waitingFor }: Pull): Standing {
  return { subject: { kind, number, baseRef }, verdict, waitingFor, gates: [] };
}

const ORDER = ["FAIL", "BLOCKED", "pending", "PASS"] as const;

/** In one word; what is awaited is worse than a pass. */
export function wordOf({ verdict }: Standing): (typeof ORDER)[number] {
  return verdict?.value ?? "pending";
}

/** A commit has one check, so the worst of its standings is what it says: a pass elsewhere lets nothing through here. */
export function worstOf(standings: readonly Standing[]): Standing | undefined {
  return standings.toSorted((a, b) => ORDER.indexOf(wordOf(a)) - ORDER.indexOf(wordOf(b)))[0];
}
