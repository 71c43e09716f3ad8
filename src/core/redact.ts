/** Replaces everything in a text that looks like a credential, or is one of the secrets it was made with. */
export type Redactor = (text: string) => string;

export const REDACTED = "[redacted]";

/** Below this, replacing would shred ordinary words and protect nothing. */
const MIN_SECRET_LENGTH = 8;

interface Shape {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/**
 * Shapes that are credentials wherever they stand. Each pattern starts with literal characters and repeats only one character class at a time, so
 * matching stays linear in the text. None matches across a double quote, so a line of JSON stays JSON.
 */
const CREDENTIALS: readonly Shape[] = [
  // A block without its end was cut off; what is left of it is still part of a key.
  { pattern: /-----BEGIN[^"]*?(?:-----END[^"-]{0,60}-----|(?=\\{0,8}")|$)/g, replacement: REDACTED },
  // "-----BEGIN " in base64 at each of the three alignments, and the first of them in base64 again.
  {
    pattern:
      /(?:LS0tLS1CRUdJTi|0tLS0tQkVHSU4g|tLS0tLUJFR0lOI|TFMwdExTMUNSVWRKVGl)[A-Za-z0-9+/=_-]*(?:(?:\r?\n|\\r|\\n)+[A-Za-z0-9+/=_-]+)*/g,
    replacement: REDACTED,
  },
  // GitHub's tokens; since 2026 "ghs_" is followed by an app id and a JWT of several hundred characters.
  { pattern: /gh[oprsu]_[A-Za-z0-9_.-]{10,}/g, replacement: REDACTED },
  { pattern: /github_pat_[A-Za-z0-9_]{10,}/g, replacement: REDACTED },
  { pattern: /v1\.[0-9a-f]{40}/g, replacement: REDACTED },
  // JWTs and anything else that is a JSON object in base64.
  { pattern: /eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}/g, replacement: REDACTED },
  { pattern: /(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}/g, replacement: REDACTED },
  { pattern: /AKIA[A-Z0-9]{16}/g, replacement: REDACTED },
];

/** What is a credential because of what stands before it; in prose, an ordinary word may stand there. */
const SHAPES: readonly Shape[] = [
  ...CREDENTIALS,
  {
    pattern: /(authorization[\\"']{0,4}\s{0,4}[:=]\s{0,4}[\\"']{0,4})(?:[a-z]{1,20}\s{1,4})?[^\s"',\\]+/gi,
    replacement: `$1${REDACTED}`,
  },
  { pattern: /(bearer\s{1,4})[^\s"',;\\]+/gi, replacement: `$1${REDACTED}` },
  // The password of a database or proxy address.
  { pattern: /(:\/\/[^\s/@:"\\]{0,100}:)[^\s/@"\\]{1,500}@/g, replacement: `$1${REDACTED}@` },
];

/** Builds a redactor that also knows the values themselves, however a log or an encoder writes them. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const forms = [...new Set(secrets.flatMap(listForms))]
    .filter((form) => form.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    const withoutSecrets = forms.reduce((left, form) => left.replaceAll(form, REDACTED), text);
    return replaceShapes(withoutSecrets, SHAPES);
  };
}

/** Removes credentials from what people read: whatever others wrote there may hold one, and it would stay for ever. */
export function redactProse(text: string): string {
  return replaceShapes(text, CREDENTIALS);
}

function replaceShapes(text: string, shapes: readonly Shape[]): string {
  return shapes.reduce((left, { pattern, replacement }) => left.replace(pattern, replacement), text);
}

/** Removes whatever looks like a credential. */
export const redact: Redactor = createRedactor();

function listForms(secret: string): readonly string[] {
  const lines = [secret, ...secret.split(/\r?\n/)].filter((line) => line.length >= MIN_SECRET_LENGTH);
  return lines.flatMap((line) => [
    line,
    escapeAsJson(line),
    encodeURIComponent(line.toWellFormed()),
    ...encodeBase64(line),
  ]);
}

function escapeAsJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The characters that depend on the text alone, for each of the three ways it can lie in what was encoded. */
function encodeBase64(text: string): readonly string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].flatMap((offset) => {
    const binary = "\0".repeat(offset) + Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    const wholeCharacters = Math.floor((binary.length * 8) / 6);
    const base64 = btoa(binary).slice(Math.ceil((offset * 8) / 6), wholeCharacters);
    return [base64, base64.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
