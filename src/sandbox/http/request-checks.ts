import { isRecord } from "./body-fields.ts";
import { type Answer, Refusal } from "./route.ts";

/** A request as the API sees it, free of sockets. */
export interface Incoming {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

const KNOWN_VERSIONS = ["2022-11-28", "2026-03-10"];
const KNOWN_MEDIA =
  /^\s*(?:\*\/\*|application\/\*|application\/(?:vnd\.github[\w.+-]*|json|octet-stream))\s*(?:;|$)/;

/** Refuses what GitHub refuses before it looks at the path. */
export function checkHeaders(headers: Incoming["headers"]): void {
  if (!headers["user-agent"]) {
    throw new Refusal(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
    );
  }
  const version = headers["x-github-api-version"];
  if (version !== undefined && !KNOWN_VERSIONS.includes(version)) {
    throw new Refusal(
      400,
      `The API version ${version} is not supported. Use one of ${KNOWN_VERSIONS.join(", ")}.`,
    );
  }
  const accept = headers.accept ?? "*/*";
  if (!accept.split(",").some((media) => KNOWN_MEDIA.test(media))) {
    throw new Refusal(415, `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`);
  }
}

/** Reads the JSON object of a body; an empty body is an empty object. */
export function parseBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  const value = parseJson(new TextDecoder().decode(body));
  if (value === null) return {};
  if (!isRecord(value)) throw new Refusal(400, "Body should be a JSON object");
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new Refusal(400, "Problems parsing JSON"), { cause });
  }
}

const DOCUMENTATION_URL = "https://docs.github.com/rest";

/** Puts a refusal into GitHub's shape; GitHub's own description of a 422 has no `status` field. */
export function refusalToAnswer(refusal: Refusal): Answer {
  const { status, message, errors, headers } = refusal;
  const body = {
    message,
    ...(errors && { errors }),
    documentation_url: DOCUMENTATION_URL,
    ...(status !== 422 && { status: String(status) }),
  };
  return { status, body, headers };
}

/** Sends a caller who uses an old name to the repository's permanent address. */
export function movedAnswer(method: string, url: string): Answer {
  const body = { message: "Moved Permanently", url, documentation_url: DOCUMENTATION_URL };
  // A client repeats a write unchanged only after a 307; after a 301 it would turn it into a GET.
  return { status: method === "GET" || method === "HEAD" ? 301 : 307, body, headers: { location: url } };
}
