import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";
import { createRedactor } from "./core/redact.ts";

export interface LogOptions {
  readonly level: string;
  /** Standard output when left out. */
  readonly destination?: DestinationStream;
  /** Values that must never be written, whatever shape they have. */
  readonly secrets?: readonly string[];
}

const MAX_LINE_CHARACTERS = 32 * 1024;
const MAX_MESSAGE_CHARACTERS = 2_000;
const MAX_CAUSES = 3;
/** Terminals and editors treat these as line breaks, commands or reversed text; JSON lets them through. */
const INVISIBLE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Fields under which libraries log what was sent or received. */
const FOREIGN_FIELDS = ["payload", "body", "headers", "request", "response", "req", "res"];
const SERIALIZERS = {
  err: describeError,
  error: describeError,
  cause: describeError,
  ...Object.fromEntries(FOREIGN_FIELDS.map((field) => [field, () => "[left out]"])),
};

/** Writes one redacted line of JSON per event: a constant message, and facts as fields. */
export function createLog({ level, destination, secrets }: LogOptions): Logger {
  const redact = createRedactor(secrets);
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: SERIALIZERS,
      hooks: { streamWrite: (line) => finishLine(line, redact) },
    },
    destination ?? pino.destination(1),
  );
}

/** The last step before the destination, so that no field, child or library can go around it. */
function finishLine(line: string, redact: (text: string) => string): string {
  if (line.length > MAX_LINE_CHARACTERS) return replacementLine("A log line was too long and was left out");
  const redacted = redact(line);
  if (redacted !== line && !isJson(redacted)) {
    return replacementLine("A log line could not be redacted and was left out");
  }
  return redacted.replace(INVISIBLE, escapeCharacter);
}

function replacementLine(msg: string): string {
  return `${JSON.stringify({ level: "warn", time: new Date().toISOString(), msg })}\n`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Keeps what helps to find a fault, and leaves out headers, bodies and rows, which libraries attach to their errors. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? cut(error) : { kind: typeof error };
  const facts = readFacts(error);
  return {
    name: error.name,
    message: cut(facts.status === undefined && !isProblem(error) ? error.message : firstWords(error.message)),
    ...facts,
    // An answer of GitHub is explained by its status; the stack tells only how requests are made.
    ...(facts.status === undefined && { stack: readFrames(error) }),
    ...(error instanceof AggregateError &&
      depth < MAX_CAUSES && {
        errors: error.errors.slice(0, MAX_CAUSES).map((inner: unknown) => describeError(inner, depth + 1)),
      }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: describeError(error.cause, depth + 1) }),
  };
}

/** A request that failed, as our own adapter tells it. */
function isProblem({ name }: Error): boolean {
  return name === "GitHubProblem";
}

/** What GitHub says first is its own; the details after it may repeat names and texts of a repository. */
function firstWords(message: string): string {
  return message.split(/;|: [{"[]/u, 1)[0] ?? "";
}

interface ErrorFacts {
  readonly code?: string;
  readonly status?: number;
  readonly request?: { readonly method: string; readonly url: string };
}

function readFacts(error: Error): ErrorFacts {
  const { code, status, request } = error as { code?: unknown; status?: unknown; request?: unknown };
  return {
    ...(typeof code === "string" && { code: cut(code) }),
    ...(typeof status === "number" && { status }),
    ...(isRequest(request) && { request: { method: request.method, url: withoutNames(request.url) } }),
  };
}

function isRequest(value: unknown): value is { method: string; url: string } {
  if (typeof value !== "object" || value === null || !("method" in value) || !("url" in value)) return false;
  return typeof value.method === "string" && typeof value.url === "string";
}

/** Without the query, and without what people named in a repository: logins, labels, branches, paths. */
function withoutNames(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const [, place, rest] = /^(.*?\/repos\/[^/]+\/[^/]+\/[^/]+)\/(.+)$/u.exec(path) ?? [];
  if (place === undefined || rest === undefined) return cut(path);
  const kept = rest.split("/").map((part) => (/^(?:\d+|[0-9a-f]{40})$/u.test(part) ? part : "*"));
  return cut([place, ...kept].join("/"));
}

/** The frames alone: the head of a stack repeats the message. */
function readFrames(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return lines.map((line) => line.trim()).join("\n");
}

function cut(text: string): string {
  return text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)}…` : text;
}
