import { z } from "zod";

const DAY_MS = 86_400_000;
/** What nobody has seen again for so long may not hold any more. */
const LASTS_MS = 90 * DAY_MS;

/** One thing that a worker says it learned, as it is kept: cleaned, and still nothing but data. */
export const Learning = z.object({
  title: z.string(),
  body: z.string(),
  /** Where in the tree it holds; none means everywhere. */
  paths: z.array(z.string()).readonly(),
});
export type Learning = z.infer<typeof Learning>;

/** What the passed stages of one attempt say they learned; it counts when the task is done. */
export const TaskLearnings = z.object({
  attempt: z.number(),
  runId: z.number(),
  items: z.array(Learning).readonly(),
});
export type TaskLearnings = z.infer<typeof TaskLearnings>;

/** A learning of a task that was done, with where it comes from and how often it was seen. */
export const KnowledgeObject = z.object({
  id: z.string(),
  ...Learning.shape,
  taskId: z.string(),
  issue: z.number(),
  runId: z.number(),
  /** How many tasks have learned it. */
  seen: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
});
export type KnowledgeObject = z.infer<typeof KnowledgeObject>;

/** What is known of a repository; it never leaves it. */
export const Knowledge = z.object({
  objects: z.array(KnowledgeObject).readonly(),
  /** Ids that a person has taken out; they do not come back. */
  forgotten: z.array(z.string()).readonly(),
});
export type Knowledge = z.infer<typeof Knowledge>;

export const NOTHING_KNOWN: Knowledge = { objects: [], forgotten: [] };

/** When an object is dropped unless a task learns it again. */
export function expiryOf({ lastAt }: Pick<KnowledgeObject, "lastAt">): number {
  return lastAt + LASTS_MS;
}

/** What has not expired, the surest first: seen most often, then most lately. */
export function listKnown({ objects }: Knowledge, now: number): readonly KnowledgeObject[] {
  return objects
    .filter((object) => expiryOf(object) > now)
    .toSorted((a, b) => b.seen - a.seen || b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
}
