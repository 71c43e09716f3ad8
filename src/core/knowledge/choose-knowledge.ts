import { type Area, areaOfGlob, findCommonArea } from "../queue/overlap/areas.ts";
import { type Knowledge, type KnowledgeObject, listKnown } from "./knowledge.ts";

/** More would drown the task itself. */
const MAX_TOLD = 5;

/** What a task is told of what others learned: first what holds where it works, then what holds everywhere. */
export function chooseKnowledge(
  known: Knowledge,
  { scope, now }: { readonly scope: readonly Area[]; readonly now: number },
): readonly KnowledgeObject[] {
  const fresh = listKnown(known, now);
  const near = fresh.filter(
    ({ paths }) => paths.length > 0 && findCommonArea(paths.map(areaOfGlob), scope) !== undefined,
  );
  return [...near, ...fresh.filter(({ paths }) => paths.length === 0)].slice(0, MAX_TOLD);
}
