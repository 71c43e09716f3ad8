const TITLE_MAX_CHARS = 200;

/** A title on one line for a commit or pull request, without what GitHub would read as a mention, a reference or a closing keyword. */
export function commitTitle(title: string, number: number): string {
  const plain = title
    .replace(/\s+/gu, " ")
    .replace(/@/gu, "@\u200b")
    .replace(/#(?=\d)/gu, "#\u200b")
    .replace(/\bGH-(?=\d)/giu, "GH\u200b-")
    .replace(/:\/\//gu, ":\u200b//")
    .replace(/\[/gu, "(")
    .replace(/\]/gu, ")")
    .trim();
  return `${plain.slice(0, TITLE_MAX_CHARS).toWellFormed()} (#${number})`;
}
