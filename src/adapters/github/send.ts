import type { Octokit } from "@octokit/rest";
import { type Answer, EtagCache } from "./etag-cache.ts";
import type { Exchange } from "./exchange.ts";
import { GitHubProblem, isFailure } from "./github-problem.ts";
import { createTokens, type TokenScope } from "./tokens.ts";

/** On whose behalf a request is made. */
export type Scope = { readonly kind: "app" } | ({ readonly kind: "token" } & TokenScope);

export interface SendOptions {
  /** Remember the answer, and ask next time only whether it changed: for what is read again and again. */
  readonly remember?: boolean;
}

/** One request, by its documented route. */
export type Send = (
  scope: Scope,
  request: { readonly route: string; readonly parameters: object },
  options?: SendOptions,
) => Promise<Answer>;

type Requester = Pick<Octokit, "request">;

const MINT_ROUTE = "POST /app/installations/{installation_id}/access_tokens";

interface SendParts {
  readonly exchange: Exchange;
  readonly now: () => number;
  readonly plain: Requester;
  /** Signs as the app, and corrects for a clock that is off when GitHub says so. */
  readonly app: () => Promise<Requester>;
}

export function createSend({ exchange, now, plain, app }: SendParts): Send {
  const cache = new EtagCache();

  async function sendAsApp(route: string, parameters: object): Promise<Answer> {
    const octokit = await app();
    return exchange({ route, installationId: 0, repoId: null }, () =>
      octokit.request(route, { ...parameters }),
    );
  }

  const tokens = createTokens({
    now,
    mint: async ({ installationId, repositoryId }) => {
      const scope = repositoryId === null ? {} : { repository_ids: [repositoryId] };
      return (await sendAsApp(MINT_ROUTE, { installation_id: installationId, ...scope })).data;
    },
  });

  async function sendWithToken(
    scope: TokenScope,
    request: { readonly route: string; readonly parameters: object },
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const { route, parameters } = request;
    const about = { route, installationId: scope.installationId, repoId: scope.repositoryId };
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
  }

  return async (scope, request, options = {}) => {
    if (scope.kind === "app") return sendAsApp(request.route, request.parameters);
    const key = `${scope.installationId} ${scope.repositoryId} ${request.route} ${JSON.stringify(request.parameters)}`;
    const known = options.remember ? cache.get(key) : undefined;
    const answer = await sendWithToken(scope, request, known ? { "if-none-match": known.etag } : {});
    if (answer.status === 304) {
      if (known) return known.answer;
      throw new GitHubProblem(
        { kind: "unknown", why: "nothing is remembered that did not change" },
        request.route,
      );
    }
    if (options.remember) cache.set(key, answer);
    return answer;
  };
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof GitHubProblem && isFailure(error, "later") && error.failure.why.startsWith("401 ");
}
