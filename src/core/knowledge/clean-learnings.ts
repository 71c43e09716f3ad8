import { isBoundedGlob } from "../config/is-bounded-glob.ts";
import type { WorkerResult } from "../evidence/worker-result.ts";
import { cutTo, flatten } from "../messages/text.ts";
import { redact } from "../redact.ts";
import type { Learning } from "./knowledge.ts";

const TITLE_MAX_CHARS = 200;
const BODY_MAX_CHARS = 1000;
const MAX_PATHS = 10;
/** One task does not fill the memory of a repository. */
export const MAX_LEARNINGS = 10;

/**
 * Learnings of a result as they are kept: one line each, nothing that hides or looks like a credential. One that was meant for
 * some paths and names none that can be read is dropped, since it would hold everywhere otherwise.
 */
export function cleanLearnings(learnings: WorkerResult["learnings"]): readonly Learning[] {
  return learnings
    .map(({ title, body, paths }) => ({
      title: clean(title, TITLE_MAX_CHARS),
      body: clean(body, BODY_MAX_CHARS),
      paths: paths.filter(isBoundedGlob).slice(0, MAX_PATHS),
      isLost: paths.length > 0 && !paths.some(isBoundedGlob),
    }))
    .filter(({ title, isLost }) => title !== "" && !isLost)
    .map(({ title, body, paths }) => ({ title, body, paths }))
    .slice(0, MAX_LEARNINGS);
}

function clean(text: string, maxChars: number): string {
  return cutTo(redact(flatten(text)), maxChars);
}
