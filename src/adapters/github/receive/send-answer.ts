import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Long enough for a sender to read the refusal before the connection is cut. */
const LINGER_MS = 500;

/** Answers with JSON; a request whose body was not read to its end loses its connection. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const text = `${JSON.stringify(answer.body)}\n`;
  const headers: OutgoingHttpHeaders = {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...answer.headers,
  };
  if (request.complete) {
    response.writeHead(answer.status, headers).end(text);
    return;
  }
  response.writeHead(answer.status, { ...headers, connection: "close" }).write(text);
  endWhenRead(request, response);
}

/** Cutting at once would reset the connection under the answer; the rest is thrown away for a moment instead. */
function endWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const timer = setTimeout(end, LINGER_MS);
  function end(): void {
    clearTimeout(timer);
    response.end();
  }
  request.once("end", end).once("close", end).once("error", end);
  request.resume();
}
