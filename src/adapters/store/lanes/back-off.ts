import type { RetryOptions } from "../store.ts";

/** How long to wait after the n-th failure, from 1: doubling, capped, and spread over its upper half. */
export function backOff(failures: number, options: Omit<RetryOptions, "inboxRetries">): number {
  const full = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (failures - 1));
  return Math.round(full * (0.5 + options.random() / 2));
}
