import { z } from "zod";
import type { Headers } from "./rate-limit.ts";

/** Every way a request can fail. */
export type Failure =
  /** Not now: limits, a suspended installation, credentials that are being replaced. */
  | { readonly kind: "later"; readonly at: number; readonly why: string }
  /** GitHub says no, and would say it again. */
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  /** Deleted, transferred, or not visible to us any more. */
  | { readonly kind: "gone"; readonly status: number; readonly message: string }
  /** Nobody knows; a write may have happened. */
  | { readonly kind: "unknown"; readonly why: string };

/** A request to GitHub that failed; `retryAt` is set when it is known before when another try is useless. */
export class GitHubProblem extends Error {
  override readonly name = "GitHubProblem";
  readonly failure: Failure;
  readonly retryAt: number | null;
  /** Limits and outages are nobody's fault here; a refusal is an answer. */
  readonly isOutsideTrouble: boolean;

  constructor(failure: Failure, what: string, options?: ErrorOptions) {
    super(`${what} ${describe(failure)}`, options);
    this.failure = failure;
    this.retryAt = failure.kind === "later" ? failure.at : null;
    this.isOutsideTrouble = failure.kind === "later" || failure.kind === "unknown";
  }
}

function describe(failure: Failure): string {
  if (failure.kind === "later") return `must wait: ${failure.why}`;
  if (failure.kind === "unknown") return `no usable answer: ${failure.why}`;
  return `${failure.kind} (${failure.status}): ${failure.message}`;
}

/** The failure of an error, when it is one of GitHub's and of a wanted kind. */
export function isFailure<K extends Failure["kind"]>(
  error: unknown,
  ...kinds: readonly K[]
): error is GitHubProblem & { readonly failure: Extract<Failure, { kind: K }> } {
  return error instanceof GitHubProblem && kinds.some((kind) => kind === error.failure.kind);
}

/** Undefined instead of a failure when the thing is not there. */
export async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isFailure(error, "gone")) return undefined;
    throw error;
  }
}

/** What GitHub answered, as far as it did. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly message: string;
}

const Answered = z.object({
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.union([z.string(), z.number(), z.undefined()])),
    data: z.unknown(),
  }),
});

const ErrorBody = z.object({
  message: z.string(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          message: z.string().optional(),
          field: z.string().optional(),
          code: z.string().optional(),
        }),
      ]),
    )
    .optional()
    .catch(undefined),
});

const MAX_MESSAGE_CHARACTERS = 1_000;

/** Undefined when there was no answer at all: a timeout, a reset, an unknown host. */
export function readErrorAnswer(error: unknown): ErrorAnswer | undefined {
  const read = Answered.safeParse(error);
  if (!read.success) return undefined;
  const { status, headers, data } = read.data.response;
  return { status, headers, message: readMessage(data) };
}

function readMessage(data: unknown): string {
  const body = ErrorBody.safeParse(data);
  if (!body.success) return "no message";
  const details = (body.data.errors ?? []).map((detail) =>
    typeof detail === "string"
      ? detail
      : (detail.message ?? [detail.field, detail.code].filter(Boolean).join(" ")),
  );
  const text = [body.data.message, ...details].filter(Boolean).join("; ");
  return text.replaceAll("\u0000", "").slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed();
}
