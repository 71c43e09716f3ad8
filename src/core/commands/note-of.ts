import { inline } from "../messages/text.ts";

const NOTE_MAX_CHARS = 200;

/** A reason that somebody gave, made harmless, as the end of a sentence; nothing when there is none. */
export function noteOf(reason: string | null): string {
  return reason === null ? "" : `: ${inline(reason, NOTE_MAX_CHARS)}`;
}
