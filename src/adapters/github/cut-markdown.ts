import { dropOpenCode } from "../../core/messages/text.ts";

/** What GitHub takes at most, in characters. */
export const MAX_BODY_CHARACTERS = 65_536;
export const MAX_CHECK_CHARACTERS = 65_535;

const NOTE = "*(Cut here: GitHub allows no longer text.)*";
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** Cuts a text to what GitHub takes: whole characters, no code fence left open, and a note that something is missing. */
export function cutMarkdown(text: string, maxCharacters: number): string {
  const clean = text.replaceAll("\u0000", "").toWellFormed();
  if (clean.length <= maxCharacters) return clean;
  let kept = cutAtLine(clean, maxCharacters - NOTE.length - 2);
  for (;;) {
    const fence = findOpenFence(kept);
    const ending = `${fence === undefined ? "" : `\n${fence}`}\n\n${NOTE}`;
    if (kept.length + ending.length <= maxCharacters) return kept + ending;
    kept = cutAtLine(kept, maxCharacters - ending.length);
  }
}

/** Cuts plain text, and marks that it did. */
export function cutText(text: string, maxCharacters: number): string {
  const clean = text.replaceAll("\u0000", "").toWellFormed();
  return clean.length <= maxCharacters ? clean : `${cutCharacters(clean, maxCharacters - 1)}…`;
}

/** At the last line end when there is one near: half a table row or half a link looks broken. */
function cutAtLine(text: string, length: number): string {
  const cut = cutCharacters(text, length);
  const lineEnd = cut.lastIndexOf("\n");
  return lineEnd > length - 2_000 && lineEnd > length / 2 ? cut.slice(0, lineEnd) : cutInLine(cut);
}

/** Half a code span would set free what stands in it: no span of ours goes over a line's end. */
function cutInLine(cut: string): string {
  const start = cut.lastIndexOf("\n") + 1;
  return cut.slice(0, start) + dropOpenCode(cut.slice(start));
}

function cutCharacters(text: string, length: number): string {
  const end = Math.max(length, 0);
  return text.slice(0, isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** The fence that closes the code block which the text ends in, if it ends in one. */
function findOpenFence(text: string): string | undefined {
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const [, fence = "", rest = ""] = FENCE.exec(line) ?? [];
    if (fence === "") continue;
    if (open === undefined) open = fence.startsWith("`") && rest.includes("`") ? undefined : fence;
    else if (closes(fence, rest, open)) open = undefined;
  }
  return open;
}

function closes(fence: string, rest: string, open: string): boolean {
  return fence[0] === open[0] && fence.length >= open.length && rest.trim() === "";
}
