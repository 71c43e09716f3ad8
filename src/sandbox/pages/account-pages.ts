import { html } from "hono/html";
import { findUser } from "../world/find-records.ts";
import type { AppRegistration, Installation } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { renderPanel, sitePage } from "./frame/layout.ts";
import { appPath, repoPath, userPath } from "./frame/paths.ts";
import type { Html, PageAnswer, PageRoute, Visit } from "./frame/visit.ts";
import { renderRepos } from "./front-page.ts";
import { renderTime } from "./marks/show-time.ts";
import { renderAvatar, renderUser } from "./marks/show-user.ts";

/** People, organizations, apps and their installations. */
export const ACCOUNT_PAGES: readonly PageRoute[] = [
  { path: "/apps/:slug", answer: answerApp },
  { path: "/settings/installations/:id{[0-9]+}", answer: answerInstallation },
  { path: "/:login", answer: answerUser },
];

function answerUser(visit: Visit): PageAnswer | undefined {
  const { world, now } = visit;
  const user = findUser(world, visit.part("login"));
  if (user === undefined) return undefined;
  if (user.type === "Bot") return { kind: "redirect", to: userPath(user) };
  const repos = [...world.repos.values()].filter((repo) => repo.owner === user);
  const main = html`<h1 class="person">${renderAvatar(user)} ${user.login}</h1>
<p class="muted">${user.type === "Organization" ? "Organization" : "Person"}, joined ${renderTime(user.createdAt, now)}</p>
<h2>Repositories</h2>${repos.length === 0 ? html`<p class="empty panel">None.</p>` : renderRepos(visit, repos)}`;
  return sitePage(user.login, main);
}

function answerApp(visit: Visit): PageAnswer | undefined {
  const { world } = visit;
  const slug = visit.part("slug");
  const app = [world.app, world.actionsApp].find((one) => one?.slug === slug);
  if (!app) return answerBot(visit, slug);
  const installations = app === world.app ? [...world.installations.values()] : [];
  const main = html`<h1 class="person">${renderAvatar(app.bot)} ${app.name} <span class="pill">app</span></h1>
<p class="muted">Acts as ${renderUser(app.bot)}</p>
${renderPermissions(app)}
${renderPanel("Events", html`<p class="pad">${app.events.length === 0 ? "None" : app.events.map((event) => html`<code>${event}</code> `)}</p>`)}
${installations.length > 0 && renderPanel("Installations", html`<ul class="rows">${installations.map((one) => renderInstallation(world, one))}</ul>`)}`;
  return sitePage(app.name, main);
}

/** GitHub's own helpers are bots without an app that anybody could look at. */
function answerBot({ world, now }: Visit, slug: string): PageAnswer | undefined {
  const bot = findUser(world, `${slug}[bot]`);
  if (!bot) return undefined;
  const main = html`<h1 class="person">${renderAvatar(bot)} ${slug} <span class="pill">app</span></h1>
<p class="muted">Part of the sandbox, since ${renderTime(bot.createdAt, now)}</p>`;
  return sitePage(slug, main);
}

function renderPermissions({ permissions }: AppRegistration): Html {
  const rows = Object.entries(permissions).map(
    ([name, level]) => html`<tr><th scope="row">${name}</th><td>${level}</td></tr>`,
  );
  return renderPanel("Permissions", html`<table class="pairs"><tbody>${rows}</tbody></table>`);
}

function renderInstallation(world: World, { account, repositoryIds, suspendedAt }: Installation): Html {
  const repos = [...repositoryIds].flatMap((id) => world.repos.get(id) ?? []);
  return html`<li>${renderAvatar(account)}<div class="grow">${renderUser(account)}${suspendedAt !== null && html` <span class="pill">suspended</span>`}
<div>${repos.map((repo) => html`<a href="${repoPath(repo)}">${repo.name}</a> `)}</div></div></li>`;
}

/** An installation has no page of its own: the app's lists them all. */
function answerInstallation({ world, part }: Visit): PageAnswer | undefined {
  const isKnown = world.installations.has(Number(part("id")));
  return isKnown && world.app ? { kind: "redirect", to: appPath(world.app.slug) } : undefined;
}
