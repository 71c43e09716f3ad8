import { code, folded, paragraphs } from "../text.ts";

/** One comment that answers a comment: whom, what came of each command, and which lines it answers. */
export function commandReply(facts: {
  readonly login: string;
  /** `verb` is shown when there are several. */
  readonly answers: readonly { readonly verb: string | null; readonly text: string }[];
  readonly lines: readonly string[];
}): string {
  const [first] = facts.answers;
  const body =
    first !== undefined && facts.answers.length === 1
      ? `@${facts.login}:${startOf(first.text)}`
      : paragraphs(`@${facts.login}:`, ...facts.answers.map(labelled));
  return paragraphs(
    body,
    folded("In response to", facts.lines.map((line) => `> ${code(line)}`).join("\n>\n")),
  );
}

function labelled({ verb, text }: { readonly verb: string | null; readonly text: string }): string {
  return verb === null ? text : `**${verb}**:${startOf(text)}`;
}

/** Tables, lists, headings and code begin on a line of their own. */
export function startOf(text: string): string {
  return /^(?:[|#>-]|```|<details)/u.test(text) ? `\n\n${text}` : ` ${text}`;
}
