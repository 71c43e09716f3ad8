/** Header values as Octokit gives them. */
export type Headers = Readonly<Record<string, string | number | undefined>>;

const MAX_WAIT_MS = 3_600_000;
const MIN_LIMIT_WAIT_MS = 1_000;
const FIRST_BACKOFF_MS = 60_000;
const LIMITING_STATUSES: ReadonlySet<number> = new Set([403, 429]);
const LIMIT_MESSAGE = /secondary rate limit|rate limit exceeded|abuse detection/i;

/**
 * How long a `retry-after` asks to wait, between nothing and an hour; undefined when it says nothing that can be understood.
 * Written as seconds or as a date, and sent by machines that are broken at that moment.
 */
export function parseRetryAfter(value: string | number | undefined, now: number): number | undefined {
  const text = String(value ?? "").trim();
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return clampWait(Number(text) * 1_000);
  if (!/[a-z]{3}/i.test(text)) return undefined;
  return clampWait(Date.parse(text) - now);
}

/** How long until `x-ratelimit-reset`, in seconds since the epoch; clamped like `parseRetryAfter`. */
export function parseReset(value: string | number | undefined, now: number): number | undefined {
  const text = String(value ?? "").trim();
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? clampWait(Number(text) * 1_000 - now) : undefined;
}

function clampWait(waitMs: number): number | undefined {
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
}

/** An answer that may say "not now". */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly message: string;
}

/**
 * How long an answer forbids further requests; undefined when it is no limit. `streak` counts the limits that came without
 * any time, one after another.
 */
export function findLimitWait(
  answer: LimitedAnswer,
  { now, streak }: { now: number; streak: number },
): { readonly waitMs: number; readonly isGuess: boolean } | undefined {
  const { status, headers, message } = answer;
  if (!LIMITING_STATUSES.has(status)) return undefined;
  const serverNow = readServerTime(headers, now);
  const stated =
    parseRetryAfter(headers["retry-after"], serverNow) ??
    (isExhausted(headers) ? parseReset(headers["x-ratelimit-reset"], serverNow) : undefined);
  if (stated !== undefined) return { waitMs: Math.max(stated, MIN_LIMIT_WAIT_MS), isGuess: false };
  if (status !== 429 && headers["retry-after"] === undefined && !LIMIT_MESSAGE.test(message))
    return undefined;
  return { waitMs: Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(streak, 10), MAX_WAIT_MS), isGuess: true };
}

/** How long to wait after the last request that an hour's allowance had; undefined while there is some left. */
export function findExhaustion(headers: Headers, now: number): number | undefined {
  const resource = headers["x-ratelimit-resource"] ?? "core";
  if (resource !== "core" || !isExhausted(headers)) return undefined;
  return parseReset(headers["x-ratelimit-reset"], readServerTime(headers, now));
}

function isExhausted(headers: Headers): boolean {
  return String(headers["x-ratelimit-remaining"] ?? "") === "0";
}

/** Reset times are by GitHub's clock, which the answer tells. */
function readServerTime(headers: Headers, now: number): number {
  const date = Date.parse(String(headers.date ?? ""));
  return Number.isNaN(date) ? now : date;
}
