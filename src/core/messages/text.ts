/** GitHub takes 65,536 characters of a comment; a margin is left for the hidden marker. */
export const COMMENT_MAX_CHARS = 65_000;

/**
 * Makes foreign text harmless in Markdown: one line, no HTML, no mention, no reference, no link, no closing keyword that
 * GitHub would act on. Text that is already safe stays as it is.
 */
export function inline(text: string, maxChars = 300): string {
  const flat = text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu, " ")
    .trim();
  const cut = flat.length > maxChars ? `${flat.slice(0, maxChars - 1).toWellFormed()}…` : flat;
  return cut
    .replace(/[\\`*_[\]<>|~]/gu, "\\$&")
    .replace(/@(?=[A-Za-z0-9])/gu, "@\u200b")
    .replace(/#(?=\d)/gu, "#\u200b")
    .replace(/\bGH-(?=\d)/giu, "GH\u200b-")
    .replace(/:\/\//gu, ":\u200b//")
    .replace(/\bwww\./giu, "www\u200b.");
}

/** Foreign text as a code span: nothing in it is read as Markdown, mention or reference. */
export function code(text: string, maxChars = 160): string {
  const flat = text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/gu, " ")
    .replaceAll("`", "'")
    .trim();
  const cut = flat.length > maxChars ? `${flat.slice(0, maxChars - 1).toWellFormed()}…` : flat;
  return cut === "" ? "` `" : `\`${cut}\``;
}

/** Our own sentences may use Markdown; what they quote of others is made inline before. Cells must not break the table. */
export function cell(text: string): string {
  return text.replace(/\r?\n/gu, " ").replace(/(?<!\\)\|/gu, "\\|");
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

/** A link, or plain text when there is nothing to link to. Only web addresses are linked. */
export function link(text: string, url: string | null | undefined): string {
  return url && /^https?:\/\/[^\s()<>]+$/u.test(url) ? `[${text}](${url})` : text;
}

/** Joins the parts that are there by blank lines. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}
