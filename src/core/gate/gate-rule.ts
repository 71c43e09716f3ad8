import type { Config } from "../config/config.ts";
import type { PullNow } from "../facts.ts";
import type { Approval, Override } from "../pull/review.ts";
import type { Actor } from "../repo.ts";
import type { Task } from "../task/task.ts";
import type { GateResult } from "./verdict.ts";

/** What a task's own pull request is held against beside the configuration. */
export interface TaskWork {
  readonly task: Task;
  /** Head of the commit that the app itself published for the task. */
  readonly publishedSha: string;
  readonly branchPrefix: string;
  /** The branch that the work was meant for. */
  readonly baseRef: string;
  /** Whether documents alone are what was asked for. */
  readonly isDocumentation: boolean;
}

/** Everything that the gates of a pull request see; all of it of one head commit and one configuration. */
export interface GateSubject {
  readonly pull: PullNow;
  readonly repoId: number;
  /** Null for people's own pull requests and for the commits of a merge queue. */
  readonly work: TaskWork | null;
  /** The verdict of the pull request that a merge queue's commit was made of; null for anything else. */
  readonly queued: { readonly pull: number; readonly verdict: GateResult["verdict"] | null } | null;
  /** Who answers for the change, so that their approval and their override do not count. */
  readonly requester: Actor;
  /** Who pushed the head, where that is known and was not the app; what they say about it does not count either. */
  readonly pusher: Actor | null;
  /** How many approvals of this head are needed, and those that were given, for whatever commit. */
  readonly approvals: { readonly needed: number; readonly given: readonly Approval[] };
  readonly overrides: readonly Override[];
  /** Reviews up to this moment were given for a merge into another branch, ms since epoch; 0 where there was none. */
  readonly elsewhereUntil: number;
  readonly config: Config;
  readonly defaultBranch: string;
  /** Ids of apps whose checks are the product's own and so prove nothing. */
  readonly ownAppId: number;
  /** Since when this head waits for checks, ms since epoch. */
  readonly headSince: number;
  readonly now: number;
}

/** What a gate says, or that it must wait for something that is still under way. */
export type GateAnswer = GateResult | { readonly gate: string; readonly pending: string };

/** What can change a gate's answer; each of them has the gate asked again. */
export const TRIGGERS = {
  push: "a push to the branch",
  base: "the base branch, or another base",
  text: "the title or the text of the pull request",
  check: "a check, a status or a run of the commit",
  review: "an approval, a review or an override",
  configuration: "the configuration of the default branch",
  clock: "time",
} as const;
export type Trigger = keyof typeof TRIGGERS;

/** What a gate may say: most have one answer, some one for each thing that they judge, named `<gate>.<thing>`. */
export type GateAnswers = GateAnswer | readonly GateAnswer[];

/** One gate: pure, explains itself, one file each. */
export interface GateRule<Answers extends GateAnswers = GateAnswer> {
  readonly name: string;
  /** One sentence for the documentation. */
  readonly purpose: string;
  readonly changedBy: readonly Trigger[];
  /** Key of the configuration that decides; its line is shown with the answer. */
  readonly key: readonly string[];
  /** Whether a person may set the gate aside for one commit. */
  readonly isOverridable: boolean;
  /** Whether the gate is asked about a commit of a merge queue too; what judges the change itself has been asked before. */
  readonly inQueue?: true;
  /** Whether the gate is asked at all; without it, always. */
  readonly appliesTo?: (subject: GateSubject) => boolean;
  /** Half a sentence: why it is not asked where `appliesTo` says no. */
  readonly whyNot?: string;
  readonly evaluate: (subject: GateSubject) => Answers;
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
