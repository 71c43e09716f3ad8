import type { IncomingMessage, ServerResponse } from "node:http";
import { type ByteBudget, type ByteShare, createByteBudget } from "./byte-budget.ts";
import { parsePayload } from "./parse-payload.ts";
import { readBody } from "./read-body.ts";
import { type RefusalReason, refusalAnswer } from "./refusals.ts";
import { type Answer, sendAnswer } from "./send-answer.ts";
import { findSecretProblem } from "./strong-secret.ts";
import { isSignedBody } from "./verify-signature.ts";
import { readWebhookHeaders } from "./webhook-headers.ts";

/** A delivery that carries a valid signature. */
export interface WebhookRequest {
  readonly guid: string;
  readonly event: string;
  readonly installationTargetId: number | undefined;
  readonly payload: unknown;
}

export type AcceptResult = "stored" | "duplicate" | "ignored";

/** Facts for counters and the log; never a payload. `guid` and `event` are known once the headers are well formed. */
export type ReceiveOutcome = {
  readonly guid: string | undefined;
  readonly event: string | undefined;
  readonly bytes: number;
  readonly durationMs: number;
} & ReceiveEnd;

type ReceiveEnd =
  | { readonly kind: "accepted"; readonly status: number; readonly result: AcceptResult }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly reason: RefusalReason;
      readonly cause?: unknown;
    }
  | { readonly kind: "aborted" };

export interface ReceiveOptions {
  readonly path: string;
  /** Two while one replaces the other. */
  readonly secrets: readonly string[];
  readonly appId: number;
  readonly maxBytes: number;
  readonly bodyTimeoutMs: number;
  readonly acceptTimeoutMs: number;
  /** Bound on the memory of all unfinished bodies together; four times `maxBytes` when left out. */
  readonly maxBufferedBytes?: number;
  /**
   * Resolves only after the commit; a rejection is answered with 503.
   * It takes what it needs of the payload before it returns: many times the size of its text, a payload is let go of
   * before the next one is parsed, however long the commits take.
   */
  readonly accept: (delivery: WebhookRequest) => Promise<AcceptResult>;
  readonly observe: (outcome: ReceiveOutcome) => void;
}

/** Resolves to false when the request is not for the webhook path, and is untouched then. */
export type Receiver = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

interface Reception {
  readonly options: ReceiveOptions;
  readonly share: ByteShare;
  /** Filled in as the delivery becomes known. */
  readonly facts: { guid: string | undefined; event: string | undefined; bytes: number };
}

/** The only way in for webhooks: nothing unsigned is parsed, nothing is acknowledged before it is stored. */
export function createReceiver(options: ReceiveOptions): Receiver {
  refuseWeakSecrets(options.secrets);
  const budget: ByteBudget = createByteBudget(options.maxBufferedBytes ?? 4 * options.maxBytes);
  const ownPath = readPath(options.path);

  return async (request, response) => {
    const path = readPath(request.url ?? "");
    if (path !== undefined && path !== ownPath) return false;
    const startedAt = performance.now();
    const facts = { guid: undefined, event: undefined, bytes: 0 };
    const share = budget.open();
    try {
      const end = path === undefined ? refuse("url") : await receive(request, { options, share, facts });
      const answer = endAnswer(end);
      if (answer) sendAnswer(request, response, answer);
      options.observe({ ...facts, durationMs: performance.now() - startedAt, ...end });
    } finally {
      share.close();
    }
    return true;
  };
}

function refuseWeakSecrets(secrets: readonly string[]): void {
  const problem =
    secrets.length === 0 ? findSecretProblem(undefined) : secrets.map(findSecretProblem).find(Boolean);
  if (problem) throw new Error(problem);
}

/** Resolves a URL as lenient routers do, so that no spelling of the path slips past to another handler. */
function readPath(url: string): string | undefined {
  const parsed = URL.parse(url, "http://localhost");
  if (!parsed) return undefined;
  let end = parsed.pathname.length;
  while (end > 1 && parsed.pathname[end - 1] === "/") end -= 1;
  return parsed.pathname.slice(0, end);
}

async function receive(request: IncomingMessage, reception: Reception): Promise<ReceiveEnd> {
  const { options, share, facts } = reception;
  if (request.method !== "POST") return refuse("method");
  const read = readWebhookHeaders(request);
  if (read.kind === "refused") return refuse(read.reason);
  const { signature, ...headers } = read.headers;
  facts.guid = headers.guid;
  facts.event = headers.event;

  const { maxBytes, bodyTimeoutMs: timeoutMs, secrets } = options;
  const outcome = await readBody(request, { maxBytes, timeoutMs, share });
  facts.bytes = outcome.bytes;
  if (outcome.kind === "aborted") return { kind: "aborted" };
  if (outcome.kind !== "complete") return refuse(outcome.kind);
  if (!isSignedBody({ body: outcome.body, signature, secrets })) return refuse("signature");
  if ((headers.installationTargetId ?? options.appId) !== options.appId) return refuse("other_app");

  const parsed = parsePayload(outcome.body);
  return parsed.kind === "refused"
    ? refuse(parsed.reason)
    : store({ ...headers, payload: parsed.payload }, options);
}

/** Not an async function: one that waits would hold the payload for as long as the delivery is being stored. */
function store(delivery: WebhookRequest, options: ReceiveOptions): Promise<ReceiveEnd> {
  const status = delivery.event === "ping" ? 200 : 202;
  if (!isJsonObject(delivery.payload)) {
    return Promise.resolve({ kind: "accepted", status, result: "ignored" });
  }
  const accepted = new Promise<AcceptResult>((resolve) => resolve(options.accept(delivery)));
  return endInTime(accepted, { status, timeoutMs: options.acceptTimeoutMs });
}

function isJsonObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A commit that comes after the deadline does no harm: the redelivery is a duplicate then. */
async function endInTime(
  accepted: Promise<AcceptResult>,
  { status, timeoutMs }: { readonly status: number; readonly timeoutMs: number },
): Promise<ReceiveEnd> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new Error(`The delivery was not stored within ${timeoutMs} ms`);
  const timer = setTimeout(reject, timeoutMs, error);
  try {
    return { kind: "accepted", status, result: await Promise.race([accepted, late]) };
  } catch (cause) {
    return { ...refuse("unavailable"), cause };
  } finally {
    clearTimeout(timer);
  }
}

function refuse(reason: RefusalReason): Extract<ReceiveEnd, { kind: "refused" }> {
  return { kind: "refused", reason, status: refusalAnswer(reason).status };
}

function endAnswer(end: ReceiveEnd): Answer | undefined {
  if (end.kind === "aborted") return undefined;
  return end.kind === "refused"
    ? refusalAnswer(end.reason)
    : { status: end.status, body: { status: end.result } };
}
