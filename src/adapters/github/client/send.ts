import type { Octokit } from "@octokit/rest";
import { type Answer, EtagCache } from "./etag-cache.ts";
import type { Exchange } from "./exchange.ts";
import { GitHubProblem, isFailure } from "./github-problem.ts";
import { createTokens, type TokenScope } from "./tokens.ts";
import type { WriteGuard } from "./write-guard.ts";

/** On whose behalf a request is made. */
export type Scope = { readonly kind: "app" } | ({ readonly kind: "token" } & TokenScope);

export interface SendOptions {
  /** Remember the answer, and ask next time only whether it changed: for what is read again and again. */
  readonly remember?: boolean;
  /** What of the data is used, and so all that is remembered; always the same for one route. */
  readonly keep?: (data: unknown) => unknown;
}

interface Request {
  readonly route: string;
  readonly parameters: object;
  readonly guard?: WriteGuard | undefined;
}

/** One request, by its documented route. */
export type Send = (scope: Scope, request: Request, options?: SendOptions) => Promise<Answer>;

type Requester = Pick<Octokit, "request">;

const MINT_ROUTE = "POST /app/installations/{installation_id}/access_tokens";

interface SendParts {
  readonly exchange: Exchange;
  readonly now: () => number;
  readonly plain: Requester;
  /** Signs as the app, and corrects for a clock that is off when GitHub says so. */
  readonly app: () => Promise<Requester>;
}

export function createSend(parts: SendParts): Send {
  const sendAsApp = createAppSend(parts);
  const sendWithToken = rememberAnswers(createTokenSend(parts, sendAsApp));
  return (scope, request, options = {}) =>
    scope.kind === "app" ? sendAsApp(request) : sendWithToken(scope, request, options);
}

type AppSend = (request: Request) => Promise<Answer>;
type TokenSend = (
  scope: TokenScope,
  request: Request,
  headers: Readonly<Record<string, string>>,
) => Promise<Answer>;

function createAppSend({ exchange, app }: SendParts): AppSend {
  return async ({ route, parameters }) => {
    const octokit = await app();
    const about = { route, installationId: 0, repoId: null };
    return exchange(about, () => octokit.request(route, { ...parameters }));
  };
}

function createTokenSend({ exchange, now, plain }: SendParts, sendAsApp: AppSend): TokenSend {
  const tokens = createTokens({
    now,
    mint: async ({ installationId, repositoryId }) => {
      const scope = repositoryId === null ? {} : { repository_ids: [repositoryId] };
      const parameters = { installation_id: installationId, ...scope };
      return (await sendAsApp({ route: MINT_ROUTE, parameters })).data;
    },
  });

  return async (scope, { route, parameters, guard }, headers) => {
    const about = { route, installationId: scope.installationId, repoId: scope.repositoryId, guard };
    const attempt = (token: string) =>
      exchange(about, () =>
        plain.request(route, { ...parameters, headers: { ...headers, authorization: `token ${token}` } }),
      );
    const token = await tokens.get(scope);
    try {
      return await attempt(token);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      await tokens.forget(scope, token);
      return attempt(await tokens.get(scope));
    }
  };
}

function rememberAnswers(send: TokenSend) {
  const cache = new EtagCache();
  return async (scope: TokenScope, request: Request, options: SendOptions): Promise<Answer> => {
    const { remember = false, keep = keepAll } = options;
    if (!remember) return requireContent(await send(scope, request, {}), request);
    const { route, parameters } = request;
    const key = JSON.stringify([scope.installationId, scope.repositoryId, route, parameters]);
    const known = cache.get(key);
    const answer = await send(scope, request, known ? { "if-none-match": known.etag } : {});
    if (answer.status === 304 && known) return known.answer;
    const { status, data } = requireContent(answer, request);
    const kept = status === 200 ? { ...answer, data: keep(data) } : answer;
    cache.set(key, kept);
    return kept;
  };
}

function keepAll(data: unknown): unknown {
  return data;
}

/** "Not modified" is an answer only to those who asked whether. */
function requireContent(answer: Answer, { route }: Request): Answer {
  if (answer.status !== 304) return answer;
  throw new GitHubProblem({ kind: "unknown", why: "not modified, but nothing is remembered" }, route);
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof GitHubProblem && isFailure(error, "later") && error.failure.why.startsWith("401 ");
}
