import type { Approval } from "./pull/review.ts";
import type { Actor } from "./repo.ts";

/** An issue as GitHub shows it now. */
export interface IssueNow {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly isPull: boolean;
  readonly locked: boolean;
}

/** A changed file of a pull request; `patch` is absent for binary and very large files. */
export interface ChangedFile {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | null;
}

/** A check run or commit status of a commit; a status has the `appId` null and the `slug` "". */
export interface CheckNow {
  readonly name: string;
  readonly slug: string;
  readonly appId: number | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly url: string | null;
}

/** A check suite of a commit that has not ended. GitHub opens one for every installed app, also for those that never use it. */
export interface PendingSuite {
  readonly app: string;
  readonly slug: string;
  readonly appId: number | null;
  readonly status: string;
  /** Check runs that it holds so far. */
  readonly runs: number;
}

/** A pull request with everything that gates look at, read in one go for one head commit. */
export interface PullNow {
  readonly number: number;
  /** Its page; empty where there is none, as for the commit of a merge queue. */
  readonly url: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  /** The commit that a merge left on the base branch. */
  readonly mergeSha?: string;
  readonly draft: boolean;
  readonly headSha: string;
  readonly headRef: string;
  readonly headRepoId: number | null;
  readonly baseRef: string;
  readonly mergeable: boolean | null;
  readonly author: Actor;
  readonly title: string;
  readonly body: string;
  readonly changedFiles: number;
  /** Null when GitHub listed fewer files than the pull request has. */
  readonly files: readonly ChangedFile[] | null;
  readonly checks: readonly CheckNow[];
  /** Suites of the head that have not ended, those of every app: their checks may not be there yet. */
  readonly pendingSuites: readonly PendingSuite[];
  /** Absent when no reports are configured, and as long as checks are under way. */
  readonly reports?: PullReports;
  /** Approving reviews on GitHub of people with write access, each for the commit it was given for; absent when not asked for. */
  readonly reviews?: readonly Approval[];
  /** Issues of this repository that the text says it closes and that are there; absent when not asked for. */
  readonly closes?: readonly number[];
  /** Who has to agree to which files; absent when not asked for. */
  readonly owners?: OwnersFile;
}

/** `CODEOWNERS` of the base branch as it is, and who is behind the teams that it names. */
export interface OwnersFile {
  /** Null when there is none. */
  readonly text: string | null;
  readonly path: string | null;
  /** Ids of the members of each team, by its name in the file in lower case; null when GitHub does not say. */
  readonly teams: Readonly<Record<string, readonly number[] | null>>;
}

/** Reports of the head and of the commit that it was made from. */
export interface PullReports {
  readonly head: ReportSet;
  readonly base: ReportSet;
}

/** What was found where the reports of a commit should be. */
export type ReportSet =
  | { readonly kind: "found"; readonly files: readonly ReportFile[]; readonly url: string }
  /**
   * None of the commit's runs that have ended left the artifact; `runs` says how many there are. Of a base it says that no push
   * to its branch ever left one; one that should be there and is not cannot be read.
   */
  | { readonly kind: "missing"; readonly runs: number }
  /** A run that may still leave it is under way. */
  | { readonly kind: "running" }
  | { readonly kind: "unreadable"; readonly why: string };

/** One file that is listed as a report; its text is untrusted. */
export interface ReportFile {
  readonly format: string;
  readonly path: string;
  readonly content:
    | { readonly kind: "found"; readonly text: string }
    | { readonly kind: "missing" }
    | { readonly kind: "unreadable"; readonly why: string };
}

/** What started a run, and where; its title proves nothing, since anybody can write one. */
export interface RunOrigin {
  /** Name of the event, such as `workflow_dispatch`. */
  readonly event: string;
  /** Path of the workflow in its repository. */
  readonly path: string;
  /** Account that started it; null for one that is gone. */
  readonly actorId: number | null;
  /** Repository of its commit; null for one that is gone. */
  readonly headRepoId: number | null;
}

/** A workflow run as GitHub shows it now. */
export interface RunNow {
  /** Null where the run was known before, so that only its progress was told. */
  readonly origin: RunOrigin | null;
  readonly id: number;
  readonly title: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly runAttempt: number;
  readonly headSha: string;
  readonly url: string;
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** What was found where a run's `orchestrator-result` should be; `text` is untrusted. */
export type ResultFile =
  | {
      readonly kind: "found";
      readonly text: string;
      readonly url: string;
      /** Names of all artifacts that the run left and that can still be had; absent when that was not read. */
      readonly uploaded?: readonly string[];
    }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly why: string };

/** How an issue or pull request stands as a dependency: closed as not planned and closed unmerged are not done. */
export type IssueOutcome = "open" | "done" | "not-done" | "unknown";
