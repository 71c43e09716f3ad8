import type { Answer } from "../plan/draft.ts";

/** The command set something in motion. */
export function started(text: string): Answer {
  return { text, reaction: "rocket" };
}

/** The command was a question, or what it asks for is so already. */
export function told(text: string): Answer {
  return { text, reaction: "+1" };
}

/** The command is understood and is not done. */
export function refused(text: string): Answer {
  return { text, reaction: "-1" };
}

/** The command is not understood. */
export function misread(text: string): Answer {
  return { text, reaction: "confused" };
}
