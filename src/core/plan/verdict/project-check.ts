import type { Annotation, CheckOutput, Projection } from "../../effects.ts";
import {
  abandonedCheckOutput,
  pendingCheckOutput,
  supersededCheckOutput,
  unjudgedCheckOutput,
  verdictCheckOutput,
} from "../../messages/check.ts";
import { CHECK_BUTTONS } from "../../messages/verdict-notes.ts";
import type { Draft } from "../draft.ts";
import { type Standing, standingsOf, wordOf, worstOf } from "./standings.ts";

/** Name of the check that carries the verdict; branch protection should require exactly this one. */
export const VERIFY_CHECK = "orchestrator / verify";

type CheckProjection = Extract<Projection, { kind: "check" }>;

/** What is known of a standing only while it is being judged. */
export interface FreshFacts {
  readonly standing: Standing;
  readonly annotations: readonly Annotation[];
  readonly notEvaluated: readonly { readonly gate: string; readonly why: string }[];
}

const CONCLUSIONS = { PASS: "success", FAIL: "failure", BLOCKED: "action_required" } as const;

/** Shows how a commit stands as its one check; `fresh` is the standing that has just been judged. */
export function projectCheck(draft: Draft, sha: string, fresh: FreshFacts): void {
  const others = standingsOf(draft, sha).filter((known) => !isSame(known, fresh.standing));
  projectWorst(draft, sha, [fresh.standing, ...others], fresh);
}

/** Whoever leaves a commit leaves its check to what else has the commit as its head; false when nothing has. */
export function showOthers(draft: Draft, sha: string, leaver: number): boolean {
  const others = standingsOf(draft, sha).filter((known) => known.subject.number !== leaver);
  projectWorst(draft, sha, others, null);
  return others.length > 0;
}

function projectWorst(
  draft: Draft,
  sha: string,
  standings: readonly Standing[],
  fresh: FreshFacts | null,
): void {
  const worst = worstOf(standings);
  if (worst === undefined) return;
  const shared = standings
    .filter((known) => known !== worst)
    .map((known) => ({ number: known.subject.number, baseRef: known.subject.baseRef, word: wordOf(known) }));
  const isFresh = worst === fresh?.standing;
  project(draft, sha, {
    number: worst.subject.number,
    check: {
      ...describe(draft, sha, { worst, shared, notEvaluated: isFresh ? (fresh?.notEvaluated ?? []) : [] }),
      annotations: isFresh ? (fresh?.annotations ?? []) : [],
      buttons: CHECK_BUTTONS,
    },
  });
}

function isSame(known: Standing, standing: Standing): boolean {
  return known.subject.kind === standing.subject.kind && known.subject.number === standing.subject.number;
}

type Shared = Parameters<typeof verdictCheckOutput>[0]["shared"];

function describe(
  draft: Draft,
  sha: string,
  facts: { readonly worst: Standing; readonly shared: Shared } & Pick<FreshFacts, "notEvaluated">,
): Pick<CheckProjection, "status" | "conclusion" | "output"> {
  const { worst, shared, notEvaluated } = facts;
  const { verdict, waitingFor, gates, subject } = worst;
  if (verdict === null) {
    return { status: "in_progress", conclusion: null, output: pendingCheckOutput(waitingFor, gates) };
  }
  const { goodConfig } = draft.view.record.stored;
  const output = verdictCheckOutput({
    verdict,
    sha,
    subject,
    shared,
    notEvaluated,
    configAt: goodConfig === null ? null : { ...goodConfig, url: configUrl(draft, goodConfig.sha) },
  });
  return { status: "completed", conclusion: CONCLUSIONS[verdict.value], output };
}

/** The page of the configuration, found from the page of the pull request; empty when that is not known. */
function configUrl({ gathered }: Draft, sha: string): string {
  const page = /^(https?:\/\/.+)\/pull\/\d+$/u.exec(gathered.pull?.url ?? "")?.[1];
  return page === undefined ? "" : `${page}/blob/${sha}/.github/orchestrator.yml`;
}

/** The check of a head that is replaced says so instead of waiting for ever; so does a pass of a head that is gone. */
export function supersedeCheck(draft: Draft, sha: string, number: number): void {
  endCheck(draft, sha, { number, output: supersededCheckOutput() });
}

/** Ends a check that nobody will bring to an end any more (I7). */
export function abandonCheck(
  draft: Draft,
  sha: string,
  facts: { readonly number: number; readonly why: string },
): void {
  endCheck(draft, sha, { number: facts.number, output: abandonedCheckOutput(facts.why) });
}

/** What else has the commit as its head goes on being shown, as long as a configuration says what has to hold. */
function endCheck(
  draft: Draft,
  sha: string,
  { number, output }: { readonly number: number; readonly output: CheckOutput },
): void {
  if (draft.view.config !== null && showOthers(draft, sha, number)) return;
  project(draft, sha, {
    number,
    check: { status: "completed", conclusion: "cancelled", output, annotations: [] },
  });
}

/**
 * A head that is not judged says so: a branch protection that requires the check must not wait for ever. To GitHub that is as
 * good as a pass, so it is not said of a commit that something else has as its head.
 */
export function projectUnjudged(draft: Draft, sha: string, number: number): void {
  if (showOthers(draft, sha, number) || isTasks(draft, sha)) return;
  project(draft, sha, {
    number,
    check: { status: "completed", conclusion: "neutral", output: unjudgedCheckOutput(), annotations: [] },
  });
}

function isTasks(draft: Draft, sha: string): boolean {
  return draft.pullTasks().some(({ pull }) => pull?.headSha === sha || pull?.verdictSha === sha);
}

function project(
  draft: Draft,
  sha: string,
  {
    number,
    check,
  }: { readonly number: number; readonly check: Omit<CheckProjection, "kind" | "sha" | "name"> },
): void {
  draft.project(
    `verify:${sha}`,
    { kind: "check", sha, name: VERIFY_CHECK, ...check },
    { subject: `pull:${number}`, taskId: null },
  );
}
