import { html } from "hono/html";
import type { Html, Visit } from "./visit.ts";

const PER_PAGE = 50;

export interface Pager<T> {
  readonly items: readonly T[];
  readonly from: number;
  readonly links: Html | "";
}

/** The part of a list that `?page=` asks for, with links to the neighbours. */
export function paginate<T>(all: readonly T[], { path, query }: Visit): Pager<T> {
  const last = Math.max(1, Math.ceil(all.length / PER_PAGE));
  const asked = Number(query.get("page") ?? "1");
  const page = Number.isInteger(asked) ? Math.min(Math.max(1, asked), last) : 1;
  const from = (page - 1) * PER_PAGE;
  const linkTo = (number: number, text: string): Html => {
    const changed = new URLSearchParams(query);
    changed.set("page", String(number));
    return html`<a href="${path}?${changed.toString()}">${text}</a>`;
  };
  const links = html`<nav class="pager" aria-label="Pages">
${page > 1 && linkTo(page - 1, "Newer")} <span>Page ${page} of ${last}</span> ${page < last && linkTo(page + 1, "Older")}
</nav>`;
  return { items: all.slice(from, from + PER_PAGE), from, links: last > 1 ? links : "" };
}
