import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, REDACTED, redact } from "../../src/core/redact.ts";

const PEM = [
  "-----BEGIN RSA PRIVATE KEY-----",
  "MIIEpAIBAAKCAQEAx7Zq0n5cQf0Yy0lJ7c1H3m0zv2N8yTqk1l4m5n6o7p8q9r0s",
  "t1u2v3w4x5y6z7A8B9C0D1E2F3G4H5I6J7K8L9M0N1O2P3Q4R5S6T7U8V9W0X1Y2",
  "-----END RSA PRIVATE KEY-----",
].join("\n");
const JWT = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOjQ3MTEsImV4cCI6MX0.c2lnbmF0dXJlLWJ5dGVzLWhlcmU";
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("redact", () => {
  it.each([
    ["an old installation token", "ghs_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["F090 a new installation token with an app id and a JWT", `ghs_4711_${JWT}`],
    ["F090 a new installation token of 700 characters", `ghs_4711_${JWT}${"Ab0-_".repeat(110)}`],
    ["a personal token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a user token", "gho_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a refresh token", "ghr_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a fine-grained token", "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789"],
    ["the first form of installation tokens", "v1.0123456789abcdef0123456789abcdef01234567"],
    ["a JWT", JWT],
    ["a private key", PEM],
    ["a private key in one line", PEM.replaceAll("\n", "\\n")],
    ["a private key that was cut off", PEM.slice(0, 120)],
    ["a private key in base64", base64(PEM)],
    ["a private key in base64 behind one character", base64(` ${PEM}`)],
    ["a private key in base64 behind two characters", base64(`  ${PEM}`)],
    ["a private key in base64 twice", base64(base64(PEM))],
    ["a model key", "sk-ant-api03-abcdefghijklmnopqrstuvwxyz"],
    ["a cloud key", "AKIAIOSFODNN7EXAMPLE"],
  ])("removes %s", (_, secret) => {
    expect(redact(`before ${secret}`)).toMatch(/^before \S{0,4}\[redacted\]$/);
    expect(redact(`{"text":"${secret}"}`)).toMatch(/^\{"text":"\S{0,4}\[redacted\]"\}$/);
  });

  it.each([
    ["Authorization: Bearer abc.def", `Authorization: ${REDACTED}`],
    ["authorization=token 0123", `authorization=${REDACTED}`],
    ['{"authorization":"Basic dTpw"}', `{"authorization":"${REDACTED}"}`],
    ["sent bearer abcdef to it", `sent bearer ${REDACTED} to it`],
    ["postgres://app:pa55@db:5432/x", `postgres://app:${REDACTED}@db:5432/x`],
    ["https://x-access-token:secret@github.com/o/r", `https://x-access-token:${REDACTED}@github.com/o/r`],
  ])("keeps the words around a credential: %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "Task t_12 of octo/widgets#7 was queued",
    "branch fix/task-list-for-the-next-release",
    "head 0123456789abcdef0123456789abcdef01234567",
    "https://api.github.com/repos/o/r/issues/7?page=2",
    "see https://example.com:8080/a and mail ada@example.com",
    "delivery 72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "the token expires; basic checks passed",
  ])("leaves alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("stays linear on texts that are made to be slow", () => {
    const begins = [
      "eyJ",
      "-----BEGIN",
      "-----BEGIN A-----END",
      "ghs_",
      "://a:",
      "authorization ",
      "bearer ",
      "LS0tLS1CRUdJTi\n",
      "sk-",
    ];

    const lengths = begins.map((begin) => redact(begin.repeat(1_000_000 / begin.length)).length);

    expect(lengths).toHaveLength(begins.length);
  }, 10_000);
});

describe("createRedactor", () => {
  const secret = `pa"ss\\wörd/+${"x".repeat(20)}\n${"second line of it"}`;

  it.each([
    ["itself", secret],
    ["inside JSON", JSON.stringify({ secret })],
    ["inside an address", `https://x/?s=${encodeURIComponent(secret)}`],
    ["one of its lines", "a second line of it b"],
  ])("removes a given secret as %s", (_, text) => {
    const left = createRedactor([secret])(text);

    expect(left).toContain(REDACTED);
    expect(left).not.toContain("second");
  });

  it.each(["", "a", "ab", "abc"])("removes a given secret from base64 of “%s” and the secret", (before) => {
    const canary = "webhook-secret-canary-0815";
    const encoded = base64(`${before}${canary} and more`);

    const left = createRedactor([canary])(encoded);

    expect(left).toContain(REDACTED);
    expect(Buffer.from(left, "base64").toString()).not.toContain("canary");
  });

  it("ignores secrets that are too short to be replaced safely", () => {
    expect(createRedactor(["a", ""])("a banana")).toBe("a banana");
  });

  it("F090 lets no canary survive in any text", () => {
    const alphabet = fc.constantFrom(...'abcxyzABC019_-+/=.:"\\{}ü ');
    const canary = fc.string({ unit: alphabet, minLength: 24, maxLength: 80 });
    const filler = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        "ghs_",
        "eyJhbGciOi",
        "-----BEGIN",
        "Bearer ",
        "://u:",
        '"',
        "\\",
        "\n",
        "authorization: ",
      ),
    );
    const forms = fc.constantFrom<(text: string) => string>(String, JSON.stringify, encodeURIComponent);

    fc.assert(
      fc.property(canary, fc.array(filler), fc.array(filler), forms, (secret, before, after, write) => {
        const left = createRedactor([secret])(`${before.join("")}${write(secret)}${after.join("")}`);

        expect(left).not.toContain(secret);
        expect(left).not.toContain(write(secret));
      }),
      { numRuns: 2_000 },
    );
  });

  it("F090 lets no token survive in any text", () => {
    const token = fc
      .tuple(
        fc.constantFrom("ghs_", "ghp_", "ghu_", "gho_", "ghr_", "github_pat_", "ghs_4711_eyJ"),
        fc.string({ unit: fc.constantFrom(..."abcXYZ0189"), minLength: 36, maxLength: 600 }),
      )
      .map(([prefix, rest]) => prefix + rest);

    fc.assert(
      fc.property(token, fc.string(), fc.string(), (secret, before, after) => {
        expect(redact(`${before}${secret}${after}`)).not.toContain(secret.slice(-12));
      }),
      { numRuns: 2_000 },
    );
  });
});
