const MAX_TEXT_CHARACTERS = 65_536;

/** Text as the store can hold it: no NUL, no half characters, no more than GitHub itself allows. */
export function cleanText(text: string | null | undefined): string {
  const clean = (text ?? "").replaceAll("\u0000", "");
  return clean.slice(0, MAX_TEXT_CHARACTERS).toWellFormed();
}
