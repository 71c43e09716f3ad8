import type { IncomingMessage, ServerResponse } from "node:http";
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { findRepo } from "../world/find-records.ts";
import type { Repo } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { ACCOUNT_PAGES } from "./account-pages.ts";
import { answerCheck } from "./checks/check-page.ts";
import { COMMIT_PAGES } from "./code/commit-pages.ts";
import { FILE_PAGES } from "./code/file-pages.ts";
import { answerOverview } from "./code/overview-page.ts";
import { renderDocument, sitePage } from "./frame/layout.ts";
import { repoPath } from "./frame/paths.ts";
import type { PageAnswer, PageFile, PageRoute, RepoVisit, Visit } from "./frame/visit.ts";
import { answerFrontPage } from "./front-page.ts";
import { answerIssueList } from "./issues-and-pulls/issue-list-page.ts";
import { answerIssue } from "./issues-and-pulls/issue-page.ts";
import { PULL_PAGES } from "./issues-and-pulls/pull-page.ts";
import { labelStyles } from "./marks/show-label.ts";
import { avatarFile } from "./marks/show-user.ts";
import { RUN_PAGES } from "./runs/run-pages.ts";
import { ICON, STYLESHEET } from "./site-files.ts";

interface Env {
  readonly Bindings: { readonly world: World };
}

const SITE_PAGES: readonly PageRoute[] = [
  { path: "/", answer: answerFrontPage },
  { path: "/style.css", answer: () => STYLESHEET },
  { path: "/icon.svg", answer: () => ICON },
  { path: "/avatars/:id{[0-9]+}", answer: answerAvatar },
  ...ACCOUNT_PAGES,
];

const REPO_PAGES: readonly PageRoute<RepoVisit>[] = [
  { path: "", answer: answerOverview },
  { path: "/labels.css", answer: ({ repo }) => labelStyles(repo) },
  { path: "/issues", answer: (visit) => answerIssueList(visit, "issues") },
  { path: "/pulls", answer: (visit) => answerIssueList(visit, "pulls") },
  { path: "/issues/:number{[0-9]+}", answer: answerIssue },
  { path: "/runs/:id{[0-9]+}", answer: answerCheck },
  ...PULL_PAGES,
  ...RUN_PAGES,
  ...COMMIT_PAGES,
  ...FILE_PAGES,
];

/** Pages may show what they hold and nothing else: no script, no frame, no form, nothing from other hosts. */
const SAFETY = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const pages = createPages();

/** Answers the web pages under `/ui`; false when the path is not a page. */
export async function servePage(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { method = "GET", url = "/" } = request;
  if (!/^\/ui(?:[/?]|$)/.test(url)) return false;
  const isRead = method === "GET" || method === "HEAD";
  const answer = isRead
    ? await pages.fetch(new Request(new URL(url, "http://localhost"), { method }), { world })
    : new Response("The pages can only be looked at.\n", { status: 405, headers: { allow: "GET, HEAD" } });
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, { ...SAFETY, ...Object.fromEntries(answer.headers) });
  response.end(body);
  return true;
}

function createPages(): Hono<Env> {
  const app = new Hono<Env>({ strict: false }).basePath("/ui");
  for (const { path, answer } of SITE_PAGES)
    app.get(path, (context) => send(context, answer(visitOf(context))));
  for (const { path, answer } of REPO_PAGES) {
    app.get(`/:owner/:repo${path}`, (context) => {
      const visit = visitOf(context);
      const repo = findRepo(visit.world, visit.part("owner"), visit.part("repo"));
      return repo ? send(context, answer({ ...visit, repo })) : send(context, findRenamed(visit));
    });
  }
  app.notFound((context) => send(context, undefined));
  return app;
}

function visitOf(context: Context<Env>): Visit {
  const { world } = context.env;
  const { searchParams, pathname } = new URL(context.req.url);
  const part = (name: string): string => context.req.param(name) ?? "";
  return { world, now: world.now(), path: pathname, query: searchParams, part };
}

/** Where a page went whose repository has another name now. */
function findRenamed({ world, part, path }: Visit): PageAnswer | undefined {
  const id = world.formerNames.get(`${part("owner")}/${part("repo")}`.toLowerCase());
  const repo: Repo | undefined = id === undefined ? undefined : world.repos.get(id);
  if (repo === undefined) return undefined;
  const rest = path.split("/").slice(4);
  return { kind: "redirect", to: [repoPath(repo), ...rest].join("/") };
}

function answerAvatar({ world, part }: Visit): PageAnswer | undefined {
  const owners = [world.app?.owner, world.app?.bot];
  const user = world.users.get(Number(part("id"))) ?? owners.find((one) => one?.id === Number(part("id")));
  return user && avatarFile(user);
}

const NOT_FOUND = sitePage(
  "Page not found",
  html`<h1>There is no such page</h1><p>It may have been deleted, or the address has a slip. <a href="/ui">All repositories</a></p>`,
);

function send(context: Context<Env>, answer: PageAnswer | undefined): Response | Promise<Response> {
  if (answer === undefined) return context.html(renderDocument(NOT_FOUND), 404);
  if (answer.kind === "redirect") return context.redirect(answer.to);
  return answer.kind === "page" ? context.html(renderDocument(answer)) : sendFile(answer);
}

function sendFile({ mediaType, content, saveAs }: PageFile): Response {
  const save = saveAs !== undefined && {
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(saveAs)}`,
  };
  const body = typeof content === "string" ? content : new Uint8Array(content);
  return new Response(body, { headers: { "content-type": mediaType, ...save } });
}
