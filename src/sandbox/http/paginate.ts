import type { Call } from "./route.ts";

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

export interface Page<T> {
  readonly items: readonly T[];
  /** The `link` header, when there is another page. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Cuts the page that `per_page` and `page` ask for and links to its neighbours. */
export function paginate<T>(
  call: Pick<Call, "world" | "path" | "query">,
  items: readonly T[],
  maxPerPage: number = MAX_PER_PAGE,
): Page<T> {
  const perPage = readPerPage(call.query, maxPerPage);
  const page = Math.max(1, readInteger(call.query.get("page")) ?? 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const targets = {
    ...(page > 1 && { prev: Math.min(page - 1, last) }),
    ...(page < last && { next: page + 1, last }),
    ...(page > 1 && { first: 1 }),
  };
  const links = Object.entries(targets).map(([rel, number]) => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(number));
    return `<${call.world.baseUrl()}${call.path}?${query}>; rel="${rel}"`;
  });
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  };
}

export function readPerPage(query: URLSearchParams, maxPerPage: number = MAX_PER_PAGE): number {
  const asked = readInteger(query.get("per_page"));
  return asked === undefined || asked < 1
    ? Math.min(DEFAULT_PER_PAGE, maxPerPage)
    : Math.min(asked, maxPerPage);
}

function readInteger(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
