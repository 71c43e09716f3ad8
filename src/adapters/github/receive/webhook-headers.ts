import type { IncomingMessage } from "node:http";

/** What GitHub says about a delivery outside its body; only the body is signed. */
export interface WebhookHeaders {
  readonly guid: string;
  readonly event: string;
  readonly installationTargetId: number | undefined;
  /** 64 lower-case hex digits. */
  readonly signature: string;
}

export type HeadersOutcome =
  | { readonly kind: "read"; readonly headers: WebhookHeaders }
  | { readonly kind: "refused"; readonly reason: "content_type" | "headers" | "signature" };

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EVENT = /^[a-z_]{1,64}$/;
const NUMBER = /^[0-9]{1,15}$/;
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Takes headers only in the one form GitHub sends; a header that came twice counts as malformed. */
export function readWebhookHeaders(request: IncomingMessage): HeadersOutcome {
  if (!hasPlainJsonBody(request)) return { kind: "refused", reason: "content_type" };
  const guid = match(request, "x-github-delivery", GUID)?.[0];
  const event = match(request, "x-github-event", EVENT)?.[0];
  const target = match(request, "x-github-hook-installation-target-id", NUMBER)?.[0];
  const isTargetMalformed =
    target === undefined && isPresent(request, "x-github-hook-installation-target-id");
  if (!guid || !event || isTargetMalformed) return { kind: "refused", reason: "headers" };
  const signature = match(request, "x-hub-signature-256", SIGNATURE)?.[1];
  if (!signature) return { kind: "refused", reason: "signature" };
  const installationTargetId = target === undefined ? undefined : Number(target);
  return { kind: "read", headers: { guid: guid.toLowerCase(), event, installationTargetId, signature } };
}

function hasPlainJsonBody(request: IncomingMessage): boolean {
  return match(request, "content-type", JSON_TYPE) !== null && !isPresent(request, "content-encoding");
}

function isPresent(request: IncomingMessage, name: string): boolean {
  return request.headersDistinct[name] !== undefined;
}

function match(request: IncomingMessage, name: string, pattern: RegExp): RegExpExecArray | null {
  const values = request.headersDistinct[name] ?? [];
  return values.length === 1 ? pattern.exec(values[0] ?? "") : null;
}
