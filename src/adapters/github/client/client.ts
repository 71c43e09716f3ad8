import { randomUUID } from "node:crypto";
import { Octokit } from "@octokit/rest";
import type { Logger } from "pino";
import { Probot, ProbotOctokit } from "probot";
import type { RepoRef } from "../../../core/repo.ts";
import type { Quota } from "../../../ports/quota.ts";
import { createExchange, type RequestRecord } from "./exchange.ts";
import { type Fetch, type FetchGuards, guardFetch } from "./guarded-fetch.ts";
import { createPauses } from "./pauses.ts";
import { readPrivateKey } from "./private-key.ts";
import { createRepositoryApi, type RepositoryApi } from "./repository-api.ts";
import { type AppIdentity, createSelf } from "./self.ts";
import { createSend, type Send } from "./send.ts";
import type { WriteGuard } from "./write-guard.ts";

export interface GitHubOptions {
  readonly appId: number;
  /** PEM, also with its line breaks written as `\n`. */
  readonly privateKey: string;
  /** Base of the REST API, without a closing slash. */
  readonly apiUrl: string;
  readonly now: () => number;
  readonly quota: Quota;
  readonly log: Logger;
  readonly fetch?: Fetch;
  /** Called once for every request that is made. */
  readonly onRequest?: (record: RequestRecord) => void;
  readonly guards?: Partial<FetchGuards>;
}

/** The way to GitHub: who asks, limits, deadlines and failures are settled here; what is asked is not. */
export interface GitHub {
  readonly appId: number;
  readonly apiUrl: string;
  readonly now: () => number;
  readonly quota: Quota;
  readonly log: Logger;
  readonly fetch: Fetch;
  readonly send: Send;
  /** Requests that can reach this repository and no other; none that writes is begun while `guard` says no. */
  repository(repo: RepoRef, guard?: WriteGuard): RepositoryApi;
  /** The app's own account. */
  self(): Promise<AppIdentity>;
}

const USER_AGENT = "orchestrator-app";
const GUARDS: FetchGuards = {
  readDeadlineMs: 20_000,
  writeDeadlineMs: 30_000,
  maxBytes: 32 * 1024 * 1024,
};

/** Throws `PrivateKeyProblem` for a key that cannot work. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { appId, now, quota, log } = options;
  const apiUrl = options.apiUrl.replace(/\/+$/, "");
  const fetch = guardFetch(options.fetch ?? ((url, init) => globalThis.fetch(url, init)), {
    ...GUARDS,
    ...options.guards,
  });
  const probot = createProbot({ ...options, apiUrl }, fetch);
  const plain = new Octokit({ baseUrl: apiUrl, userAgent: USER_AGENT, request: { fetch }, log: silent });
  const exchange = createExchange({
    pauses: createPauses({ quota, now }),
    now,
    onRequest: options.onRequest ?? (() => undefined),
  });
  const send = createSend({ exchange, now, plain, app: () => probot.auth() });
  const names = new Map<string, { readonly owner: string; readonly repo: string }>();
  return {
    appId,
    apiUrl,
    now,
    quota,
    log,
    fetch,
    send,
    repository: (repo, guard = {}) => createRepositoryApi({ repo, send, names, quota, now, guard }),
    self: createSelf(send),
  };
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Probot signs for the app; nothing is ever received through this one, so its webhook secret must be unguessable. */
function createProbot({ appId, privateKey, apiUrl, log }: GitHubOptions, fetch: Fetch): Probot {
  return new Probot({
    appId,
    privateKey: readPrivateKey(privateKey),
    secret: randomUUID(),
    baseUrl: apiUrl,
    request: { fetch },
    log,
    Octokit: ProbotOctokit.defaults((given: { readonly throttle?: object }) => ({
      ...given,
      userAgent: USER_AGENT,
      // They would repeat writes and overlook limits; waiting and repeating is the outbox's.
      retry: { enabled: false },
      throttle: { ...given.throttle, enabled: false },
    })),
  });
}
