import type { Html, RepoVisit } from "../frame/visit.ts";
import { renderMarkdown } from "./render-markdown.ts";

/** Markdown as people write it in comments. */
export function showComment({ world, repo, now }: RepoVisit, text: string): Html {
  return renderMarkdown(text, { repo, now, baseUrl: world.baseUrl(), lineBreaks: "kept" });
}

/** A Markdown file; `relativeTo` is the path of its own page. */
export function showDocument({ world, repo, now }: RepoVisit, text: string, relativeTo: string): Html {
  return renderMarkdown(text, { repo, now, relativeTo, baseUrl: world.baseUrl(), lineBreaks: "joined" });
}
