import { html } from "hono/html";
import { type IconName, renderIcon } from "./icon.ts";
import { repoPath, userPath } from "./paths.ts";
import { safeHref } from "./safe-href.ts";
import type { Html, Page, RepoVisit } from "./visit.ts";

/** The whole document around a page. */
export function renderDocument({ title, body, stylesheet }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Sandbox</title>
<link rel="icon" href="/ui/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/ui/style.css">
${stylesheet && html`<link rel="stylesheet" href="${stylesheet}">`}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
${body}
<footer class="site"><p>The sandbox: a GitHub of its own on this machine. Nothing here is on github.com.</p></footer>
</body>
</html>
`;
}

const WORDMARK = html`<a class="wordmark" href="/ui"><img src="/ui/icon.svg" alt="" width="24" height="24">Sandbox</a>`;

/** A page that belongs to no repository. */
export function sitePage(title: string, main: Html): Page {
  const body = html`<header class="site"><div class="bar">${WORDMARK}</div></header><main id="main">${main}</main>`;
  return { kind: "page", title, body };
}

type Tab = "code" | "issues" | "pulls" | "actions";

export interface RepoPage {
  readonly title: string;
  readonly tab: Tab;
  readonly main: Html;
}

/** A page of a repository, with the way to its other parts on top. */
export function repoPage({ repo }: RepoVisit, { title, tab, main }: RepoPage): Page {
  const home = repoPath(repo);
  const issues = [...repo.issues.values()].filter((issue) => issue.state === "open");
  const pulls = issues.filter((issue) => issue.isPull).length;
  const tabs: readonly TabLink[] = [
    { tab: "code", name: "Code", href: home, icon: "code" },
    { tab: "issues", name: "Issues", href: `${home}/issues`, icon: "open", count: issues.length - pulls },
    { tab: "pulls", name: "Pull requests", href: `${home}/pulls`, icon: "pull", count: pulls },
    { tab: "actions", name: "Actions", href: `${home}/actions`, icon: "play" },
  ];
  const body = html`<header class="site">
<div class="bar">${WORDMARK}<nav class="crumbs" aria-label="Place"><a href="${userPath(repo.owner)}">${repo.owner.login}</a><span aria-hidden="true">/</span><a class="strong" href="${home}">${repo.name}</a></nav>
${repo.private && html`<span class="pill">private</span>`}${repo.archived && html`<span class="pill">archived</span>`}</div>
<nav class="tabs" aria-label="Repository">${tabs.map((link) => renderTab(link, tab))}</nav>
</header>
<main id="main">${main}</main>`;
  const fullTitle = `${title} · ${repo.owner.login}/${repo.name}`;
  return { kind: "page", title: fullTitle, body, stylesheet: `${home}/labels.css` };
}

interface TabLink {
  readonly tab: Tab;
  readonly name: string;
  readonly href: string;
  readonly icon: IconName;
  readonly count?: number;
}

function renderTab({ tab, name, href, icon, count }: TabLink, current: Tab): Html {
  const isCurrent = tab === current;
  return html`<a href="${href}" class="${isCurrent ? "current" : ""}"${isCurrent ? CURRENT : ""}>${renderIcon(icon)}${name}${renderCount(count)}</a>`;
}

const CURRENT = html` aria-current="page"`;

/** A number in a small pill; nothing when there is none. */
export function renderCount(count: number | undefined): Html | "" {
  return count ? html` <span class="count">${count}</span>` : "";
}

/** A panel with a heading. */
export function renderPanel(heading: Html | string, content: Html): Html {
  return html`<section class="panel"><h2>${heading}</h2>${content}</section>`;
}

/** A link when the address may be followed, else only its text. */
export function renderSafeLink(text: string, url: string | null, baseUrl: string): Html {
  const href = safeHref(url ?? "", { baseUrl });
  return href === undefined ? html`${text}` : html`<a href="${href}" rel="nofollow noopener">${text}</a>`;
}
