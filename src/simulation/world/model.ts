import type { IssueNow } from "../../core/facts.ts";
import type { Actor } from "../../core/repo.ts";

export interface ModelIssue {
  readonly number: number;
  /** The kind of work that it was opened for. */
  readonly kind: string;
  readonly openedBy: Actor;
  title: string;
  body: string;
  labels: string[];
  state: "open" | "closed";
  stateReason: IssueNow["stateReason"];
  /** Who put a label on last, and who took it off, by the label. */
  readonly labelledBy: Map<string, Actor>;
  readonly unlabelledBy: Map<string, Actor>;
}

export interface ModelComment {
  readonly id: number;
  readonly issue: number;
  /** The effect's key in the hidden marker; null for what others wrote. */
  readonly key: string | null;
  body: string;
}

export interface ModelRun {
  readonly id: number;
  readonly workflow: string;
  readonly correlation: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly createdAt: number;
  status: "queued" | "waiting" | "in_progress" | "completed";
  /** How often it was run, from 1. */
  runAttempt: number;
  conclusion: string | null;
  /** Text of its `result.json`. */
  result: string | null;
  startedAt: number;
  updatedAt: number;
  isGone: boolean;
}

export interface ModelCheck {
  readonly id: number;
  readonly name: string;
  readonly appId: number;
  readonly key: string | null;
  status: string;
  conclusion: string | null;
}

export interface ModelCommit {
  readonly sha: string;
  readonly parent: string | null;
  /** The attempt that its message ends with. */
  readonly attempt: string | null;
  readonly tree: ReadonlyMap<string, string>;
  /** The tree that it is compared with when somebody asks what it changes: of a branch, that which it began with. */
  readonly base: ReadonlyMap<string, string>;
}

export interface ModelPull {
  readonly number: number;
  readonly headRef: string;
  baseRef: string;
  readonly title: string;
  readonly body: string;
  readonly author: Actor;
  readonly openedAt: number;
  /** Whether it only keeps files up to date: people merge it as it is. */
  readonly isUpdate: boolean;
  draft: boolean;
  state: "open" | "closed";
  merged: boolean;
  mergeSha: string | null;
  headSha: string;
  /** The head before, and since when it is none any more: GitHub may show it a moment longer. */
  before: { readonly sha: string; readonly until: number } | null;
}
