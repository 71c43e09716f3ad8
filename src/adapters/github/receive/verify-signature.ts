import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignedBody {
  readonly body: Uint8Array;
  /** 64 hex digits. */
  readonly signature: string;
  /** Two are valid while one replaces the other. */
  readonly secrets: readonly string[];
}

/** True when one of the secrets signed exactly these bytes; takes as long whichever byte or secret differs. */
export function isSignedBody({ body, signature, secrets }: SignedBody): boolean {
  const claimed = Buffer.from(signature, "hex");
  const verdicts = secrets.map((secret) => {
    const digest = createHmac("sha256", secret).update(body).digest();
    return digest.length === claimed.length && timingSafeEqual(digest, claimed);
  });
  return verdicts.includes(true);
}
