import { z } from "zod";

/** What became of one task of the roadmap. */
const RoadmapEntry = z.object({
  /** Null until there is one. */
  issue: z.number().nullable(),
  /** Whether the app opened that issue. */
  isOpened: z.boolean(),
  /**
   * Its issue is ordered; GitHub refused to open it; it is open, and nothing works on it; a task does; that task failed or was
   * cancelled; it is done; the issue was closed without that.
   */
  state: z.enum(["ordered", "refused", "open", "active", "stopped", "done", "closed"]),
  /** How often its issue was ordered, and when that was refused last. */
  tries: z.number(),
  refusal: z.object({ at: z.number(), why: z.string() }).nullable(),
  /** What proves that it is done, where that is known. */
  evidence: z.string().nullable(),
  /** Whether the file has said since that it is done. */
  isWritten: z.boolean(),
});
export type RoadmapEntry = z.infer<typeof RoadmapEntry>;

/** What the app did and saw of a roadmap. Entries stay when the file drops their task: each gets one issue, ever. */
export const RoadmapRecord = z.object({
  entries: z.record(z.string(), RoadmapEntry),
  /** Milestones that are reached, and whether that has been told where it is to be. */
  milestones: z.record(z.string(), z.object({ at: z.number(), isTold: z.boolean() })),
  /** Whether the pull request that writes progress is wanted. */
  hasPull: z.boolean(),
  /** Its number, as far as it is known. */
  pull: z.number().nullable(),
  /** Digests of what it was to say when it was last wanted. */
  offered: z.array(z.string()).readonly().exactOptional(),
  /** The last one that is open no more, and what it was to say: that alone does not bring it back. */
  closed: z.object({ pull: z.number(), items: z.array(z.string()).readonly() }).exactOptional(),
  /** Why GitHub refused that pull request, since when, and how often it was tried anew for that. */
  trouble: z.object({ at: z.number(), why: z.string() }).nullable(),
  renewal: z.number(),
});
export type RoadmapRecord = z.infer<typeof RoadmapRecord>;

/** Ids are people's words: `constructor` is one. */
export function findEntry({ entries }: RoadmapRecord, id: string): RoadmapEntry | undefined {
  return Object.hasOwn(entries, id) ? entries[id] : undefined;
}

/** The record with one entry changed; the same record when nothing does. */
export function withEntry(record: RoadmapRecord, id: string, change: Partial<RoadmapEntry>): RoadmapRecord {
  const before = findEntry(record, id) ?? NEW_ENTRY;
  const after = { ...before, ...change };
  const isSame = findEntry(record, id) !== undefined && JSON.stringify(before) === JSON.stringify(after);
  return isSame ? record : { ...record, entries: { ...record.entries, [id]: after } };
}

const NEW_ENTRY: RoadmapEntry = {
  issue: null,
  isOpened: false,
  state: "open",
  tries: 0,
  refusal: null,
  evidence: null,
  isWritten: false,
};

/** Ids of the tasks that are done, whether or not the file says so yet. */
export function listDoneIds({ entries }: RoadmapRecord): readonly string[] {
  return Object.entries(entries).flatMap(([id, { state }]) => (state === "done" ? [id] : []));
}
