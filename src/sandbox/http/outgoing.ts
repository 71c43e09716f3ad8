import { createHash, randomBytes } from "node:crypto";
import type { Usage } from "./limits/limits.ts";
import type { Answer } from "./route.ts";

/** An answer ready for the socket. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | undefined;
}

const BODILESS = new Set([204, 205, 304]);

/** Adds the headers that every answer of GitHub has, and the ETag of what can be cached. */
export function finishAnswer(answer: Answer, { now, usage }: { now: Date; usage: Usage | null }): Outgoing {
  const isEmpty = BODILESS.has(answer.status) || answer.body === undefined;
  const body = answer.raw ?? (isEmpty ? undefined : JSON.stringify(answer.body));
  return {
    status: answer.status,
    body,
    headers: {
      date: now.toUTCString(),
      "x-github-request-id": requestId(),
      "x-github-media-type": "github.v3; format=json",
      vary: "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
      ...(body !== undefined && !answer.raw && { "content-type": "application/json; charset=utf-8" }),
      ...(answer.status === 200 && body !== undefined && cacheHeaders(body)),
      ...(usage && rateHeaders(usage)),
      ...answer.headers,
    },
  };
}

/** True when the caller already has this very answer. */
export function isUnchanged(outgoing: Outgoing, ifNoneMatch: string | undefined): boolean {
  const etag: string | undefined = outgoing.headers.etag;
  if (etag === undefined || ifNoneMatch === undefined) return false;
  const known = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return known.includes(etag.replace(/^W\//, ""));
}

/** The same answer as a HEAD or a 304 gives it: all headers, no content. */
export function withoutBody({ headers }: Outgoing, status: number): Outgoing {
  return { status, headers, body: undefined };
}

function rateHeaders({ limit, used, reset }: Usage): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(Math.max(0, limit - used)),
    "x-ratelimit-used": String(used),
    "x-ratelimit-reset": String(reset),
    "x-ratelimit-resource": "core",
  };
}

function cacheHeaders(body: Uint8Array | string): Record<string, string> {
  const digest = createHash("sha256").update(body).digest("hex");
  return { etag: `W/"${digest}"`, "cache-control": "private, max-age=60, s-maxage=60" };
}

function requestId(): string {
  const hex = randomBytes(14).toString("hex").toUpperCase();
  return `${hex.slice(0, 4)}:${hex.slice(4, 10)}:${hex.slice(10, 16)}:${hex.slice(16, 22)}:${hex.slice(22)}`;
}
