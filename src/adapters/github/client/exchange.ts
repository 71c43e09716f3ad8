import type { Answer } from "./etag-cache.ts";
import { type ErrorAnswer, type Failure, GitHubProblem, readErrorAnswer } from "./github-problem.ts";
import type { Pauses } from "./pauses.ts";
import { askGuard, type WriteGuard } from "./write-guard.ts";

/** One request as metrics see it; status 0 stands for no answer. */
export interface RequestRecord {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly repoId: number | null;
}

export interface ExchangeAbout {
  readonly route: string;
  readonly installationId: number;
  readonly repoId: number | null;
  readonly guard?: WriteGuard | undefined;
}

/** Makes one request, obeys and notes limits, and turns whatever goes wrong into a `GitHubProblem`. */
export type Exchange = (about: ExchangeAbout, request: () => Promise<Answer>) => Promise<Answer>;

const SUSPENDED_WAIT_MS = 5 * 60_000;
const CREDENTIALS_WAIT_MS = 10_000;
const GONE: ReadonlySet<number> = new Set([404, 410]);
const JSON_STATUSES: ReadonlySet<number> = new Set([200, 201, 202]);

export function createExchange({
  pauses,
  now,
  onRequest,
}: {
  pauses: Pauses;
  now: () => number;
  onRequest: (record: RequestRecord) => void;
}): Exchange {
  async function obeyPause({ installationId, route }: ExchangeAbout): Promise<void> {
    const until = await pauses.until(installationId);
    if (until > 0) throw new GitHubProblem({ kind: "later", at: until, why: "paused by a limit" }, route);
  }

  async function fail(about: ExchangeAbout, error: unknown): Promise<GitHubProblem> {
    const answer = readErrorAnswer(error);
    const at = answer && (await pauses.noteRefusal(about.installationId, answer));
    const failure: Failure =
      at === undefined ? classify(answer, error, now()) : { kind: "later", at, why: "GitHub's rate limit" };
    return new GitHubProblem(failure, about.route, { cause: error });
  }

  return async (about, request) => {
    await obeyPause(about);
    const findLastObstacle = about.guard && (await askGuard(about.guard, now));
    // Nothing may be awaited between this and the request: in between the process could stand still once more.
    const obstacle = findLastObstacle?.();
    if (obstacle !== undefined) throw new GitHubProblem(obstacle, about.route);
    const startedAt = performance.now();
    const record = (status: number) =>
      onRequest(describeRequest(about, status, performance.now() - startedAt));
    const outcome = await settle(request());
    record(outcome.status);
    if ("error" in outcome) {
      if (outcome.status === 304) return { status: 304, headers: {}, data: null };
      throw await fail(about, outcome.error);
    }
    await pauses.noteAnswer(about.installationId, outcome.answer.headers);
    // A body that was cut off or is some proxy's page reads as text.
    if (JSON_STATUSES.has(outcome.status) && typeof outcome.answer.data !== "object") {
      throw new GitHubProblem({ kind: "unknown", why: "the answer is not complete JSON" }, about.route);
    }
    return outcome.answer;
  };
}

async function settle(
  request: Promise<Answer>,
): Promise<{ readonly status: number } & ({ readonly answer: Answer } | { readonly error: unknown })> {
  try {
    const answer = await request;
    return { status: answer.status, answer };
  } catch (error) {
    return { status: readErrorAnswer(error)?.status ?? 0, error };
  }
}

function classify(answer: ErrorAnswer | undefined, error: unknown, now: number): Failure {
  if (!answer) return { kind: "unknown", why: error instanceof Error ? error.message : "no answer" };
  const { status, message } = answer;
  if (status === 401) return { kind: "later", at: now + CREDENTIALS_WAIT_MS, why: `401 ${message}` };
  if (status === 403 && /suspended/i.test(message)) {
    return { kind: "later", at: now + SUSPENDED_WAIT_MS, why: "the installation is suspended" };
  }
  if (GONE.has(status)) return { kind: "gone", status, message };
  if (status >= 500 || status === 408) return { kind: "unknown", why: `${status} ${message}` };
  return { kind: "refused", status, message };
}

function describeRequest({ route, repoId }: ExchangeAbout, status: number, ms: number): RequestRecord {
  const [method = ""] = route.split(" ", 1);
  return { method, route, status, ms, repoId };
}
