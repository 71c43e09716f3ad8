import { createPrivateKey } from "node:crypto";

/** The private key cannot be used; the message says what to do. */
export class PrivateKeyProblem extends Error {
  override readonly name = "PrivateKeyProblem";
}

const ADVICE = "Give the whole .pem file that GitHub generated, its BEGIN and END lines included.";

/** Reads the app's key however an environment mangled it: `\n` written out, CRLF, quotes around it. */
export function readPrivateKey(text: string): string {
  const pem = text
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, "$2")
    .replaceAll("\\r", "")
    .replaceAll("\\n", "\n")
    .replaceAll("\r", "")
    .trim();
  if (!pem.startsWith("-----BEGIN "))
    throw new PrivateKeyProblem(`The private key is not a PEM text. ${ADVICE}`);
  const key = parseKey(`${pem}\n`);
  if (key.asymmetricKeyType !== "rsa") {
    throw new PrivateKeyProblem(`The private key is ${key.asymmetricKeyType}, GitHub's are RSA. ${ADVICE}`);
  }
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function parseKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new PrivateKeyProblem(`The private key cannot be read. ${ADVICE}`, { cause });
  }
}
