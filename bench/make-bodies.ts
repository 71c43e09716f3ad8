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

/** What people write is a small part of a payload; the rest are fields that nobody reads. */
const TEXT_CHARACTERS = 2_000;

/** Bodies of `issues.edited` of exactly `bytes`, each of a repository of its own. */
export function makeBodies(options: {
  readonly count: number;
  readonly bytes: number;
  readonly secret: string;
  readonly random: () => number;
}): readonly SignedBody[] {
  const payload = JSON.parse(readFileSync(FIXTURE, "utf8")) as IssuePayload;
  const text = makeText(TEXT_CHARACTERS, options.random);
  return Array.from({ length: options.count }, (_, index) => {
    const fill = (unread: string) =>
      JSON.stringify({
        ...payload,
        issue: { ...payload.issue, body: text },
        repository: { ...payload.repository, id: 7_001 + index },
        unread,
      });
    const body = fill(makeText(options.bytes - Buffer.byteLength(fill("")), options.random));
    return { body, signature: sign(body, options.secret) };
  });
}

/** Text that compresses about as far as prose does. */
function makeText(length: number, random: () => number): string {
  const words: string[] = [];
  for (let characters = 0; characters < length; characters += 8) {
    words.push(
      Math.floor(random() * 26 ** 3)
        .toString(36)
        .padEnd(7, "e"),
    );
  }
  return words.join(" ").slice(0, length);
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
