import { z } from "zod";
import type { Action, Projection } from "../../../core/effects.ts";

const Annotation = z.object({
  path: z.string(),
  startLine: z.number(),
  endLine: z.number(),
  level: z.enum(["notice", "warning", "failure"]),
  message: z.string(),
});

const FileChange = z.object({
  path: z.string(),
  mode: z.enum(["100644", "100755"]),
  contentBase64: z.string().nullable(),
});

/** A projection as it is stored; a row that an older version wrote differently is refused, not guessed at. */
export const StoredProjection: z.ZodType<Projection> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("comment"), issue: z.number(), body: z.string() }),
  z.object({
    kind: z.literal("labels"),
    issue: z.number(),
    prefix: z.string(),
    labels: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("check"),
    sha: z.string(),
    name: z.string(),
    status: z.enum(["in_progress", "completed"]),
    conclusion: z.enum(["success", "failure", "action_required", "neutral", "cancelled"]).nullable(),
    output: z.object({ title: z.string(), summary: z.string(), text: z.string().exactOptional() }),
    annotations: z.array(Annotation),
    buttons: z
      .array(z.object({ label: z.string(), identifier: z.string(), description: z.string() }))
      .exactOptional(),
  }),
  z.object({
    kind: z.literal("issue"),
    title: z.string(),
    body: z.string(),
    state: z.enum(["open", "absent"]),
  }),
  z.object({
    kind: z.literal("file-pull"),
    branch: z.string(),
    baseRef: z.string(),
    title: z.string(),
    body: z.string(),
    files: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string() })),
    state: z.enum(["open", "absent"]),
  }),
]);

/** An action as it is stored. */
export const StoredAction: z.ZodType<Action> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("dispatch"),
    correlation: z.string(),
    workflow: z.string(),
    ref: z.string(),
    inputs: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal("cancel-run"), runId: z.number() }),
  z.object({
    kind: z.literal("publish"),
    correlation: z.string(),
    branch: z.string(),
    baseRef: z.string(),
    baseSha: z.string(),
    message: z.string(),
    changes: z.array(FileChange),
    title: z.string(),
    body: z.string(),
    draft: z.boolean(),
  }),
  z.object({
    kind: z.literal("merge"),
    pull: z.number(),
    sha: z.string(),
    title: z.string(),
    baseRef: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal("revert"),
    pull: z.number(),
    mergeSha: z.string(),
    branch: z.string(),
    baseRef: z.string(),
    issue: z.number(),
    title: z.string(),
    body: z.string(),
  }),
  z.object({
    kind: z.literal("open-issue"),
    about: z.string(),
    title: z.string(),
    body: z.string(),
    label: z.string().nullable(),
    role: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal("close-issue"),
    issue: z.number(),
    reason: z.enum(["completed", "not_planned"]),
  }),
  z.object({ kind: z.literal("close-pull"), pull: z.number(), branch: z.string() }),
  z.object({ kind: z.literal("reply"), issue: z.number(), body: z.string() }),
  z.object({
    kind: z.literal("react"),
    target: z.object({ kind: z.enum(["issue", "comment"]), id: z.number() }),
    content: z.enum(["eyes", "rocket", "+1", "-1", "confused"]),
  }),
]);
