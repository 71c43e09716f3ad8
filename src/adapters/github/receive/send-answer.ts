import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refused sender that says nothing for one to two of these has had the time to read why. */
const ROUND_MS = 1_000;
/** However much it goes on saying: the connection is cut after so many rounds. */
const MAX_ROUNDS = 10;

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

/**
 * Cutting at once would reset the connection under the answer; the rest is thrown away for a while instead.
 * Silence is counted in rounds, so that what came while this process was busy is heard before anybody is cut off.
 */
function endWhenRead(request: IncomingMessage, response: ServerResponse): void {
  let isHeard = true;
  let rounds = 0;
  const timer = setInterval(() => {
    rounds += 1;
    if (!isHeard || rounds === MAX_ROUNDS) end();
    isHeard = false;
  }, ROUND_MS);
  function end(): void {
    clearInterval(timer);
    response.end();
  }
  request.on("data", () => {
    isHeard = true;
  });
  request.once("end", end).once("close", end).once("error", end);
  request.resume();
}
