import type { Answer } from "../client/etag-cache.ts";
import { GitHubProblem } from "../client/github-problem.ts";
import type { Fetch } from "../client/guarded-fetch.ts";

/** Bytes of an artifact, or why they cannot be had. */
export type Download =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "unreadable"; readonly why: string };

const MAX_ARTIFACT_BYTES = 20 * 1024 * 1024;
/** Where GitHub keeps artifacts. */
const ARTIFACT_HOSTS = [".actions.githubusercontent.com", ".blob.core.windows.net"];
const ROUTE = "GET artifact";

/**
 * Fetches what GitHub redirected to. The address comes from an answer, so it is held against a list of hosts, carries no
 * token, and is not allowed to redirect again.
 */
export async function downloadArtifact(
  redirect: Answer,
  { apiUrl, fetch }: { readonly apiUrl: string; readonly fetch: Fetch },
): Promise<Download> {
  const location = String(redirect.headers.location ?? "");
  if (!isAllowedAddress(location, apiUrl)) {
    return { kind: "unreadable", why: "GitHub pointed to an address that is no artifact store" };
  }
  const response = await fetchOrFail(fetch, location);
  if (response.status >= 500) throw unknown(`the artifact store answered ${response.status}`);
  if (response.status !== 200 || !response.body) {
    return { kind: "unreadable", why: `the artifact store answered ${response.status}` };
  }
  if (Number(response.headers.get("content-length")) > MAX_ARTIFACT_BYTES) return TOO_LARGE;
  return readBody(response.body);
}

const TOO_LARGE: Download = { kind: "unreadable", why: `it is larger than ${MAX_ARTIFACT_BYTES} bytes` };

/** Only the API's own host, and GitHub's stores over TLS. */
export function isAllowedAddress(location: string, apiUrl: string): boolean {
  const url = URL.parse(location);
  const api = URL.parse(apiUrl);
  if (!url || !api || url.username !== "" || url.password !== "") return false;
  if (url.origin === api.origin) return true;
  const isStore = ARTIFACT_HOSTS.some((host) => url.hostname.endsWith(host));
  return isStore && url.protocol === "https:" && url.port === "";
}

async function fetchOrFail(fetch: Fetch, location: string): Promise<Response> {
  try {
    return await fetch(location, { method: "GET" });
  } catch (cause) {
    throw unknown("the artifact store did not answer", { cause });
  }
}

/** The limit is counted here and not only by its header, which need not be true. */
async function readBody(body: ReadableStream<Uint8Array>): Promise<Download> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > MAX_ARTIFACT_BYTES) return TOO_LARGE;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw unknown("the artifact store broke off", { cause });
  }
  return { kind: "bytes", bytes: Buffer.concat(chunks) };
}

function unknown(why: string, options?: ErrorOptions): GitHubProblem {
  return new GitHubProblem({ kind: "unknown", why }, ROUTE, options);
}
