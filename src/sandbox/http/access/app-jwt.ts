import { verify } from "node:crypto";
import type { AppRegistration } from "../../world/records.ts";
import { Refusal } from "../route.ts";

const LONGEST_LIFE_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 60;
const UNREADABLE = "A JSON web token could not be decoded";

export function isJwt(token: string): boolean {
  return /^ey[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

/** Refuses a token that GitHub would refuse: wrong signature, issuer, life time or clock. */
export function verifyAppJwt(app: AppRegistration | null, token: string, now: Date): void {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const claims = decodePart(payload);
  if (!app || !claims || decodePart(header)?.alg !== "RS256") throw new Refusal(401, UNREADABLE);
  const isSigned = verify(
    "RSA-SHA256",
    Buffer.from(`${header}.${payload}`),
    app.publicKey,
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) throw new Refusal(401, UNREADABLE);
  checkTimes(claims, Math.floor(now.getTime() / 1000));
  if (String(claims.iss) !== String(app.id)) throw new Refusal(404, "Integration not found");
}

function checkTimes({ iat, exp }: Readonly<Record<string, unknown>>, now: number): void {
  if (typeof iat !== "number" || !Number.isInteger(iat) || iat > now + CLOCK_TOLERANCE_SECONDS) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof exp !== "number" || exp <= now) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + LONGEST_LIFE_SECONDS) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
}

function decodePart(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
