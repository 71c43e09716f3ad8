import type { PullNow } from "../../facts.ts";
import { type Evaluation, evaluatePull } from "../../gate/evaluate-pull.ts";
import type { GateSubject } from "../../gate/gate-rule.ts";
import { annotateFindings } from "../../gate/reports/annotate-findings.ts";
import type { Verdict } from "../../gate/verdict.ts";
import type { Pull } from "../../pull/pull.ts";
import { HUMAN_POLL_MS, JUDGED_POLL_MS, PULL_POLL_MS } from "../deadlines.ts";
import type { Draft } from "../draft.ts";
import { auditVerdict } from "../verdict/audit-verdict.ts";
import { nextStop } from "../verdict/next-stop.ts";
import { type FreshFacts, projectCheck } from "../verdict/project-check.ts";
import { unreadableVerdict } from "../verdict/unreadable.ts";
import { pendingPollMs } from "./pending-poll.ts";
import { pullSubject } from "./pull-subject.ts";

/** Judges the head of a pull without a task as GitHub shows it now, and shows what came of it. */
export function judgePull(
  draft: Draft,
  pull: Pull,
  { now, queued }: { readonly now: PullNow } & Pick<GateSubject, "queued">,
): void {
  const { config } = draft.view;
  if (config === null) return;
  const subject = pullSubject(draft, pull, { pull: now, config, queued });
  const evaluation = evaluatePull(subject);
  if (evaluation.kind === "pending") return awaitGates(draft, pull, { now, evaluation });
  const { verdict, notEvaluated } = evaluation;
  const isNewHead = draft.pull(pull.id)?.headSha !== pull.headSha;
  if (pull.kind === "pull" && isNewHead && verdict.value === "PASS") return lookTwice(draft, pull);
  takeVerdict(draft, pull, { verdict, notEvaluated, annotations: annotateFindings(subject) });
}

/**
 * What else has the commit as its head is found by the head that is known of a pull request, so a pass at a new one waits for
 * a second look: the others may not deserve it (F146).
 */
function lookTwice(draft: Draft, pull: Pull): void {
  const { number, requester: sender } = pull;
  draft.savePull({ ...pull, verdict: null, waitingFor: [], wakeAt: draft.now + PULL_POLL_MS });
  draft.emit({ kind: "pull.changed", repo: draft.repo, pull: number, action: "head", sender });
}

/** The head of a pull cannot be read: what was said of it does not stand any more, and it is looked at again soon. */
export function takeUnreadablePull(draft: Draft, pull: Pull, why: string): void {
  const verdict = unreadableVerdict(why, draft.now + PULL_POLL_MS);
  takeVerdict(draft, pull, { verdict, notEvaluated: [], annotations: [] });
}

/** A look costs requests, and a quiet head is the less likely to have been missed: an eighth of its age, a day at most. */
function pauseFor(ageMs: number): number {
  return Math.min(Math.max(JUDGED_POLL_MS, ageMs / 8), HUMAN_POLL_MS);
}

function takeVerdict(
  draft: Draft,
  pull: Pull,
  {
    verdict,
    notEvaluated,
    annotations,
  }: { readonly verdict: Verdict } & Pick<FreshFacts, "notEvaluated" | "annotations">,
): void {
  if (pull.verdict?.value !== verdict.value)
    auditVerdict(draft, { pull: pull.number, sha: pull.headSha, verdict, taskId: null });
  const until = verdict.gates.flatMap((gate) => (gate.until === undefined ? [] : [gate.until]));
  const saved = draft.savePull({
    ...pull,
    verdict,
    waitingFor: [],
    wakeAt: Math.min(draft.now + pauseFor(draft.now - pull.headSince), nextStop(draft), ...until),
  });
  projectCheck(draft, saved.headSha, {
    standing: {
      subject: { kind: saved.kind, number: saved.number, baseRef: saved.baseRef },
      verdict,
      waitingFor: [],
      gates: [],
    },
    annotations,
    notEvaluated,
  });
  if (pull.verdict?.value !== verdict.value) wakeGroups(draft, saved);
}

function awaitGates(
  draft: Draft,
  pull: Pull,
  {
    now,
    evaluation,
  }: { readonly now: PullNow; readonly evaluation: Extract<Evaluation, { kind: "pending" }> },
): void {
  const { waitingFor, gates } = evaluation;
  const saved = draft.savePull({
    ...pull,
    verdict: null,
    waitingFor,
    wakeAt: draft.now + pendingPollMs(now, draft.now - pull.headSince),
  });
  projectCheck(draft, saved.headSha, {
    standing: {
      subject: { kind: saved.kind, number: saved.number, baseRef: saved.baseRef },
      verdict: null,
      waitingFor,
      gates,
    },
    annotations: [],
    notEvaluated: [],
  });
}

/** The commits of the merge queue that stand for a pull request depend on its verdict. */
export function wakeGroups(draft: Draft, pull: { readonly number: number }): void {
  for (const group of draft.pulls()) {
    if (group.kind !== "group" || group.state !== "open" || group.number !== pull.number) continue;
    draft.emit({ kind: "group.changed", repo: draft.repo, sha: group.headSha });
  }
}
