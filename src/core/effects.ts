import type { RepoRef } from "./repo.ts";

/** One changed file of a task's answer; `contentBase64: null` deletes it. */
export interface FileChange {
  readonly path: string;
  readonly mode: "100644" | "100755";
  readonly contentBase64: string | null;
}

export interface CheckOutput {
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
}

export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
}

/** A button of a check: `label` and `identifier` of at most 20 characters, `description` of at most 40. */
export interface CheckButton {
  readonly label: string;
  readonly identifier: string;
  readonly description: string;
}

/** A file of a branch: what it was made from, null where there was none, and what it is to be. */
export interface FileText {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}

/**
 * A state of the world that is wanted; a newer one replaces an older one that was not written yet. `renewal` makes an equal
 * state a new one, where somebody changed or deleted what was written.
 */
export type Projection =
  /** One comment of ours, found again by its key's hidden marker. `body` is without the marker. */
  | { readonly kind: "comment"; readonly issue: number; readonly body: string; readonly renewal?: number }
  /** The labels that start with `prefix` are exactly these. */
  | {
      readonly kind: "labels";
      readonly issue: number;
      readonly prefix: string;
      readonly labels: readonly string[];
      readonly renewal?: number;
    }
  | {
      readonly kind: "check";
      readonly sha: string;
      readonly name: string;
      readonly status: "in_progress" | "completed";
      readonly conclusion: "success" | "failure" | "action_required" | "neutral" | "cancelled" | null;
      readonly output: CheckOutput;
      readonly annotations: readonly Annotation[];
      /** Buttons, at most three. */
      readonly buttons?: readonly CheckButton[];
    }
  /** One issue of ours, found again by its key's hidden marker; `state: "absent"` closes it and never opens one. */
  | {
      readonly kind: "issue";
      readonly title: string;
      readonly body: string;
      readonly state: "open" | "absent";
    }
  /** One pull request of ours, found again by its branch, that people merge; `state: "absent"` closes it and its branch. */
  | {
      readonly kind: "file-pull";
      readonly branch: string;
      readonly baseRef: string;
      readonly title: string;
      readonly body: string;
      readonly files: readonly FileText[];
      readonly state: "open" | "absent";
      readonly renewal?: number;
    };

/** Something that is done exactly once. */
export type Action =
  | {
      readonly kind: "dispatch";
      readonly correlation: string;
      readonly workflow: string;
      readonly ref: string;
      readonly inputs: Readonly<Record<string, string>>;
    }
  | { readonly kind: "cancel-run"; readonly runId: number }
  | {
      readonly kind: "publish";
      readonly correlation: string;
      readonly branch: string;
      readonly baseRef: string;
      readonly baseSha: string;
      readonly message: string;
      readonly changes: readonly FileChange[];
      /** The pull request to open, when there is none yet. */
      readonly title: string;
      readonly body: string;
      readonly draft: boolean;
    }
  | {
      readonly kind: "merge";
      readonly pull: number;
      readonly sha: string;
      readonly title: string;
      /** The branch that the verdict was for; absent in orders of earlier versions. */
      readonly baseRef?: string;
    }
  /** A pull request that puts the files of a merge back to what they were; its issue is opened again. Nothing is merged. */
  | {
      readonly kind: "revert";
      /** The pull request that was merged, and the commit that it left. */
      readonly pull: number;
      readonly mergeSha: string;
      readonly branch: string;
      readonly baseRef: string;
      readonly issue: number;
      readonly title: string;
      readonly body: string;
    }
  /** An issue that is opened once, whatever becomes of it; found again by the hidden marker that `about` makes. */
  | {
      readonly kind: "open-issue";
      readonly about: string;
      readonly title: string;
      readonly body: string;
      /** The trigger label, where its work is to start. */
      readonly label: string | null;
      /** The role whose work it is; absent in orders of earlier versions. */
      readonly role?: string;
    }
  | { readonly kind: "close-issue"; readonly issue: number; readonly reason: "completed" | "not_planned" }
  | { readonly kind: "close-pull"; readonly pull: number; readonly branch: string }
  /** A comment that is written once and never edited: an answer to a command. */
  | { readonly kind: "reply"; readonly issue: number; readonly body: string }
  | {
      readonly kind: "react";
      readonly target: { readonly kind: "issue" | "comment"; readonly id: number };
      readonly content: "eyes" | "rocket" | "+1" | "-1" | "confused";
    };

/**
 * One thing to do in the world. `key` is unique for ever: the same action under the same key is done once; a projection
 * under the same key is the same object. Effects of one `subject` are done in order.
 */
export type Effect =
  | {
      readonly sort: "projection";
      readonly key: string;
      readonly subject: string;
      readonly repo: RepoRef;
      readonly taskId: string | null;
      readonly projection: Projection;
    }
  | {
      readonly sort: "action";
      readonly key: string;
      readonly subject: string;
      readonly repo: RepoRef;
      readonly taskId: string | null;
      readonly action: Action;
    };

/** What became of an effect. `later` is obeyed to the millisecond and burns no retry. */
export type Outcome =
  | { readonly kind: "done"; readonly facts: Readonly<Record<string, string | number | null>> }
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  | { readonly kind: "later"; readonly at: number; readonly why: string };

/** The status of a refusal that is not GitHub's: the action was withdrawn before it was sent. */
export const NOT_SENT = 0;
