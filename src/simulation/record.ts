import type { AuditEntry } from "../core/audit/audit-entry.ts";
import type { Event } from "../core/events.ts";
import type { Permission } from "../core/repo.ts";

/** What a limit is about that holds for everything that is read. */
export const READS = "reads";

/** What the app did to GitHub in one request, and what GitHub made of it. */
export type Write =
  | {
      readonly what: "run.start";
      readonly run: number;
      readonly workflow: string;
      readonly correlation: string;
    }
  | { readonly what: "run.cancel"; readonly run: number }
  | {
      readonly what: "comment.create" | "comment.edit";
      readonly comment: number;
      readonly issue: number;
      /** The key of the effect, as its hidden marker carries it. */
      readonly key: string;
      readonly body: string;
    }
  | {
      readonly what: "check.create" | "check.update";
      readonly check: number;
      readonly sha: string;
      readonly name: string;
      readonly key: string;
      readonly status: string;
      readonly conclusion: string | null;
      readonly text: string;
    }
  | { readonly what: "labels"; readonly issue: number; readonly labels: readonly string[] }
  | { readonly what: "issue.open" | "issue.close"; readonly issue: number }
  | {
      readonly what: "push";
      readonly branch: string;
      readonly sha: string;
      readonly attempt: string;
      /** Files that it changes. */
      readonly paths: readonly string[];
    }
  | { readonly what: "branch.delete"; readonly branch: string }
  | { readonly what: "pull.open"; readonly pull: number; readonly branch: string; readonly draft: boolean }
  | { readonly what: "pull.close"; readonly pull: number }
  | {
      readonly what: "pull.merge";
      readonly pull: number;
      /** What the request named; empty when it named nothing. */
      readonly asked: string;
      readonly head: string;
      /** Where it pointed when the app looked, a moment before the request. */
      readonly base: string;
      readonly mergeSha: string;
    }
  | { readonly what: "reaction"; readonly target: string };

/** What others did, people and machines. */
export type Deed =
  | {
      readonly what: "issue.opened";
      readonly issue: number;
      readonly kind: string;
      /** An issue that its text says it waits for. */
      readonly waitsFor: number | null;
      /** Files that its text says it is about; empty where it says nothing. */
      readonly paths: string;
    }
  | { readonly what: "labeled" | "unlabeled"; readonly issue: number; readonly label: string }
  | {
      readonly what: "issue.closed" | "issue.reopened" | "issue.edited" | "issue.gone";
      readonly issue: number;
    }
  | {
      readonly what: "commented";
      readonly comment: number;
      readonly issue: number;
      readonly body: string;
      readonly isPerson: boolean;
    }
  | { readonly what: "comment.deleted"; readonly comment: number; readonly issue: number }
  | { readonly what: "pushed"; readonly branch: string; readonly sha: string }
  | {
      readonly what: "pull.closed" | "pull.merged" | "pull.reopened";
      readonly pull: number;
      readonly head: string;
    }
  /** The file of the default branch; null when it was deleted. */
  | { readonly what: "configured"; readonly sha: string; readonly text: string | null }
  | { readonly what: "suspended" | "unsuspended" }
  /** GitHub made two runs of one dispatch. */
  | { readonly what: "run.doubled"; readonly run: number; readonly correlation: string }
  | {
      readonly what: "check.ended";
      readonly sha: string;
      readonly name: string;
      readonly conclusion: string;
    }
  | { readonly what: "run.begun" | "run.vanished"; readonly run: number }
  | {
      readonly what: "run.ended";
      readonly run: number;
      readonly conclusion: string;
      /** Whether it ended well and left a result of this very attempt that says that the work is done. */
      readonly proves: boolean;
      /** Of the result that the run left; null when it left none that counts. */
      readonly minutes: number;
      readonly usd: number;
    };

type ProcessState =
  | "started"
  | "died"
  | "stalled"
  /** Its clock is wrong from here on, or right again. */
  | "jumped"
  /** It could not write down how an effect ended. */
  | "forgot";

/** One line of a history, in the order in which things happened. */
export type Recorded =
  | { readonly kind: "sent"; readonly at: number; readonly guid: string; readonly event: Event }
  | {
      readonly kind: "received";
      readonly at: number;
      readonly guid: string;
      readonly answer: "stored" | "duplicate" | "failed";
    }
  /** A job of the inbox began, ended or was given up. */
  | { readonly kind: "begun"; readonly at: number; readonly job: string; readonly event: Event }
  | { readonly kind: "handled"; readonly at: number; readonly job: string; readonly reason: string }
  | { readonly kind: "buried"; readonly at: number; readonly job: string; readonly reason: string }
  /** The app asked what somebody may do. */
  | {
      readonly kind: "asked";
      readonly at: number;
      readonly login: string;
      readonly permission: Permission;
    }
  | {
      readonly kind: "write";
      readonly at: number;
      /** When the request left; until `at` it was on its way. */
      readonly sentAt: number;
      /** Key of the effect that it belongs to. */
      readonly key: string;
      readonly write: Write;
    }
  /** GitHub said when it wants to hear of this effect again. */
  | { readonly kind: "limited"; readonly at: number; readonly key: string; readonly until: number }
  | { readonly kind: "tried"; readonly at: number; readonly key: string }
  | { readonly kind: "did"; readonly at: number; readonly by: string; readonly deed: Deed }
  | { readonly kind: "audit"; readonly at: number; readonly entry: AuditEntry }
  | { readonly kind: "process"; readonly at: number; readonly state: ProcessState }
  /** From here on nothing goes wrong any more that does not go wrong every day. */
  | { readonly kind: "calm"; readonly at: number };

/** A history as it is written down; nothing is ever taken back. */
export class Recorder {
  readonly lines: Recorded[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  deed(by: string, deed: Deed): void {
    this.lines.push({ kind: "did", at: this.#now(), by, deed });
  }

  add(line: Recorded): void {
    this.lines.push(line);
  }
}
