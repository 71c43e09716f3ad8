import type { Answer } from "./send-answer.ts";

/** Generic on purpose: a stranger learns no more than the kind of mistake. */
const REFUSALS = {
  url: { status: 400, error: "malformed request" },
  method: { status: 405, error: "method not allowed", headers: { allow: "POST" } },
  content_type: { status: 415, error: "the content type must be application/json" },
  headers: { status: 400, error: "malformed webhook headers" },
  signature: { status: 401, error: "invalid signature" },
  too_large: { status: 413, error: "payload too large" },
  too_slow: { status: 408, error: "the body took too long" },
  too_fragmented: { status: 400, error: "the body comes in too many pieces" },
  no_room: { status: 503, error: "try again later", headers: { "retry-after": "10" } },
  other_app: { status: 403, error: "not for this app" },
  not_utf8: { status: 400, error: "the body is not UTF-8" },
  too_deep: { status: 400, error: "the payload is nested too deeply" },
  not_json: { status: 400, error: "the body is not JSON" },
  unavailable: { status: 503, error: "try again later", headers: { "retry-after": "30" } },
} satisfies Record<string, { status: number; error: string; headers?: Record<string, string> }>;

/** Why a delivery was not taken. */
export type RefusalReason = keyof typeof REFUSALS;

export function refusalAnswer(reason: RefusalReason): Answer {
  const { error, ...answer } = REFUSALS[reason];
  return { ...answer, body: { error } };
}
