import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";

export const WEBHOOK_PATH = "/api/github/webhooks";
export const APP_ID = 424242;
export const INSTALLATION_ID = 9001;

/** A webhook body and its signature. */
export interface SignedBody {
  readonly body: string;
  readonly signature: string;
}

const FIXTURE = new URL("../fixtures/webhooks/issues.edited.json", import.meta.url);

interface IssuePayload {
  readonly issue: { readonly body: string };
  readonly repository: { readonly id: number };
}

/** Bodies of `issues.edited` of exactly `bytes`, each of a repository of its own. */
export function makeBodies(options: {
  readonly count: number;
  readonly bytes: number;
  readonly secret: string;
}): readonly SignedBody[] {
  const payload = JSON.parse(readFileSync(FIXTURE, "utf8")) as IssuePayload;
  return Array.from({ length: options.count }, (_, index) => {
    const fill = (text: string) =>
      JSON.stringify({
        ...payload,
        issue: { ...payload.issue, body: text },
        repository: { ...payload.repository, id: 7_001 + index },
      });
    const body = fill("x".repeat(options.bytes - Buffer.byteLength(fill(""))));
    return { body, signature: sign(body, options.secret) };
  });
}

export function sign(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** The headers GitHub sends with a delivery. */
export function makeHeaders(facts: {
  readonly event: string;
  readonly guid: string;
  readonly signature: string;
}): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/bench",
    "x-github-event": facts.event,
    "x-github-delivery": facts.guid,
    "x-github-hook-installation-target-id": String(APP_ID),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature-256": facts.signature,
  };
}
