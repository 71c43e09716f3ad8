import { cutTo } from "../../messages/text.ts";
import { FIELD_CHARS } from "./limits.ts";

const ESCAPE = String.fromCharCode(27);
/** Colours and other terminal codes of the form that every tool writes. */
const TERMINAL_CODES = new RegExp(`${ESCAPE}\\[[0-9;:?]{0,32}[A-Za-z]`, "gu");
const UNPRINTED = /[\p{Cc}\s]+/gu;

/** What nearly every text is, and what cleaning leaves as it is. */
const CLEAN = /^[!-~]+(?: [!-~]+)*$/u;

/** How much of a long text is looked at for each character that is kept. */
const MARGIN = 4;

export function stripTerminalCodes(text: string): string {
  return text.includes(ESCAPE) ? text.replace(TERMINAL_CODES, "") : text;
}

/** One line of well-formed text, with single spaces and without terminal codes, cut to a length. */
export function cleanText(text: string, maxChars: number): string {
  if (text === "" || (text.length <= maxChars && CLEAN.test(text))) return text;
  const head = text.slice(0, maxChars * MARGIN).toWellFormed();
  return cutTo(stripTerminalCodes(head).replace(UNPRINTED, " ").trim(), maxChars);
}

/** The first line of a message that says anything; stack traces are no news. */
export function cleanMessage(text: string): string {
  if (text === "") return "";
  const head = stripTerminalCodes(text.trimStart().slice(0, FIELD_CHARS.message * MARGIN));
  return cleanText(head.trimStart().split("\n", 1)[0] ?? "", FIELD_CHARS.message);
}
