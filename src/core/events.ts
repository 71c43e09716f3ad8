import { z } from "zod";
import { Actor } from "./repo.ts";

const Repo = z.object({ id: z.number(), installationId: z.number(), owner: z.string(), name: z.string() });

/** Text and labels of an issue at one moment. */
const IssueText = z.object({ title: z.string(), body: z.string(), labels: z.array(z.string()).readonly() });

const issueEvent = { repo: Repo, issue: z.number(), sender: Actor };

/**
 * Everything the app reacts to, in the product's own words. Webhooks, timers, settled effects and the reconciliation all
 * become these, are stored as these, and reach one handler, one after another per repository.
 */
export const Event = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("issue.labeled"),
    ...issueEvent,
    label: z.string(),
    text: IssueText,
    isPull: z.boolean(),
  }),
  z.object({ kind: z.literal("issue.unlabeled"), ...issueEvent, label: z.string(), isPull: z.boolean() }),
  z.object({ kind: z.literal("issue.edited"), ...issueEvent, text: IssueText }),
  z.object({
    kind: z.literal("issue.closed"),
    ...issueEvent,
    reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullable(),
  }),
  z.object({ kind: z.literal("issue.reopened"), ...issueEvent }),
  /** The conversation may be written to again. */
  z.object({ kind: z.literal("issue.unlocked"), ...issueEvent }),
  /** Deleted or transferred: the issue is not here any more. */
  z.object({ kind: z.literal("issue.gone"), ...issueEvent }),
  z.object({
    kind: z.literal("comment.created"),
    ...issueEvent,
    commentId: z.number(),
    body: z.string(),
    isPull: z.boolean(),
    createdAt: z.number(),
  }),
  /** A comment that may order a stop, beside the comment itself, so that it need not wait for its turn. */
  z.object({
    kind: z.literal("stop.asked"),
    repo: Repo,
    sender: Actor,
    commentId: z.number(),
    body: z.string(),
    createdAt: z.number(),
  }),
  z.object({
    kind: z.literal("comment.edited"),
    ...issueEvent,
    commentId: z.number(),
    body: z.string(),
    before: z.string(),
  }),
  z.object({ kind: z.literal("comment.deleted"), ...issueEvent, commentId: z.number() }),
  /** A text beside the conversation of a pull request that mentions commands: of a review, or on a line of the change. */
  z.object({
    kind: z.literal("comment.elsewhere"),
    ...issueEvent,
    place: z.enum(["review", "line"]),
    /** Of the review or the comment; both are numbered by themselves. */
    id: z.number(),
    body: z.string(),
  }),
  /** Anything about a pull request that can change its verdict. */
  z.object({
    kind: z.literal("pull.changed"),
    repo: Repo,
    pull: z.number(),
    action: z.string(),
    sender: Actor,
    /** The head that the webhook names, where the action brings a new one. */
    head: z.object({ sha: z.string(), ref: z.string(), base: z.string().exactOptional() }).exactOptional(),
  }),
  /** A check or a status of a commit changed; pull requests are found by the commit. */
  z.object({ kind: z.literal("check.changed"), repo: Repo, sha: z.string(), name: z.string() }),
  z.object({ kind: z.literal("check.rerequested"), repo: Repo, sha: z.string(), sender: Actor }),
  /** Somebody pressed a button of the check that carries a verdict. */
  z.object({
    kind: z.literal("check.action"),
    repo: Repo,
    sha: z.string(),
    action: z.enum(["rerun", "explain", "override"]),
    sender: Actor,
  }),
  /** The merge queue made a commit out of pull requests and wants to know whether it may become the branch's head. */
  z.object({
    kind: z.literal("group.requested"),
    repo: Repo,
    sha: z.string(),
    headRef: z.string(),
    baseRef: z.string(),
    baseSha: z.string(),
    sender: Actor,
  }),
  z.object({ kind: z.literal("group.destroyed"), repo: Repo, sha: z.string() }),
  /** Something that can change the verdict about a merge group's commit. */
  z.object({ kind: z.literal("group.changed"), repo: Repo, sha: z.string() }),
  z.object({
    kind: z.literal("run.changed"),
    repo: Repo,
    runId: z.number(),
    title: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    runAttempt: z.number(),
  }),
  /** The default branch moved, or a branch with the configuration in it. */
  z.object({
    kind: z.literal("branch.pushed"),
    repo: Repo,
    branch: z.string(),
    sha: z.string(),
    sender: Actor,
  }),
  /** The app may work on this repository from now on. */
  z.object({ kind: z.literal("repository.added"), repo: Repo }),
  z.object({ kind: z.literal("repository.removed"), repo: Repo }),
  /** Renamed, archived, default branch changed: read it again. */
  z.object({ kind: z.literal("repository.changed"), repo: Repo }),
  /** A label of the repository came, went or got another name; `former` is the name that it had until then. */
  z.object({
    kind: z.literal("label.changed"),
    repo: Repo,
    label: z.string(),
    former: z.string().nullable(),
  }),
  /** The operator set or lifted a stop that this repository is in. */
  z.object({ kind: z.literal("stop.changed"), repo: Repo }),
  z.object({ kind: z.literal("installation.suspended"), repo: Repo }),
  z.object({ kind: z.literal("installation.unsuspended"), repo: Repo }),
  /** An effect has ended; `outcome` is what GitHub said. */
  z.object({
    kind: z.literal("effect.settled"),
    repo: Repo,
    key: z.string(),
    effect: z.string(),
    taskId: z.string().nullable(),
    outcome: z.discriminatedUnion("kind", [
      z.object({
        kind: z.literal("done"),
        facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
      }),
      z.object({ kind: z.literal("refused"), status: z.number(), message: z.string() }),
    ]),
  }),
  /** A task's deadline has passed. */
  z.object({ kind: z.literal("task.due"), repo: Repo, taskId: z.string() }),
  /** The slow sweep: compare what GitHub says with what is known. */
  z.object({ kind: z.literal("repository.reconcile"), repo: Repo }),
  /** It is time for the report of an ISO week, `2026-W47`. */
  z.object({ kind: z.literal("report.due"), repo: Repo, week: z.string() }),
  /** A session may be over by the clock. */
  z.object({ kind: z.literal("session.due"), repo: Repo }),
  /** A session is over, and its report is to be written. */
  z.object({ kind: z.literal("session.ended"), repo: Repo, session: z.number() }),
]);
export type Event = z.infer<typeof Event>;
export type EventKind = Event["kind"];
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>;
