import { code } from "../../messages/text.ts";
import { linesWithout } from "./line-counts.ts";
import { type Neighbours, stemOf } from "./neighbours.ts";
import type { Patch } from "./read-patch.ts";
import { type NewAnswer, readNewAnswers } from "./snapshot-entries.ts";
import { isOfTest } from "./test-titles.ts";
import { type Found, sure, unsure } from "./weakening.ts";

/** What a change does to recorded answers that were there. */
export function judgeSnapshot(
  { path, patch, text }: { readonly path: string; readonly patch: Patch; readonly text: string },
  { titles }: Pick<Neighbours, "titles">,
): readonly Found[] {
  const lost = linesWithout(patch.removed, patch.added);
  if (lost.length > 0) return lost.map((line) => sure(`expected value changed: ${code(line)}`));
  const answers = readNewAnswers(text);
  if (answers !== null) return findReplacing(answers, path, titles).map(({ what }) => unsure(what));
  const added = linesWithout(patch.added, patch.removed).filter((line) => line !== "");
  return added.slice(0, 1).map((line) => unsure(`adds to what is expected: ${code(line)}`));
}

/**
 * New answers that may be read in the place of old ones. A patch does not show every old key, so an answer that comes without a
 * test of its name may be one; what else is wrong with it is said.
 */
export function findReplacing(
  answers: readonly NewAnswer[],
  path: string,
  titles: Neighbours["titles"],
): readonly { readonly line: number; readonly what: string }[] {
  const known = titles.get(stemOf(path));
  return answers.flatMap(({ key, line, suspicion }) => {
    const isNamed = known !== undefined && isOfTest(key, known);
    const why = suspicion ?? (isNamed ? null : "comes without a new test of its name");
    if (why === null) return [];
    return [{ line, what: `records an answer that ${why} and may take an old one's place: ${code(key)}` }];
  });
}
