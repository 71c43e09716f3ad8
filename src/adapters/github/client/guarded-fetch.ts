/** The part of `fetch` that Octokit uses. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface FetchGuards {
  readonly readDeadlineMs: number;
  readonly writeDeadlineMs: number;
  readonly maxBytes: number;
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** A `fetch` that ends: a deadline over head and body, a limit on what comes back, and no redirect followed by itself. */
export function guardFetch(fetch: Fetch, guards: FetchGuards): Fetch {
  return async (url, init = {}) => {
    const isRead = (init.method ?? "GET").toUpperCase() === "GET";
    const deadlineMs = isRead ? guards.readDeadlineMs : guards.writeDeadlineMs;
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!response.body || BODILESS.has(response.status)) return response;
    return new Response(limitBytes(response.body, guards.maxBytes), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}

/** Counts what arrives after decompression, so that a small answer cannot become a large one in memory. */
function limitBytes(body: ReadableStream<Uint8Array>, maxBytes: number): ReadableStream<Uint8Array> {
  let seen = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.byteLength;
        if (seen > maxBytes) controller.error(new Error(`The answer is larger than ${maxBytes} bytes`));
        else controller.enqueue(chunk);
      },
    }),
  );
}
