import { z } from "zod";
import type { RepoRef } from "../../../core/repo.ts";
import type { Quota } from "../../../ports/quota.ts";
import type { Answer } from "./etag-cache.ts";
import { GitHubProblem } from "./github-problem.ts";
import type { About, Data, ReadRoute, RepositoryRoute, WriteRoute } from "./routes.ts";
import type { Send, SendOptions } from "./send.ts";
import type { WriteGuard } from "./write-guard.ts";

/**
 * Requests to one repository, with a token for that repository alone: a mistake, a renamed repository whose name somebody
 * took, or a path from outside cannot reach another one.
 */
export interface RepositoryApi {
  readonly repo: RepoRef;
  read<R extends ReadRoute>(route: R, about: About<R>, options?: SendOptions): Promise<Data<R>>;
  /** Page after page, at most `maxPages`. */
  pages<R extends ReadRoute>(route: R, about: About<R>, maxPages: number): AsyncGenerator<Data<R>>;
  /**
   * What `pick` takes out of all pages, remembered until they change; undefined when there are more of them. One route is
   * always picked from alike.
   */
  list<R extends ReadRoute, T>(
    route: R,
    about: About<R>,
    how: { readonly maxPages: number; readonly pick: (data: Data<R>) => readonly T[] },
  ): Promise<readonly T[] | undefined>;
  write<R extends WriteRoute>(
    route: R,
    about: About<R>,
  ): Promise<{ readonly status: number; readonly data: Data<R> }>;
  /** The answer as it came, for the few routes that answer with a redirect. */
  raw(route: RepositoryRoute, about: object): Promise<Answer>;
  /** The same, with every write counted as content. */
  counted(): RepositoryApi;
}

interface Names {
  readonly owner: string;
  readonly repo: string;
}

export interface RepositoryApiParts {
  readonly repo: RepoRef;
  readonly send: Send;
  /** Names that GitHub redirected us to, by the repository as it was asked for. */
  readonly names: Map<string, Names>;
  readonly quota: Quota;
  readonly now: () => number;
  readonly guard: WriteGuard;
}

const MOVED: ReadonlySet<number> = new Set([301, 307, 308]);
const Renamed = z.object({ id: z.number(), name: z.string(), owner: z.object({ login: z.string() }) });

export function createRepositoryApi(parts: RepositoryApiParts, isContent = false): RepositoryApi {
  const { repo, quota, now } = parts;

  async function reserve(route: string): Promise<void> {
    if (!isContent) return;
    const reserved = await quota.reserve(repo.installationId, "content", now());
    if (reserved.ok) return;
    throw new GitHubProblem({ kind: "later", at: reserved.at, why: "enough written for now" }, route);
  }

  return {
    repo,
    // The one place where Octokit's types meet answers: the route decides both.
    read: async <R extends ReadRoute>(route: R, about: About<R>, options?: SendOptions) =>
      (await ask(parts, { route, about }, options)).data as Data<R>,
    async *pages<R extends ReadRoute>(route: R, about: About<R>, maxPages: number) {
      for (let page = 1; page <= maxPages; page += 1) {
        const answer = await ask(parts, { route, about: { per_page: 100, ...about, page } });
        yield answer.data as Data<R>;
        if (!hasNext(answer)) return;
      }
    },
    list: async <R extends ReadRoute, T>(
      route: R,
      about: About<R>,
      { maxPages, pick }: { readonly maxPages: number; readonly pick: (data: Data<R>) => readonly T[] },
    ) => {
      const keep = (data: unknown) => pick(data as Data<R>);
      const items: T[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const question = { route, about: { per_page: 100, ...about, page } };
        const answer = await ask(parts, question, { remember: true, keep });
        items.push(...(answer.data as readonly T[]));
        if (!hasNext(answer)) return items;
      }
      return undefined;
    },
    write: async <R extends WriteRoute>(route: R, about: About<R>) => {
      await reserve(route);
      const answer = await ask(parts, { route, about, guard: parts.guard });
      return { status: answer.status, data: answer.data as Data<R> };
    },
    raw: (route, about) => ask(parts, { route, about }),
    counted: () => createRepositoryApi(parts, true),
  };
}

function hasNext({ headers }: Answer): boolean {
  return String(headers.link ?? "").includes('rel="next"');
}

interface Question {
  readonly route: string;
  readonly about: object;
  readonly guard?: WriteGuard;
}

/** Follows a renamed repository by its id; anything else that moved has left the repository. */
async function ask(parts: RepositoryApiParts, question: Question, options?: SendOptions): Promise<Answer> {
  const answer = await askByName(parts, question, options);
  if (!MOVED.has(answer.status)) return answer;
  const before = namesOf(parts);
  const after = await findNames(parts);
  if (after.owner !== before.owner || after.repo !== before.repo) {
    parts.names.set(keyOf(parts.repo), after);
    const again = await askByName(parts, question, options);
    if (!MOVED.has(again.status)) return again;
  }
  throw new GitHubProblem(
    { kind: "gone", status: answer.status, message: "Moved elsewhere" },
    question.route,
  );
}

function askByName(parts: RepositoryApiParts, { route, about, guard }: Question, options?: SendOptions) {
  const parameters = { ...about, ...namesOf(parts) };
  return parts.send(scopeOf(parts.repo), { route, parameters, guard }, options);
}

function namesOf({ repo, names }: RepositoryApiParts): Names {
  return names.get(keyOf(repo)) ?? { owner: repo.owner, repo: repo.name };
}

function keyOf({ id, owner, name }: RepoRef): string {
  return `${id}/${owner}/${name}`;
}

async function findNames({ repo, send }: RepositoryApiParts): Promise<Names> {
  const { data } = await send(scopeOf(repo), {
    route: "GET /repositories/{id}",
    parameters: { id: repo.id },
  });
  const { owner, name } = Renamed.parse(data);
  return { owner: owner.login, repo: name };
}

function scopeOf(repo: RepoRef) {
  return { kind: "token", installationId: repo.installationId, repositoryId: repo.id } as const;
}
