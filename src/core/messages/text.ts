import { redactProse } from "../redact.ts";

/** GitHub takes 65,536 characters of a comment; a margin is left for the hidden marker. */
export const COMMENT_MAX_CHARS = 65_000;

/** Characters that are not seen: format characters go, since they hide or turn text round; the rest separates words. */
const UNSEEN = /\p{Cf}+/gu;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** What would make a block of a line's beginning: a heading, a list item, a rule, an underline of a heading. */
const BLOCK_START = /^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|-{2,}|=+(?=\s*$)|\d{1,9}(?=[.)](?:\s|$)))/u;

/**
 * Makes foreign text harmless in Markdown: one line, no credential, no HTML, no mention, no reference, no link, no closing keyword that
 * GitHub would act on, no block of its own. Text that is already safe stays as it is.
 */
export function inline(text: string, maxChars = 300): string {
  return cutTo(flatten(text), maxChars)
    .replace(/[\\`*_[\]<>|~&$]/gu, "\\$&")
    .replace(BLOCK_START, escapeStart)
    .replace(/@(?=\S)/gu, "@\u200b")
    .replace(/#(?=\d)/gu, "#\u200b")
    .replace(/(?<![A-Za-z0-9])GH-(?=\d)/giu, (prefix) => `${prefix.slice(0, 2)}\u200b-`)
    .replace(/:\/\//gu, ":\u200b//")
    .replace(/(?<![A-Za-z0-9])www\./giu, (prefix) => `${prefix.slice(0, 3)}\u200b.`);
}

/** Foreign text as a code span: nothing in it is read as Markdown, mention or reference. */
export function code(text: string, maxChars = 160): string {
  const cut = cutTo(flatten(text).replaceAll("`", "'"), maxChars);
  return cut === "" ? "` `" : `\`${cut}\``;
}

/** The first characters of a text, with a mark that there were more; never half a character. */
export function cutTo(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${headOf(text, maxChars - 1)}…`;
}

function headOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** A text that was made harmless before, cut so that it stays so: half a code span would set free what stands in it. */
export function cutSafe(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${dropOpenCode(headOf(text, maxChars - 1))}…`;
}

/** An escaped character, text without code, or a whole code span. */
const WHOLE = /\\.|[^\\`]+|(`+)(?!`).*?(?<!`)\1(?!`)/gsuy;

/** The text without the code span, or half of an escape, that it ends in. */
export function dropOpenCode(text: string): string {
  let end = 0;
  for (const [piece] of text.matchAll(WHOLE)) end += piece.length;
  return text.slice(0, end);
}

/** Foreign text as one well-formed line without characters that are not seen. */
export function flatten(text: string): string {
  return redactProse(text.toWellFormed().replace(UNSEEN, "").replace(BREAKS, " ").trim());
}

/** Of a number, what follows it is what makes the list. */
function escapeStart(start: string): string {
  return /\d/u.test(start) ? `${start}\\` : `\\${start}`;
}

/** Our own sentences may use Markdown; what they quote of others is made inline before. Cells must not break the table. */
export function cell(text: string): string {
  return text.replace(/[\r\n]+/gu, " ").replace(/(?<!\\)\\*\|/gu, escapePipe);
}

/** A pipe is escaped by an odd number of backslashes. */
function escapePipe(run: string): string {
  return run.length % 2 === 1 ? `${run.slice(0, -1)}\\|` : run;
}

/** A table with a header row; no rows, no table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(header), `| ${header.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** A folded section; GitHub needs the blank line to read Markdown inside. */
export function folded(summary: string, content: string): string {
  return content === "" ? "" : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** A moment as `14:20 UTC`, or with its date when that is another day than `now`. */
export function clock(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`;
}

/** A duration as people say it: `45 s`, `2 min 3 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A number with its noun, which gets an `s` when it is not one. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The verb that goes with a number. */
export function be(count: number): "is" | "are" {
  return count === 1 ? "is" : "are";
}

/** A text with a full stop, unless it ends like a sentence already. */
export function endSentence(text: string): string {
  return /[.!?…][)"']*$/u.test(text) ? text : `${text}.`;
}

/** A link, or plain text when there is nothing to link to. Only web addresses without Markdown in them are linked. */
export function link(text: string, url: string | null | undefined): string {
  return isLinkable(url) ? `[${text}](${url})` : text;
}

function isLinkable(url: string | null | undefined): url is string {
  return url !== null && url !== undefined && /^https?:\/\/[^\s\p{C}()<>[\]`|\\"*]+$/u.test(url);
}

/** Joins the parts that are there by blank lines. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}
