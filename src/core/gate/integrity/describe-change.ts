import { code } from "../../messages/text.ts";
import type { LineChange } from "./line-changes.ts";
import type { Touch } from "./touch.ts";

/** Says what happens to something that is named as half of a sentence, with the old words and the new ones. */
export function describeChange({ before, after }: LineChange, is: string): Omit<Touch, "path"> {
  if (before === null) return { line: after.number, what: `adds to ${is}: ${code(after.text)}` };
  if (after === null) return { line: before.number, what: `removes from ${is}: ${code(before.text)}` };
  return { line: after.number, what: `changes ${is}: ${code(before.text)} -> ${code(after.text)}` };
}
