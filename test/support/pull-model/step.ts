import { z } from "zod";
import { FAULT_KINDS } from "./faults.ts";

const Rules = z.strictObject({
  mode: z.enum(["active", "shadow"]).exactOptional(),
  autonomy: z.enum(["observe", "suggest", "draft-pr", "merge-with-approval", "merge"]).exactOptional(),
  approvals: z.number().exactOptional(),
  required: z.array(z.string()).exactOptional(),
  files: z.number().exactOptional(),
  lines: z.number().exactOptional(),
  allow: z.array(z.string()).exactOptional(),
  protect: z.array(z.string()).nullable().exactOptional(),
  assertions: z.boolean().exactOptional(),
  attempts: z.number().exactOptional(),
  verify: z.boolean().exactOptional(),
  peopleApprovals: z.number().exactOptional(),
  branches: z.array(z.string()).exactOptional(),
  linkedIssue: z.boolean().exactOptional(),
  owners: z.boolean().exactOptional(),
  freezes: z.array(z.strictObject({ at: z.string(), minutes: z.number() })).exactOptional(),
});

/** How files are changed: places replaced, files written, files taken away, files moved. */
const changes = {
  edit: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))).optional(),
  write: z.record(z.string(), z.string()).optional(),
  remove: z.array(z.string()).optional(),
  move: z.record(z.string(), z.string()).optional(),
  /** A new file of so many lines. */
  long: z.strictObject({ path: z.string(), lines: z.number() }).optional(),
  /** So many new files of one line. */
  many: z.number().optional(),
};
export type Changes = z.infer<z.ZodObject<typeof changes>>;

/** The truth about a change: whether it makes tests weaker. */
const weakens = z.boolean().default(false);

const Work = z.strictObject({
  ...changes,
  weakens,
  run: z.string().default("success"),
  outcome: z.enum(["completed", "failed", "blocked"]).default("completed"),
  result: z.boolean().default(true),
});

const Check = z.strictObject({
  name: z.string(),
  /** A conclusion, or a status for a check that has not ended. */
  is: z.string().default("success"),
  app: z.union([z.enum(["actions", "other", "own"]), z.null()]).default("actions"),
  /** Which commit it is of; `group` is the merge queue's. */
  on: z.enum(["head", "previous", "base", "group"]).default("head"),
  forged: z.boolean().default(false),
});

const Open = z.strictObject({
  ...changes,
  weakens,
  by: z.string().default("alice"),
  branch: z.string().optional(),
  /** From a fork of the author's. */
  fork: z.boolean().default(false),
  into: z.string().default("main"),
  /** The pull request whose commit it brings; without a branch of its own, from the same branch. */
  headOf: z.string().optional(),
  closes: z.array(z.number()).default([]),
  draft: z.boolean().default(false),
});

const by = z.string().default("bob");

/** Everything that can happen in a history; each step has one of these keys, and may say what passes before it. */
const ARGUMENTS = {
  /** The worker's answer to the next dispatch. */
  work: Work,
  check: z.union([z.string().transform((name) => Check.parse({ name })), Check]),
  suite: z.strictObject({
    app: z.string(),
    is: z.enum(["queued", "in_progress", "ended"]),
    runs: z.number().default(0),
  }),
  /** A person opens a pull request, called as the step says. */
  open: Open,
  /** `catchUp` brings the default branch into it first. */
  push: z.strictObject({ ...changes, weakens, catchUp: z.boolean().default(false), by }),
  force: z.strictObject({ to: z.enum(["previous", "base"]), by }),
  approve: z.strictObject({
    by: z.string(),
    /** What is approved: the head as it is when the step is reached, an older one, or digits as written. */
    sha: z.string().default("head"),
    /** Where it is written: on the issue for a task's, on the pull request for a person's. */
    on: z.enum(["issue", "pull"]).optional(),
  }),
  unapprove: z.strictObject({ by: z.string() }),
  override: z.strictObject({ by: z.string(), gate: z.string(), reason: z.string().default("agreed on") }),
  comment: z.strictObject({ by: z.string(), body: z.string() }),
  review: z.strictObject({
    by: z.string(),
    is: z.enum(["approved", "changes_requested", "commented"]).default("commented"),
    /** The commit that the reviewer looked at. */
    sha: z.enum(["head", "previous"]).default("head"),
  }),
  /** Somebody's review is made void. */
  dismiss: z.strictObject({ of: z.string(), by }),
  /** The issues that the text closes from now on. */
  text: z.strictObject({ closes: z.array(z.number()), by }),
  enqueue: z.strictObject({ by }),
  dequeue: z.strictObject({ by }),
  /** A button of our check. */
  press: z.strictObject({ by: z.string(), button: z.enum(["rerun", "explain", "override"]) }),
  /** Whether GitHub answers with an error whenever it is asked about the pull request. */
  unreadable: z.boolean(),
  close: z.strictObject({ by }),
  reopen: z.strictObject({ by }),
  mergeByHand: z.strictObject({ by }),
  retarget: z.strictObject({ to: z.string(), by }),
  draft: z.boolean(),
  main: z.strictObject({ ...changes, by }),
  /** What GitHub says instead of what is so; "true" lets it say the truth again. */
  mergeable: z.union([z.boolean().nullable(), z.literal("truth")]),
  configure: Rules,
  breakConfig: z.literal(true),
  dropConfig: z.literal(true),
  hideFiles: z.union([z.literal("all"), z.number()]),
  unpatched: z.string(),
  head: z.enum(["gone", "elsewhere", "here"]),
  unlabel: z.strictObject({ by }),
  closeIssue: z.strictObject({ by }),
  deleteBranch: z.literal(true),
  rerequest: z.strictObject({ by }),
  permission: z.strictObject({ of: z.string(), is: z.enum(["none", "read", "triage", "write", "admin"]) }),
  /** Minutes. */
  wait: z.number(),
  fault: z.strictObject({
    kind: z.enum(FAULT_KINDS),
    seconds: z.number().default(30),
    /** How many opportunities go well before. */
    letPass: z.number().default(0),
  }),
  /** What has to be so at this point. */
  see: z.strictObject({
    verdict: z.string(),
    gate: z.string().optional(),
    on: z.enum(["head", "group"]).default("head"),
  }),
} as const;

export type Arguments = { readonly [K in keyof typeof ARGUMENTS]: z.infer<(typeof ARGUMENTS)[K]> };
export type StepKind = keyof Arguments;

/** Seconds that pass before the step; people are slow, and races are not. */
const after = z.number().optional();
/** Which pull request the step is about; without it, the task's, or a person's where there is no task. */
const pull = z.string().optional();

export const Step = z
  .strictObject({
    after,
    pull,
    ...Object.fromEntries(Object.entries(ARGUMENTS).map(([kind, schema]) => [kind, schema.optional()])),
  })
  .refine((step) => Object.keys(step).filter(isKind).length === 1, "does one thing")
  .transform((step): Step => step as Step);
export type Step = { readonly after?: number; readonly pull?: string } & Partial<Arguments>;

export const RulesGiven = Rules;

export function kindOfStep(step: Step): StepKind {
  return Object.keys(step).find(isKind) as StepKind;
}

function isKind(key: string): boolean {
  return key !== "after" && key !== "pull";
}
