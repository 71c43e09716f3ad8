import { digestText } from "../digest-text.ts";
import { type Knowledge, type KnowledgeObject, type Learning, listKnown } from "./knowledge.ts";

/** How much is kept of a repository; it is read with everything that is decided there. */
const MAX_OBJECTS = 200;
const MAX_CHARS = 64_000;
const MAX_FORGOTTEN = 200;

/** Where learnings come from. */
export interface Source {
  readonly taskId: string;
  readonly issue: number;
  readonly runId: number;
  readonly now: number;
}

/** What is known after a task was done: new, or seen once more. What was forgotten stays forgotten. */
export function learn(known: Knowledge, learnings: readonly Learning[], source: Source): Knowledge {
  const objects = new Map(known.objects.map((object) => [object.id, object]));
  for (const learning of learnings) {
    const id = idOf(learning);
    if (!known.forgotten.includes(id)) objects.set(id, renew(objects.get(id), { id, learning, source }));
  }
  return { ...known, objects: bound(listKnown({ ...known, objects: [...objects.values()] }, source.now)) };
}

/** The same for the same words about the same paths, however they are written. */
function idOf({ title, paths }: Learning): string {
  const words = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return digestText(`${words}\n${paths.toSorted().join("\n")}`);
}

function renew(
  before: KnowledgeObject | undefined,
  { id, learning, source }: { readonly id: string; readonly learning: Learning; readonly source: Source },
): KnowledgeObject {
  const { now, taskId, issue, runId } = source;
  const isNews = before?.taskId !== taskId;
  return {
    id,
    ...learning,
    taskId,
    issue,
    runId,
    seen: (before?.seen ?? 0) + (isNews ? 1 : 0),
    firstAt: before?.firstAt ?? now,
    lastAt: now,
  };
}

/** The surest, as far as there is room. */
function bound(sorted: readonly KnowledgeObject[]): readonly KnowledgeObject[] {
  let chars = 0;
  return sorted.slice(0, MAX_OBJECTS).filter((object) => {
    chars += sizeOf(object);
    return chars <= MAX_CHARS;
  });
}

function sizeOf({ title, body, paths }: Learning): number {
  return title.length + body.length + paths.join("").length;
}

/** Takes an object out for good; undefined when there is none of this id. */
export function forget(known: Knowledge, id: string): Knowledge | undefined {
  if (!known.objects.some((object) => object.id === id)) return undefined;
  return {
    objects: known.objects.filter((object) => object.id !== id),
    forgotten: [...known.forgotten, id].slice(-MAX_FORGOTTEN),
  };
}
