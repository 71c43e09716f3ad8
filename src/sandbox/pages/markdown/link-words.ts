import { html } from "hono/html";
import type { Repo } from "../../world/records.ts";
import { issuePath } from "../frame/paths.ts";
import type { Html } from "../frame/visit.ts";

const WORDS = /(?<![\w/&@#`])(#\d{1,9}\b|@[a-z\d][a-z\d-]{0,38}(?:\[bot\])?(?![\w@]))/i;

/** Plain text in which `#12` leads to the issue and `@name` is bold. */
export function linkWords(text: string, repo: Repo | undefined): Html {
  const parts = text.split(WORDS);
  return html`${parts.map((part, index) => (index % 2 === 1 ? renderWord(part, repo) : part))}`;
}

function renderWord(word: string, repo: Repo | undefined): Html | string {
  if (word.startsWith("@")) return html`<strong class="mention">${word}</strong>`;
  const issue = repo?.issues.get(Number(word.slice(1)));
  return repo && issue ? html`<a href="${issuePath(repo, issue)}" title="${issue.title}">${word}</a>` : word;
}
