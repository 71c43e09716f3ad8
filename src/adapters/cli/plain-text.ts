/** Terminals obey these characters, or show text in another order because of them; line breaks and tabs may stay. */
const COMMANDS = /[[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]--[\n\t]]/gv;

/** Makes text from files and databases harmless for a terminal. */
export function toPlainText(text: string): string {
  return text.replace(COMMANDS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
